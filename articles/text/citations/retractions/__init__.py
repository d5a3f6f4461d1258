"""What a list of retractions says about works: read from a file, and summed up for each DOI and PMID."""

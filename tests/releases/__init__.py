"""A populated database of each release, on both databases: every later one has to bring it up to date whole."""

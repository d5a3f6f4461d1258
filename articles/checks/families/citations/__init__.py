"""Rules on citations and on the works that they name."""

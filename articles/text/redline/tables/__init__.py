"""The rows and columns of two tables, paired."""

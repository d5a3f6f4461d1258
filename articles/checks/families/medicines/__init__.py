"""Rules on medicines and doses."""

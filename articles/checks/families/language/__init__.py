"""Rules on words and sentences."""

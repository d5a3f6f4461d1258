"""Rules on the parts of a text and their order."""

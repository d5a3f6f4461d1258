"""The refusal of a file."""


class Refused(Exception):
    """Raised for a file of which no picture can be made; its text is a sentence for who uploaded it."""

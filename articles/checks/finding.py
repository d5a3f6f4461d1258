from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A result of a check: the rule's number, a message for the writer, the section's key, and whether it blocks."""

    rule: str
    message: str
    section: str = ""
    blocks: bool = True

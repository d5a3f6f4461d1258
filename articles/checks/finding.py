from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What a check says: the rule's number, a sentence for the writer, where, and whether it blocks."""

    rule: str
    message: str
    section: str = ""
    blocks: bool = True

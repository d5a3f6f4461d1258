"""A result of a check, and how results are written as JSON."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """`block` stops submission and approval, `warn` asks for a look, `info` helps whoever wants it."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Part(StrEnum):
    """The text that a place is in: of a section or wording, or of the whole article."""

    BODY = "body"
    HEADING = "heading"
    TITLE = "title"
    ARTICLE = "article"


@dataclass(frozen=True)
class Place:
    """
    Where a finding is: the key of a section and of an audience ("" for the general text), and a slice.

    `start` and `end` are offsets into the plain text of that body, heading or title; both are 0 if the finding is about
    the whole of it.
    """

    section: str = ""
    audience: str = ""
    part: Part = Part.ARTICLE
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Finding:
    """What a rule found: its number and severity, a message for the writer, the place, and what to do."""

    rule: str
    message: str
    severity: Severity = Severity.BLOCK
    place: Place = field(default_factory=Place)
    excerpt: str = ""
    sentence: str = ""
    hint: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK

    @property
    def section(self) -> str:
        """The key of the section that it is about, or ""."""
        return self.place.section


def as_data(finding: Finding) -> dict[str, Any]:
    """Return the finding as plain data, with its values in the order of the fields."""
    found = asdict(finding)
    found["severity"] = finding.severity.value
    found["place"]["part"] = finding.place.part.value
    return found

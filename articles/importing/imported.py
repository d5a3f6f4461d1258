"""What an imported file says, before anything is stored."""

from dataclasses import dataclass, field


class BadFile(ValueError):
    """Raised for a file that cannot be imported: one sentence with the line where it goes wrong."""

    def __init__(self, line: int, sentence: str):
        super().__init__(f"Line {line}: {sentence}")
        self.line = line


@dataclass(frozen=True)
class ImportedReference:
    """A work as CSL-JSON (without `id`), and the key by which the text cites it."""

    key: str
    csl: dict
    doi: str
    pmid: str
    line: int


@dataclass(frozen=True)
class ImportedSection:
    """A section with its cleaned HTML, for the general reader and by audience."""

    role: str
    heading: str
    body: str
    wordings: dict[str, str]
    line: int


@dataclass(frozen=True)
class ImportedArticle:
    """A whole file. `slug` and `ai_use` are empty where the file does not give them."""

    title: str
    kind: str
    slug: str
    topics: list[str]
    written_for: str
    ai_use: str
    ai_note: str
    language: str
    risk: str
    sections: list[ImportedSection]
    references: list[ImportedReference]
    warnings: list[str] = field(default_factory=list)


def quoted(text: str, limit: int = 60) -> str:
    """Return the text in quotation marks, cut so that a sentence stays one."""
    text = " ".join(text.split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"

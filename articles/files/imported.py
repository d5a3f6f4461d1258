"""What an imported file says, before anything is stored."""

from dataclasses import dataclass, field

MOST_FAULTS = 500


class BadFile(ValueError):
    """Raised for a file that cannot be imported. `sentences` has one for each fault, with its line."""

    def __init__(self, line: int, sentence: str, *others: tuple[int, str]):
        self.faults = [(line, sentence), *others]
        self.sentences = [f"Line {line}: {sentence}" for line, sentence in self.faults[:MOST_FAULTS]]
        if more := len(self.faults) - MOST_FAULTS:
            self.sentences += [f"The file has {more} more faults."] * (more > 0)
        super().__init__("\n".join(self.sentences))
        self.line = line


class Faults:
    """What is wrong with a file, gathered while it is read on, so that all of it is said at once."""

    def __init__(self):
        self.found: dict[tuple[int, str], None] = {}

    def note(self, error: BadFile) -> None:
        self.found |= dict.fromkeys(error.faults)

    def tried(self, otherwise, read, *args, **kwargs):
        """Return what `read` gives; where it raises BadFile note that and return `otherwise`."""
        try:
            return read(*args, **kwargs)
        except BadFile as error:
            self.note(error)
            return otherwise

    def stop(self) -> None:
        """Raise BadFile with all that was noted, in the order of the lines."""
        if self.found:
            first, *others = sorted(self.found)
            raise BadFile(*first, *others)


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

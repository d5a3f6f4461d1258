"""The content of an imported file, before it is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ParamSpec, TypeVar

from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import ngettext

P = ParamSpec("P")
Result = TypeVar("Result")
Default = TypeVar("Default")

MOST_FAULTS = 500


def at_line(line: int, sentence: str) -> str:
    """Return the sentence with the number of its line; line 0 is that of a file without lines."""
    if not line:
        return sentence
    return _("Line {line}: {sentence}").format(line=line, sentence=sentence)


class BadFile(ValueError):
    """Raised for a file that cannot be imported. `sentences` has one sentence per fault, with its line."""

    def __init__(self, line: int, sentence: str, *others: tuple[int, str]) -> None:
        self.faults = [(line, sentence), *others]
        self.sentences = [at_line(line, sentence) for line, sentence in self.faults[:MOST_FAULTS]]
        if (more := len(self.faults) - MOST_FAULTS) > 0:
            said = ngettext("The file has {number} more fault.", "The file has {number} more faults.", more)
            self.sentences.append(said.format(number=more))
        super().__init__("\n".join(self.sentences))
        self.line = line


class Faults:
    """The faults of a file, collected while reading goes on, so that all are reported at once."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, str], None] = {}

    def note(self, error: BadFile) -> None:
        self.found |= dict.fromkeys(error.faults)

    def tried(self, default: Default, read: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result | Default:
        """Return the result of `read`. If it raises BadFile, note the faults and return `default`."""
        try:
            return read(*args, **kwargs)
        except BadFile as error:
            self.note(error)
            return default

    def stop(self) -> None:
        """Raise BadFile with all noted faults, in the order of their lines, if there are any."""
        if self.found:
            first, *others = sorted(self.found)
            raise BadFile(*first, *others)


@dataclass(frozen=True)
class ImportedReference:
    """
    A work as CSL-JSON (without `id`), and the key by which the text cites it.

    `although_retracted` is the reason why it is cited, if the file gives one.
    """

    key: str
    csl: dict[str, Any]
    doi: str
    pmid: str
    line: int
    although_retracted: str = ""


@dataclass(frozen=True)
class ImportedSection:
    """
    A section with its cleaned HTML: the general text, and the wordings by audience.

    `headings` are those of wordings that have one of their own, and `topic` is that of the section; a file may leave
    both unsaid.
    """

    role: str
    heading: str
    body: str
    wordings: dict[str, str]
    line: int
    headings: dict[str, str] = field(default_factory=dict)
    topic: str = ""


@dataclass(frozen=True)
class ImportedFigure:
    """A figure with its words, as a draft has them, and its picture: the bytes of a file in base64."""

    key: str
    alt: str
    caption: str
    source: str
    licence: str
    data: str

    def with_words(self, name: str, words: str) -> "ImportedFigure":
        return replace(self, **{name: words})


@dataclass(frozen=True)
class ImportedArticle:
    """
    The content of a file. `slug`, `ai_use`, `evidence_current_to`, a day as YYYY-MM-DD, and `translation_of`, the path
    of a version, are empty if the file does not give them. `kept` says what was read and compared, for its author.
    `figures` are those that the texts place, None if the file can hold none. `exported` has the digest that each part
    had when the file was exported here.
    """

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
    evidence_current_to: str = ""
    translation_of: str = ""
    kept: list[str] = field(default_factory=list)
    figures: list[ImportedFigure] | None = None
    exported: dict[str, str] = field(default_factory=dict)

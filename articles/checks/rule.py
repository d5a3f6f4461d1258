"""A rule of the automatic checks: one small function, with its number, severity, title, advice and source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.checks.document import Document, Hit, Text
from articles.checks.finding import Finding, Severity

BLOCK, WARN, INFO = Severity


@dataclass(frozen=True)
class Source:
    """The standard or document that a rule comes from: its title, and who published it and where."""

    title: str
    origin: str


OURS = Source("How an article becomes a page", "Imprimatur, docs/author.md")


@dataclass(frozen=True)
class Rule:
    """
    `number` never changes its meaning, and is never used again. The source is that of the field, not of our wording.

    `of_text` looks at one text alone, so its hits are remembered by that text; `of_document` looks at the whole.
    """

    number: str
    severity: Severity
    title: Promise
    hint: Promise | str
    source: Source
    of_document: Callable[[Document], Iterator[Hit]] | None = None
    of_text: Callable[[Text], Iterator[Hit]] | None = None
    headings: bool = False

    def findings(self, document: Document) -> Iterator[Finding]:
        """Yield what the rule finds in a text, in its order."""
        for hit in self._hits(document):
            yield Finding(
                rule=self.number,
                message=hit.message or self._said(hit),
                severity=hit.severity or self.severity,
                place=hit.place,
                excerpt=hit.excerpt,
                sentence=hit.sentence,
                hint=str(self.hint),
            )

    def _hits(self, document: Document) -> Iterator[Hit]:
        if self.of_document:
            yield from self.of_document(document)
        for text in document.all if self.headings else document.bodies:
            if self.of_text and text.plain:
                yield from self.of_text(text)

    def _said(self, hit: Hit) -> str:
        if not hit.excerpt:
            return _("{title}.").format(title=self.title)
        return _("{title}: “{words}”.").format(title=self.title, words=short(hit.excerpt))


def short(words: str, limit: int = 80) -> str:
    """Return the words on one line, cut to the limit."""
    words = " ".join(words.split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def per_document(
    number: str, severity: Severity, title: Promise, *, hint: Promise | str = "", source: Source = OURS
) -> Callable[[Callable[[Document], Iterator[Hit]]], Rule]:
    """Make a rule of a function that reads a whole document."""
    return lambda function: Rule(number, severity, title, hint, source, of_document=function)


def per_text(
    number: str,
    severity: Severity,
    title: Promise,
    *,
    hint: Promise | str = "",
    source: Source = OURS,
    english: bool = False,
    lay: bool = False,
    headings: bool = False,
) -> Callable[[Callable[[Text], Iterator[Hit]]], Rule]:
    """
    Make a rule of a function that reads one text alone.

    With `english` it reads only texts in English, with `lay` only those for the public and carers, with `headings` the
    title and headings too.
    """

    def made(function: Callable[[Text], Iterator[Hit]]) -> Rule:
        def read(text: Text) -> Iterator[Hit]:
            if (text.is_english or not english) and (text.is_lay or not lay):
                yield from function(text)

        return Rule(number, severity, title, hint, source, of_text=read, headings=headings)

    return made

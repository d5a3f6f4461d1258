"""Headings, tables, links and paragraphs: what a text looks like, and how a screen reader goes through it."""

import html
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit, Text
from articles.checks.families.structure import sources
from articles.checks.rule import INFO, WARN, per_document, per_text
from articles.text import richtext
from articles.text.richtext.blocks import Table

_LINK = re.compile(r'<a href="(?P<to>[^"]*)"[^>]*>(?P<words>.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_EMPTY_WORDS = re.compile(
    r"(?:click |press |see |go |read |find out |learn )?(?:here|more|this|this link|this page|link|details|hier"
    r"|mehr|read more"
    r"|learn more|website|web ?site)[.…]?",
    re.IGNORECASE,
)
TITLE = 65  # characters
PARAGRAPH = 150  # words


@per_text(
    "STR-011",
    WARN,
    gettext_lazy("A table without headers"),
    hint=gettext_lazy("Make the first row or the first column headers: screen readers read them with each cell."),
    source=sources.WCAG_TABLES,
)
def tables_have_headers(text: Text) -> Iterator[Hit]:
    for number, block in enumerate(richtext.parse(text.html) if "<table" in text.html else ()):
        if isinstance(block, Table) and not any(
            cell.tag == "th" for group in block.groups for row in group.rows for cell in row
        ):
            rows = [line for line in text.lines if line.block == number]
            if rows and rows[0].end > rows[0].start:
                yield text.at(rows[0].start, rows[0].end)


@per_text(
    "STR-014",
    WARN,
    gettext_lazy("A level of headings is skipped"),
    hint=gettext_lazy("Use the next lower level of headings."),
    source=sources.WCAG_HEADINGS,
)
def no_level_is_skipped(text: Text) -> Iterator[Hit]:
    level = 2  # of the heading of the section
    for line in text.lines:
        if line.is_heading and line.end > line.start:
            now = int(line.kind[1:])
            if now > level + 1:
                yield text.at(line.start, line.end)
            level = now


@per_text(
    "STR-015",
    WARN,
    gettext_lazy("A link whose words do not say where it leads"),
    hint=gettext_lazy("Make the name of the page the link: links are often read alone."),
    source=sources.WCAG_LINKS,
)
def links_say_where_they_lead(text: Text) -> Iterator[Hit]:
    for _to, words, start in _links(text):
        if _EMPTY_WORDS.fullmatch(words.strip()):
            yield text.at(start, start + len(words))


@per_text(
    "STR-016",
    WARN,
    gettext_lazy("A link over an unsecured connection"),
    hint=gettext_lazy("Use the address that begins with https."),
    source=sources.HEALTH_LITERACY,
)
def links_are_secure(text: Text) -> Iterator[Hit]:
    for to, words, start in _links(text):
        if to.startswith("http://"):
            yield text.at(start, start + len(words))


def _links(text: Text) -> Iterator[tuple[str, str, int]]:
    """Yield the address of each link, its words, and where they stand in the plain text."""
    start = 0
    for found in _LINK.finditer(text.html):
        words = html.unescape(_TAG.sub("", found["words"]))
        place = text.plain.find(words, start)
        if words.strip() and place >= 0:
            yield html.unescape(found["to"]), words, place
            start = place + len(words)


@per_document(
    "STR-017",
    INFO,
    gettext_lazy("A long title"),
    hint=gettext_lazy("Say it in 65 characters: search engines and lists cut longer titles."),
    source=sources.HEALTH_LITERACY,
)
def short_title(document: Document) -> Iterator[Hit]:
    title = document.headings[0]
    if len(title.plain) > TITLE:
        said = _("The title has {count} characters.").format(count=len(title.plain))
        yield title.at(0, len(title.plain), said)


@per_document(
    "STR-018",
    WARN,
    gettext_lazy("Two sections with the same heading"),
    hint=gettext_lazy("Give each section a heading of its own, so that readers find it in the contents."),
    source=sources.WCAG_HEADINGS,
)
def headings_differ(document: Document) -> Iterator[Hit]:
    seen: set[str] = set()
    for text in document.headings[1:]:
        words = text.plain.casefold().strip()
        if not text.audience:
            if words in seen:
                yield text.at(0, len(text.plain))
            seen.add(words)


@per_text(
    "STR-019",
    INFO,
    gettext_lazy("A paragraph of more than 150 words"),
    hint=gettext_lazy("Make several paragraphs, or a list, of it."),
    source=sources.HEALTH_LITERACY,
)
def paragraphs_are_short(text: Text) -> Iterator[Hit]:
    for line in text.lines:
        words = text.plain[line.start : line.end].split()
        if line.kind == "p" and len(words) > PARAGRAPH:
            said = _("A paragraph of {count} words: “{words} …”.").format(count=len(words), words=" ".join(words[:6]))
            yield text.at(line.start, line.end, said)


@per_text(
    "STR-020",
    WARN,
    gettext_lazy("A heading with nothing under it"),
    hint=gettext_lazy("Write the text under the heading, or remove it."),
    source=sources.WCAG_HEADINGS,
)
def headings_have_a_text(text: Text) -> Iterator[Hit]:
    for line, after in zip(text.lines, (*text.lines[1:], None), strict=True):
        if not line.is_heading or line.end == line.start:
            continue
        placed = after is None and text.html.rstrip().endswith("</figure>")
        if not placed and (
            after is None or (after.is_heading and after.kind <= line.kind and not _figure_between(text))
        ):
            yield text.at(line.start, line.end)


def _figure_between(text: Text) -> bool:
    return "<figure" in text.html


RULES = [
    tables_have_headers,
    no_level_is_skipped,
    links_say_where_they_lead,
    links_are_secure,
    short_title,
    headings_differ,
    paragraphs_are_short,
    headings_have_a_text,
]

"""
An HTML file as an article: read as a browser would, and refused if a word would be lost, added or changed.

No database is used, and nothing is fetched. Each section of the page is read as a text is that an author types at the
desk, which refuses what a page would show otherwise: hidden or struck out words, numbers of lists that are letters,
text that a style adds, forms, pictures, tags that are not closed in order. The letters of the result are compared with
those of a second reading.
"""

import html
import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from articles.desk.typed import styles, tokens
from articles.desk.typed.reading import Reading
from articles.files.html import comparing
from articles.files.html.sheets import flattened
from articles.files.html.slicing import Section, Slice, Sliced, chosen, sliced
from articles.files.html.source import Piece, decoded, faults_of, pieces, tag_of
from articles.files.imported import BadFile, Faults, ImportedArticle, ImportedSection
from articles.files.markdown.body.reading import MOST_SECTIONS, ROLE_BY_HEADING
from articles.text import richtext
from articles.text.languages import direction
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import ngettext

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
LONGEST_TITLE, LONGEST_HEADING = 300, 200
_LANG = re.compile(r"\slang\s*=\s*[\"']?\s*([A-Za-z0-9-]+)", re.IGNORECASE)
_SHADOW = re.compile(r"<template\b[^>]*\bshadowroot", re.IGNORECASE)
_NESTED = re.compile(r"<!--(?:(?!-->).)*<script[\s>/]", re.IGNORECASE | re.DOTALL)
_ODD_END = re.compile(r"\A<!--?-?>|--!>|\A(?!.*-->\Z)", re.DOTALL)
_RAISED = re.compile(r"<su[bp]>")


def parse(data: bytes, *, audiences: frozenset[str], name: str = "") -> ImportedArticle:
    """
    Return the article of an HTML file, or raise BadFile with a sentence, and the line, for each fault.

    It is a general text on a topic for the public, in the language that the file names; its details are for its author
    to fill in. `audiences` are those of the site: without `public` the first of them is written for.
    """
    source = decoded(data)
    found = list(pieces(source))
    faults = Faults()
    opened, within, outside, part = chosen(found)
    for line, sentence in (*faults_of(within), *_sheets(found, [*opened, *within])):
        faults.note(BadFile(line, sentence))
    for line, sentence in _odd(found):
        faults.note(BadFile(line, sentence))
    faults.stop()
    page = sliced(opened, _shown(within))
    language = _language(found)
    towards = direction(language) or "ltr"
    title = _title(page, found, name, faults, towards)
    sections = [one for section in page.sections if (one := _section(section, faults, towards))]
    faults.stop()
    if len(sections) > MOST_SECTIONS:
        raise BadFile(0, _("The article has more than {most} sections.").format(most=MOST_SECTIONS))
    if not any(section.body for section in sections):
        raise BadFile(0, _("The file has no text below its title."))
    comparing.compare(source, part, title if page.title else "", sections)
    return ImportedArticle(
        title=title,
        kind="topic",
        slug="",
        topics=[],
        written_for="public" if "public" in audiences else min(audiences),
        ai_use="",
        ai_note="",
        language=language,
        risk="standard",
        sections=sections,
        references=[],
        warnings=list(_left_out(found, within, outside, part, page)),
        kept=[_kept(sections)],
    )


def _shown(found: list[Piece]) -> list[Piece]:
    """Return the pieces that a browser shows something of; an unknown raw element is read as its tag, and refused."""
    made = []
    for piece in found:
        if piece.kind == "raw" and piece.name in ("iframe", "textarea"):
            made.append(piece._replace(kind="tag"))
        elif piece.closes and piece.name in ("html", "body"):
            continue  # each slice closes what is open in it
        elif piece.kind in ("tag", "text") and piece.name not in ("link", "meta", "base", "head"):
            made.append(piece)
    return made


def _language(found: list[Piece]) -> str:
    """Return the language that the page names, without its country; English if it names none."""
    tag = next((piece.text for piece in found if piece.kind == "tag" and piece.name == "html"), "")
    named = _LANG.search(tag)
    code = named[1].lower().partition("-")[0] if named else ""
    return code if LANGUAGE.fullmatch(code) else "en"


def _sheets(found: list[Piece], within: list[Piece]) -> Iterator[tuple[int, str]]:
    """Yield a sentence for each style sheet in the file that changes how the text reads."""
    typed = "".join(piece.text for piece in within if piece.kind == "tag")
    for sheet in (piece for piece in found if piece.kind == "raw" and piece.name == "style"):
        if declared := styles.first_change_in(flattened(sheet.inside), typed):
            said = _("The style sheet changes how the text reads ({declared}), and would be lost.")
            yield sheet.line, said.format(declared=quoted(declared))


def _odd(found: list[Piece]) -> Iterator[tuple[int, str]]:
    """Yield a sentence for each script, comment, template and style sheet that can change what is shown around it."""
    for piece in found:
        if piece.kind == "raw" and piece.name == "script" and _NESTED.search(piece.inside):
            yield piece.line, _("Browsers disagree with other programs where this script ends; remove it.")
        elif piece.kind == "comment" and _ODD_END.search(piece.text):
            yield piece.line, _("Browsers disagree with other programs where this comment ends; remove it.")
        elif piece.kind == "raw" and piece.name == "template" and _SHADOW.match(piece.text):
            yield piece.line, _("Browsers show this template instead of the text around it; write its words as text.")
        elif _brings_sheet(piece) and tag_of(piece.text)["href"].lower().startswith("data:"):
            yield piece.line, _("The style sheet in this address may hide or add words; write it in a <style>.")


def _brings_sheet(piece: Piece) -> bool:
    if piece.kind != "tag" or piece.name != "link":
        return False
    tag = tag_of(piece.text)
    return "stylesheet" in tag["rel"].lower() or not tag.well_written


def _title(page: Sliced, found: list[Piece], name: str, faults: Faults, towards: str) -> str:
    """Return the only heading of the first level, else the title of the page, else the name of the file."""
    title = _line(page.title, faults, towards) if page.title is not None and page.title.has_words() else ""
    if not title:
        raw = next((piece.inside for piece in found if piece.kind == "raw" and piece.name == "title"), "")
        title = characters.normalised(_on_one_line(raw) or name)
    if not title:
        faults.note(BadFile(1, _("The page has no title: write one as <h1>.")))
    elif len(title) > LONGEST_TITLE:
        longer = _("The title has {number} characters, more than the {most} allowed.")
        faults.note(BadFile(1, longer.format(number=len(title), most=LONGEST_TITLE)))
    elif fault := characters.first_fault(title):
        faults.note(BadFile(1, fault.sentence))
    return title


def _on_one_line(source: str) -> str:
    return " ".join(html.unescape(source).split())


def _line(made: Slice, faults: Faults, towards: str) -> str:
    """Return the words of a heading. One with raised or lowered signs is refused: 10⁹ would become 109."""
    body = _read(made, faults, towards)
    if _RAISED.search(body):
        said = _("The heading {words} has raised or lowered signs. Write it in plain signs, such as ² or ₂.")
        faults.note(BadFile(made.line, said.format(words=quoted(richtext.plain(body)))))
    return tidy(richtext.plain(body))


def _section(section: Section, faults: Faults, towards: str) -> ImportedSection | None:
    heading = _line(section.heading, faults, towards) if section.heading else ""
    body = _read(section.body, faults, towards)
    if not (heading or body):
        return None
    if len(heading) > LONGEST_HEADING:
        said = _("The heading {words} has more than {most} characters.")
        faults.note(
            BadFile((section.heading or section.body).line, said.format(words=quoted(heading), most=LONGEST_HEADING))
        )
    role = ROLE_BY_HEADING.get(heading.casefold(), "body") if heading else "lead"
    line = (section.heading or section.body).line
    return ImportedSection(role, characters.normalised(heading), body, {}, line)


def _read(made: Slice, faults: Faults, towards: str) -> str:
    """Return the stored text of a slice; note a fault for each part that would not stay as the page shows it."""
    reading = Reading(made.text, keys=frozenset(), direction=towards)
    found = reading.faults
    stored = ""
    if not found:
        try:
            stored = richtext.storable(reading.html)
        except (richtext.TooLong, ValidationError) as error:
            found = [(0, " ".join(getattr(error, "messages", [str(error)])))]
        else:
            difference = tokens.difference(reading.tokens, tokens.of_stored(stored))
            found = [difference] if difference else []
    for place, sentence in found:
        faults.note(BadFile(made.line_at(place), sentence))
    return stored


def _kept(sections: list[ImportedSection]) -> str:
    """Return in a sentence what was kept."""
    text = "".join(section.body for section in sections)
    headings = sum(bool(section.heading) for section in sections) + len(re.findall("<h[34]>", text))
    counts = [
        (headings, ngettext("{number} heading", "{number} headings", headings)),
        (number := text.count("<p>"), ngettext("{number} paragraph", "{number} paragraphs", number)),
        (number := text.count("<li>"), ngettext("{number} item", "{number} items", number)),
        (number := text.count("<table>"), ngettext("{number} table", "{number} tables", number)),
        (number := len(re.findall("<t[dh][ >]", text)), ngettext("{number} cell", "{number} cells", number)),
    ]
    listed = ", ".join(said.format(number=number) for number, said in counts if number)
    return _("Kept, and compared sign by sign: {what}.").format(what=listed)


def _left_out(found: list[Piece], within: list[Piece], outside: list[Piece], part: str, page: Sliced) -> Iterator[str]:
    """Yield in a sentence each what of the file is not in the article."""
    words = " ".join(" ".join(html.unescape(piece.text) for piece in outside if piece.kind == "text").split())
    if words:
        said = _("Left out, as it stands outside <{part}>: {words}.")
        yield said.format(part=part, words=quoted(words[:300] + ("…" if len(words) > 300 else "")))
    unscripted = " ".join(
        _on_one_line(re.sub(r"<[^<>]*>", " ", piece.inside))
        for piece in within
        if piece.kind == "raw" and piece.name == "noscript"
    ).strip()
    if unscripted:
        said = _("Left out, as browsers show it only without scripts: {words}.")
        yield said.format(words=quoted(unscripted[:300]))
    if any(piece.kind == "raw" and piece.name == "script" for piece in found):
        yield _("Scripts were left out. What they would change on the page is not in the draft: compare the two.")
    if any(map(_brings_sheet, found)):
        yield _("The page has style sheets outside the file, which were not read. They may hide or add words: compare.")
    if any(piece.kind == "comment" for piece in within):
        yield _("Comments were left out.")
    if page.within:
        yield _("Links from one place of the file to another were left out.")
    if page.elsewhere:
        said = ngettext(
            "{number} link was left out: its address is not whole, so only the page’s own site knows it.",
            "{number} links were left out: their addresses are not whole, so only the page’s own site knows them.",
            page.elsewhere,
        )
        yield said.format(number=page.elsewhere)

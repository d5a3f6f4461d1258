"""The quotation of a comment: words found in the version as printed for any of its audiences."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import html

from articles.models import Disclaimer, Version
from articles.text.plain.markup import in_plain_text
from articles.text.rendering import markup, visible_text
from articles.text.rendering.passages import blocks, places, position
from articles.text.rendering.visible import visible
from reviews.workflow.transaction import signed_content

# Whole words and numbers only: "5 mg" is not found in "0.5 mg", nor "10" in "10^9".
BEFORE, AFTER = r"(?<![\w^])(?<!\d[.,·٫])", r"(?!\w)(?![.,·٫]\d)(?!(?<=\d)\^\d)"
FIRST = "⏎"  # before words that begin a line
LONGEST_SUGGESTION = 2000
AROUND = 32  # characters before and after a quotation that are kept with it
RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "₀₁₂₃₄₅₆₇₈₉₊₋"
PLAIN = "0123456789+-"


def quoted_place(version: Version, section_key: str, exact: str, *, audience: str, before: str) -> dict[str, Any]:
    """Return the fields of the anchor of a comment that quotes these words, as `quoted` and `located` find them."""
    exact = quoted(version, section_key, exact)
    return {"section_key": section_key, "exact": exact, **located(version, audience, section_key, exact, before)}


def suggested(wording: str, place: dict[str, Any]) -> str:
    """
    Return the suggested wording for the words at this place, tidied; "" if there is none.

    Raise ValidationError unless it is plain text of one line, other than the words, and it is known which are meant.
    """
    text = " ".join(wording.split())
    if not text:
        return ""
    if "start" not in place:
        sentence = _("Quote the words that the suggested wording replaces, with enough of their line to stand once.")
    elif text == place["exact"]:
        sentence = _("The suggested wording is the same as the quoted words.")
    elif len(text) > LONGEST_SUGGESTION:
        sentence = _("Keep the suggested wording under {limit} characters.").format(limit=f"{LONGEST_SUGGESTION:,}")
    else:
        sentence = in_plain_text(text)
    if sentence:
        raise ValidationError({"suggestion": sentence})
    return text


def quoted(version: Version, section_key: str, exact: str) -> str:
    """
    Return the quoted words in the version's own spelling, with single spaces; "" if there is no quotation.

    Search the section, or without one all that is signed to be printed: title, headings, texts with the numbers of
    citations and tables, references, disclaimers. A browser copies 10⁹/L as 109/L, and people type ⁹: both are found,
    and kept as 10^9/L. Raise ValidationError if the version does not have the section or the words, NotNow if the
    stored text is not the signed one.
    """
    content = signed_content(version)
    sections = {section["key"]: section for section in content["sections"]}
    if section_key and section_key not in sections:
        raise ValidationError({"section_key": _("Version {number} has no such section.").format(number=version.number)})
    exact = " ".join(exact.split())
    if not exact:
        return ""
    wanted = [re.compile(BEFORE + words + AFTER) for words in _ways_of_writing(exact)]
    chosen = [sections[section_key]] if section_key else list(sections.values())
    for texts in (_texts(chosen), _printed(content, section_key), _lines(content, section_key)):
        lines = list(texts)
        for words in wanted:
            if found := next(filter(None, map(words.search, lines)), None):
                return found[0]
    if section_key:
        sentence = _("These words are not in this section. Quote them exactly as they are printed there.")
    else:
        sentence = _("These words are not in version {number}. Quote them exactly as they are printed there.")
    raise ValidationError({"exact": sentence.format(number=version.number)})


def located(version: Version, audience: str, section_key: str, exact: str, before: str = "") -> dict[str, Any]:
    """
    Return the place of quoted words for the fields of an anchor: audience, section, position, words around them.

    `before` are words that stand right before the quotation, if it stands in several places; FIRST, if nothing stands
    before it in its line. Return nothing if the place is not the only one: then the words are quoted, but it is not
    known which of them are meant.
    """
    if not exact:
        return {}
    content = signed_content(version)
    audience = audience if audience in content["visible"] else content["written_for"]
    text = blocks(html.fragment_fromstring(markup(content, audience)))
    found = places(text, exact, section_key)
    before = " ".join(before.split())
    if len(found) > 1 and before == FIRST:
        found = [place for place in found if place.start == 0]
    elif len(found) > 1 and before:
        found = [place for place in found if text[place.block].line[: place.start].rstrip().endswith(before)]
    if len(found) != 1:
        return {}
    place, line = found[0], text[found[0].block].line
    start, end = position(place, text)
    return {
        "audience": audience,
        "section_key": text[place.block].section,
        "prefix": line[max(0, place.start - AROUND) : place.start],
        "suffix": line[place.end : place.end + AROUND],
        "start": start,
        "end": end,
    }


def _ways_of_writing(exact: str) -> Iterator[str]:
    """Yield patterns for the words: unchanged, with ^ and _ for raised and lowered signs, and with optional marks."""
    yield _spaced(re.escape(exact))
    marked = re.sub(f"[{RAISED}]+", lambda found: "^" + _plain(found[0], RAISED), exact)
    marked = re.sub(f"[{LOWERED}]+", lambda found: "_" + _plain(found[0], LOWERED), marked)
    yield _spaced(re.escape(marked))
    yield "[_^]?".join(map(re.escape, exact))


def _spaced(pattern: str) -> str:
    """Make the space before the number of a citation optional."""
    return re.sub(r"(?:\\ )?\\\[", r" ?\\[", pattern)


def _plain(signs: str, alphabet: str) -> str:
    return signs.translate(str.maketrans(alphabet, PLAIN))


def _texts(sections: list[dict[str, Any]]) -> Iterator[str]:
    """Yield headings and texts for all audiences, without numbers of citations and tables, each as one line."""
    for section in sections:
        bodies = [section["body"], *(wording["body"] for wording in section["wordings"].values())]
        yield from (" ".join(text.split()) for text in (section["heading"], *map(visible_text, bodies)))


def _lines(content: dict[str, Any], section_key: str) -> Iterator[str]:
    """Yield each line as it is selected on the page: without the numbers of citations."""
    for audience in content["visible"]:
        for block in blocks(html.fragment_fromstring(markup(content, audience))):
            if not section_key or block.section == section_key:
                yield block.line


def _printed(content: dict[str, Any], section_key: str) -> Iterator[str]:
    """Yield each audience's printed text as one line: of a section, or of all with title and disclaimers."""
    for audience in content["visible"]:
        article = html.fragment_fromstring(markup(content, audience))
        part = article if not section_key else article.find(f".//*[@id='s-{section_key}']")
        if part is not None:
            yield " ".join(visible(part).split())
    if not section_key:
        yield content["title"]
        for audience, disclaimer in content["disclaimers"].items():
            rows = Disclaimer.objects.filter(audience__key=audience, number=disclaimer["number"])
            yield from (" ".join(text.split()) for text in rows.values_list("text", flat=True))

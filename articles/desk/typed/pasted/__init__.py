"""
Read HTML from the clipboard: from Word, Excel, Google Docs and web pages.

The clipboard is first brought into the form that a careful author would type, with a sentence for all that is left out
on the way. The reader of typed texts does the rest, so that one reader decides for both doors.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.core.exceptions import ValidationError
from lxml import html

from articles.desk.typed import tokens
from articles.desk.typed.pasted import blocks, leaving, lists, pictures, sheets
from articles.desk.typed.pasted.said import Said
from articles.desk.typed.reading import Reading
from articles.text.plain.translated import gettext as _
from articles.text.richtext import TooLong, storable
from articles.text.richtext.building import within_length

_BODY = re.compile(r"<body\b", re.IGNORECASE)
MOST_SENTENCES = 30
MOST_TAGS = 60_000


class Pasted(NamedTuple):
    """The text in canonical form, and a sentence for each part that was left out or is another one now."""

    html: str
    said: list[str]


def from_pasted(
    clipboard: str,
    *,
    keys: frozenset[str] = frozenset(),
    figures: Mapping[str, str] = MappingProxyType({}),
    direction: str = "ltr",
) -> Pasted:
    """
    Return what an article can keep of the clipboard's HTML. Raise ValidationError if it is too long or damaged.

    `figures` has the key of the article's figure for the SHA-256 of each file of its picture.
    """
    said = Said()
    try:
        within_length(len(clipboard))
        if clipboard.count("<") > MOST_TAGS:
            raise TooLong(_("This text has too many tags. Paste it in parts."))
        reading = Reading(_plain(clipboard, said, figures), keys=keys, direction=direction)
        cleaned = storable(reading.html)
    except TooLong as error:
        raise ValidationError(str(error)) from None
    for _place, sentence in sorted(dict.fromkeys(reading.faults)):
        said.add(sentence)
    if found := tokens.difference(reading.tokens, tokens.of_stored(cleaned)):
        said.add(found[1])
    return Pasted(cleaned, said.sentences[:MOST_SENTENCES])


def _plain(clipboard: str, said: Said, figures: Mapping[str, str]) -> str:
    """Return the clipboard's text in the tags that articles have, and no others."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    whole = clipboard if _BODY.search(clipboard) else f"<html><body>{clipboard}</body></html>"
    page = html.document_fromstring(whole.encode("utf-8", "replace"), parser=parser)
    if any("depth" in error.message for error in parser.error_log):
        raise ValidationError(_("This text is nested too deep. Paste it in parts."))
    body = page.find("body")
    if body is None:
        return ""
    sheets.write_into_styles(page)
    pictures.place_ours(body, figures)
    leaving.out(body, said)
    lists.of_word(body, said)
    blocks.simplify(body, said)
    return (body.text or "") + "".join(html.tostring(child, encoding="unicode") for child in body)

"""A second reading of a page, by another parser: its letters and digits have to be those of the article, in order."""

import re
from typing import Any

from lxml import html

from articles.files.imported import BadFile, ImportedSection
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

NEVER_SHOWN = "//head | //script | //style | //noscript | //template | //comment() | //title"
DECLARED = re.compile(r"\A\s*<\?xml\b[^>]*>", re.IGNORECASE)
AROUND = 40  # letters named on each side of a difference


def compare(source: str, part: str, title: str, sections: list[ImportedSection]) -> None:
    """Raise BadFile with the first place where the article says something else than this part of the page."""
    root: Any = html.document_fromstring(DECLARED.sub("", source))
    for element in root.xpath(NEVER_SHOWN):
        if element.getparent() is not None:
            element.drop_tree()
    within = root if part == "body" else root.find(f".//{part}")
    if within is None:
        raise BadFile(0, _("The <{part}> of the page is not where a browser sees it.").format(part=part))
    headings = list(within.iter("h1"))
    if len(headings) == 1 and title:
        headings[0].drop_tree()  # compared by its own reading
    shown = letters("".join(within.itertext()))
    made = letters("".join(_words(section) for section in sections))
    if shown != made:
        at = next((at for at, (one, other) in enumerate(zip(shown, made, strict=False)) if one != other), 0)
        at = at if shown[:at] == made[:at] else 0
        said = _("The page shows {words}, which would become {other}. Write it another way.")
        one, other = (quoted(text[max(0, at - AROUND) : at + AROUND]) for text in (shown, made))
        raise BadFile(0, said.format(words=one, other=other))


def _words(section: ImportedSection) -> str:
    body: Any = html.fragment_fromstring(section.body, create_parent="div")
    return section.heading + "".join(body.itertext())


def letters(text: str) -> str:
    """Return the letters and digits of a text, and signs that change an amount."""
    return "".join(sign for sign in characters.normalised(text) if sign.isalnum() or sign in "<>≤≥±%‰µ.,−+-–/×")

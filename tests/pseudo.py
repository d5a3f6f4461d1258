"""
A language of the interface that marks its words: ⟦Search⟧. Words of a page outside the marks were never translated.

`wrapped` puts it in force. `unmarked` returns the words of a page that are neither marked nor content, that is, text
that people typed: names, titles, and what else the database holds.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from lxml import html

from articles import checks

BEGIN, END = "⟦", "⟧"
ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
NOT_WORDS = {"script", "style", "pre", "code", "textarea"}  # programs, digests, and what was typed
SIGNED = (
    "article",
    "asked",
    "quote",
    "cited",
    "redline",
    "statements",
    "text",
    "why",
)  # classes and tags of texts shown as they are
SAME_EVERYWHERE = {"Imprimatur", "ORCID iD", "RIS", "BibTeX", "CSL-JSON", "0-9", "UTC", "J", "K"}
FEW = 3  # words; fewer have to be all of a typed text, or a line of it


@contextmanager
def wrapped() -> Iterator[None]:
    """Put the language in force: each translated message stands between marks."""
    plain = translation._trans

    def one(message: str) -> str:
        return f"{BEGIN}{message}{END}" if message else message

    def of_number(singular: str, plural: str, number: int) -> str:
        return one(singular if number == 1 else plural)

    marking = {
        "gettext": one,
        "ngettext": of_number,
        "pgettext": lambda context, message: one(message),
        "npgettext": lambda context, singular, plural, number: of_number(singular, plural, number),
    }
    checks.forget()
    with mock.patch.multiple(plain, create=True, **marking):
        yield
    checks.forget()


def unmarked(page: str, typed: str) -> list[str]:
    """Return the words of the page outside the marks, in reading order, without what people `typed` (`content`)."""
    lines = {_one_line(line) for line in typed.split("\n")}
    everything = _one_line(typed)
    return [
        words
        for words in map(_one_line, _outside(html.document_fromstring(page)))
        if not _is_typed(words, lines, everything)
    ]


def without_line(sentence: str) -> str:
    """Return the sentence of ⟦Line 5: …⟧, whose own marks say whether it was translated too."""
    return re.sub(rf"\A{BEGIN}Line \d+: (.*){END}\Z", r"\1", sentence, flags=re.DOTALL)


def content(*more: str) -> str:
    """Return all texts in the database, one on each line, without their markup."""
    found = list(more)
    for model in apps.get_models():
        fields = [
            each.name
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            found += [str(value) for value in row if value]
    text = "\n".join(found).replace("{emergency}", str(settings.EMERGENCY_NUMBER))
    return f"{text}\n{re.sub('<[^<>]*>', chr(10), text)}"


def _outside(page: html.HtmlElement) -> Iterator[str]:
    """Yield each run of words outside the marks, and the attributes that people read."""
    depth = 0
    for kind, words in _pieces(page):
        if kind == "attribute":
            yield from filter(_has_letters, re.split(f"{BEGIN}[^{END}]*{END}", words))
            continue
        kept = ""
        for sign in words:
            depth += (sign == BEGIN) - (sign == END)
            kept += sign if not depth and sign != END else " " if depth else ""
        if _has_letters(kept):
            yield kept


def _pieces(element: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield attributes and texts in reading order."""
    if not isinstance(element.tag, str) or element.tag in NOT_WORDS:
        return
    for name in ATTRIBUTES:
        yield "attribute", element.get(name, "")
    if element.get("name") == "description" or element.get("property") in ("og:title", "og:description"):
        yield "attribute", element.get("content", "")
    if element.tag in SIGNED or {*element.get("class", "").split()} & {*SIGNED}:
        return
    yield "text", element.text or ""
    for child in element:
        yield from _pieces(child)
        yield "text", child.tail or ""


def _is_typed(words: str, lines: set[str], everything: str) -> bool:
    """Tell whether the words are typed, as a whole or in each of their parts, such as a name and credentials."""
    if words in lines:
        return True
    parts = re.split(r"[,;:·–()“”\[\]]|\.(?= |$)|https?://\S+", words)
    return all(_is_part(part.strip(), lines, everything) for part in parts)


def _is_part(part: str, lines: set[str], everything: str) -> bool:
    if not _has_letters(part) or len(part) == 1 or part in lines or part in SAME_EVERYWHERE:
        return True
    return len(part.split()) >= FEW and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", everything) is not None


def _has_letters(words: str) -> bool:
    return any(letter.isalpha() for letter in words)


def _one_line(text: str) -> str:
    return " ".join(text.split())

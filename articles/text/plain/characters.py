"""
The rules for the characters of every text, by their Unicode properties.

`normalised` gives characters that look the same one form. Refused are invisible characters, characters that change the
order, strike through or enclose, and code points that are no character; the message says which one and where.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

# Each looks like the character it becomes: the micro sign, ligatures, and signs that fonts draw alike.
ALIKE = str.maketrans(
    {
        "\u00b5": "\u03bc", "\u2010": "-", "\u2024": ".", "\u2215": "/", "\u2236": ":", "\ua789": ":",
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st",
        "\ufb06": "st", "\u2126": "\u03a9", "\u212a": "K", "\u212b": "\u00c5",
    }
)  # fmt: skip
_SILENT = r"[\u00AD\u034F\u180B-\u180F\u200B\u2060-\u2064\uFEFF\uFE00-\uFE0F\U000E0100-\U000E01EF]"
_REMOVED = regex.compile(rf"(?<!\p{{N}}){_SILENT}+|{_SILENT}+(?!\p{{N}}|{_SILENT})")  # not between two digits

_GREEK_LIKE_LATIN = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϹϲϳ"
_CYRILLIC_LIKE_LATIN = "АВЕКМНОРСТУХЅІЈԚԜаеорсухѕіјԛԝһӏ"
_JOINED = r"(?<=[\p{Joining_Type=L}\p{Joining_Type=D}]\p{Joining_Type=T}*)"
_JOINS = r"(?=\p{Joining_Type=T}*[\p{Joining_Type=R}\p{Joining_Type=D}])"
# RFC 5892, appendix A: a joiner is part of the spelling if it changes the shape of letters.
_JOINER = rf"(?<=\p{{ccc=9}})[\u200C\u200D]|{_JOINED}\u200C{_JOINS}"
_REFUSED = regex.compile(
    rf"""(?: {_JOINER} )(*SKIP)(*FAIL)
      | (?P<control> [\p{{Cc}}--[\t\n\r]] )
      | (?P<order> \p{{Bidi_Control}} )
      | (?P<private> \p{{Co}} )
      | (?P<none> [\p{{Cn}}\p{{Cs}}\p{{Noncharacter_Code_Point}}] )
      | (?P<lost> [\uFFFC\uFFFD] )
      | (?P<unseen> [\p{{Cf}}\p{{Default_Ignorable_Code_Point}}\u2028\u2029] )
      | (?P<struck> [\p{{ccc=1}}\p{{Me}}] )
      | (?P<marked> (?<=[\p{{N}}\p{{P}}\p{{S}}]) \p{{M}} )
      | (?P<alone> (?: \A | (?<=[\s\p{{Z}}]) ) \p{{M}} )
      | (?P<heaped> (?<=\p{{Mn}}{{4}}) \p{{Mn}} )
      | (?P<other> (?<=\p{{Latin}}\p{{M}}*) [\p{{Cyrillic}}{_GREEK_LIKE_LATIN}]
                 | [\p{{Cyrillic}}{_GREEK_LIKE_LATIN}] (?=\p{{Latin}}) )
    """,
    regex.VERSION1 | regex.VERBOSE,
)
_ALWAYS_FINE = regex.compile(r"[\t\n\r\x20-\x7E\u00A0-\u00AC\u00AE-\u017F\u2012-\u201F\u202F\u2030-\u203A]*")
SENTENCES = {
    "control": gettext_noop("{character} is {place}: it is a control character; remove it."),
    "order": gettext_noop("{character} is {place}: it changes the order in which readers see a text; remove it."),
    "private": gettext_noop(
        "{character} is {place}: it is an empty box to readers; type the letter that is meant (U+F06D "
        "of Word’s Symbol font is μ)."
    ),
    "none": gettext_noop(
        "{character} is {place}: it is not a character of Unicode; remove it, or type the letter that is meant."
    ),
    "lost": gettext_noop("{character} is {place}: it replaces a letter that was lost; type that letter."),
    "unseen": gettext_noop("{character} is {place}: it cannot be seen; remove it."),
    "struck": gettext_noop(
        "{character} is {place}: it strikes through or encloses the character before it; remove it."
    ),
    "marked": gettext_noop(
        "{character} is {place}: it is a mark on a number or sign. Readers may take this for another number or sign; "
        "remove the mark."
    ),
    "alone": gettext_noop("{character} is {place}: it is a mark without a letter before it; remove it."),
    "heaped": gettext_noop(
        "{character} is {place}: it is on a letter that has more than four marks; remove the extra marks."
    ),
    "other": gettext_noop(
        "{character} is {place}: it only looks like the Latin letters beside it; type the letter that is meant."
    ),
}
BREAKS_HERE = "\u200b"  # <wbr>
BREAKS_A_LINE = regex.compile("[\t\n\v\f\r\x85\u2028\u2029]")
SURROGATE = regex.compile(r"\p{Cs}")
# Dropped from texts that earlier releases stored and signed; new texts with them are refused. Do not change either
# pattern: with another character here, an old version would no longer be shown as it was signed.
NEVER_IN_RICH_TEXT = regex.compile(
    r"[[\p{Cc}--[\t\n\v\f\r\x85]]\u200b\u202a-\u202e\u2066-\u2069\p{Cs}\ufeff\p{Noncharacter_Code_Point}]", regex.V1
)
NEVER_PRINTED = regex.compile(r"[\u202a-\u202e\u2066-\u2069\ufffe\uffff]")  # in a reference; lxml accepts all others
_SHOWN_BEFORE = 24  # characters quoted to show the place


class Fault(NamedTuple):
    """A character that is not allowed: its offset, and the error message."""

    start: int
    sentence: str


def normalised(text: str) -> str:
    """
    Return the text in NFC, without invisible characters, and with one form for characters that look the same.

    Invisible characters between two digits stay, so that they are refused: 1 and 0 with one between may not be 10.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", without_invisible(text).translate(ALIKE))


def without_invisible(text: str) -> str:
    """Return the text without invisible characters, except those between two digits."""
    return text if text.isascii() else _REMOVED.sub("", text)


def faults(text: str) -> Iterator[Fault]:
    """Yield each character that is not allowed, in order."""
    at = _ALWAYS_FINE.match(text).end()
    if at == len(text):
        return
    for found in _REFUSED.finditer(text):
        yield Fault(found.start(), _sentence(text, found.start(), found.lastgroup))


def first_fault(text: str) -> Fault | None:
    """Return the first character that is not allowed, or None."""
    return next(faults(text), None)


def check(text: str) -> str:
    """Return the text; raise ValidationError with the first character that is not allowed and its place."""
    if fault := first_fault(text):
        from django.core.exceptions import (
            ValidationError,  # not at the top: files are also read in a process without Django
        )

        raise ValidationError(fault.sentence, code="character")
    return text


def named(character: str) -> str:
    """Return the character's code point and Unicode name: U+200F RIGHT-TO-LEFT MARK."""
    without = {"Co": "PRIVATE USE", "Cc": "CONTROL CHARACTER", "Cs": "SURROGATE"}
    name = unicodedata.name(character, without.get(unicodedata.category(character), "UNASSIGNED"))
    return f"U+{ord(character):04X} {name}"


def unseen(text: str) -> list[str]:
    """Return the names of the characters of a text that are not allowed, each once."""
    return list(dict.fromkeys(named(text[fault.start]) for fault in faults(text)))


def lookalike_words(text: str, language: str) -> list[str]:
    """Return the words made only of foreign letters that look Latin: the Cyrillic С of “hepatitis С”."""
    found: list[str] = []
    for script, alike, home in _FOREIGN:
        if language.split("-")[0] not in home and not regex.search(rf"[\p{{{script}}}--[{alike}]]", text, regex.V1):
            found += regex.findall(rf"(?<![\p{{L}}\p{{M}}])[{alike}]+(?![\p{{L}}\p{{M}}])", text)
    return list(dict.fromkeys(found))


_FOREIGN = [
    ("Cyrillic", _CYRILLIC_LIKE_LATIN, {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "ab", "os", "tt"}),
    ("Greek", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", {"el", "grc"}),
]


def _sentence(text: str, start: int, kind: str) -> str:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    before = "".join(letter for letter in line[-_SHOWN_BEFORE:] if not _REFUSED.match(letter) or letter.isalpha())
    place = _("after “{before}”") if before.strip() else _("at the beginning of a line or text")
    return _(SENTENCES[kind]).format(character=named(text[start]), place=place.format(before=before.lstrip()))

"""
The one list of what may stand in any text of ours, by the properties that Unicode gives each character.

What is painted alike is kept alike: `settled` writes it in one way. What readers cannot see, what turns the order
round, strikes through or encloses, and what is no character at all is refused with its name and its place.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

# Painted like the character they become: the micro sign, ligatures, and the signs of which fonts make one drawing.
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
# RFC 5892, appendix A: where a joiner changes letters that readers see, it is part of the spelling.
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
ADVICE = {
    "control": "is no letter but a control character; remove it",
    "order": "changes the order in which readers see a text; remove it",
    "private": "is an empty box to readers; type the letter that is meant (U+F06D of Word’s Symbol font is μ)",
    "none": "is not a character of Unicode; remove it, or type the letter that is meant",
    "lost": "stands in place of a letter that was lost; type that letter",
    "unseen": "cannot be seen; remove it",
    "struck": "strikes through or encloses what stands before it; remove it",
    "marked": "is a mark on a number or sign, which readers may take for another; remove it",
    "alone": "is a mark without a letter before it; remove it",
    "heaped": "is one of more than four marks on one letter; remove it",
    "other": "looks like a Latin letter beside it and is another; type the letter that is meant",
}
BREAKS_HERE = "\u200b"  # <wbr>
BREAKS_A_LINE = regex.compile("[\t\n\v\f\r\x85\u2028\u2029]")
SURROGATE = regex.compile(r"\p{Cs}")
# Dropped from what earlier releases stored and signed, which no door takes today. Both decide how signed texts look:
# another character here, and an old version is no more shown as it was signed.
NEVER_IN_RICH_TEXT = regex.compile(
    r"[[\p{Cc}--[\t\n\v\f\r\x85]]\u200b\u202a-\u202e\u2066-\u2069\p{Cs}\ufeff\p{Noncharacter_Code_Point}]", regex.V1
)
NEVER_PRINTED = regex.compile(r"[\u202a-\u202e\u2066-\u2069\ufffe\uffff]")  # in a reference: lxml takes all others
_SHOWN_BEFORE = 24  # characters that show the place


class Fault(NamedTuple):
    """A character that may not stand in a text: where it stands, and the sentence that refuses it."""

    start: int
    sentence: str


def settled(text: str) -> str:
    """
    Return the text in NFC, without characters that are never painted, and each sign written in one way.

    Between two digits such a character stays, to be refused: 1 and 0 with something between are not always 10.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", seen(text).translate(ALIKE))


def seen(text: str) -> str:
    """Return the text without the characters that are never painted; all else stays as it was written."""
    return text if text.isascii() else _REMOVED.sub("", text)


def faults(text: str) -> Iterator[Fault]:
    """Yield each character that may not stand in a text, in order."""
    at = _ALWAYS_FINE.match(text).end()
    if at == len(text):
        return
    for found in _REFUSED.finditer(text):
        yield Fault(found.start(), _sentence(text, found.start(), found.lastgroup))


def first_fault(text: str) -> Fault | None:
    """Return the first character that may not stand in a text, or None."""
    return next(faults(text), None)


def check(text: str) -> str:
    """Return the text; raise ValidationError with the character and its place where one may not stand in it."""
    if fault := first_fault(text):
        from django.core.exceptions import ValidationError  # files are read without Django

        raise ValidationError(fault.sentence, code="character")
    return text


def named(character: str) -> str:
    """Return a character by its number and its name in Unicode: U+200F RIGHT-TO-LEFT MARK."""
    without = {"Co": "PRIVATE USE", "Cc": "CONTROL CHARACTER", "Cs": "SURROGATE"}
    name = unicodedata.name(character, without.get(unicodedata.category(character), "UNASSIGNED"))
    return f"U+{ord(character):04X} {name}"


def unseen(text: str) -> list[str]:
    """Return the names of the characters of a text that readers cannot see or that may not stand in it, each once."""
    return list(dict.fromkeys(named(text[fault.start]) for fault in faults(text)))


def lookalike_words(text: str, language: str) -> list[str]:
    """Return the words made wholly of foreign letters that look Latin: the Cyrillic С of “hepatitis С”."""
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
    place = f"after “{before.lstrip()}”" if before.strip() else "at the beginning of a line or text"
    return f"{named(text[start])} stands {place}: it {ADVICE[kind]}."

"""Doses in their normal form, to compare two texts. `articles.text.plain.doses` finds them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import get_format

from articles.search.analysis.amounts import amount, unit
from articles.text import richtext
from articles.text.plain.doses import counts, doses

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_RANGE = re.compile(r" ?(?:[–−]|-(?=\d)|\b(?:to|bis)\b) ?")
_OF_ONE = re.compile(r"(\d+(?:\.\d+)?) ?([^\W\d]+)")
_WORD = re.compile(r"[^\W\d]+")
_PER = re.compile(r"(?: ?/ ?[^\W\d_]\w*)+")  # of 5 mg/kg/day
_WITH_SPACES, _WITH_POINTS, _WITH_COMMAS = (  # between thousands: 0.125 and 0,125 begin with none
    re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:{sign}\d{{3}})+(?!\d)") for sign in (" ", r"\.", ",")
)
_DECIMALS = re.compile(r"(?<=\d)[,·](?=\d)")
_FIGURES = {
    word: str(number)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
    for number, word in enumerate(words.split(), start=1)
}
MOST = 6  # doses in one sentence


class Differing(NamedTuple):
    """The doses that stand in one of the two texts alone, in the order of the text."""

    only_main: list[str]
    only_wording: list[str]

    def __bool__(self) -> bool:
        return bool(self.only_main or self.only_wording)


def differing(main: str, wording: str, language: str = "en") -> Differing:
    """
    Return the doses of two HTML texts that stand in one of them alone. Raise TooLong as `richtext.clean` does.

    1000 mg and 1 g are the same dose, as are three tablets and 3 tablets. Words without a number are none. Numbers are
    read as their language writes them: 1,000 mg is 1 g in English, 1.000 mg in German.
    """
    one, other = (_doses(text, language) for text in (main, wording))
    return Differing(
        [said for key, said in one.items() if key not in other],
        [said for key, said in other.items() if key not in one],
    )


def in_a_list(said: list[str]) -> str:
    """Return doses for a sentence, at most a few of them."""
    return ", ".join(said[:MOST]) + (" …" if len(said) > MOST else "")


def _doses(html: str, language: str) -> dict[str, str]:
    comma = get_format("DECIMAL_SEPARATOR", language, use_l10n=True) == ","
    return dict(_read(html, comma))


@lru_cache(maxsize=256)
def _read(html: str, comma: bool) -> tuple[tuple[str, str], ...]:
    """
    Return each dose of a text in its normal form, with the words in which it stands first.

    `comma`: in its language a comma stands before the decimals and a point between thousands, not the other way round.
    """
    found: dict[str, str] = {}
    for line in richtext.plain(html).split("\n"):
        cells = line.split("\t")
        for place, cell in enumerate(cells):
            beside = "\t".join(cells[:place] + cells[place + 1 :])
            for said in _longest(cell, doses(cell, beside)):
                found.setdefault(_normal(said, comma), said)
    return tuple(found.items())


def _longest(line: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """Yield the words of the spans that have a number and lie in no longer one."""
    for start, end in spans:
        is_part = any(one <= start and end <= other and (one, other) != (start, end) for one, other in spans)
        if not is_part and counts(line[start:end]):
            per = _PER.match(line, end)
            yield _SPACES.sub(" ", line[start : per.end() if per else end]).strip()


def _normal(said: str, comma: bool) -> str:
    """Return a dose in its normal form: figures for words, plain numbers, one sign for each unit and for a range."""
    words = _WORD.sub(lambda word: _FIGURES.get(word[0], word[0]), said.casefold().replace("µ", "μ"))
    for thousands in (_WITH_SPACES, _WITH_POINTS if comma else _WITH_COMMAS):
        words = thousands.sub(lambda number: re.sub("[ .,]", "", number[0]), words)
    words = _DECIMALS.sub(".", words)
    words = _RANGE.sub("-", words)
    if (one := _OF_ONE.fullmatch(words)) and (same := amount(one[1], one[2].removesuffix("s"))):
        return same
    return _WORD.sub(lambda word: unit(word[0].removesuffix("s")), words).replace(" ", "")

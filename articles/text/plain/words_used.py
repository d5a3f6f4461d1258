"""Which of many words stand in a text, each as a whole."""

import re
from collections.abc import Sequence
from functools import lru_cache

Names = tuple[str, ...]  # a word with its other forms


def words_used(words: Sequence[Names], text: str, most: int) -> list[int]:
    """
    Return the places, in `words`, of those that stand in the text; the first in the text first, and at most so many.

    A word ends where no letter, digit or hyphen follows: “node” does not stand in “nodes” or “node-negative”.
    Within “sentinel node” only the longest word is found. Capitals count in a name with two of them or more.
    """
    found: dict[int, None] = {}
    if words:
        pattern, places = _pattern(tuple(words))
        for match in pattern.finditer(text):
            name = " ".join(match[0].split())
            place = places.get(name, places.get(name.casefold()))
            if place is not None:  # the expression also takes ı for i, which is another letter
                found.setdefault(place)
            if len(found) == most:
                break
    return list(found)


@lru_cache(maxsize=8)  # a list for each language, as it stands now
def _pattern(words: tuple[Names, ...]) -> tuple[re.Pattern[str], dict[str, int]]:
    places: dict[str, int] = {}
    for place, names in enumerate(words):
        for name in names:
            places.setdefault(name if _is_cased(name) else name.casefold(), place)
    parts = (_part(name) for name in sorted({name for names in words for name in names}, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])"), places


def _part(name: str) -> str:
    whole = r"\s+".join(map(re.escape, name.split()))
    return whole if _is_cased(name) else f"(?i:{whole})"


def _is_cased(name: str) -> bool:
    return sum(letter.isupper() for letter in name) > 1

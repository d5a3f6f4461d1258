"""Fold words for comparison: without case, accents and signs."""

import re
import unicodedata
from functools import lru_cache

# Ignored marks: accents, the points of Hebrew, the vowels of Arabic, and joiners, which only change how letters look.
# Other marks count as letters, such as the vowel signs of Hindi and the tones of Thai.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u200c\u200d]+"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_RAISED, _LOWERED = "<super> ", "<sub> "


def fold(text: str) -> str:
    """Return the text without case and accents: “Sjögren’s” and “sjogren’s” become equal."""
    return _BEYOND_ASCII.sub(lambda found: fold_character(found[0]), text).lower().replace("_", "")


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Return the folded character: 10⁹ becomes 10^9, not 109; CO₂ becomes co2; a fraction stays."""
    if character.isascii():
        return character.lower() if character != "_" else ""  # _ marks a subscript: CO_2 is found as co2
    if unicodedata.category(character) == "No":
        made_of = unicodedata.decomposition(character)
        if made_of.startswith(_RAISED):
            return f"^{unicodedata.normalize('NFKD', character)}"
        return unicodedata.normalize("NFKD", character) if made_of.startswith(_LOWERED) else character
    split = unicodedata.normalize("NFKD", character).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", split))  # か with ゙ becomes が, another letter

"""
Signs of a damaged text: decoded with the wrong encoding, or with a lost character.

`â‰¥` was ≥ and `37Â°C` was 37°C, encoded as UTF-8 and decoded as Windows-1252. U+FFFD replaces a lost character.
"""

import re
from collections.abc import Iterator

from articles.text.plain.translated import gettext as _

LOST = "\ufffd"
# The characters of Windows-1252 for the bytes 80 to BF, which follow the first byte of a character in UTF-8. Undefined
# bytes become the control characters of the same number.
_FOLLOWS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_LIKE_1252 = re.compile(rf"[ÂÃÎÏ]{_FOLLOWS}(?![^\W\d_])|[ÂÃÎ][\x80-\xbf]|[âï]{_FOLLOWS}{{2}}|ð{_FOLLOWS}{{3}}|Å“")
_LIKE_MAC = re.compile("¬[∞±µ∑∏]|‚[Ääàâãåç][\u0080-\uffff]")


def damages(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, damaged text, original text) for each sign of damage; the original is empty if unknown."""
    if text.isascii():
        return
    at = text.find(LOST)
    while at >= 0:
        yield at, LOST, ""
        at = text.find(LOST, at + 1)
    for pattern, encoding in ((_LIKE_1252, "cp1252"), (_LIKE_MAC, "mac_roman")):
        for found in pattern.finditer(text):
            if was := _repaired(found.group(), encoding):
                yield found.start(), found.group(), was


def _repaired(shown: str, encoding: str) -> str:
    """Return the text before it was decoded with this encoding; empty if it is no such damage."""
    try:
        written = b"".join(_byte(character, encoding) for character in shown)
        return written.decode("utf-8")
    except UnicodeError:
        return ""


def _byte(character: str, encoding: str) -> bytes:
    return bytes([ord(character)]) if "\x80" <= character <= "\x9f" else character.encode(encoding)


def damage_sentence(shown: str, was: str) -> str:
    """Return the error message for this damage."""
    if shown == LOST:
        return _("A character was lost here and replaced by U+FFFD (\ufffd): write the right one in its place.")
    return _(
        "“{shown}” was “{was}” before the file was read in a wrong encoding: write “{was}”, or save it as UTF-8."
    ).format(shown=shown, was=was)

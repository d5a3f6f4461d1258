"""
Signs of a text that was damaged before it came here: read in the wrong encoding, or with a character that is lost.

`â‰¥` was ≥ and `37Â°C` was 37°C, written as UTF-8 and read as Windows-1252; U+FFFD stands for what nobody can tell.
"""

import re
from collections.abc import Iterator

LOST = "\ufffd"
# What Windows-1252 shows for the bytes 80 to BF, which follow the first byte of a character in UTF-8. Undefined bytes
# are shown as the control characters of the same number.
_FOLLOWS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_LIKE_1252 = re.compile(rf"[ÂÃÎÏ]{_FOLLOWS}(?![^\W\d_])|[ÂÃÎ][\x80-\xbf]|[âï]{_FOLLOWS}{{2}}|ð{_FOLLOWS}{{3}}|Å“")
_LIKE_MAC = re.compile("¬[∞±µ∑∏]|‚[Ääàâãåç][\u0080-\uffff]")


def damages(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (place, what stands there, what it was, if that can be told) for each sign of damage."""
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
    """Return what the text was before it was read in this encoding; nothing where it never was anything else."""
    try:
        written = b"".join(_byte(character, encoding) for character in shown)
        return written.decode("utf-8")
    except UnicodeError:
        return ""


def _byte(character: str, encoding: str) -> bytes:
    return bytes([ord(character)]) if "\x80" <= character <= "\x9f" else character.encode(encoding)


def damage_sentence(shown: str, was: str) -> str:
    """Return why a text with this is refused."""
    if shown == LOST:
        return "A character was lost here and stands as U+FFFD (\ufffd): write the right one in its place."
    return f"“{shown}” was “{was}” before the file was read in a wrong encoding: write “{was}”, or save it as UTF-8."

"""A style sheet as the rules that may hold on a screen, one after the other."""

import re

from articles.desk.typed.styles import without_strings

_WITHOUT_EFFECT = re.compile(r"@(?:charset|import|namespace|layer)\b[^{};]*;", re.IGNORECASE)
_NOTHING = re.compile(r"\bcontent\s*:\s*(?:\"\"|''|none|normal)\s*(?=[;}])")
_CUSTOM = re.compile(r"(?<![\w-])--[\w-]+\s*:[^;{}]*;?")  # names for values, which change nothing by themselves
_AROUND = re.compile(r"@(media|supports|layer|container|scope|starting-style)\b([^{};]*)\{", re.IGNORECASE)
_FRAMES = re.compile(r"@(?:-\w+-)?(?:keyframes|counter-style|property|font-face|page|list)\b[^{};]*\{", re.IGNORECASE)
MOST = 500


def flattened(sheet: str) -> str:
    """
    Return the rules of a sheet, those within conditions too: each may hold.

    Rules for print alone are left out, and so are imports, which are never fetched.
    """
    text = without_strings(sheet)
    for pattern in (_WITHOUT_EFFECT, _CUSTOM, _NOTHING):
        text = pattern.sub("", text)
    for _number in range(MOST):
        found = _AROUND.search(text) or _FRAMES.search(text)
        if not found:
            break
        end = _closing(text, found.end())
        inside = text[found.end() : end]
        is_frame = not _AROUND.match(found[0])
        is_left_out = is_frame or (found[1].lower() == "media" and found[2].strip().lower() == "print")
        text = f"{text[: found.start()]} {'' if is_left_out else inside} {text[end + 1 :]}"
    return text


def _closing(text: str, at: int) -> int:
    """Return the place of the brace that closes the one before this place, or the end."""
    depth = 1
    for place in range(at, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    return len(text)

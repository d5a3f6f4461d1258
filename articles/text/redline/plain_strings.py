"""A redline of two plain strings, such as titles."""

import html as entities

from articles.text.redline.tokens import differences, tokens
from articles.text.richtext.runs import Run


def plain_redline(old: str, new: str) -> str:
    """Return both strings in one, escaped for HTML, with removed words in <del> and added ones in <ins>."""
    before, after = (tokens([Run("text", text, ())] if text else []) for text in (old, new))
    parts = differences(before, after)
    return "".join(_part(sign, "".join(run.text for run in runs)) for sign, runs in parts)


def _part(sign: str, text: str) -> str:
    escaped = entities.escape(text, quote=False)
    return f"<{sign}>{escaped}</{sign}>" if sign else escaped

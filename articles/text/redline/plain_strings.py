"""Two plain strings, such as titles, in one."""

import html as entities

from articles.text.redline.tokens import differences, tokens
from articles.text.richtext.runs import Run


def plain_redline(old: str, new: str) -> str:
    """Return both strings in one, what went in <del>, what came in <ins>, escaped for HTML."""
    parts = differences(*(tokens([Run("text", text, ())] if text else []) for text in (old, new)))
    return "".join(_part(sign, "".join(run.text for run in runs)) for sign, runs in parts)


def _part(sign: str, text: str) -> str:
    escaped = entities.escape(text, quote=False)
    return f"<{sign}>{escaped}</{sign}>" if sign else escaped

"""
Keep the input of a form that was refused because the session had ended or the person had to wait.

The person can send it again. Only passwords and files are lost.
"""

import json

from django.http import QueryDict

NEVER_KEPT = ("csrfmiddlewaretoken", "kept")


def dump(post: QueryDict) -> str:
    """Return the input without passwords as JSON, or "" if there is none."""
    pairs = [(name, value) for name in post for value in post.getlist(name)]
    kept = [pair for pair in pairs if pair[0] not in NEVER_KEPT and "password" not in pair[0] and pair[1]]
    return json.dumps(kept) if kept else ""


def load(text: str) -> list[tuple[str, str]]:
    """Return the names and values from the text of `dump`, or [] if the text is malformed."""
    try:
        found = [(name, value) for name, value in json.loads(text)]
        "".join(part for pair in found for part in pair).encode()
    except (RecursionError, TypeError, ValueError):
        return []
    return found


def texts(found: list[tuple[str, str]]) -> list[str]:
    """Return the values of several words, which a person typed; they are shown again."""
    return [value for _, value in found if " " in value.strip()]

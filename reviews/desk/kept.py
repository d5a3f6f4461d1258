"""
What somebody typed into a form that was not taken, as their session had ended or they had to wait: it is sent again.

Nothing that was typed is lost, passwords and files apart.
"""

import json

NEVER_KEPT = ("csrfmiddlewaretoken", "kept")


def typed(post) -> str:
    """Return as one text what the form was filled in with, but for passwords; nothing where it was not."""
    pairs = [(name, value) for name in post for value in post.getlist(name)]
    kept = [pair for pair in pairs if pair[0] not in NEVER_KEPT and "password" not in pair[0] and pair[1]]
    return json.dumps(kept) if kept else ""


def fields(text: str) -> list[tuple[str, str]]:
    """Return the names and values that `typed` made one text of; nothing where it is not of that form."""
    try:
        found = [(name, value) for name, value in json.loads(text)]
        "".join(part for pair in found for part in pair).encode()
    except (RecursionError, TypeError, ValueError):
        return []
    return found


def words(found: list[tuple[str, str]]) -> list[str]:
    """Return of all values those that are words somebody typed, to be shown again."""
    return [value for _, value in found if " " in value.strip()]

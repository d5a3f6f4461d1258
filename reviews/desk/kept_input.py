"""
Keep the input of a form that was refused because the session had ended or the person had to wait.

The person can send it again. Only passwords and files are lost.
"""

import json
import re

from django.http import QueryDict

from articles.text.richtext import TooLong, plain

BODY = re.compile(r"(?:^|[-|])body$")  # on the page of one text, of a whole draft, and after two changes
OF_THE_PAGE = frozenset({"opened", "opened_people", "opened_topics"})  # keys of parts, which nobody typed
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
    """Return the values of several words that a person typed, to be shown again: a text of an article as it is read."""
    typed = [(name, value) for name, value in found if name not in OF_THE_PAGE and " " in value.strip()]
    return [as_read(value) if BODY.search(name) else value for name, value in typed]


def as_read(typed: str) -> str:
    """Return the words of a text of an article, without tags; the text itself if it is too long to be read."""
    try:
        return plain(typed)
    except TooLong:
        return typed

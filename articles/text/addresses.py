"""The addresses of published versions, as people copy them from a browser."""

import re

_VERSION = re.compile(r"(?:(?:https?://[^/\s]+)?/?articles/)?([a-z0-9_-]+)/versions/([1-9][0-9]{0,8})/?", re.IGNORECASE)


def version_at(address: str) -> tuple[str, int] | None:
    """Return slug and number of the version at this address, whichever its host; None for any other text."""
    found = _VERSION.fullmatch(address.strip())
    return (found[1].lower(), int(found[2])) if found else None


def address_of(slug: str, number: int) -> str:
    """Return the path of a version."""
    return f"/articles/{slug}/versions/{number}/"

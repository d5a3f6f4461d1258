"""
The shared cache of rendered pages, each entry sealed with a keyed digest over its name and content.

A person who can write to the cache must not decide what readers see. So an entry that this site did not write, under
exactly that name, is ignored.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.text.rendering import RENDERER

PURPOSE = "articles.site.keeping.sealed_cache"  # for a key derived from SECRET_KEY that has no other use

logger = logging.getLogger("imprimatur.security")


class Altered(Exception):
    """Raised for a cache entry that this site did not write under that name."""


def cached(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """
    Return the cached content of this name, or make and cache it.

    An altered or unreadable entry is replaced, with a line in the security log. `make` returns a dictionary of plain
    JSON.
    """
    found = known(name)
    if found is None:
        found = make()
        write(name, found)
    return found


def known(name: str) -> dict[str, Any] | None:
    """Return the cached content of this name, or None; an altered entry is None, with a line in the security log."""
    try:
        return read(name)
    except Altered:
        logger.warning("A cache entry is not as this site wrote it, and is replaced: %s.", name)
        return None


def write(name: str, content: dict[str, Any], seconds: int | None = None) -> None:
    """Cache the content under this name, for so many seconds or until it is replaced."""
    cache.set(cache_key(name), seal(name, content), timeout=seconds)


def read(name: str) -> dict[str, Any] | None:
    """Return the cached content of this name, or None; raise Altered if this site did not write the entry."""
    try:
        entry = cache.get(cache_key(name))
    except ValueError as error:  # not even JSON
        raise Altered from error
    if entry is None:
        return None
    if not isinstance(entry, str) or not entry.isascii():
        raise Altered
    digest, _, body = entry.partition(":")
    if not constant_time_compare(digest, digest_of(name, body)):
        raise Altered
    content: dict[str, Any] = json.loads(body)
    return content


def seal(name: str, content: dict[str, Any]) -> str:
    """Return the cache entry: a keyed digest of name, renderer and content, and the content as JSON."""
    body = json.dumps(content)
    return f"{digest_of(name, body)}:{body}"


def digest_of(name: str, body: str) -> str:
    return salted_hmac(PURPOSE, f"{RENDERER}:{name}\0{body}", algorithm="sha256").hexdigest()


def cache_key(name: str) -> str:
    """Return the key in the cache. It depends on SECRET_KEY, so that a new SECRET_KEY raises no alarm."""
    return f"{RENDERER}.{digest_of('key', '')[:8]}:{name}"

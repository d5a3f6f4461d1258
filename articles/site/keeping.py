"""
What is made ready once for many readers, kept in the shared cache under a keyed digest.

Whoever can write into the cache must not decide what readers see: an entry that this site did not put there, under
that very name, is as good as none.
"""

import json
import logging
from collections.abc import Callable

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.text.rendering import RENDERER

PURPOSE = "articles.site.keeping"  # a key made of SECRET_KEY for this alone

logger = logging.getLogger("imprimatur.security")


class Altered(Exception):
    """Raised for an entry of the cache that is not what this site put there under that name."""


def kept(name: str, make: Callable[[], dict]) -> dict:
    """
    Return what is kept under the name, or else make it and keep it.

    An altered or unreadable entry is made anew, which leaves a line in the security log. `make` returns a dictionary
    of plain JSON.
    """
    try:
        found = look(name)
    except Altered:
        logger.warning("An entry of the cache was not as this site had kept it, and is made anew: %s.", name)
        found = None
    if found is None:
        found = make()
        cache.set(full_name(name), seal(name, found), timeout=None)
    return found


def look(name: str) -> dict | None:
    """Return what is kept under the name, None where nothing is; raise Altered when it is not what was kept."""
    try:
        entry = cache.get(full_name(name))
    except ValueError as error:  # not even JSON
        raise Altered from error
    if entry is None:
        return None
    if not isinstance(entry, str) or not entry.isascii():
        raise Altered
    digest, _, body = entry.partition(":")
    if not constant_time_compare(digest, digest_of(name, body)):
        raise Altered
    return json.loads(body)


def seal(name: str, made: dict) -> str:
    """Return what is kept: a keyed digest of name, renderer and content, and the content as JSON."""
    body = json.dumps(made)
    return f"{digest_of(name, body)}:{body}"


def digest_of(name: str, body: str) -> str:
    return salted_hmac(PURPOSE, f"{RENDERER}:{name}\0{body}", algorithm="sha256").hexdigest()


def full_name(name: str) -> str:
    """Return the key in the cache; under another SECRET_KEY it is another, so that a new one makes no alarm."""
    return f"{RENDERER}.{digest_of('key', '')[:8]}:{name}"

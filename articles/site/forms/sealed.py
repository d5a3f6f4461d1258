"""
A question sealed in an address, so that its page of answers can be opened again, but only by who has the address.

With an address of its own, the page is loaded again when a reader comes back to it, and no form is sent twice. Nothing
is stored for it. The question is encrypted with a key of the site, opens only for a short time, and is hidden in logs.
"""

import base64
import datetime
import json
import zlib
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import get_random_string, salted_hmac

OPENS = datetime.timedelta(minutes=30)
LONGEST = 3000  # characters: servers refuse a request line of more than 4,094
SALT = "articles.site.forms.sealed"


class Asked(NamedTuple):
    """A question as asked, and a random name of the asking, the same however often its page is opened."""

    question: str
    name: str


def new(question: str) -> Asked:
    return Asked(question, get_random_string(32))


def sealed(asked: Asked) -> str:
    """Return the question for an address; empty if it is too long for one."""
    text = _box().encrypt(zlib.compress(json.dumps(asked, ensure_ascii=False).encode())).decode()
    return text if len(text) <= LONGEST else ""


def opened(text: str) -> Asked | None:
    """Return the sealed question; None if it was not sealed here, or longer ago than it opens."""
    try:
        return Asked(*json.loads(zlib.decompress(_box().decrypt(text.encode(), ttl=int(OPENS.total_seconds())))))
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac(SALT, "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])

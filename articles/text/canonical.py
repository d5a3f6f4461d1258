"""One way to write a value down, so that the same value always has the same digest."""

import hashlib
import json
import re
import unicodedata

from django.db import models

_NEVER_WRITTEN = re.compile("[\0\ud800-\udfff]")


class NotCanonical(ValueError):
    """Raised for a value that has no single way to be written: a float, a NUL, a lone surrogate, an unknown type."""


def canonical(value) -> str:
    """
    Return the value as JSON text: ASCII keys sorted, no white space, text in NFC, UTF-8 as it is.

    Accepts dict (with ASCII str keys), list, tuple, str, int, bool and None. Raise NotCanonical for anything else.
    """
    return json.dumps(_checked(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def sha256(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checked(value):
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _checked_text(value)
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    if isinstance(value, dict):
        return {_checked_key(key): _checked(item) for key, item in value.items()}
    raise NotCanonical(f"A {type(value).__name__} has no canonical form: {value!r}.")


def _checked_text(text: str) -> str:
    if _NEVER_WRITTEN.search(text):
        raise NotCanonical("A text with a NUL or half a surrogate pair has no canonical form.")
    return unicodedata.normalize("NFC", text)


def _checked_key(key) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"Keys are ASCII text, not {key!r}.")
    return key


class CanonicalJSONField(models.TextField):
    """A value kept as its canonical text, the same bytes on every database; jsonb would reorder it."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else json.loads(value)

    def to_python(self, value):
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return None if value is None else canonical(value)

    def value_to_string(self, obj):
        return canonical(self.value_from_object(obj))

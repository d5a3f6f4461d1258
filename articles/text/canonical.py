"""The canonical form of a value, so that equal values always have the same digest."""

import hashlib
import json
import re
import unicodedata
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

_NEVER_WRITTEN = re.compile("[\0\ud800-\udfff]")


class NotCanonical(ValueError):
    """Raised for a value without a canonical form: a float, a NUL, a lone surrogate, an unknown type."""


def canonical(value: Any) -> str:
    """
    Return the value as JSON text: ASCII keys sorted, no white space, text in NFC, no ASCII escapes.

    Accepts dict (with ASCII str keys), list, tuple, str, int, bool and None. Raise NotCanonical for anything else.
    """
    return json.dumps(_checked(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def sha256(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checked(value: Any) -> Any:
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


def _checked_key(key: Any) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"Keys are ASCII text, not {key!r}.")
    return key


class CanonicalJSONField(models.TextField):
    """A value stored as its canonical text, the same bytes on every database. (jsonb would reorder it.)"""

    _pyi_private_set_type: Any  # django-stubs read these: the attribute of a model has any type
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value)

    def value_to_string(self, obj: models.Model) -> str:
        return canonical(self.value_from_object(obj))

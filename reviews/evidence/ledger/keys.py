"""
The key that signs the ledger: an Ed25519 private key in a PEM file outside the database.

With DEBUG a missing key is created, but never if the ledger already has events.
"""

import hashlib
import os
import re
from argparse import ArgumentTypeError
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reviews.models.ledger import LedgerEvent, LedgerHead


class WrongKey(ImproperlyConfigured):
    """Raised if the key is not the current key of the ledger."""


@dataclass(frozen=True)
class Signer:
    """A private key with its id: the first 16 hexadecimal digits of the SHA-256 of its public key."""

    private: Ed25519PrivateKey
    public: str
    key_id: str

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def key_id_of(public: str) -> str:
    """Return the id of the public key, given as 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def is_public_key(value: object) -> TypeGuard[str]:
    """Tell whether this is a public key in our format: 64 hexadecimal digits in lower case."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def public_key(text: str) -> str:
    """Return the public key typed on the command line; raise ArgumentTypeError, with a sentence, if it is none."""
    if not is_public_key(text.strip().lower()):
        raise ArgumentTypeError("A public key is 64 hexadecimal digits, as “manage.py ledger_key show” says it.")
    return text.strip().lower()


def signer() -> Signer:
    """Return the key in LEDGER_KEY_FILE; raise ImproperlyConfigured, with a sentence, if there is none."""
    path = Path(settings.LEDGER_KEY_FILE)
    if not path.exists() and settings.DEBUG and not ledger_has_events():
        with suppress(FileExistsError):  # another process was faster
            make(path)
    return read(path)


def read(path: Path) -> Signer:
    """Return the key in this file; raise ImproperlyConfigured, with a sentence, if there is none."""
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


def make(path: Path) -> None:
    """Write a new key, atomically, to a file that only its owner can read; raise FileExistsError if it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)  # fails if the file exists, unlike a rename
    finally:
        scratch.unlink()


def verifies(public: str, signature: bytes, data: bytes) -> bool:
    """Tell whether the signature over the data was made with the private key of this public key."""
    try:
        _public(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def require_the_ledgers_key() -> None:
    """
    Raise WrongKey if the ledger's current key is another one; runs when the server starts.

    Raise ImproperlyConfigured if there is no key: the first step would fail.
    """
    ours = signer().key_id
    head = LedgerHead.objects.filter(pk=1).first()
    if head and head.position and head.key_id != ours:
        raise WrongKey(
            f"LEDGER_KEY_FILE holds key {ours}, but the ledger is signed with key {head.key_id}. "
            "Point LEDGER_KEY_FILE at the ledger's own key, or rotate the key with “manage.py ledger_key rotate”."
        )


def ledger_has_events() -> bool:
    return LedgerEvent.objects.exists()


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Signer:
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ImproperlyConfigured(
            f"No key can be read from {path}: {error.strerror}. "
            "Make one with “manage.py ledger_key new”, or let LEDGER_KEY_FILE name the ledger's own."
        ) from error
    except ValueError as error:
        raise ImproperlyConfigured(f"{path} does not hold a private key in PEM form.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} holds a key of another kind than Ed25519.")
    public = private.public_key().public_bytes_raw().hex()
    return Signer(private, public, key_id_of(public))


@lru_cache(maxsize=64)
def _public(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))

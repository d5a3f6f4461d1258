"""What a backup says of itself: which software and database it is of, and what is in it."""

import json
import re
from typing import NamedTuple

from reviews.operations.backup import Refused

FORMAT = "imprimatur/backup/1"
NAME = "manifest.json"
DIGEST = "manifest.json.sha256"
SHA256 = re.compile("[0-9a-f]{64}")


class Member(NamedTuple):
    """A file in a backup: how long it is in bytes, and its SHA-256."""

    size: int
    sha256: str


class Head(NamedTuple):
    """Where the ledger of a backup ends."""

    id: str
    position: int
    hash: str
    key_id: str


class Manifest(NamedTuple):
    """
    What stands in the manifest.

    `whole` tells whether the ledger had verified; `migrations` are those applied, as (app, name); `rows` the number of
    rows of each table; `members` all other files of the backup by name.
    """

    format: str
    version: str
    made_at: str
    vendor: str
    vendor_version: str
    whole: bool
    ledger: Head
    migrations: list[tuple[str, str]]
    rows: dict[str, int]
    members: dict[str, Member]

    def text(self) -> str:
        """Return the manifest as it stands in the backup: JSON, for people to read too."""
        fields = self._asdict()
        fields["ledger"] = self.ledger._asdict()
        fields["members"] = {name: member._asdict() for name, member in self.members.items()}
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"


def read(text: bytes) -> Manifest:
    """Return the manifest that this text is; refuse what is of another format, or says less or more than it."""
    try:
        fields = json.loads(text)
        found = fields.get("format")
    except (ValueError, AttributeError, RecursionError) as error:
        raise Refused("The manifest of the backup cannot be read.") from error
    if found != FORMAT:
        raise Refused(f"The backup is of the form “{found}”; this software knows “{FORMAT}” alone.")
    try:
        fields["ledger"] = Head(**fields["ledger"])
        fields["migrations"] = [(app, name) for app, name in fields["migrations"]]
        fields["members"] = {name: Member(**member) for name, member in fields["members"].items()}
        manifest = Manifest(**fields)
        _check(manifest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"The manifest of the backup does not say what one says: {error}.") from error
    return manifest


def _check(manifest: Manifest):
    texts = (manifest.version, manifest.made_at, manifest.vendor, manifest.ledger.id, manifest.ledger.hash)
    numbers = (manifest.ledger.position, *manifest.rows.values(), *(each.size for each in manifest.members.values()))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a text in it is none")
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("a number in it is none")
    if not all(SHA256.fullmatch(member.sha256) for member in manifest.members.values()):
        raise ValueError("a digest in it is none")

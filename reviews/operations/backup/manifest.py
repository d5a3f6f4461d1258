"""The manifest of a backup: its software and database, and a list of its members."""

import json
import re
from typing import NamedTuple

from reviews.operations.backup import Refused

FORMAT = "imprimatur/backup/1"
NAME = "manifest.json"
DIGEST = "manifest.json.sha256"
SHA256 = re.compile("[0-9a-f]{64}")


class Member(NamedTuple):
    """A file in a backup: its length in bytes, and its SHA-256."""

    size: int
    sha256: str


class Head(NamedTuple):
    """The end of the ledger in a backup."""

    id: str
    position: int
    hash: str
    key_id: str


class Manifest(NamedTuple):
    """
    The content of the manifest.

    `whole` tells whether the ledger verified without problems. `migrations` are those applied, as (app, name). `rows`
    has the number of rows of each table, `members` all other files of the backup by name.
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
        """Return the manifest as indented JSON, the form in the backup."""
        fields = self._asdict()
        fields["ledger"] = self.ledger._asdict()
        fields["members"] = {name: member._asdict() for name, member in self.members.items()}
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"


def read(text: bytes) -> Manifest:
    """Return the manifest in this text; raise Refused for another format, or missing or additional fields."""
    try:
        fields = json.loads(text)
        found = fields.get("format")
    except (ValueError, AttributeError, RecursionError) as error:
        raise Refused("The manifest of the backup cannot be read.") from error
    if found != FORMAT:
        raise Refused(f"The backup has the format “{found}”; this software reads only “{FORMAT}”.")
    try:
        fields["ledger"] = Head(**fields["ledger"])
        fields["migrations"] = [(app, name) for app, name in fields["migrations"]]
        fields["members"] = {name: Member(**member) for name, member in fields["members"].items()}
        manifest = Manifest(**fields)
        _check(manifest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"The manifest of the backup has wrong fields: {error}.") from error
    return manifest


def _check(manifest: Manifest) -> None:
    texts = (manifest.version, manifest.made_at, manifest.vendor, manifest.ledger.id, manifest.ledger.hash)
    numbers = (manifest.ledger.position, *manifest.rows.values(), *(each.size for each in manifest.members.values()))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a text is not a string")
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("a number is not an integer of 0 or more")
    if not all(SHA256.fullmatch(member.sha256) for member in manifest.members.values()):
        raise ValueError("a digest is not a SHA-256")

"""
The file of a backup: a plain tar, whose last members are the manifest and its SHA-256.

It is neither compressed nor encrypted: operators use their own tools for that. Any tar can list it, and `sha256sum` can
check it.
"""

import hashlib
import io
import os
import re
import tarfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, BinaryIO, Self

from reviews.operations.backup import Refused, manifest
from reviews.operations.backup.manifest import Manifest, Member

DATABASES = ("database.sqlite3", "database.pgdump")
MEDIA, CHECKPOINTS = "media/", "checkpoints/"
CHECKPOINT = re.compile(r"checkpoints/[0-9a-f]{32}/(lost-after-[0-9]{1,18}/)?[0-9][0-9a-f-]*[.]txt")
BLOCK = 1 << 20


class Writer:
    """A new backup file, readable only by its owner. It is complete after `close` with the manifest."""

    def __init__(self, path: Path) -> None:
        self.members: dict[str, Member] = {}
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed by `close`)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, name: str, path: Path) -> None:
        """Add a file; raise Refused if it becomes shorter during the reading."""
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            try:
                self._add(name, file, status.st_size, int(status.st_mtime))
            except OSError as error:
                if error.errno is not None:
                    raise
                raise Refused(f"The file {path} was changed while it was read: take the backup again.") from error

    def add_bytes(self, name: str, data: bytes) -> None:
        self._add(name, io.BytesIO(data), len(data), 0)

    def close(self, written: Manifest) -> None:
        """Add the manifest of all members, and sync the file to the disk."""
        text = written.text().encode()
        self.add_bytes(manifest.NAME, text)
        self.add_bytes(manifest.DIGEST, _digest_line(text))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _add(self, name: str, file: BinaryIO, size: int, time: int) -> None:
        entry, source = tarfile.TarInfo(name), _Hashing(file)
        entry.size, entry.mtime, entry.mode = size, time, 0o600
        self._tar.addfile(entry, source)
        self.members[name] = Member(size, source.digest.hexdigest())


class Archive:
    """
    A backup file whose members all match its manifest.

    Raise Refused on opening if a member is damaged, missing, not in the manifest, or of a kind or name that no backup
    has.
    """

    def __init__(self, path: Path) -> None:
        with ExitStack() as stack:
            try:
                self._tar = stack.enter_context(tarfile.open(path, mode="r:"))
                self._entries = self._read_entries()
                self.manifest = self._read_manifest()
                self._check_members()
            except OSError as error:
                raise Refused(f"The backup {path} cannot be read: {error.strerror or error}.") from error
            except (tarfile.TarError, ValueError) as error:
                raise Refused(f"The file {path} is not a backup, or is damaged: {error}.") from error
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def names(self, start: str) -> list[str]:
        """Return the names of the members with this prefix, without the prefix."""
        return sorted(name.removeprefix(start) for name in self.manifest.members if name.startswith(start))

    def extract(self, name: str, target: Path, mode: int = 0o666) -> None:
        """Write a member to a new file, and sync it to the disk."""
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            self._read_member(name, file)
            file.flush()
            os.fsync(file.fileno())

    def _read_entries(self) -> dict[str, tarfile.TarInfo]:
        entries = {}
        for entry in self._tar:
            _check_entry(entry)
            if entry.name in entries:
                raise Refused(f"The backup holds “{entry.name}” twice.")
            entries[entry.name] = entry
        return entries

    def _read_manifest(self) -> Manifest:
        missing = [name for name in (manifest.NAME, manifest.DIGEST) if name not in self._entries]
        if missing:
            raise Refused(f"The backup has no {missing[0]}: it is damaged, or not a backup of Imprimatur.")
        text, line = (self._open(name).read() for name in (manifest.NAME, manifest.DIGEST))
        if line != _digest_line(text):
            raise Refused("The manifest of the backup was changed: its digest differs.")
        return manifest.read(text)

    def _check_members(self) -> None:
        there, listed = self._entries.keys() - {manifest.NAME, manifest.DIGEST}, self.manifest.members.keys()
        if missing := sorted(listed - there):
            raise Refused(f"The backup is damaged: “{missing[0]}” is missing.")
        if surplus := sorted(there - listed):
            raise Refused(f"The backup holds “{surplus[0]}”, which is not in its manifest.")
        for name in sorted(listed):
            self._read_member(name, None)

    def _open(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(self._entries[name])
        if file is None:  # `_check_entry` has refused all but plain files
            raise Refused(f"The backup holds “{name}”, which is not a plain file.")
        return file

    def _read_member(self, name: str, target: BinaryIO | None) -> None:
        """Read a member to its end, into a file if one is given; raise Refused if it does not match the manifest."""
        expected, source = self.manifest.members[name], _Hashing(self._open(name))
        size = 0
        while data := source.read(BLOCK):
            size += len(data)
            if target:
                target.write(data)
        if Member(size, source.digest.hexdigest()) != expected:
            raise Refused(f"The backup is damaged: “{name}” is not what its manifest says.")


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _check_entry(entry: tarfile.TarInfo) -> None:
    """Raise Refused unless the entry is a plain file with the name of a part of a backup."""
    name = entry.name
    if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.sparse is not None:
        raise Refused(f"The backup holds “{name}”, which is a link, a folder or a device: a backup holds plain files.")
    parts = name.split("/")
    if "\0" in name or {"", ".", ".."} & set(parts):
        raise Refused(f"The backup holds “{name}”, which points outside the folder it belongs to.")
    ours = name in (manifest.NAME, manifest.DIGEST, *DATABASES) or CHECKPOINT.fullmatch(name)
    if not ours and not (name.startswith(MEDIA) and len(parts) > 1):
        raise Refused(f"The backup holds “{name}”, which is not part of a backup.")


def _digest_line(text: bytes) -> bytes:
    return f"{hashlib.sha256(text).hexdigest()}  {manifest.NAME}\n".encode()

"""The file of a backup: whatever is changed, missing, added or strange in it is refused before anything is written."""

import io
import json
import tarfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, databases, manifest
from reviews.operations.backup.archive import Archive, Writer
from reviews.operations.backup.manifest import Head, Manifest

LEDGER = "0123456789abcdef" * 2
BLOCK = tarfile.BLOCKSIZE


def member() -> str:
    return databases.of_the_site().member


def described(members, **changes) -> Manifest:
    fields = {
        "format": manifest.FORMAT,
        "version": "0.1.0",
        "made_at": "2026-11-21T12:00:00.000000Z",
        "vendor": connection.vendor,
        "vendor_version": "1",
        "whole": True,
        "ledger": Head(LEDGER, 7, "a" * 64, keys.signer().key_id),
        "migrations": [("reviews", "0001_initial")],
        "rows": {"reviews_ledgerevent": 7},
        "members": members,
    }
    return Manifest(**{**fields, **changes})


def write(path, changes=None, **described_otherwise):
    """Write a small backup; of no real database, which nothing here gets to."""
    files = {
        member(): b"a database" * 200,
        f"checkpoints/{LEDGER}/000000000007.txt": b"a note",
        f"checkpoints/{LEDGER}/lost-after-3/000000000005-{'a' * 16}.txt": b"a lost note",
        "media/figures/one.png": b"a picture",
        "media/empty": b"",
        **(changes or {}),
    }
    with Writer(path) as tar:
        for name, data in files.items():
            tar.add_bytes(name, data)
        tar.close(described(tar.members.copy(), **described_otherwise))
    return path


@pytest.fixture
def backup(tmp_path, django_db_setup):
    return write(tmp_path / "backup.tar")


@pytest.fixture
def nowhere(tmp_path, settings):
    """Folders of media and checkpoints in which nothing may come to be."""
    settings.MEDIA_ROOT, settings.CHECKPOINT_DIR = tmp_path / "site" / "media", tmp_path / "site" / "checkpoints"
    yield
    assert not (tmp_path / "site").exists()


def refused(path) -> str:
    """Return the sentence with which `restore` refuses the file."""
    with pytest.raises(CommandError) as error:
        call_command("restore", path)
    text = str(error.value)
    assert text[0].isupper() or text.startswith("“"), text
    assert text.endswith("."), text
    return text


def test_an_untouched_one_is_read(backup):
    with Archive(backup) as archive:
        assert archive.names("media/") == ["empty", "figures/one.png"]
        assert archive.manifest.ledger.position == 7


def test_a_byte_changed_in_any_member_is_refused(backup, nowhere):
    with tarfile.open(backup) as tar:
        entries = [(entry.name, entry.offset_data, entry.size) for entry in tar if entry.size]
    whole, tried = backup.read_bytes(), 0

    for name, start, size in entries:
        for at in {start, start + size // 2, start + size - 1}:
            backup.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(Refused):
                Archive(backup)
            tried += 1
        assert "backup" in refused(backup), name

    print(f"\nbytes of members changed and refused: {tried}, in {len(entries)} members")
    assert tried >= 3 * len(entries) - 2
    assert len(entries) == 6


def test_a_byte_changed_in_any_header_is_refused(backup):
    with tarfile.open(backup) as tar:
        starts = [entry.offset for entry in tar]
    whole, tried = backup.read_bytes(), 0

    for start in starts:
        for at in range(start, start + BLOCK, 7):
            backup.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
            try:
                with Archive(backup) as archive:
                    same = archive.manifest.members
            except Refused:
                tried += 1
            else:
                assert same, "what is read is what the manifest says"

    print(f"\nbytes of headers changed and refused: {tried}")
    assert tried > 300


@pytest.mark.parametrize("part", [0.01, 0.5, 1])
def test_a_cut_file_is_refused(backup, nowhere, part):
    data = backup.read_bytes().rstrip(b"\0\n")
    backup.write_bytes(data[: int(len(data) * part)])

    refused(backup)


@pytest.mark.parametrize("data", [b"", b"no tar", b"\0" * 10240], ids=["empty", "text", "zeros"])
def test_what_is_no_backup_is_refused(backup, nowhere, data):
    backup.write_bytes(data)

    refused(backup)


def test_no_file_and_a_folder_are_refused(backup, nowhere, tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.tar")
    assert "cannot be read" in refused(tmp_path)


def add(path, *entries, drop=()):
    """Write the tar again with more entries, and without those named."""
    with tarfile.open(path) as tar:
        kept = [(entry, tar.extractfile(entry).read()) for entry in tar if entry.name not in drop]
    with tarfile.open(path, "w") as tar:
        for entry, data in [*kept, *entries]:
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


STRANGE = {
    "an absolute path": (entry("/etc/cron.d/evil"), "points outside"),
    "a way up": (entry("media/../../evil"), "points outside"),
    "a way up at the start": (entry("../evil"), "points outside"),
    "the same folder": (entry("media/./evil"), "points outside"),
    "an empty part": (entry("media//evil"), "points outside"),
    "a symbolic link": (entry("media/evil", tarfile.SYMTYPE, "/etc/passwd"), "a link, a folder or a device"),
    "a hard link": (entry("media/evil", tarfile.LNKTYPE, "manifest.json"), "a link, a folder or a device"),
    "a folder": (entry("media/evil", tarfile.DIRTYPE), "a link, a folder or a device"),
    "a device": (entry("media/evil", tarfile.CHRTYPE), "a link, a folder or a device"),
    "a pipe": (entry("media/evil", tarfile.FIFOTYPE), "a link, a folder or a device"),
    "another name": (entry("config/settings.py"), "not part of a backup"),
    "another checkpoint": (entry(f"checkpoints/{LEDGER}/evil.sh"), "not part of a backup"),
    "not in the manifest": (entry("media/surplus"), "is not in its manifest"),
    "twice": (entry("media/empty"), "twice"),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_member_is_refused(backup, nowhere, kind):
    strange, sentence = STRANGE[kind]
    add(backup, (strange, b""))

    assert sentence in refused(backup)


@pytest.mark.parametrize("name", ["media/empty", "manifest.json", "manifest.json.sha256"])
def test_a_missing_member_is_refused(backup, nowhere, name):
    add(backup, drop=[name])

    assert name in refused(backup)


MANIFESTS = {
    "another form": ({"format": "imprimatur/backup/2"}, "“imprimatur/backup/2”"),
    "another database": ({"vendor": "oracle"}, "is of a database of another kind: oracle"),
    "a newer software": ({"migrations": [("reviews", "9999_later")], "version": "9.0"}, "of a newer version, 9.0"),
    "another key": ({"ledger": Head(LEDGER, 7, "a" * 64, "b" * 16)}, "is signed with key bbbb"),
    "a text for a number": ({"rows": {"reviews_ledgerevent": "7"}}, "has wrong fields"),
    "a negative number": ({"ledger": Head(LEDGER, -1, "a" * 64, "b" * 16)}, "has wrong fields"),
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_of_something_else_is_refused(tmp_path, nowhere, kind):
    changes, sentence = MANIFESTS[kind]

    assert sentence in refused(write(tmp_path / "other.tar", **changes))


@pytest.mark.parametrize("text", [b"[]", b"{", b"null", b'{"format": "imprimatur/backup/1"}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(text):
    with pytest.raises(Refused, match="manifest"):
        manifest.read(text)


def test_a_manifest_that_says_more_or_less_is_refused():
    fields = json.loads(described({}).text())
    assert manifest.read(json.dumps(fields).encode()).ledger.position == 7

    for changed in [{**fields, "more": 1}, {key: value for key, value in fields.items() if key != "rows"}]:
        with pytest.raises(Refused, match="has wrong fields"):
            manifest.read(json.dumps(changed).encode())


def test_the_ledgers_key_has_to_be_there_first(backup, nowhere, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "none.key"

    assert "The key is not in the backup" in refused(backup)
    assert not settings.LEDGER_KEY_FILE.exists()


@pytest.mark.parametrize("place", ["MEDIA_ROOT", "CHECKPOINT_DIR"])
def test_folders_that_hold_files_are_refused(backup, settings, tmp_path, place):
    settings.MEDIA_ROOT, settings.CHECKPOINT_DIR = tmp_path / "site" / "media", tmp_path / "site" / "checkpoints"
    folder = getattr(settings, place) / "inner"
    folder.mkdir(parents=True)
    (folder / "file").write_text("kept")

    assert "already holds files" in refused(backup)
    assert [path.read_text() for path in (tmp_path / "site").rglob("*") if path.is_file()] == ["kept"]

"""A backup and what comes back of it: everything, in one state, and nothing where it fails."""

import json
import stat
import tarfile

from django.db import connection

import config
from reviews.evidence.ledger import keys
from reviews.operations.backup.archive import Archive, Writer
from tests.backup.scenes import FAULTS, PICTURE
from tests.races.runner import run


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_restored_is_what_was_backed_up(filled, empty):
    ((code, said),), state, end, after = empty.do_all(
        ("run", [["restore", str(filled.backup)]]), ("state",), ("go_on", 1), ("state",)
    )

    assert (code, said.splitlines()[-1][:12]) == (0, "All is well:"), said
    assert state == filled.state
    assert after["events"] == end > filled.state["events"], "the site goes on from there"
    assert after["problems"] == []
    assert filled.state["problems"] == []
    assert filled.state["events"] > 20
    assert contents(empty.media) == {"figures/2026/näme.png": PICTURE, "figures/2026/empty.txt": b""}
    assert contents(filled.site.checkpoints).items() <= contents(empty.checkpoints).items()
    assert len(contents(filled.site.checkpoints)) == 3
    assert not list(empty.folder.rglob("*.part"))


def test_the_file_is_its_owners_alone_and_says_what_is_in_it(filled):
    with Archive(filled.backup) as archive:
        said = archive.manifest

    assert stat.S_IMODE(filled.backup.stat().st_mode) == 0o600
    assert (said.version, said.vendor, said.whole) == (config.VERSION, connection.vendor, True)
    assert (said.ledger.position, said.ledger.hash) == (filled.state["events"], filled.state["head"])
    assert said.ledger.key_id == keys.read(filled.site.key).key_id
    assert said.rows == filled.state["rows"]
    assert ("reviews", "0001_initial") in said.migrations
    assert [path.name for path in filled.backup.parent.iterdir() if path != filled.site.folder] == [filled.backup.name]


def test_a_database_that_was_analysed_is_restored_too(another, empty, tmp_path):
    """SQLite keeps what it learnt in tables of its own."""
    folder = tmp_path / "backups"
    folder.mkdir()
    *_, taken = another.do_all(("fill",), ("statement", "ANALYZE"), ("run", [["backup", str(folder)]]))
    (backup,) = folder.glob("*.tar")

    ((code, said),) = empty.do("run", [["restore", str(backup)]])

    assert taken[0][0] == 0, taken
    assert code == 0, said


def test_any_tar_lists_it_and_the_private_key_is_not_in_it(filled):
    with tarfile.open(filled.backup) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))

    assert set(names) == {*manifest["members"], "manifest.json", "manifest.json.sha256"}
    assert filled.site.key.read_bytes().splitlines()[1] not in filled.backup.read_bytes()


def test_backups_taken_while_the_site_is_written_to_are_of_one_state(filled, another, tmp_path, empty):
    """Each holds a prefix of the ledger with its own checkpoint files; the last is restored and verified."""
    another.do("fill")
    folder, stop = tmp_path / "backups", tmp_path / "stop"
    folder.mkdir()

    (written, end), ends = run(
        [
            ("tests.backup.scenes:write_until", (str(stop),)),
            ("tests.backup.scenes:back_up_meanwhile", (str(folder), 3, str(stop))),
        ],
        another.environment,
    )

    backups = sorted(folder.glob("*.tar"))
    for path, (before, after) in zip(backups, ends, strict=True):
        with Archive(path) as archive:
            said, files = archive.manifest, archive.names("checkpoints/")
        sizes = [int(name[-16:-4]) for name in files]
        assert before <= said.ledger.position <= after
        assert said.rows["reviews_ledgerevent"] == said.ledger.position
        assert said.rows["reviews_checkpoint"] == len(files)
        assert max(sizes) <= said.ledger.position
    print(f"\n{len(backups)} backups of {connection.vendor} at events {ends}, while {written} articles were published")
    assert any(before < after for before, after in ends), "nothing was written while a backup was taken"
    assert end > ends[-1][0]
    ((code, text),), state = empty.do_all(("run", [["restore", str(backups[-1])]]), ("state",))
    assert code == 0, text
    assert state["problems"] == []


def test_a_restore_that_fails_half_way_leaves_nothing(filled, empty):
    command = ["restore", str(filled.backup)]

    found, ((code, said),) = empty.do_all(("run_with_faults", command, str(empty.folder)), ("run", [command]))

    for name, (failed, words, left, tables) in found.items():
        assert failed != 0, (name, words)
        assert (left, tables) == ([], False), name
    assert set(found) == set(FAULTS)
    assert code == 0, f"without a fault it works: {said}"


def test_a_backup_of_older_software_is_migrated(filled, another, empty, tmp_path):
    """The same rows come back, with the newer columns and all triggers in force."""
    backward = ["migrate", "reviews", "0025", "--verbosity", "0"]
    commands = [["restore", str(filled.backup)], backward, ["backup", str(tmp_path)]]
    codes = another.do("run_undoing_migrations", commands)
    (backup,) = tmp_path.glob("*.tar")
    with Archive(backup) as archive:
        said = archive.manifest

    ((code, text),), state, applied = empty.do_all(
        ("run", [["restore", str(backup)]]), ("state",), ("applied_and_missing",)
    )

    assert [code for code, _ in codes] == [0, 0, 0]
    assert code == 0, text
    assert ("reviews", "0026_mail_preference") not in said.migrations
    assert applied == (True, [])
    assert (kept_then(state), state["problems"]) == (kept_then(filled.state), [])


def kept_then(state):
    """Return the digests of the rows, by their tables, but for the messages: the older software had none."""
    return {table: rows for table, rows in state["evidence"].items() if table != "reviews_message"}


def test_a_dump_that_the_database_cannot_read_leaves_nothing(filled, empty, tmp_path):
    path = tmp_path / "odd.tar"
    with Archive(filled.backup) as archive:
        said = archive.manifest
    member = next(name for name in said.members if name.startswith("database."))
    rewrite(filled.backup, path, {member: b"PGDMP or SQLite format 3\x00, and then nothing"})

    ((code, text),), state = empty.do_all(("run", [["restore", str(path)]]), ("state",))

    assert code == 1
    assert text.endswith(".")
    assert "database" in text or "pg_restore" in text
    assert state == {"tables": 0}
    assert contents(empty.checkpoints) == {}


def rewrite(source, target, changed: dict[str, bytes]):
    """Write a backup again with other members, in all else as it was, and a manifest that fits."""
    with Archive(source) as archive, tarfile.open(source) as tar, Writer(target) as writer:
        for name in archive.manifest.members:
            writer.add_bytes(name, changed.get(name, tar.extractfile(name).read()))
        writer.close(archive.manifest._replace(members=writer.members.copy()))

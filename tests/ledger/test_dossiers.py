"""The dossier of an article: whoever has the script verifies it, and every change of it is refused."""

import base64
import io
import json
import subprocess
import sys
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Version, VersionText
from articles.text.canonical import canonical
from reviews.desk.article.dossier import making
from reviews.evidence.ledger import dossiers, keys, verify_export
from reviews.evidence.ledger.events import rotate
from reviews.models import Checkpoint, Comment, Decision, LedgerEvent, Signature
from tests.ledger import attacks
from tests.ledger.story import CANARY
from tests.ledger.test_proofs import REFUSALS as DAMAGED
from tests.ledger.test_proofs import changes

VERIFIER = Path(verify_export.__file__)
REFUSALS = (*DAMAGED, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError)


def nodes() -> Article:
    """Return the article of the story of which most is recorded."""
    return Article.objects.get(slug="nodes")


def refused(data: bytes, **given) -> str:
    """Return the sentence with which the dossier is refused; "" if it is taken."""
    try:
        verify_export.verify_dossier(data, **given)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    return ""


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    rows = [dossiers._packed(name, [content]) for name, content in files.items()]
    return verify_export.zipped([(row.name.encode(), row.crc, row.size, row.content) for row in rows])


def listed(files: dict[str, bytes], *, sign: bool = True) -> bytes:
    """Return the archive of these files with a manifest that fits, signed as the publisher does or as before."""
    names = [name for name in files if name not in ("manifest.json", "manifest.sig")]
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: {"bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()} for name in names}
    text = canonical(manifest)
    signature = base64.b64encode(keys.signer().sign(f"{verify_export.DOSSIER}\n{text}".encode()))
    head = {"manifest.json": text.encode(), "manifest.sig": signature if sign else files["manifest.sig"]}
    return packed({**head, **{name: files[name] for name in names}})


def test_the_dossier_of_every_article_is_verified_by_a_stranger(story):
    submitted = Article.objects.filter(latest_version__isnull=False)

    for article in submitted:
        said = verify_export.verify_dossier(making.archive_of(article), keys.signer().public)

        events = LedgerEvent.objects.filter(article=str(article.public_id)).count()
        assert f"it has all {events} events of this article" in said
        assert f"the dossier of article {article.public_id}" in said
        assert f"the texts of {article.versions.count()} versions are those" in said
    assert submitted.count() > 3


def test_it_has_all_that_is_recorded_of_the_article(story):
    article = nodes()

    files = files_of(making.archive_of(article))

    told = json.loads(files["dossier.json"])
    rows = {(row["table"], row["key"]) for row in told["rows"]}
    for model, filters in (
        (Version, {"article": article}),
        (Comment, {"article": article}),
        (Decision, {"review__article": article}),
        (Signature, {"version__article": article}),
    ):
        found = set(model.objects.filter(**filters).values_list("pk", flat=True))
        assert found
        assert {(model._meta.db_table, key) for key in found} <= rows
    for version in article.versions.all():
        assert files[f"versions/{version.number}.json"].decode() == version.frozen.text
    page = files["dossier.html"].decode()
    for name in Signature.objects.filter(version__article=article).values_list("printed_name", flat=True):
        assert name in page
    assert "verify_export.py --dossier" in page
    assert CANARY in page, "what no outsider may read stands in it"


def test_the_script_verifies_it_alone(story, tmp_path):
    file, note = tmp_path / "dossier.zip", tmp_path / "checkpoint.txt"
    call_command("export_dossier", "nodes", file)
    note.write_text(Checkpoint.objects.order_by("size").first().note)
    arguments = ["--dossier", file, "--key", keys.signer().public, "--checkpoint", note]

    done = subprocess.run([sys.executable, "-I", VERIFIER, *map(str, arguments)], capture_output=True, text=True)
    file.write_bytes(file.read_bytes()[:-1])
    cut = subprocess.run([sys.executable, "-I", VERIFIER, "--dossier", str(file)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "Proved complete: it has all" in done.stdout
    assert "Not proved" in done.stdout
    assert cut.returncode == 1
    assert cut.stderr.startswith("0: ")


def test_a_dossier_of_another_key_or_ledger_is_refused(story):
    data = making.archive_of(nodes())

    assert "another key" in refused(data, key="0" * 64)
    other = verify_export.as_issued(Checkpoint.objects.last().note.replace("imprimatur/", "imprimatur/f", 1))
    assert "another ledger" in refused(data, kept=[other])


def test_it_is_verified_after_the_key_was_rotated(story, tmp_path, settings):
    keys.make(tmp_path / "new.pem")
    new = keys.read(tmp_path / "new.pem")
    rotate(new)

    with pytest.raises(keys.WrongKey, match="not the key that the ledger is signed with"):
        making.archive_of(nodes())
    settings.LEDGER_KEY_FILE = tmp_path / "new.pem"
    data = making.archive_of(nodes())

    assert not refused(data, key=new.public)


def test_every_character_of_every_file_counts(story):
    """Changed, left out, doubled: refused with the manifest as it is, and with one that fits but is not signed anew."""
    whole = files_of(making.archive_of(nodes()))
    tried = 0

    for name, content in whole.items():
        stride = max(1, len(content) // (12 if name == "manifest.sig" else 50))  # for it the ledger is read each time
        for at in range(0, len(content), stride):
            for other in (
                content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
                content[:at] + content[at + 1 :],
                content[: at + 1] + content[at:],
            ):
                if other != content:
                    assert refused(packed({**whole, name: other})), (name, at)
                    tried += 1
        if name not in ("manifest.json", "manifest.sig"):
            with_more = refused(listed({**whole, name: content + b" "}, sign=False))
            assert "not signed with the key" in with_more or name == "ledger.jsonl", (name, with_more)
    print(f"\nchanges of characters of a dossier, refused: {tried}")
    assert tried > 900


def test_a_file_that_is_dropped_added_or_named_otherwise_is_refused(story):
    whole = files_of(making.archive_of(nodes()))

    for name in whole:
        rest = {other: text for other, text in whole.items() if other != name}
        assert refused(packed(rest)), name
        assert refused(packed({**rest, f"{name}x": whole[name]})), name
    assert "more.txt is not in the manifest" in refused(packed({**whole, "more.txt": b""}))
    assert "other files than it should" in refused(listed({**whole, "more.txt": b"x"}))
    assert "is missing" in refused(packed({name: text for name, text in whole.items() if name != "dossier.html"}))


@pytest.mark.once
def test_no_byte_of_the_archive_can_hide_anything(story):
    """A changed byte is refused, or is one of the few that do not change any file: padding at the end of a stream."""
    data = making.archive_of(nodes())
    whole, harmless = files_of(data), 0

    for at in [*range(0, len(data), 41), *range(len(data) - 700, len(data))]:
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        if not refused(changed):
            assert files_of(changed) == whole, at
            harmless += 1
    assert harmless < 5
    for changed in (data + b"\0", b"\0" + data, data[:-22] + b"hidden" + data[-22:]):
        assert refused(changed)


def test_the_publisher_cannot_leave_out_or_change_what_the_ledger_tells_of(story):
    """Everything that the ledger proves, changed in every way and signed by the publisher, who has the key."""
    whole = files_of(making.archive_of(nodes()))
    told = json.loads(whole["dossier.json"])
    ledger = verify_export.check_export(whole["ledger.jsonl"].decode(), None, [])
    texts = {int(name[9:-5]): text.decode() for name, text in whole.items() if name.startswith("versions/")}
    ours = [event for event in ledger[1] if event["article"] == told["article"]]
    tried = 0

    def is_refused(other: dict) -> bool:
        try:
            rows, versions = verify_export.recorded(ours, other["events"])
            assert canonical([*versions]) == canonical_anyway(other["versions"])
            verify_export.check_rows(other, dict(texts), rows, versions)
        except (*DAMAGED, AssertionError):
            return True
        return False

    assert not is_refused(told)
    for part in ("events", "rows", "versions"):
        for index in range(0, len(told[part]), 1 if part == "versions" else 7):
            one = told[part][index]
            for place, changed in changes(one):
                if changed == one and type(changed) is type(one):
                    continue
                other = {**told, part: [*told[part][:index], changed, *told[part][index + 1 :]]}
                if canonical_anyway(other) != canonical_anyway(told):
                    assert is_refused(other), (part, index, place)
                    tried += 1
        for index in range(len(told[part])):
            assert is_refused({**told, part: told[part][:index] + told[part][index + 1 :]}), (part, index)
            assert is_refused({**told, part: [*told[part], told[part][index]]}), (part, index)
            tried += 2
    print(f"\nchanges by the publisher, refused: {tried}")
    assert tried > 500


def canonical_anyway(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def test_another_text_is_refused_also_from_the_publisher(story):
    whole = files_of(making.archive_of(nodes()))
    text = whole["versions/1.json"]

    changed = refused(listed({**whole, "versions/1.json": text.replace(b"a", b"e", 1)}))
    dropped = refused(listed({name: content for name, content in whole.items() if name != "versions/1.json"}))
    shorter = refused(listed({**whole, "ledger.jsonl": _cut_before_its_last_event(whole)}))

    assert changed == "0: the text of version 1 is another than the one that was submitted."
    assert "other files than it should" in dropped
    assert shorter == "0: the dossier has other events than the ledger."


def _cut_before_its_last_event(whole: dict[str, bytes]) -> bytes:
    """Return the export as it was before the last event of the article, with the checkpoints of that time."""
    size = max(row["position"] for row in json.loads(whole["dossier.json"])["events"]) - 1
    head, *rows = [json.loads(line) for line in whole["ledger.jsonl"].decode().splitlines()]
    kept = [row for row in rows if (row["event"]["position"] if "event" in row else _size(row["checkpoint"])) <= size]
    lines = [{**head, "events": size}, *kept]
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in lines).encode()


def _size(note: str) -> int:
    return int(note.split("\n")[1])


def test_an_erased_text_is_said_and_not_held_against_it(story):
    article = nodes()
    first = article.versions.get(number=1)
    with attacks.undone():
        attacks.disarm()
        attacks.execute(f"DELETE FROM {VersionText._meta.db_table} WHERE version_id = %s", [first.pk])

        data = making.archive_of(article)

    said = verify_export.verify_dossier(data)
    assert "Erased: the text of version 1. Its SHA-256 and its signatures are here." in said
    files = files_of(data)
    assert "versions/1.json" not in files
    assert first.digest in files["dossier.json"].decode()
    assert "The texts of these versions were erased: 1." in files["dossier.html"].decode()


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE reviews_comment SET text = 'Otherwise.'", "reviews_comment"),
        ("UPDATE reviews_decision SET reason = 'Otherwise.'", "reviews_decision"),
        ("UPDATE articles_versiontext SET text = text || ' '", "text of version"),
        ("DELETE FROM reviews_commentanchor", "reviews_commentanchor"),
        ("UPDATE reviews_ledgerprivate SET salt = 'x'", "confidential part"),
    ],
)
def test_no_dossier_is_made_of_what_the_ledger_does_not_tell(story, sql, what):
    with attacks.undone():
        attacks.disarm()
        assert attacks.execute(sql)

        with pytest.raises(dossiers.NotAsRecorded, match=what) as refusal:
            making.archive_of(nodes())

    assert "Run “manage.py verify_ledger”." in str(refusal.value)


def test_what_is_read_does_not_grow_with_the_versions(story):
    counts = {}
    for article in Article.objects.filter(latest_version__isnull=False):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dossiers.recorded(article)
        tables = {row["table"] for row in dossiers.recorded(article).rows}
        counts[article.slug] = (len(queries) - len(tables), article.versions.count())

    assert len({number for number, _ in counts.values()}) == 1, counts
    assert len({versions for _, versions in counts.values()}) > 1


def test_the_command_names_what_is_wrong(story, tmp_path):
    with pytest.raises(CommandError, match="no article at the address “nowhere”"):
        call_command("export_dossier", "nowhere", tmp_path / "dossier.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_dossier", "nodes", tmp_path / "no folder" / "dossier.zip")

    assert list(tmp_path.glob("*dossier*")) == []

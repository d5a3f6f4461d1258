"""The export: nothing private is in it, and a stranger with one file of Python finds every change of it."""

import ast
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Version
from reviews.ledger import keys, verify_export
from reviews.ledger.events import rotate
from reviews.models import Checkpoint, Comment, LedgerEvent
from tests.ledger import rewriting
from tests.ledger.story import CANARY

VERIFIER = Path(verify_export.__file__)


@pytest.fixture
def export(story) -> str:
    out = StringIO()
    call_command("export_ledger", stdout=out)
    return out.getvalue()


def is_bad(text: str, **options) -> bool:
    """Tell whether the verifier refuses this text, with whatever it may raise."""
    try:
        verify_export.verify(text, **options)
    except (verify_export.Bad, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return True
    return False


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_export_is_whole(export):
    said = verify_export.verify(export, keys.signer().public, [Checkpoint.objects.order_by("size").first().note])

    assert said.startswith(f"All is well: {LedgerEvent.objects.count()} events and ")


def test_nothing_private_is_in_the_export(story, export):
    people = [story.people[name] for name in ("author", "author2", "editor", "editor2", "recused")]
    private = [comment.text for comment in Comment.objects.all()]
    private += [person.email for person in people] + [person.contributor.name for person in people]
    private += list(Version.objects.filter(review__published_at=None).values_list("title", flat=True))

    assert CANARY.lower() not in export.lower()
    assert [text for text in private if text in export] == []
    assert len(private) > 15
    assert "Clara Clinical" in export, "who signed what is public stands in it"


def test_the_verifier_is_short_and_needs_nothing_of_ours():
    source = VERIFIER.read_text()
    tree = ast.parse(source)
    imports = {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    imports |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert len(source.splitlines()) < 150
    assert imports - set(sys.stdlib_module_names) == {"cryptography"}


def test_every_change_of_every_line_is_found(export):
    lines, tried = export.splitlines(keepends=True), 0
    other = lines[7]

    for at, line in enumerate(lines):
        for changed in changes(line, other if line != other else lines[8]):
            assert is_bad("".join([*lines[:at], changed, *lines[at + 1 :]])), (at, changed)
            tried += 1
        if at + 1 < len(lines):
            assert is_bad("".join([*lines[:at], lines[at + 1], line, *lines[at + 2 :]])), f"{at} swapped with the next"

    print(f"\nchanges of lines of the export, found: {tried + len(lines) - 1}")
    assert tried > 1_000


def changes(line: str, other: str) -> list[str]:
    """Return what a line can be replaced by: nothing, itself twice, another, and small changes within."""
    third, half = len(line) // 3, len(line) // 2
    return [
        "",
        line + line,
        other,
        " " + line,
        line[:third] + chr(ord(line[third]) ^ 1) + line[third + 1 :],
        line[:half] + chr(ord(line[half]) ^ 2) + line[half + 1 :],
        line[:-4] + chr(ord(line[-4]) ^ 1) + line[-3:],
        line[:half] + line[half + 1 :],
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(": ", ":", 1),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text + "{}\n",
        lambda text: text + text,
        lambda text: "",
        lambda text: text.replace('"events"', '"more": 1, "events"', 1),
        lambda text: text.replace('"events": ', '"events": 1', 1),
    ],
)
def test_every_change_of_the_form_is_found(export, damage):
    assert is_bad(damage(export))


def test_a_bit_of_every_character_of_some_lines(export):
    first = Checkpoint.objects.order_by("size").first().size
    some = [(cut_at(10), 0), (cut_at(10), 7), (cut_at(first), first + 1)]
    tried = 0

    for text, at in some:
        lines = text.splitlines(keepends=True)
        assert not is_bad(text)
        for place, character in enumerate(lines[at]):
            changed = lines[at][:place] + chr(ord(character) ^ 1 << place % 7) + lines[at][place + 1 :]
            assert is_bad("".join([*lines[:at], changed, *lines[at + 1 :]])), (at, place)
            tried += 1

    print(f"\nsingle bits of the export changed and found: {tried}")
    assert tried > 800


def cut_at(size: int) -> str:
    """Return the export as it was when the ledger had so many events."""
    events, notes = [row["event"] for row in rows() if "event" in row], Checkpoint.objects.filter(size__lte=size)
    kept = [{"format": verify_export.FORMAT, "events": size}, *({"event": event} for event in events[:size])]
    kept += [{"checkpoint": note} for note in notes.order_by("size").values_list("note", flat=True)]
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in kept)


def rows() -> list[dict]:
    return [json.loads(line) for line in exported().splitlines()]


def test_a_cut_end_is_found_by_a_checkpoint_that_was_kept(export):
    notes = list(Checkpoint.objects.order_by("size").values_list("note", "size"))
    kept, size = notes[-1]
    earlier, cut = notes[-2]
    text = cut_at(cut)

    assert not is_bad(text), "it is what the export was then"
    assert not is_bad(text, kept=[earlier])
    with pytest.raises(verify_export.Bad, match=f"{size}: .*more events than there are"):
        verify_export.verify(text, kept=[kept])
    assert not is_bad(export, kept=[note for note, _ in notes])


def test_a_rewrite_is_found_by_the_known_key_and_by_a_kept_checkpoint(story):
    mallory, ours = rewriting.new_signer(), keys.signer()
    kept = Checkpoint.objects.order_by("size").first().note
    rewriting.attacks.disarm()
    rewriting.rewrite(rewriting.read_events(), mallory, with_rows=False)
    text = exported()

    assert not is_bad(text), "all else has to fit together, or the attack is a poor one"
    with pytest.raises(verify_export.Bad, match="another key"):
        verify_export.verify(text, ours.public)
    with pytest.raises(verify_export.Bad, match="was signed over other events"):
        verify_export.verify(text, kept=[kept])

    handing_over = {"key_id": ours.key_id, "public_key": ours.public}
    like = rewriting.read_events()[-1]
    rewriting.add({**like, "action": "key_rotated", "article": "", "payload": handing_over, "private": None}, mallory)
    with pytest.raises(verify_export.Bad, match="another key"):
        verify_export.verify(exported(), ours.public)
    rewriting.attacks.rearm()


def exported() -> str:
    out = StringIO()
    call_command("export_ledger", stdout=out)
    return out.getvalue()


def test_it_verifies_across_a_rotation_for_who_knows_either_key(story, tmp_path):
    old, path = keys.signer(), tmp_path / "new.key"
    keys.make(path)

    rotate(keys.read(path))

    for public in (old.public, keys.read(path).public):
        assert "All is well" in verify_export.verify(exported(), public)
    assert is_bad(exported(), key=rewriting.new_signer().public)


def test_the_verifier_runs_alone(story, tmp_path):
    export, verifier, kept = tmp_path / "ledger.jsonl", tmp_path / "verify.py", tmp_path / "kept.txt"
    call_command("export_ledger", export, "--verifier", verifier)
    kept.write_text(Checkpoint.objects.order_by("size").first().note)

    done = run(verifier, export, "--key", keys.signer().public, "--checkpoint", kept)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well: ")


KINDS = {
    "changed": lambda lines: [*lines[:9], lines[9].replace('"at": "2', '"at": "3'), *lines[10:]],
    "deleted": lambda lines: [*lines[:9], *lines[10:]],
    "doubled": lambda lines: [*lines[:9], lines[9], *lines[9:]],
    "swapped": lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]],
    "checkpoint deleted": lambda lines: lines[:-1],
    "checkpoint changed": lambda lines: [*lines[:-1], lines[-1].replace("— imprimatur", "— imprimatuR")],
    "header": lambda lines: ["{}\n", *lines[1:]],
    "not JSON": lambda lines: ["[" * 100_000, *lines[1:]],
    "another key": lambda lines: lines,
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_verifier_alone_names_what_is_wrong(export, tmp_path, kind):
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(KINDS[kind](export.splitlines(keepends=True))), encoding="utf-8", newline="")

    done = run(VERIFIER, file, "--key", "0" * 64 if kind == "another key" else keys.signer().public)

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    position, _, sentence = done.stderr.partition(": ")
    assert position.isdigit()
    assert sentence.strip()
    if kind == "changed":
        assert done.stderr == "9: it was changed.\n"

"""The export: nothing private is in it, and a stranger with one file of Python finds every change of it."""

import ast
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Version
from reviews.evidence.ledger import keys, verify_export
from reviews.evidence.ledger.events import rotate
from reviews.models import Checkpoint, Comment, LedgerEvent, LedgerPrivate
from reviews.verifying import evidence
from tests.ledger import rewriting
from tests.ledger.story import CANARY

VERIFIER = Path(verify_export.__file__)
ROOT = Path(__file__).resolve().parents[2]


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

    assert len(source.splitlines()) < 520
    assert imports - set(sys.stdlib_module_names) == {"cryptography"}


def test_pages_say_how_long_the_verifier_is():
    lines = len(VERIFIER.read_text().splitlines())

    for path in ("README.md", "templates/site/ledger.html"):
        said = int(re.search(r"([0-9]+)\s+lines(?: of Python)?", (ROOT / path).read_text())[1])
        assert said == lines, path


@pytest.mark.once
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
    with pytest.raises(verify_export.Bad, match="damaged, or not signed with a key of this ledger"):
        verify_export.verify(text, kept=[kept])

    handing_over = {"key_id": ours.key_id, "public_key": ours.public}
    like = rewriting.read_events()[-1]
    rewriting.add({**like, "action": "key_rotated", "article": "", "payload": handing_over, "private": None}, mallory)
    with pytest.raises(verify_export.Bad, match="another key"):
        verify_export.verify(exported(), ours.public)
    rewriting.attacks.rearm()


def test_a_rewrite_by_who_has_the_key_is_found_by_a_kept_checkpoint(story):
    kept = Checkpoint.objects.order_by("size").first().note
    rewriting.attacks.disarm()
    events = rewriting.read_events()
    events[1]["at"] = events[2]["at"]
    rewriting.rewrite(events, keys.signer(), with_rows=False)
    text = exported()
    rewriting.attacks.rearm()

    assert not is_bad(text)
    with pytest.raises(verify_export.Bad, match="was signed over other events"):
        verify_export.verify(text, kept=[kept])


COPIES = {  # what copying by hand makes of a checkpoint
    "no last line end": str.rstrip,
    "Windows line ends": lambda note: note.replace("\n", "\r\n"),
    "an empty line before": lambda note: f"\n{note}",
    "spaces": lambda note: "".join(f"  {line} \n" for line in note.splitlines()),
}
SPOILT = {
    "half of it": (lambda note: note[: len(note) // 2], "0: a checkpoint is damaged"),
    "nothing": (lambda note: "", "0: a checkpoint is damaged"),
    "another root": (lambda note: note.replace(note.splitlines()[2], "A" * 43 + "="), "is damaged, or not signed"),
    "another size": (lambda note: note.replace(f"\n{note.splitlines()[1]}\n", "\n7\n"), "is damaged, or not signed"),
    "another ledger": (
        lambda note: note.replace("imprimatur/", "imprimatur/0"),
        "0: a checkpoint is of another ledger",
    ),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_checkpoint_that_was_copied_by_hand_is_taken_as_it_was_given(export, how):
    kept = COPIES[how](Checkpoint.objects.order_by("size").last().note)

    assert verify_export.verify(export, kept=[kept]).startswith("All is well")


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_checkpoint_accuses_nobody(export, how):
    spoil, sentence = SPOILT[how]

    with pytest.raises(verify_export.Bad, match=sentence):
        verify_export.verify(export, kept=[spoil(Checkpoint.objects.order_by("size").last().note)])


def test_a_file_that_cannot_be_read_is_named(export, tmp_path):
    file, absent = tmp_path / "ledger.jsonl", tmp_path / "absent.txt"
    file.write_bytes(export.encode()[:50] + b"\xff" + export.encode()[50:])

    assert run(VERIFIER, absent).stderr == f"0: {absent} cannot be read: No such file or directory.\n"
    assert run(VERIFIER, file).stderr == f"0: {file} is damaged: it is not UTF-8 at byte 50.\n"


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


def first_of(payload) -> dict:
    return next(iter(payload["signatures"].values()))


WRONG = {  # what is done to a publication, and what the verifier says of it
    "no signatures": (lambda payload: payload.update(signatures={}), "it publishes a text that nobody signed"),
    "a request for changes": (lambda payload: first_of(payload).update(meaning="review"), "on another text"),
    "a withdrawal": (lambda payload: first_of(payload).update(meaning="withdrawal"), "on another text"),
    "another digest": (lambda payload: first_of(payload).update(digest="0" * 64), "on another text"),
    "another text": (lambda payload: payload.update(digest="0" * 64), "a text that was never submitted"),
    "another number": (lambda payload: payload.update(version=9), "a text that was never submitted"),
    "an unknown signature": (
        lambda payload: payload["signatures"].update({"reviews_signature:999": first_of(payload)}),
        "a signature that no earlier event tells of",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_publication_that_no_signature_bears_is_refused_though_all_else_fits(story, kind):
    """The ledger's own key signs all of it anew: every hash, signature and checkpoint is right."""
    spoil, sentence = WRONG[kind]
    events = rewriting.read_events()
    published = next(event for event in events if event["action"] == "published")
    spoil(published["payload"])
    rewriting.attacks.disarm()
    rewriting.rewrite(events, keys.signer(), with_rows=False)

    with pytest.raises(verify_export.Bad, match=f"{published['position']}: .*{sentence}"):
        verify_export.verify(exported(), keys.signer().public)


def test_no_guess_at_a_record_can_be_tested_on_the_export(story, export):
    """The best guesser knows each record to the letter: not even its right digest stands in what is public."""
    digests = {digest for model in evidence.EVIDENCE for digest in evidence.digests_by_key(model).values()}
    assert len(digests) > 100

    assert [digest for digest in digests if digest in export] == []
    assert not set(LedgerPrivate.objects.values_list("salt", flat=True)) & set(re.findall("[0-9a-f]{64}", export))


def test_nobody_can_be_followed_from_one_event_to_another(story, export):
    """The best guesser knows every account and every other event: a made-up name stands in one event alone."""
    events = [row["event"] for row in rows() if "event" in row]
    people = [{event["actor"], json.loads(event["payload"]).get("account", "")} - {""} for event in events]
    made_up = [name for names in people for name in names]
    accounts = {str(person.pk) for person in story.people.values()}

    assert len(made_up) > 80
    assert len(set(made_up)) == len(made_up)
    assert [name for name in made_up if not re.fullmatch("[0-9a-f]{16}", name) or name in accounts] == []
    assert [event["actor"] for event in events if not actor_of(event["position"]) and event["actor"]] == []
    assert [event["position"] for event in events if actor_of(event["position"]) and not event["actor"]] == []


def actor_of(position: int) -> str:
    private = LedgerPrivate.objects.filter(event=position).first()
    return json.loads(private.text).get("actor", "") if private else ""


def test_no_title_is_in_the_export(story, export):
    """An article may be removed: what stands in the list for ever names none."""
    titles = set(Version.objects.values_list("title", flat=True))

    assert len(titles) > 5
    assert [title for title in titles if title in export] == []

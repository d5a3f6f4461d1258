"""The proof of one text: whoever has the script verifies it, and every change of it is refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from articles.models import Version, VersionText
from articles.text.canonical import canonical
from reviews import workflow
from reviews.evidence.ledger import keys, proofs, verify_export
from reviews.evidence.ledger.events import rotate
from reviews.models import Checkpoint, LedgerEvent
from tests.ledger import attacks, rewriting

VERIFIER = Path(verify_export.__file__)
GOLDEN = Path(__file__).parent / "golden" / "proof.json"
GOLDEN_KEY = "843ad9431c995bcedaf6fd763c5b49755a685133b1a7b715a577f4aadfcb5ded"
REFUSALS = (verify_export.Bad, ValueError, KeyError, TypeError, IndexError, AttributeError)


def published() -> list[Version]:
    found = Version.objects.filter(review__published_at__isnull=False).select_related("article")
    return list(found.order_by("pk"))


def newest() -> Checkpoint:
    return Checkpoint.objects.latest("size")


def proof_of(version: Version, point: Checkpoint | None = None) -> str:
    return proofs.proof_of(version, point or newest()).text


def refused(text: str, **given) -> str:
    """Return the sentence with which the proof is refused; "" if it is taken."""
    try:
        verify_export.verify_proof(text, **given)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    return ""


def test_every_published_text_has_a_proof_that_a_stranger_verifies(story):
    for version in published():
        signed = VersionText.objects.get(version=version).text.encode()

        said = verify_export.verify_proof(proof_of(version), keys.signer().public, [newest().note], signed)

        assert f"All is well: version {version.number} of article {version.article.public_id} was published." in said
        assert "Its text is the one you gave." in said
        assert version.digest in said
        assert keys.signer().public in said
    assert len(published()) == 3


def test_it_names_who_signed_and_what_the_ledger_tells_of_each(story):
    version = next(row for row in published() if row.article.slug == "nodes" and row.number == 1)

    facts = proofs.proof_of(version, newest()).facts

    named = sorted((row["printed_name"], row["capacity"], row["digest"]) for row in facts["signatures"])
    rows = version.signatures.filter(meaning="approval", decision__superseded_by=None)
    assert named == sorted(rows.values_list("printed_name", "capacity", "digest"))
    for row in facts["signatures"]:
        assert LedgerEvent.objects.get(position=row["event"]).action == "decided"
    assert (facts["version"], facts["digest"]) == (1, version.digest)
    assert LedgerEvent.objects.get(position=facts["submitted_in"]).action == "submitted"
    assert LedgerEvent.objects.get(position=facts["published_in"]).action == "published"


def test_a_proof_can_be_had_at_every_checkpoint_since_the_publication(story):
    version = published()[0]
    (publication,) = LedgerEvent.objects.filter(
        action="published", article=str(version.article.public_id), payload__contains=f'"version":{version.number}}}'
    )
    points = list(Checkpoint.objects.order_by("size"))

    for point in points:
        if point.size < publication.position:
            with pytest.raises(proofs.NotYet):
                proof_of(version, point)
        else:
            assert not refused(proof_of(version, point), kept=[point.note])
    assert points[0].size < publication.position < points[-1].size


def test_a_notice_is_told_of_and_so_is_its_lifting(story):
    version = next(row for row in published() if row.article.published_version_id == row.pk)
    notice = workflow.issue_notice(version.article, actor=story.editor, kind="concern", reason="A study was faked.")
    (warned,) = proofs.proof_of(version, newest()).facts["notices"][-1:]
    first = proof_of(version)
    workflow.issue_notice(version.article, actor=story.editor, kind="concern", reason="It was not.", lifts=notice)
    (lifted,) = proofs.proof_of(version, newest()).facts["notices"][-1:]

    assert (warned["kind"], warned["reason"], warned["lifted_by"]) == ("concern", "A study was faked.", None)
    assert "Careful: a notice of concern was issued" in verify_export.verify_proof(first)
    assert "A study was faked." in verify_export.verify_proof(first)
    assert lifted == {**warned, "lifted_by": LedgerEvent.objects.latest("position").position}
    assert f"lifted by event {lifted['lifted_by']}." in verify_export.verify_proof(proof_of(version))


def changes(value, place=()):
    """Yield (place, other): every leaf changed in every way, and every entry of a list or dictionary lost or added."""
    if isinstance(value, dict):
        for name in value:
            yield (*place, name), {other: kept for other, kept in value.items() if other != name}
            yield from ((at, {**value, name: other}) for at, other in changes(value[name], (*place, name)))
        yield (*place, "+"), {**value, "more": 1}
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield (*place, index), [*value[:index], *value[index + 1 :]]
            yield (*place, index), [*value[: index + 1], item, *value[index + 1 :]]
            if index and value[index - 1] != item:
                yield (*place, index), [*value[: index - 1], item, value[index - 1], *value[index + 1 :]]
            yield from (
                (at, [*value[:index], other, *value[index + 1 :]]) for at, other in changes(item, (*place, index))
            )
    elif isinstance(value, bool) or value is None:
        yield from ((place, other) for other in (0, 1, "", "0") if other != value or type(other) is not type(value))
    elif isinstance(value, int):
        yield from ((place, other) for other in (value + 1, value - 1, float(value), str(value), None))
    else:
        yield from ((place, other) for other in (value + " ", value[:-1], value.swapcase(), None, [value], 7))


def test_every_change_of_a_part_is_refused(story):
    """Each leaf changed, each entry lost, doubled, added or moved; and spelled in another way."""
    version = published()[0]
    whole = json.loads(proof_of(version))
    tried = 0

    for place, changed in changes(whole):
        text = canonical_anyway(changed)
        if text != canonical(whole):
            assert refused(text), place
            tried += 1

    print(f"\nchanges of a proof, refused: {tried}")
    assert tried > 500


def canonical_anyway(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@pytest.mark.once
def test_a_bit_of_every_character_is_refused(story):
    text = proof_of(published()[0])

    for at, character in enumerate(text):
        changed = text[:at] + chr(ord(character) ^ 1 << at % 7) + text[at + 1 :]
        assert refused(changed), (at, text[at - 20 : at + 20])
        assert refused(text[:at] + text[at + 1 :]), at


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(":", ": ", 1),
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: "",
        lambda text: "{}",
        lambda text: "[]",
        lambda text: text + text,
        lambda text: json.dumps(json.loads(text), indent=1),
        lambda text: text.replace('"format"', '"format":"imprimatur/proof/1","format"', 1),
    ],
)
def test_another_spelling_is_refused(story, damage):
    assert refused(damage(proof_of(published()[0])))


def test_a_notice_that_is_left_out_everywhere_is_missed_by_nobody_but_who_reads_the_page(story):
    """The proof says so itself: it can show that something is recorded, never that nothing else is."""
    version = next(row for row in published() if row.article.published_version_id == row.pk)
    workflow.issue_notice(version.article, actor=story.editor, kind="concern", reason="A study was faked.")
    whole = json.loads(proof_of(version))
    lost = whole["facts"]["notices"].pop()
    in_part = canonical(whole)
    whole["events"] = [row for row in whole["events"] if row["event"]["position"] != lost["event"]]

    assert "facts" in refused(in_part)
    assert "does not tell of later notices" in verify_export.verify_proof(canonical(whole))


def test_parts_of_two_proofs_do_not_fit_together(story):
    one, other = (json.loads(proof_of(version)) for version in published()[:2])
    nodes = [json.loads(proof_of(row)) for row in published() if row.article.slug == "nodes"]

    for first, second in ((one, other), nodes[:2]):
        for part in ("facts", "events"):
            assert refused(canonical({**first, part: second[part]})), part
        both = sorted(
            {row["event"]["position"]: row for row in first["events"] + second["events"]}.values(),
            key=lambda row: row["event"]["position"],
        )
        assert "the publication of one version" in refused(canonical({**first, "events": both}))


WRONG = {  # what is done to a publication, and what is said of it
    "no signatures": (lambda payload: payload.update(signatures={}), "a text that nobody signed"),
    "a request for changes": (lambda payload: first_of(payload).update(meaning="review"), "on another text"),
    "another digest": (lambda payload: first_of(payload).update(digest="0" * 64), "on another text"),
    "another capacity": (lambda payload: first_of(payload).update(capacity="pharmacist"), "in another capacity"),
    "an unknown signature": (
        lambda payload: payload["signatures"].update({"reviews_signature:999": first_of(payload)}),
        "a signature that no earlier event tells of",
    ),
    "another text": (lambda payload: payload.update(digest="0" * 64), "does not belong to this proof"),
}


def first_of(payload) -> dict:
    return next(iter(payload["signatures"].values()))


@pytest.mark.parametrize("kind", WRONG)
def test_no_proof_is_given_of_a_publication_that_no_signature_bears(story, kind):
    """The ledger's own key signs all of it anew: every hash, signature and checkpoint is right."""
    spoil, sentence = WRONG[kind]
    version, events = published()[0], rewriting.read_events()
    spoil(next(event for event in events if event["action"] == "published")["payload"])
    attacks.disarm()
    rewriting.rewrite(events, keys.signer(), with_rows=False)

    with pytest.raises(proofs.NoProof, match=sentence):
        proof_of(version)


def test_a_rewrite_is_found_by_the_known_key_and_by_a_kept_checkpoint(story):
    mallory, ours, kept, version = rewriting.new_signer(), keys.signer(), newest(), published()[0]
    attacks.disarm()
    rewriting.rewrite(rewriting.read_events(), mallory, with_rows=False)
    text = proof_of(version, Checkpoint.objects.get(size=kept.size))

    assert not refused(text), "all else has to fit together, or the attack is a poor one"
    assert "another key" in refused(text, key=ours.public)
    assert "damaged, or not signed with a key of this ledger" in refused(text, kept=[kept.note])


def test_a_rewrite_by_who_has_the_key_is_found_by_a_kept_checkpoint(story):
    kept, version = newest(), published()[0]
    attacks.disarm()
    events = rewriting.read_events()
    events[1]["at"] = events[2]["at"]
    rewriting.rewrite(events, keys.signer(), with_rows=False)
    text = proof_of(version, Checkpoint.objects.get(size=kept.size))

    assert not refused(text, key=keys.signer().public)
    assert "was signed over other events" in refused(text, kept=[kept.note])


def test_a_key_that_was_merely_named_vouches_for_nothing(story):
    """Mallory names our key as the successor of her own, and ends there: nothing was signed with it."""
    ours, mallory, version = keys.signer(), rewriting.new_signer(), published()[0]
    attacks.disarm()
    rewriting.rewrite(rewriting.read_events(), mallory, with_rows=False)
    text = json.loads(proof_of(version))
    handing_over = {"key_id": ours.key_id, "public_key": ours.public}
    like = rewriting.read_events()[-1]
    rewriting.add({**like, "action": "key_rotated", "article": "", "payload": handing_over, "private": None}, mallory)

    assert "another key" in refused(canonical(text), key=ours.public)
    assert {row["event"]["key_id"] for row in text["events"]} == {mallory.key_id}


def test_after_a_rotation_either_key_is_known(story, tmp_path, settings):
    old, path, version = keys.signer(), tmp_path / "new.key", published()[0]
    keys.make(path)
    rotate(keys.read(path))
    settings.LEDGER_KEY_FILE = path

    found = proofs.proof_of(version, newest())

    assert found.public_key == keys.read(path).public
    for known in (old, keys.read(path)):
        assert not refused(found.text, key=known.public)
    assert refused(found.text, key=rewriting.new_signer().public)
    without = json.loads(found.text)
    without["events"] = [row for row in without["events"] if row["event"]["action"] != "key_rotated"]
    assert "not signed with a key of this ledger" in refused(canonical(without))


def test_a_checkpoint_of_another_size_is_not_compared(story):
    version, earlier = published()[0], Checkpoint.objects.order_by("-size")[1]

    said = refused(proof_of(version), kept=[earlier.note])

    assert said == (
        f"{earlier.size}: your checkpoint is at {earlier.size} events, this proof at {newest().size}. "
        "Take the proof at yours."
    )
    assert not refused(proof_of(version, earlier), kept=[earlier.note.replace("\n", "\r\n")])
    for spoilt in ("", "half", newest().note[:40], newest().note.replace("imprimatur/", "imprimatur/0")):
        assert "checkpoint" in refused(proof_of(version), kept=[spoilt])


def test_another_text_is_not_the_one_that_was_signed(story):
    one, other = published()[:2]
    signed = VersionText.objects.get(version=other).text.encode()

    for text in (signed, b"", VersionText.objects.get(version=one).text.encode() + b"\n"):
        assert "another than the one that was signed" in refused(proof_of(one), signed=text)


def test_a_text_is_proved_in_four_statements_however_long_the_ledger(story, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(proofs, "TILE", 16)
    proofs._tiles.clear()
    point = newest()

    for version in published():
        with django_assert_num_queries(4):
            proofs.proof_of(version, point)


def test_rotations_are_found_without_reading_the_ledger(db):
    rotations = LedgerEvent.objects.filter(action="key_rotated", position__lte=1_000_000).order_by()

    if connection.vendor == "sqlite":  # PostgreSQL prefers to read a table as short as this one
        assert "USING INDEX ledger_of_keys" in rotations.explain()


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_script_verifies_a_proof_alone(story, tmp_path):
    version = published()[0]
    proof, text, kept = tmp_path / "proof.json", tmp_path / "signed.json", tmp_path / "kept.txt"
    proof.write_text(proof_of(version), newline="")
    text.write_bytes(VersionText.objects.get(version=version).text.encode())
    kept.write_text(newest().note)
    known = ("--text", text, "--key", keys.signer().public, "--checkpoint", kept)

    done = run(VERIFIER, "--proof", proof, *known)
    other = run(VERIFIER, "--proof", proof, "--text", proof)
    absent = run(VERIFIER, "--proof", tmp_path / "absent")

    assert (done.returncode, done.stderr) == (0, "")
    assert "All is well: version 1 of " in done.stdout
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr == "0: the text is another than the one that was signed.\n"
    assert "cannot be read" in absent.stderr
    for arguments in ((), (proof, "--proof", proof), (proof, "--text", text)):
        wrong = run(VERIFIER, *arguments)
        assert (wrong.returncode, "give an export, a proof" in wrong.stderr) == (2, True)


@pytest.mark.once
def test_a_proof_of_this_format_is_verified_by_every_later_release():
    said = verify_export.verify_proof(GOLDEN.read_text(), GOLDEN_KEY)

    assert said.splitlines()[:3] == [
        "Careful: a notice of concern was issued at 2026-11-29T18:02:33.333240Z, event 135, and lifted by event 136.",
        "Careful: a notice of retraction was issued at 2026-11-29T18:02:33.692110Z, event 137: "
        "The cited trial was retracted.",
        "All is well: version 2 of article deefcc86-111f-40f7-b7de-bf3b4097ec63 was published.",
    ]


def shape(value):
    """Return the names in a proof, without its values."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items() if "signature:" not in name}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_a_proof_of_today_has_the_shape_of_the_golden_one(story):
    version = next(row for row in published() if row.article.published_version_id == row.pk)
    notice = workflow.issue_notice(version.article, actor=story.editor, kind="concern", reason="A study was faked.")
    workflow.issue_notice(version.article, actor=story.editor, kind="concern", reason="It was not.", lifts=notice)

    found = json.loads(proof_of(version))
    [again] = found["facts"].pop("read_again")  # of no proof before release 0.4
    assert found["events"].pop()["event"]["action"] == "notice_issued"

    assert shape(found) == shape(json.loads(GOLDEN.read_text()))
    assert len(again["signatures"]) == 2
    assert again["last_reviewed"] < again["next_review_due"]

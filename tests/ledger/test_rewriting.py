"""A rewrite that fits together in every hash is found all the same: by the key we trust, or by what is kept outside."""

import json
import shutil

import pytest

from articles.models import VersionText
from reviews.evidence.ledger import checkpoints, keys
from reviews.models import Assignment, Checkpoint, LedgerEvent, LedgerHead, Signature
from reviews.verifying import verify
from tests.ledger import attacks, rewriting
from tests.ledger.attacks import execute, look


@pytest.fixture
def defenceless(story):
    attacks.disarm()
    yield story
    attacks.rearm()


@pytest.fixture
def mallory() -> keys.Signer:
    return rewriting.new_signer()


def nothing(events):
    """Only the key is another."""


def forge_a_signer(events):
    signature = Signature.objects.order_by("pk").first()
    execute("UPDATE reviews_signature SET printed_name = 'Dr. Mallory' WHERE id = %s", [signature.pk])
    for event in events:
        for manifest in event["payload"].get("signatures", {}).values():
            manifest["printed_name"] = "Dr. Mallory"


def poison_a_text(events):
    text, digest = rewriting.poison(VersionText.objects.get(version__article__slug="nodes", version__number=1).text)
    version = VersionText.objects.get(version__article__slug="nodes", version__number=1).version
    execute("UPDATE articles_versiontext SET text = %s WHERE version_id = %s", [text, version.pk])
    execute("UPDATE articles_version SET digest = %s WHERE id = %s", [digest, version.pk])
    execute("UPDATE reviews_signature SET digest = %s WHERE version_id = %s", [digest, version.pk])
    events[:] = json.loads(json.dumps(events).replace(version.digest, digest))


def drop_an_event(events):
    """Take a comment out, with its row."""
    at = max(at for at, event in enumerate(events) if event["action"] == "commented")
    for name in sorted(events[at]["payload"]["rows"], reverse=True):
        table, key = name.split(":")
        column = "history_id" if "historical" in table else "id"
        execute(f"DELETE FROM {table} WHERE {column} = %s", [key])
    del events[at]


def cut_the_tail(events):
    """Take away what came after the last role change, of which rows tell nothing."""
    at = max(at for at, event in enumerate(events) if event["action"] == "account_changed")
    for event in events[at + 1 :]:
        for name in event["payload"].get("rows", {}):
            table, key = name.split(":")
            execute(f"DELETE FROM {table} WHERE {'history_id' if 'historical' in table else 'id'} = %s", [key])
    execute("DELETE FROM articles_retraction")  # the list of retractions was loaded after it
    del events[at + 1 :]


FORGERIES = [nothing, forge_a_signer, poison_a_text, drop_an_event, cut_the_tail]


@pytest.mark.parametrize("with_checkpoints", [True, False])
@pytest.mark.parametrize("forge", FORGERIES)
def test_a_rewrite_is_found_by_the_key_and_by_the_checkpoints(defenceless, mallory, settings, forge, with_checkpoints):
    events = rewriting.read_events()
    forge(events)

    rewriting.rewrite(events, mallory, with_checkpoints=with_checkpoints)

    found = look()
    assert found[0].position == 1
    assert "key" in {problem.kind for problem in found}
    with_his_key_in_place_of_ours = {problem.kind for problem in look(public_key=mallory.public)}
    assert with_his_key_in_place_of_ours & {"rewritten", "checkpoint"}
    if with_checkpoints:
        shutil.rmtree(settings.CHECKPOINT_DIR)
        alone = [problem for problem in look() if "file" not in problem.message]
        assert [problem.kind for problem in alone] == ["key"], (
            "all fits together but the key: the rewrite is a good one"
        )


def test_a_rewrite_that_ends_by_naming_our_key_is_found(defenceless, mallory, settings):
    """It would be a whole chain whose last key is ours; but ours has signed nothing."""
    ours = keys.signer()
    rewriting.rewrite(rewriting.read_events(), mallory)
    shutil.rmtree(settings.CHECKPOINT_DIR)
    event = rewriting.read_events()[-1]
    handing_over = {"key_id": ours.key_id, "public_key": ours.public}

    rewriting.add({**event, "action": "key_rotated", "article": "", "payload": handing_over, "private": None}, mallory)
    execute("UPDATE reviews_ledgerhead SET key_id = %s", [ours.key_id])

    assert "key" in {problem.kind for problem in look()}


@pytest.mark.parametrize("action", ["published", "decided", "key_rotated", "roles_changed", "checkpoint_made"])
def test_an_event_forged_after_the_last_checkpoint_is_found_by_its_signature(defenceless, mallory, action):
    end = LedgerHead.objects.get().position
    assert end > Checkpoint.objects.order_by("size").last().size
    like = next(event for event in reversed(rewriting.read_events()) if event["action"] in (action, "commented"))
    payload = {"key_id": mallory.key_id, "public_key": mallory.public} if action == "key_rotated" else like["payload"]

    rewriting.add({**like, "action": action, "payload": payload}, mallory)

    assert any((problem.position, problem.kind) == (end + 1, "signature") for problem in look())


def test_events_after_the_last_checkpoint_rewritten_are_found_by_their_signatures(defenceless, mallory):
    last = Checkpoint.objects.order_by("size").last().size
    events = rewriting.read_events()
    execute("DELETE FROM reviews_ledgerprivate WHERE event_id > %s", [last])
    execute("DELETE FROM reviews_ledgerevent WHERE position > %s", [last])
    hashes = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    frontier: list[str] = []
    for at, each in enumerate(hashes):
        frontier = rewriting.merkle.grow(frontier, at, each)
    head = [last, hashes[-1], json.dumps(frontier, separators=(",", ":"))]
    execute("UPDATE reviews_ledgerhead SET position = %s, hash = %s, frontier = %s", head)
    for event in events[last:]:
        rewriting.add(event, mallory)

    found = [problem.position for problem in look() if problem.kind == "signature"]

    assert found == list(range(last + 1, len(events) + 1))


def test_rows_and_their_checkpoint_replaced_together_are_found(defenceless, mallory, checkpoint_files):
    """The attacker writes the files as well, but cannot sign them with our key."""
    forge = Assignment.objects.order_by("pk").first()
    execute("UPDATE reviews_assignment SET reviewer_name = 'Mallory' WHERE id = %s", [forge.pk])
    rewriting.rewrite(rewriting.read_events(), mallory)
    for checkpoint in Checkpoint.objects.all():
        checkpoints.path_of(checkpoint.ledger_id, checkpoint.size).write_text(checkpoint.note)

    assert [(problem.position, problem.kind) for problem in look()] == [(1, "key")]


def test_a_gap_in_the_numbers_of_versions_is_found_by_replay(story):
    events = rewriting.read_events()
    first = next(event for event in events if event["action"] == "submitted" and event["payload"]["version"] == 1)
    first["payload"]["version"] = 2
    rewriting.attacks.disarm()
    rewriting.rewrite(events, keys.signer(), with_rows=False)

    position = first["position"]
    assert (position, f"Event {position} (submitted) was not possible then.") in {
        (problem.position, problem.message) for problem in verify().problems
    }


def test_an_event_keeps_the_roles_that_its_actor_held_then(story):
    held = {event["action"]: event["private"]["actor_roles"] for event in rewriting.read_events() if event["actor"]}

    assert held["published"] == ["editor"]
    assert held["submitted"] == ["author"]
    assert held["decided"] == ["reviewer"]

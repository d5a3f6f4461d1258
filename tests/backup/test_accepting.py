"""A restored older backup: an alarm until the holder of the key says what was lost; all else stays an alarm."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints, events, keys, verify_export
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate
from reviews.models.actions import Action
from reviews.operations.backup import accepting
from reviews.verifying import restored, verify
from tests.articles.site.pages import parsed, words
from tests.ledger import attacks, rewriting
from tests.ledger import story as stories

REASON = "The disk of the server broke."
END, LOST = 4, 8  # where the restored database ends, and the newest checkpoint of what was lost


def sign(count: int):
    """Append events, each with a checkpoint and its file."""
    for _ in range(count):
        with transaction.atomic():
            ledger.append(Action.CHECKPOINT_MADE, actor=None)
    stories.write_files()


@pytest.fixture
def older(db, settings):
    """A database that ends at event 4, beside checkpoint files that go on to 8."""
    sign(END - 1)
    with stories.rolled_back():
        sign(LOST - END)
        assert verify().problems == []


def folder():
    return checkpoints.folder(LedgerHead.objects.get().ledger_id)


def accept(**options) -> str:
    out = io.StringIO()
    call_command("accept_restore", reason=options.pop("reason", REASON), stdout=out, **options)
    stories.write_files()
    return out.getvalue()


def found(**options) -> list[tuple[int, str]]:
    return [(problem.position, problem.kind) for problem in verify(**options).problems]


def said(*command) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def state() -> tuple:
    """Return what a refusal must leave as it was: the events, and every file of a checkpoint."""
    files = {str(path): path.read_bytes() for path in sorted(folder().rglob("*.txt"))}
    return list(LedgerEvent.objects.values_list("hash", flat=True)), files


def test_an_older_backup_is_an_alarm_until_it_is_accepted(older):
    assert (END + 1, "rollback") in found()

    text = accept()

    report = verify()
    assert report.problems == []
    (restore,) = report.restored
    assert (restore.position, restore.ended_at, restore.lost_until) == (END + 1, END, LOST)
    assert restore.checkpoints == LOST - END
    assert f"Event {END + 1} records" in text
    assert f"{END + 1}: restored: A backup that ended at event {END} was restored;" in said("verify_ledger")
    (told,) = json.loads(said("verify_ledger", "--json"))["restored"]
    assert (told["position"], told["ended_at"], told["lost_until"]) == (END + 1, END, LOST)


def test_the_event_names_what_was_lost_and_keeps_the_reason_private(older):
    notes = {size: checkpoints.path_of(folder().name, size).read_bytes() for size in range(END + 1, LOST + 1)}

    accept()

    event = LedgerEvent.objects.get(action="restore_accepted")
    payload, private = json.loads(event.payload), json.loads(LedgerPrivate.objects.get(event=event).text)
    lost = {each["size"]: each for each in payload["lost"]}
    assert (payload["ends_at"], payload["lost_until"], lost.keys()) == (END, LOST, notes.keys())
    for size, data in notes.items():
        note = checkpoints.read_note(data.decode())
        assert (lost[size]["root"], lost[size]["note_sha256"]) == (note.root, restored.digest(data.decode()))
    assert private["reason"] == REASON
    assert REASON not in event.payload
    assert Checkpoint.objects.filter(size=event.position).exists()


def test_the_ledger_goes_on_with_checkpoints_of_the_same_sizes(older):
    accept()
    sign(LOST)

    assert found() == []
    apart = sorted(path.name for path in (folder() / f"lost-after-{END}").iterdir())
    assert [int(name[:12]) for name in apart] == list(range(END + 1, LOST + 1))
    for point in Checkpoint.objects.all():
        assert checkpoints.path_of(point.ledger_id, point.size).read_text() == point.note


def test_checkpoints_that_were_kept_elsewhere_are_copied(older, tmp_path):
    elsewhere = tmp_path / "archive"
    shutil.move(folder(), elsewhere)
    said("checkpoint")
    stories.write_files()
    with pytest.raises(CommandError, match="Nothing of this ledger is lost"):
        accept()

    accept(checkpoints=elsewhere)

    assert found() == []
    assert len(list((folder() / f"lost-after-{END}").iterdir())) == LOST - END
    assert len(list(elsewhere.iterdir())) == LOST - 1


def test_a_second_older_backup_can_be_accepted_too(older, tmp_path):
    """The same sizes are lost twice, the second time with the event that told of the first."""
    with stories.rolled_back():
        accept()
        sign(LOST)
    assert "rollback" in {kind for _, kind in found()}

    accept()
    sign(2)

    report = verify()
    assert report.problems == []
    assert [(each.ended_at, each.lost_until) for each in report.restored] == [(END, END + 1 + LOST)]
    assert report.restored[0].checkpoints == 1 + LOST + LOST - END


def test_one_restore_after_another_is_told_of(older):
    accept()
    with stories.rolled_back():
        sign(3)
    accept()

    report = verify()

    assert report.problems == []
    assert [each.ended_at for each in report.restored] == [END, END + 1]


def test_a_crash_between_the_event_and_its_files_is_mended_by_checkpoint(older):
    before = {path.name: path.read_bytes() for path in folder().glob("*.txt")}
    accept()
    shutil.rmtree(folder() / f"lost-after-{END}")
    for name, data in before.items():
        (folder() / name).write_bytes(data)
    assert (END + 1, "checkpoint") in found()

    said("checkpoint")

    assert found() == []
    assert len(list((folder() / f"lost-after-{END}").iterdir())) == LOST - END


def no_reason(tmp_path):
    return {"reason": "  "}, "Say with --reason"


def nothing_lost(tmp_path):
    for size in range(END + 1, LOST + 1):
        checkpoints.path_of(folder().name, size).unlink()
    return {}, "Nothing of this ledger is lost"


def another_key(tmp_path):
    path = checkpoints.path_of(folder().name, LOST)
    note = checkpoints.read_note(path.read_text())
    path.write_text(checkpoints.write_note(folder().name, note.size, note.root, rewriting.new_signer()))
    return {}, "signed with none of the keys that the restored ledger knows"


def a_damaged_file(tmp_path):
    path = checkpoints.path_of(folder().name, LOST)
    path.write_text(path.read_text()[:-9])
    return {}, "is damaged"


def another_ledger(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "000000000009.txt").write_text(checkpoints.write_note("a" * 32, 9, "b" * 64, keys.signer()))
    return {"checkpoints": other}, "of another ledger"


def another_history(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "3.txt").write_text(checkpoints.write_note(folder().name, 3, "b" * 64, keys.signer()))
    return {"checkpoints": other}, "not an earlier state"


def no_folder(tmp_path):
    return {"checkpoints": tmp_path / "nowhere"}, "does not exist"


def an_empty_folder(tmp_path):
    (tmp_path / "nothing").mkdir()
    return {"checkpoints": tmp_path / "nothing"}, "holds no checkpoint"


def something_else_wrong(tmp_path):
    checkpoints.path_of(folder().name, 2).write_text(checkpoints.path_of(folder().name, 3).read_text())
    return {}, "problems that a restore does not explain"


@pytest.mark.parametrize(
    "case",
    [
        no_reason,
        nothing_lost,
        another_key,
        a_damaged_file,
        another_ledger,
        another_history,
        no_folder,
        an_empty_folder,
        something_else_wrong,
    ],
    ids=lambda case: case.__name__,
)
def test_a_refusal_leaves_everything_as_it_was(older, tmp_path, case):
    options, sentence = case(tmp_path)
    before = state()

    with pytest.raises(CommandError, match=sentence) as refused:
        accept(**options)

    assert str(refused.value).endswith(".")
    assert state() == before


def test_a_folder_that_cannot_be_read_does_not_pass_for_an_empty_one(older, tmp_path, monkeypatch):
    """What `os.walk` says of one is said for it here: the tests may be run by root, who can read every folder."""
    error = PermissionError(13, "Permission denied", str(tmp_path / "b"))
    monkeypatch.setattr(accepting.os, "walk", lambda folder, onerror, followlinks: onerror(error))
    before = state()

    with pytest.raises(CommandError, match="/b cannot be read: Permission denied"):
        accept(checkpoints=tmp_path)

    assert state() == before


def test_it_is_refused_with_another_key_at_hand(older, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "other.key"
    keys.make(settings.LEDGER_KEY_FILE)
    before = state()

    with pytest.raises(CommandError, match="but the configured key is"):
        accept()

    assert state() == before


def test_it_is_refused_on_a_changed_row_and_on_an_empty_ledger(older):
    with attacks.undone():
        attacks.disarm()
        attacks.execute("UPDATE reviews_ledgerevent SET actor = '9' WHERE position = 2")
        with pytest.raises(CommandError, match="problems that a restore does not explain"):
            accept()
    with attacks.undone():
        attacks.disarm()
        attacks.execute("UPDATE reviews_ledgerhead SET position = 0")
        with pytest.raises(CommandError, match="holds no ledger"):
            accept()


def test_a_step_taken_meanwhile_refuses_it(older, monkeypatch):
    true_verify = verify

    def slow_verify(**options):
        report = true_verify(**options)
        with transaction.atomic():
            ledger.append(Action.SETTINGS_CHANGED, actor=None)
        return report

    monkeypatch.setattr("reviews.operations.backup.accepting.verify", slow_verify)
    files = state()[1]

    with pytest.raises(CommandError, match="A step was taken in the meantime"):
        accept()

    assert not LedgerEvent.objects.filter(action="restore_accepted").exists()
    assert state()[1] == files


def forge(signer: keys.Signer, **changes):
    """Append an event that names the lost checkpoints as `accept_restore` would, signed by whoever forges it."""
    with stories.rolled_back():
        accept()
        events = rewriting.read_events()
        event = events[-1]
        moved = {path: path.read_bytes() for path in folder().rglob("lost-after-*/*.txt")}
        checkpoints.path_of(folder().name, END + 1).unlink()
    for path, data in moved.items():
        shutil.rmtree(path.parent, ignore_errors=True)
        checkpoints.path_of(folder().name, checkpoints.read_note(data.decode()).size).write_bytes(data)
    attacks.disarm()
    rewriting.add({**event, "payload": {**event["payload"], **changes}}, signer)
    attacks.rearm()


@pytest.mark.parametrize("check_signatures", [True, False], ids=["with signatures", "without"])
def test_a_forged_acceptance_explains_nothing_away(older, check_signatures):
    forge(rewriting.new_signer())

    problems = found(check_signatures=check_signatures)

    assert (END + 1, "signature") in problems
    assert (LOST, "checkpoint") in problems
    assert any(kind in ("rollback", "rewritten") for _, kind in problems)
    assert verify(check_signatures=check_signatures).restored == []


@pytest.mark.parametrize(
    "changes", [{"ends_at": END - 1}, {"lost_until": LOST + 1}, {"lost": []}, {"lost": [{"size": 1}]}, {"lost": None}]
)
def test_an_acceptance_of_what_cannot_have_been_explains_nothing_away(older, changes):
    forge(keys.signer(), **changes)

    assert (END + 1, "event") in found()
    assert verify().restored == []


def test_a_lost_checkpoint_that_the_event_does_not_name_is_an_alarm_again(older, tmp_path):
    kept = tmp_path / "kept.txt"
    shutil.move(checkpoints.path_of(folder().name, LOST), kept)
    accept()
    assert found() == []

    with attacks.undone():
        shutil.copy(kept, checkpoints.path_of(folder().name, LOST))
        assert (END + 2, "rollback") in found()
        checkpoints.path_of(folder().name, LOST).unlink()
    shutil.copy(kept, folder() / f"lost-after-{END}" / kept.name)
    assert found() == [(END + 1, "rollback")]


def test_what_a_later_key_signed_is_lost_too_and_the_ledger_is_handed_over_to_it_again(db, settings, tmp_path):
    sign(END - 1)
    new = tmp_path / "new.key"
    keys.make(new)
    later = keys.read(new)
    with stories.rolled_back():
        events.rotate(later)
        stories.write_files()
    before = state()

    with pytest.raises(CommandError, match="name its public half with --later-key"):
        accept()
    with pytest.raises(CommandError, match="signed with none of the keys"):
        accept(later_key=["00" * 32])
    assert state() == before
    accept(later_key=[later.public])

    assert found() == []
    (restore,) = verify().restored
    assert (restore.ended_at, restore.lost_until) == (END, END + 2)
    events.rotate(later)
    settings.LEDGER_KEY_FILE = new
    stories.write_files()
    assert found() == []
    sign(1)
    kept = next((folder() / f"lost-after-{END}").glob("*.txt")).read_text()
    text = verify_export.verify(said("export_ledger"), later.public, [kept])
    assert text.startswith("All is well")
    assert "lost" in text


def test_a_damaged_checkpoint_of_the_accepting_event_does_not_take_back_what_that_event_says(older):
    accept()
    newest = checkpoints.path_of(folder().name, END + 1)
    newest.write_text("garbage")

    assert found() == [(END + 1, "checkpoint")]


def test_the_lost_branch_in_place_of_the_true_one_is_an_alarm(older):
    """Somebody has a copy of the database as it was before the loss, and puts it back."""
    with stories.rolled_back():
        accept()
        sign(2)
    with stories.rolled_back():
        sign(LOST - END)

        problems = found()

    assert any(kind == "rollback" for _, kind in problems)
    assert any(kind in ("rewritten", "checkpoint") for _, kind in problems)


TAMPERING = {
    "an event": ("UPDATE reviews_ledgerevent SET actor = '9' WHERE position = 6", (6, "event")),
    "the accepting event": ("UPDATE reviews_ledgerevent SET article = 'x' WHERE position = 5", (5, "event")),
    "its checkpoint": ("DELETE FROM reviews_checkpoint WHERE size = 5", (5, "checkpoint")),
    "the end": ("DELETE FROM reviews_ledgerevent WHERE position = 8", (8, "rollback")),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_after_the_acceptance_is_found(older, what):
    accept()
    sign(3)
    assert found() == []
    statement, problem = TAMPERING[what]
    attacks.disarm()
    attacks.execute("DELETE FROM reviews_ledgerprivate WHERE event_id = 8")

    attacks.execute(statement)

    assert problem in found()
    attacks.rearm()


def test_the_outsider_is_told_and_a_lost_checkpoint_that_they_kept_is_known(older):
    kept = checkpoints.path_of(folder().name, LOST).read_text()
    early = checkpoints.path_of(folder().name, 3).read_text()
    public = keys.signer().public
    with pytest.raises(verify_export.Bad, match="more events than there are"):
        verify_export.verify(said("export_ledger"), public, [kept])

    accept()
    sign(LOST)

    text = verify_export.verify(said("export_ledger"), public, [early, kept])
    assert text.startswith(f"All is well: {LedgerEvent.objects.count()} events")
    assert text.endswith(f"Event {END + 1}: a restore, by which {LOST - END} checkpoints were lost, 1 of yours.")
    other = checkpoints.write_note(folder().name, LOST, "a" * 64, keys.signer())
    with pytest.raises(verify_export.Bad, match="over other events"):
        verify_export.verify(said("export_ledger"), public, [other])


def test_the_readers_page_tells_of_it(older, client):
    before = words(parsed(client.get("/ledger/")))
    accept()

    page = words(parsed(client.get("/ledger/")))

    assert "What was lost" not in before
    assert f"the backup ended at event {END}. Checkpoints show events up to {LOST} that were lost." in page
    assert REASON not in page

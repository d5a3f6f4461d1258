"""Publication at a time to come: never early, exactly once, and refused with the reason where it cannot be."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import LedgerEvent, Schedule, Task
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    actor_of,
    approved,
    article,
    edit,
    evidence,
    last_event,
    person,
    published,
    review_of,
    submitted,
)

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def draft(author):
    return article(author)


@pytest.fixture
def version(author, editor, clinical, specialist, draft):
    version = submitted(author, draft)
    approved(version, editor, clinical, specialist)
    return version


@pytest.fixture
def row(version, editor):
    """Return the open schedule of an approved version, an hour from now."""
    return workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)


def public(version):
    return Article.objects.get(pk=version.article_id).published_version


def due(row):
    return workflow.publish_due(row.publish_at)


def assert_refused(row, reason):
    """Carry the schedule out and make sure that it closes with this reason, a task and an event, and publishes not."""
    before = public(row.version)

    [closed] = due(row)

    row = Schedule.objects.get(pk=row.pk)
    assert closed == row
    assert row.outcome == "refused"
    assert reason in row.reason
    assert public(row.version) == before
    task = Task.objects.get()
    assert (task.role, task.version, task.closed_at) == ("Editors", row.version, None)
    assert reason in task.text
    event = last_event()
    assert (event.action, actor_of(event)) == ("schedule_refused", "")
    assert reason not in event.payload
    assert reason in event.private.text
    assert due(row) == []


def test_a_version_is_published_when_its_time_has_come(row, version, editor):
    assert [each.pk for each in due(row)] == [row.pk]

    row = Schedule.objects.get(pk=row.pk)
    assert public(version) == version
    assert (row.outcome, row.reason) == ("published", "")
    assert last_event().action == "published"
    assert actor_of(last_event()) == str(editor.pk)


def test_a_version_is_never_published_early(row, version):
    before = evidence()

    assert workflow.publish_due(row.publish_at - datetime.timedelta(microseconds=1)) == []
    assert workflow.publish_due() == []

    assert evidence() == before
    assert public(version) is None


def test_a_version_is_published_exactly_once(row, version):
    due(row)
    before = evidence()

    assert due(row) == []
    assert workflow.publish_due(row.publish_at + HOUR) == []

    assert evidence() == before
    assert LedgerEvent.objects.filter(action="published").count() == 1


def test_a_missed_time_is_made_up_for(row, version):
    workflow.publish_due(row.publish_at + 1000 * HOUR)

    assert public(version) == version


def test_publishing_by_hand_closes_the_schedule(row, version, editor):
    workflow.publish(version, actor=editor)

    assert Schedule.objects.get(pk=row.pk).outcome == "published"
    assert due(row) == []


def test_an_editor_who_lost_the_role_publishes_nothing(row, editor):
    editor.groups.clear()

    assert_refused(
        row, "Edith Editor scheduled it, but is no longer allowed to publish it: Only an editor can do this."
    )


def test_an_editor_who_was_deactivated_publishes_nothing(row, editor):
    editor.is_active = False
    editor.save()

    assert_refused(
        row, "Edith Editor scheduled it, but is no longer allowed to publish it: Only an editor can do this."
    )


def test_an_approval_withdrawn_meanwhile_stops_it(row, version, clinical, editor, client):
    workflow.withdraw_approval(version.review, actor=clinical, password=PASSWORD, reason="A trial was retracted.")

    row.refresh_from_db()
    assert (row.outcome, row.reason) == ("cancelled", "An approval was withdrawn.")
    client.force_login(editor)
    assert (
        "The scheduled publication is cancelled."
        in client.get(f"/desk/articles/{version.article_id}/").content.decode()
    )
    assert due(row) == []
    assert public(version) is None
    assert not Task.objects.exists()


def test_a_newer_version_that_is_public_stops_it(row, version, author, editor, clinical, specialist, draft):
    edit(draft, "Other words.", by=author)
    published(submitted(author, draft, change="minor"), editor, clinical, specialist)

    assert_refused(row, "Version 2 is already published. Version 1 is not newer, so it cannot be published.")


def test_a_notice_that_forbids_it_stops_it(author, editor, clinical, specialist, draft, version):
    workflow.publish(version, actor=editor)
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft, change="minor")
    approved(second, editor, clinical, specialist)
    row = workflow.schedule(second, actor=editor, at=timezone.now() + HOUR)
    workflow.issue_notice(draft, actor=editor, kind="removal", reason="A court asked for it.")

    assert_refused(row, "A notice forbids it: removal.")


def test_an_editor_who_wrote_it_is_stopped_once_another_is_there(author, editor, clinical, specialist, draft):
    edit(draft, "Lymph nodes, filter lymph.", by=editor)
    version = submitted(author, draft)
    triager = person("triager", groups=["editor"])
    approved(version, triager, clinical, specialist)
    triager.is_active = False
    triager.save()
    row = workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)
    triager.is_active = True
    triager.save()

    assert_refused(row, "Another editor must publish it.")


def test_one_that_cannot_be_published_stops_no_other(row, version, author, editor, editor2, clinical, specialist):
    other = submitted(author)
    approved(other, editor2, clinical, specialist)
    second = workflow.schedule(other, actor=editor2, at=row.publish_at)
    editor.groups.clear()

    closed = due(row)

    assert [(each.pk, each.outcome) for each in closed] == [(row.pk, "refused"), (second.pk, "published")]


# making and cancelling a schedule


def test_the_time_has_to_come_and_to_name_its_zone(version, editor):
    before = evidence()

    with pytest.raises(ValidationError, match="Choose a time in the future, or publish now"):
        workflow.schedule(version, actor=editor, at=timezone.now())
    with pytest.raises(ValidationError, match="Give the time with its time zone"):
        workflow.schedule(version, actor=editor, at=datetime.datetime(2099, 1, 1))
    for far in (timezone.now() + datetime.timedelta(days=733), datetime.datetime.max.replace(tzinfo=datetime.UTC)):
        with pytest.raises(ValidationError, match="This is more than two years away"):
            workflow.schedule(version, actor=editor, at=far)

    assert evidence() == before


def test_an_article_has_one_open_schedule(row, version, editor):
    before = evidence()

    with pytest.raises(NotNow, match=r"A version of this article is already scheduled. Cancel that schedule first\."):
        workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)

    assert evidence() == before
    row.pk = None
    with pytest.raises(ValidationError, match=r"A version of this article is already scheduled\."):
        row.validate_constraints()


def test_only_an_approved_version_is_scheduled(author, editor):
    version = submitted(author)
    before = evidence()

    with pytest.raises(NotNow, match=r"Version 1 is submitted\. Only an approved version"):
        workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)

    assert evidence() == before


def test_a_schedule_is_cancelled_with_a_reason_and_once(row, version, editor2):
    with pytest.raises(ValidationError, match="Give the reason"):
        workflow.cancel_schedule(row, actor=editor2, reason="")

    workflow.cancel_schedule(row, actor=editor2, reason="Wait for the congress.")

    row = Schedule.objects.get(pk=row.pk)
    assert (row.outcome, row.reason) == ("cancelled", "Wait for the congress.")
    assert due(row) == []
    assert public(version) is None
    with pytest.raises(NotNow, match=r"This schedule is already closed: cancelled\."):
        workflow.cancel_schedule(row, actor=editor2, reason="Again.")


def test_a_cancelled_schedule_makes_room_for_another(row, version, editor):
    workflow.cancel_schedule(row, actor=editor, reason="Earlier.")

    second = workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)

    assert [each.pk for each in due(second)] == [second.pk]


def test_only_an_editor_cancels(row, author, clinical):
    before = evidence()

    for actor in (author, clinical):
        with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
            workflow.cancel_schedule(row, actor=actor, reason="No.")

    assert evidence() == before


def test_the_review_stays_approved_while_it_waits(row, version):
    assert review_of(version).status == "approved"
    assert last_event().action == "scheduled"


def test_a_newer_submission_holds_the_schedule_back(row, version, author, draft, editor):
    edit(draft, "The dose was ten times too high.", by=author)
    newer = submitted(author, draft, note="The dose was ten times too high.")

    assert_refused(row, "Version 2 was submitted on")

    assert "with the note “The dose was ten times too high.”" in Task.objects.get().text
    workflow.recall(newer.review, actor=author, reason="Not yet.")
    with pytest.raises(NotNow, match=r"Version 2 was submitted on .*: read it, then confirm that version 1"):
        workflow.publish(version, actor=editor)


def test_what_was_ordered_after_the_newer_submission_was_read_is_carried_out(version, author, draft, editor):
    edit(draft, "Another order of words.", by=author)
    submitted(author, draft, change="minor")
    at = timezone.now() + HOUR
    before = evidence()
    for despite in (None, 1, 3):
        with pytest.raises(NotNow, match="read it, then confirm that version 1 is to be published all the same"):
            workflow.schedule(version, actor=editor, at=at, despite=despite)
    assert evidence() == before

    row = workflow.schedule(version, actor=editor, at=at, despite=2)

    assert [closed.outcome for closed in due(row)] == ["published"]
    assert public(version) == version


def test_an_older_approved_version_is_published_only_by_who_names_the_newer_one(
    version, author, draft, editor, clinical, specialist
):
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft, change="minor")
    approved(second, editor, clinical, specialist)
    before = evidence()
    with pytest.raises(NotNow, match="Version 2 was submitted on"):
        workflow.publish(version, actor=editor)
    assert evidence() == before

    workflow.publish(version, actor=editor, despite=2)
    assert public(version) == version
    workflow.publish(second, actor=editor)
    assert public(version) == second


def test_a_task_is_closed_by_its_role_with_what_became_of_it(row, author, editor, editor2):
    editor.is_active = False
    editor.save()
    due(row)
    task = Task.objects.get()
    before = evidence()
    with pytest.raises(NotAllowed, match=r"Only an active editor can close this task\."):
        workflow.close_task(task, actor=author, outcome="Done.")
    with pytest.raises(ValidationError, match="Say how the task was dealt with"):
        workflow.close_task(task, actor=editor2, outcome=" ")
    assert evidence() == before

    workflow.close_task(task, actor=editor2, outcome="Scheduled anew.")

    task.refresh_from_db()
    assert (task.closed_by, task.outcome) == (editor2, "Scheduled anew.")
    with pytest.raises(NotNow, match=r"This task is already closed\."):
        workflow.close_task(task, actor=editor2, outcome="Again.")


def test_publication_closes_what_waited_on_the_article(row, version, editor, editor2):
    editor.is_active = False
    editor.save()
    due(row)

    workflow.publish(version, actor=editor2)

    task = Task.objects.get()
    assert (task.closed_by, task.outcome) == (editor2, "Version 1 was published.")

"""Reminders: to the right person, once, made up for after days without a run, and none of what is done."""

import datetime

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.messages import reminders
from reviews.models import Assignment, Message, Quorum, Reminder, Review
from tests.factories import (
    accepted,
    approved,
    article,
    board_member,
    decide,
    disclose,
    edit,
    published,
    save,
    submitted,
    topic,
)
from tests.reviews.test_planning import tie

DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def asked(author, editor, clinical, today):
    """A review that is accepted and due in ten days."""
    version = submitted(author)
    terms = {"reviewer": clinical, "capacity": "clinical", "due": today + 10 * DAY}
    return accepted(workflow.assign(version.review, actor=editor, **terms))


@pytest.fixture
def renewed(clinical, specialist, today):
    """The disclosures of interests of both reviewers, in date for years: no reminder is about them."""
    for person in (clinical, specialist):
        disclose(person.board_member, valid_until=today + 2000 * DAY)


ASK_SOMEBODY_ELSE = "Ask somebody else? Clara Clinical, "


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Return a function that sends what is due on a day, and gives subject and recipient of each mail."""

    def on(day):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            count = reminders.send_due(day)
        assert bool(count) == bool(mail.outbox)
        return sorted((message.subject.split(":")[0], message.to[0].split("@")[0]) for message in mail.outbox)

    return on


def test_a_reviewer_is_reminded_before_on_and_after_the_day_and_then_the_editor_twice(asked, sent):
    due = asked.due

    assert sent(due - 4 * DAY) == []
    assert sent(due - 3 * DAY) == [("Due soon", "reviewer1")]
    assert sent(due - DAY) == []
    assert sent(due) == [("Due today", "reviewer1")]
    assert sent(due + DAY) == [("Overdue", "reviewer1")]
    assert sent(due + 7 * DAY) == []
    assert sent(due + 8 * DAY) == [("Long overdue", "editor")]
    assert sent(due + 14 * DAY) == []
    assert sent(due + 15 * DAY) == [(ASK_SOMEBODY_ELSE + asked.review.version.title, "editor")]
    assert sent(due + 80 * DAY) == []
    assert Reminder.objects.filter(assignment=asked).count() == 5


def test_a_reviewer_of_several_texts_gets_one_mail_and_the_editors_can_be_told_apart(
    asked, author, editor, clinical, specialist, sent
):
    row = workflow.assign(asked.review, actor=editor, reviewer=specialist, capacity="specialist", due=asked.due)
    other = workflow.assign(
        submitted(author, article(author, title="Spleen")).review,
        actor=editor,
        reviewer=clinical,
        capacity="clinical",
        due=asked.due,
    )
    accepted(row)
    accepted(other)

    reviewers = sent(asked.due)
    (message,) = [each for each in mail.outbox if each.to == [clinical.email]]
    again = sent(asked.due)
    editors = sent(asked.due + 8 * DAY)
    subjects = [each.subject for each in mail.outbox if each.to == [editor.email]]

    assert reviewers == [("2 reminders about your reviews", "reviewer1"), ("Due today", "reviewer2")]
    for each in (asked, other):
        assert f"“{each.review.version.title}” is due today" in message.body
        assert f"/desk/reviews/{each.review_id}/" in message.body
    assert again == []
    assert [who for _subject, who in editors].count("editor") == len(set(subjects)) == 3


def test_what_is_not_pressing_waits_for_the_daily_email_of_the_editor(asked, editor, sent, settings):
    settings.MAIL_DIGEST_HOUR = 7

    assert sent(asked.due + 8 * DAY) == [("Overdue", "reviewer1")]

    late = Message.objects.filter(subject__startswith="Long overdue")
    assert {(row.recipient, row.at_once) for row in late} == {(editor, False)}
    assert Message.objects.get(subject__startswith="Overdue").at_once


def test_of_an_urgent_review_the_editor_is_reminded_at_once(author, editor, clinical, sent, settings, today):
    settings.MAIL_DIGEST_HOUR = 7
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, urgent_days=30)
    review = submitted(author).review
    terms = {"reviewer": clinical, "capacity": "clinical", "due": today + 10 * DAY}
    asked = accepted(workflow.assign(review, actor=editor, **terms))
    workflow.declare_urgent(Review.objects.get(pk=review.pk), actor=editor, reason="A recall.")
    asked.refresh_from_db()

    assert ("Long overdue", "editor") in sent(asked.due + 8 * DAY)

    assert Message.objects.get(subject__startswith="Long overdue").at_once


def test_days_without_a_run_are_made_up_for_without_a_flood(asked, sent):
    assert sent(asked.due + 10 * DAY) == [("Long overdue", "editor"), ("Overdue", "reviewer1")]
    assert sent(asked.due + 30 * DAY) == [(ASK_SOMEBODY_ELSE + asked.review.version.title, "editor")]
    assert sent(asked.due + 31 * DAY) == []


def test_what_was_answered_or_taken_back_is_not_reminded_of(asked, editor, author, specialist, sent, today):
    other = workflow.assign(
        asked.review, actor=editor, reviewer=specialist, capacity="specialist", due=today + 10 * DAY
    )
    decide(asked)
    workflow.unassign(other, actor=editor, reason="On leave.")

    assert sent(today + 30 * DAY) == [("No reviewer asked", "editor")]
    assert not Reminder.objects.filter(assignment__isnull=False).exists()


def test_a_due_date_that_is_moved_is_reminded_of_anew(asked, sent):
    assert len(sent(asked.due + DAY)) == 1
    Assignment.objects.filter(pk=asked.pk).update(due=asked.due + 20 * DAY)

    assert sent(asked.due + DAY) == []
    assert sent(asked.due + 21 * DAY) == [("Overdue", "reviewer1")]


def test_who_was_locked_is_not_written_to_and_the_editor_is(asked, clinical, sent):
    type(clinical).objects.filter(pk=clinical.pk).update(is_active=False)

    assert sent(asked.due + 8 * DAY) == [("Long overdue", "editor")]


def test_where_the_editor_lost_the_role_every_editor_is_told(asked, editor, editor2, sent):
    editor.groups.clear()

    assert ("Long overdue", "editor2") in sent(asked.due + 8 * DAY)
    assert not any(name == "editor" for _, name in sent(asked.due + 9 * DAY))


@pytest.mark.usefixtures("renewed")
def test_an_article_is_to_be_reviewed_again(author, editor, clinical, specialist, sent):
    version = published(submitted(author), editor, clinical, specialist)
    due = Article.objects.get(pk=version.article_id).next_review_due

    assert sent(due - 31 * DAY) == []
    told = [("Review due", name) for name in ("editor", "reviewer1", "reviewer2")]
    assert sent(due - 30 * DAY) == told
    assert sent(due) == []
    assert sent(due + DAY) == told
    assert sent(due + 400 * DAY) == []


def test_a_reminder_says_of_which_version_and_by_when_and_on_the_last_day_that_it_is_due(asked, sent):
    due, title = asked.due, asked.review.version.title
    by = f"{due:%-d %B %Y}"

    for day, subject, said in [
        (due - DAY, "Due soon", f"Your review of version 1 of “{title}” is due by {by}."),
        (due, "Due today", f"Your review of version 1 of “{title}” is due today, {by}."),
        (due + DAY, "Overdue", f"Your review of version 1 of “{title}” was due by {by}."),
        (due + 8 * DAY, "Long overdue", f"The review of version 1 of “{title}” by Clara Clinical was due by {by}."),
    ]:
        sent(day)
        (message,) = mail.outbox
        name = "Clara Clinical, " if subject == "Long overdue" else ""
        assert message.subject == f"{subject}: {name}{title}"
        assert message.body.startswith(f"{said}\n")
        assert message.body.endswith(f"/desk/reviews/{asked.review_id}/")


WHO_SHOULD_ACT = "An author should submit a new version, or an editor should issue a notice on the public version."


@pytest.mark.usefixtures("renewed")
def test_an_article_is_called_as_it_was_published_and_due_until_its_last_day_is_over(
    author, editor, clinical, specialist, sent
):
    draft = article(author, title="Lymph nodes")
    version = published(submitted(author, draft), editor, clinical, specialist)
    draft.title = "Glands"
    save(draft, author)
    due = Article.objects.get(pk=version.article_id).next_review_due

    for day, said in [(due, f"is due by {due:%-d %B %Y}."), (due + DAY, f"was due by {due:%-d %B %Y}.")]:
        sent(day)
        message, *to_signers = mail.outbox
        assert {each.subject for each in mail.outbox} == {"Review due: Lymph nodes"}
        begins = f"The next review of “Lymph nodes” {said} {WHO_SHOULD_ACT}\n\nIf nothing needs to change, "
        assert message.body.startswith(begins)
        assert message.body.endswith(f"/desk/articles/{draft.pk}/")
        assert [each.body for each in to_signers] == [message.body] * 2


def test_that_an_article_is_to_be_reviewed_again_is_told_to_who_saw_to_what_is_public(
    author, editor, editor2, clinical, specialist, sent
):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    newer = submitted(author, version.article)
    workflow.assign(newer.review, actor=editor2, reviewer=clinical, capacity="clinical")
    due = Article.objects.get().next_review_due

    assert ("Review due", "editor") in sent(due)
    assert ("Review due", "editor2") not in sent(due + DAY)


def test_that_nobody_is_asked_is_told_each_week_from_the_same_day(author, editor, sent, today):
    version = submitted(author)

    for weeks in (1, 2):
        assert sent(today + weeks * 7 * DAY) == [("No reviewer asked", "editor")]
        (message,) = mail.outbox
        assert message.body.startswith(
            f"Nobody has been asked about version 1 of “{version.title}” since {today:%-d %B %Y}.\n"
        )


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("submitted", "Version 2 is submitted and is waiting for reviewers."),
        ("under review", "Version 2 is under review."),
        ("approved", "Version 2 is approved and is waiting to be published."),
    ],
)
def test_an_article_whose_newer_version_is_on_its_way_is_told_as_that(
    stands, said, author, editor, clinical, specialist, sent
):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    newer = submitted(author, version.article)
    if stands == "approved":
        approved(newer, editor, clinical, specialist)
    elif stands == "under review":
        workflow.assign(newer.review, actor=editor, reviewer=clinical, capacity="clinical")
    due = Article.objects.get().next_review_due

    assert ("Review due", "editor") in sent(due + DAY)

    (body,) = [message.body for message in mail.outbox if "next review" in message.body]
    assert said in body
    assert "submits a new version" not in body


@pytest.mark.usefixtures("renewed")
def test_a_text_whose_full_review_was_retracted_is_told_without_the_date_of_that(
    author, editor, clinical, specialist, sent, client
):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    published(submitted(author, version.article, change="minor"), editor, clinical, specialist)
    draft = Article.objects.get()
    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="It was wrong.", versions=[1])
    Article.objects.update(next_review_due=timezone.localdate())
    client.force_login(editor)

    assert sent(draft.next_review_due + DAY) == [("Review due", "editor")]

    (message,) = mail.outbox
    why = "a notice is in force on the version that was reviewed in full. An author should submit a new version, or an "
    assert f"“{draft.title}” no longer has a valid full review: {why}editor should issue a notice on" in message.body
    assert "was due by" not in message.body
    page = client.get("/desk/").content.decode()
    assert "no valid full review" in page
    assert "Past its review date" not in page


@pytest.mark.usefixtures("renewed")
def test_a_retracted_article_is_not_to_be_reviewed_again(author, editor, clinical, specialist, sent):
    version = published(submitted(author), editor, clinical, specialist)
    workflow.issue_notice(version.article, actor=editor, kind="retraction", reason="The numbers were wrong.")

    assert sent(timezone.localdate() + 1000 * DAY) == []


def test_a_run_costs_the_same_queries_for_one_request_and_for_many(
    asked, editor, specialist, lay, sent, django_assert_num_queries, today
):
    sent(today + 30 * DAY)
    with django_assert_num_queries(12):
        reminders.send_due(today + 30 * DAY)
    for reviewer, capacity in ((specialist, "specialist"), (lay, "lay")):
        row = workflow.assign(asked.review, actor=editor, reviewer=reviewer, capacity=capacity, due=today + DAY)
        accepted(row)
    sent(today + 30 * DAY)

    with django_assert_num_queries(12):
        assert reminders.send_due(today + 30 * DAY) == 0


def test_the_command_says_how_many(asked, capsys):
    Assignment.objects.filter(pk=asked.pk).update(due=timezone.localdate())

    call_command("send_reminders")
    call_command("send_reminders")

    assert capsys.readouterr().out.splitlines() == [
        "1 reminder is queued to be sent by email.",
        "0 reminders are queued to be sent by email.",
    ]


def test_editors_are_reminded_each_week_of_a_version_that_nobody_is_asked_about(asked, clinical, sent, today):
    workflow.recuse(asked, actor=clinical, reason="No time.")

    assert sent(today + 6 * DAY) == []
    assert sent(today + 7 * DAY) == [("No reviewer asked", "editor")]
    assert sent(today + 13 * DAY) == []
    assert sent(today + 60 * DAY) == [("No reviewer asked", "editor")]
    assert sent(today + 61 * DAY) == []


def test_that_nobody_is_asked_is_counted_from_the_day_on_which_the_last_one_went(asked, clinical, sent, today):
    Review.objects.update(submitted_at=timezone.now() - 30 * DAY)
    workflow.recuse(asked, actor=clinical, reason="No time.")

    assert sent(today + DAY) == []
    assert sent(today + 7 * DAY) == [("No reviewer asked", "editor")]
    (message,) = mail.outbox
    assert f"Nobody has been asked about version 1 of “{asked.review.version.title}” since {today:%-d %B %Y}." in (
        message.body
    )


def test_a_version_that_no_editor_has_looked_at_is_reminded_of(author, editor, sent, today):
    review = submitted(author).review

    assert sent(today + 8 * DAY) == [("No reviewer asked", "editor")]
    workflow.decline(review, actor=editor, reason="Not for us.")
    assert sent(today + 80 * DAY) == []


def test_a_member_is_reminded_before_the_disclosure_runs_out_and_when_it_has(clinical, sent, today):
    until = clinical.board_member.disclosures.get().valid_until

    assert sent(until - 30 * DAY) == []
    assert sent(until - 29 * DAY) == [("Please renew your disclosure of interests", "reviewer1")]
    assert f"is valid until {until:%-d %B %Y}. If it is still true, one press renews it." in mail.outbox[0].body
    assert "/desk/disclosures/" in mail.outbox[0].body
    assert sent(until) == []
    assert sent(until + DAY) == [("Your disclosure of interests has run out", "reviewer1")]
    assert sent(until + 90 * DAY) == []


def test_who_renewed_or_left_the_board_is_not_reminded_of_the_disclosure(clinical, specialist, sent, today):
    until = clinical.board_member.disclosures.get().valid_until
    disclose(clinical.board_member, made_on=until - 40 * DAY)
    specialist.groups.clear()

    assert sent(until + DAY) == []


def test_the_editor_is_told_of_each_request_whose_reviewer_cannot_sign_any_more(asked, author, clinical, sent, today):
    until = clinical.board_member.disclosures.get().valid_until
    Assignment.objects.filter(pk=asked.pk).update(due=until + 60 * DAY)
    title = asked.review.version.title

    before, after = sent(until), sent(until + DAY)
    (message,) = [each for each in mail.outbox if each.to == ["editor@example.org"]]

    assert before == [("Please renew your disclosure of interests", "reviewer1")]
    assert after == [
        ("Cannot sign", "editor"),
        ("Your disclosure of interests has run out", "reviewer1"),
    ]
    assert message.subject == f"Cannot sign: Clara Clinical, {title}"
    day = f"{until:%-d %B %Y}"
    assert f"The disclosure of interests was valid until {day}: only Clara Clinical can renew it." in message.body
    assert f"The check of the credentials was valid until {day}: an administrator records a new one." in message.body
    assert f"/desk/reviews/{asked.review_id}/assignments/?instead={asked.pk}" in message.body
    assert sent(until + 2 * DAY) == []
    disclose(clinical.board_member, made_on=until + 2 * DAY)
    assert sent(until + 3 * DAY) == []


@pytest.mark.usefixtures("renewed")
def test_of_credentials_that_have_run_out_only_the_editor_is_told_and_lay_reviewers_need_none(
    author, editor, clinical, sent, today
):
    lay = board_member("lay", "Larry Lay", ["lay"])
    disclose(lay.board_member, valid_until=today + 2000 * DAY)
    review = submitted(author).review
    for person, capacity in ((clinical, "clinical"), (lay, "lay")):
        accepted(workflow.assign(review, actor=editor, reviewer=person, capacity=capacity, due=today + 90 * DAY))
    until = today + 30 * DAY
    clinical.board_member.credential_valid_until = until
    clinical.board_member.save()

    assert sent(until) == []
    assert sent(until + DAY) == [("Cannot sign", "editor")]
    assert "disclosure" not in mail.outbox[0].body
    assert "Clara Clinical" in mail.outbox[0].subject
    assert sent(until + 2 * DAY) == []


def test_the_editor_is_told_once_of_an_interest_that_comes_to_touch_a_text_when_a_topic_is_moved(
    asked, clinical, specialist, editor, sent, today
):
    surgery = topic("Surgery")
    tie(clinical, "Surgery")
    before = sent(today)
    surgery.parent = topic("Oncology")
    surgery.save()

    first, second = sent(today), sent(today + DAY)

    assert (before, first, second) == ([], [("Conflict of interest", "editor")], [])


def test_an_interest_that_editors_were_told_of_at_once_is_no_reminder(asked, clinical, sent, today):
    tie(clinical, "Oncology")

    assert sent(today) == []
    assert sent(today + DAY) == []


def test_a_disclosure_that_an_administrator_dates_ahead_is_told_when_it_holds(
    asked, clinical, sent, today, monkeypatch
):
    disclose(clinical.board_member, made_on=today + 2 * DAY, conflicts=["Oncology"])

    assert sent(today + DAY) == []
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today + 2 * DAY)
    assert sent(today + 2 * DAY) == [("Conflict of interest", "editor")]
    assert f"/desk/reviews/{asked.review_id}/plans/{clinical.pk}/" in mail.outbox[0].body


def test_two_runs_that_found_the_same_reminder_due_send_it_once(asked, django_capture_on_commit_callbacks):
    (due,) = reminders._of_assignments(asked.due)
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        assert [reminders._send(due), reminders._send(due)] == [True, False]

    assert [message.subject.split(":")[0] for message in mail.outbox] == ["Due today"]


def test_who_has_not_answered_after_three_working_days_is_asked_once_for_an_answer(author, editor, clinical, sent):
    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical")
    monday = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)
    Assignment.objects.filter(pk=row.pk).update(assigned_at=monday, due=monday.date() + 30 * DAY)

    assert sent(monday.date() + 2 * DAY) == []
    assert sent(monday.date() + 3 * DAY) == [("Please answer", "reviewer1")]
    assert "You were asked on 30 November 2026 to review version 1 of" in mail.outbox[0].body
    assert sent(monday.date() + 4 * DAY) == []


def test_a_weekend_is_no_time_to_answer_and_no_answer_comes_later_than_the_review(author, editor, clinical, sent):
    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical")
    friday = datetime.datetime(2026, 12, 4, 9, tzinfo=datetime.UTC)
    Assignment.objects.filter(pk=row.pk).update(assigned_at=friday, due=friday.date() + 30 * DAY)

    assert sent(friday.date() + 4 * DAY) == []
    Assignment.objects.filter(pk=row.pk).update(due=friday.date() + 4 * DAY)
    assert sent(friday.date() + 4 * DAY) == [("2 reminders about your reviews", "reviewer1")]


@pytest.mark.parametrize("answer", ["accept", "recuse"])
def test_who_has_answered_is_not_asked_for_an_answer(author, editor, clinical, specialist, sent, today, answer):
    version = submitted(author)
    row = workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical")
    accepted(workflow.assign(version.review, actor=editor, reviewer=specialist, capacity="specialist"))
    getattr(workflow, answer)(row, actor=clinical, **({"because": "no_time"} if answer == "recuse" else {}))

    assert "Please answer" not in {subject for subject, _ in sent(today + 5 * DAY)}


def test_the_offer_to_ask_somebody_else_leads_to_a_page_that_proposes_them(
    asked, author, editor, clinical, specialist, sent, client
):
    accepted(workflow.assign(asked.review, actor=editor, reviewer=specialist, capacity="specialist"))
    board_member("fresh", "Fred Fresh", ["clinical"])
    client.force_login(editor)
    assign = f"/desk/reviews/{asked.review_id}/assignments/"
    assert not any(line.row.proposed for line in client.get(assign).context["asking"].lines)

    sent(asked.due + 15 * DAY)

    (message,) = [each for each in mail.outbox if each.subject.startswith("Ask somebody else?")]
    address = message.body.splitlines()[-1].removeprefix(settings.SITE_URL)
    assert address == f"{assign}?instead={asked.pk}"
    page = client.get(address)
    assert [(line.row.name, line.row.proposed) for line in page.context["asking"].lines] == [("Fred Fresh", "clinical")]
    assert "Somebody else is proposed in the place of Clara Clinical" in page.content.decode()

    form = page.context["form"]
    chosen = {"ask": [*form.chosen], "instead": asked.pk, "cancel": "on", "due": form["due"].value()}
    answer = client.post(assign, chosen, follow=True)

    assert "The request to Clara Clinical is cancelled." in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.ended_as, asked.end_reason) == ("unassigned", "Somebody else was asked instead.")
    assert sorted(row.reviewer_name for row in Assignment.objects.open()) == ["Fred Fresh", "Simon Specialist"]


def test_the_request_is_kept_if_the_editor_wants_it_or_nobody_could_be_asked(asked, editor, specialist, client):
    client.force_login(editor)
    assign = f"/desk/reviews/{asked.review_id}/assignments/"

    refused = client.post(assign, {"ask": [], "instead": asked.pk, "cancel": "on"})
    kept = client.post(assign, {"ask": [specialist.pk], "instead": asked.pk})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert f'name="instead" value="{asked.pk}"' in refused.content.decode()
    assert Assignment.objects.open().count() == 2


@pytest.mark.parametrize("key", ["", "x", "9" * 30, "999"])
def test_a_place_that_is_none_changes_nothing_on_the_page(asked, editor, client, key):
    client.force_login(editor)

    page = client.get(f"/desk/reviews/{asked.review_id}/assignments/", {"instead": key})

    assert page.context["asking"].instead is None
    assert "cancel" not in page.context["form"].fields

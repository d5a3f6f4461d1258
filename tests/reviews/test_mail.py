"""Mail: to those concerned and nobody else, after the commit, and never with a text in it."""

import datetime
import logging
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Authorship
from reviews import workflow
from reviews.messages.notifications import page_of
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    decide,
    edit,
    person,
    published,
    review_of,
    save,
    submitted,
    under_review,
)

BROKEN = "tests.reviews.test_mail.BrokenBackend"


class BrokenBackend:
    """A mail server that is down."""

    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("The mail server is down.")


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Return a function that takes a step and gives the mails which it sent, as {address: (subject, body)}."""

    def take(step, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            step(*args, **kwargs)
        assert all(len(message.recipients()) == 1 for message in mail.outbox), "somebody saw another's address"
        for message in mail.outbox:
            body, _, page = message.body.rpartition("\n\n")
            assert "lymph" not in body.replace("Lymph nodes", ""), "a mail holds words of the text"
            assert page.startswith(("https://testserver/desk/", "https://testserver/articles/")), page
        return {(message.to[0].split("@")[0], message.subject.split(":")[0]): message for message in mail.outbox}

    return take


@pytest.fixture
def version(author):
    return submitted(author)


@pytest.fixture
def pair(version, editor, clinical, specialist):
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


# who is told what


def test_a_submission_is_told_to_every_active_editor(author, editor, editor2, sent):
    gone = person("gone", groups=["editor"], active=False)

    draft = article(author)

    mails = sent(submitted, author, draft)

    assert set(mails) == {("editor", "Submitted"), ("editor2", "Submitted")}
    assert gone.username not in {name for name, _ in mails}
    assert "was submitted by Ada Author as a major change." in mails["editor", "Submitted"].body


def test_a_submission_that_holds_a_schedule_back_says_so(author, editor, clinical, specialist, sent):
    draft = article(author)
    approved(first := submitted(author, draft), editor, clinical, specialist)
    workflow.schedule(first, actor=editor, at=timezone.now() + datetime.timedelta(days=2))
    edit(draft, "Lower doses.", by=author)

    body = sent(submitted, author, draft, change="minor")["editor", "Submitted"].body

    assert "This version is newer than version 1, which is scheduled for " in body
    assert "Version 1 will not be published then. Read version 2 first." in body


def test_a_submission_says_nothing_of_a_schedule_that_is_closed(author, editor, clinical, specialist, sent):
    draft = article(author)
    approved(first := submitted(author, draft), editor, clinical, specialist)
    order = workflow.schedule(first, actor=editor, at=timezone.now() + datetime.timedelta(days=2))
    workflow.cancel_schedule(order, actor=editor, reason="Not yet.")
    edit(draft, "Lower doses.", by=author)

    assert "is scheduled for" not in sent(submitted, author, draft, change="minor")["editor", "Submitted"].body


def test_an_editor_who_submits_a_text_of_their_own_is_not_told_of_it(author, editor, editor2, sent):
    editor.groups.add(author.groups.get())
    draft = article(editor)

    assert set(sent(submitted, editor, draft)) == {("editor2", "Submitted")}


def test_who_steps_back_is_told_to_the_editor_and_whether_anybody_is_left(pair, clinical, specialist, sent):
    first = sent(workflow.recuse, pair[0], actor=clinical, reason="No time.")
    last = sent(workflow.recuse, pair[1], actor=specialist, reason="Lymph is mine.", conflict=True)

    assert (set(first), set(last)) == ({("editor", "Stepped back")}, {("editor", "Stepped back")})
    assert "Clara Clinical has stepped back" in first["editor", "Stepped back"].body
    assert "Still asked: 1." in first["editor", "Stepped back"].body
    body = last["editor", "Stepped back"].body
    assert "because of a conflict of interest. No reviewer is asked now. Please ask another one." in body


def test_a_comment_is_told_to_authors_editor_and_who_is_asked_and_not_to_its_writer(
    version, pair, clinical, author, sent
):
    mails = sent(workflow.comment, version, actor=clinical, text="The lymph is wrong.", blocking=True)

    assert set(mails) == {("author", "Comment"), ("editor", "Comment"), ("reviewer2", "Comment")}
    assert "Clara Clinical has commented on version 1" in mails["author", "Comment"].body
    assert "It must be resolved before any version is approved or published." in mails["author", "Comment"].body
    thread = version.article.comments.get()
    answer = sent(workflow.comment, version, actor=author, text="Which lymph?", thread=thread)
    assert set(answer) == {("reviewer1", "Comment"), ("editor", "Comment"), ("reviewer2", "Comment")}


def test_a_mail_says_of_which_kind_a_comment_is(version, pair, clinical, sent):
    question = sent(workflow.comment, version, actor=clinical, text="Which lymph?", kind="question")
    request = sent(workflow.comment, version, actor=clinical, text="All of it.", kind="change_request")

    assert "Clara Clinical has asked a question about version 1 of" in question["author", "Comment"].body
    assert "Clara Clinical has asked for a change of version 1 of" in request["author", "Comment"].body


def test_the_assignee_and_those_mentioned_are_told_that_in_one_mail_each(version, pair, author, clinical, sent):
    text = "@author, @reviewer2 and @reviewer1, which?"
    mails = sent(workflow.comment, version, actor=clinical, text=text, assignee=author)

    assert set(mails) == {("author", "Assigned to you"), ("editor", "Comment"), ("reviewer2", "You are mentioned")}
    assert "Clara Clinical has assigned a comment on version 1 of" in mails["author", "Assigned to you"].body
    assert "Clara Clinical has mentioned you in a comment on" in mails["reviewer2", "You are mentioned"].body
    thread = version.article.comments.get()
    assert mails["author", "Assigned to you"].body.endswith(f"#comment-{thread.pk}")
    assert "which?" not in mails["reviewer2", "You are mentioned"].body
    given_on = sent(workflow.assign_comment, thread, actor=author, assignee=pair[1].reviewer)
    assert set(given_on) == {("reviewer2", "Assigned to you")}
    assert "Ada Author has assigned a comment" in given_on["reviewer2", "Assigned to you"].body
    assert sent(workflow.assign_comment, thread, actor=author, assignee=author) == {}
    assert sent(workflow.assign_comment, thread, actor=author, assignee=None) == {}


def test_a_comment_for_the_board_is_told_to_no_author(version, pair, clinical, sent):
    mails = sent(workflow.comment, version, actor=clinical, text="Between us.", board_only=True)

    assert set(mails) == {("editor", "Comment"), ("reviewer2", "Comment")}


def test_who_stepped_back_for_a_conflict_hears_no_more_of_the_thread_they_began(version, pair, author, clinical, sent):
    thread = workflow.comment(version, actor=clinical, text="The lymph is wrong.")
    workflow.recuse(pair[0], actor=clinical, reason="I hold shares.", conflict=True)

    mails = sent(workflow.comment, version, actor=author, text="Which lymph?", thread=thread)

    assert set(mails) == {("editor", "Comment"), ("reviewer2", "Comment")}


def test_an_answer_is_told_as_one_to_the_version_that_the_comment_is_on(
    version, pair, author, editor, clinical, specialist, sent
):
    thread = workflow.comment(version, actor=clinical, text="The lymph is wrong.")
    workflow.decline(version.review, actor=editor, reason="Not now.")
    edit(version.article, "Newer words.", by=author)
    newer = submitted(author, version.article)

    mails = sent(workflow.comment, newer, actor=author, text="Which lymph?", thread=thread)

    assert "has answered a comment on version 1 of" in mails["reviewer1", "Comment"].body


def test_who_left_the_board_for_the_authors_hears_no_more_of_what_is_for_the_board(
    version, pair, author, editor, clinical, sent
):
    thread = workflow.comment(version, actor=clinical, text="Between us.", board_only=True)
    workflow.unassign(pair[0], actor=editor, reason="She writes on.")
    clinical.groups.set(author.groups.all())
    save(Authorship(article=version.article, contributor=clinical.contributor), author)

    mails = sent(workflow.comment, version, actor=pair[1].reviewer, text="Between us.", thread=thread)

    assert set(mails) == {("editor", "Comment")}


@pytest.mark.parametrize("gone", ["author", "asked", "who raised it", "who answered"])
def test_no_comment_is_told_to_somebody_who_has_left(version, pair, author, editor, clinical, specialist, sent, gone):
    thread = workflow.comment(version, actor=clinical, text="The lymph is wrong.")
    workflow.comment(version, actor=specialist, text="It is.", thread=thread)
    left = {"author": author, "asked": specialist, "who raised it": clinical, "who answered": specialist}[gone]
    if gone.startswith("who"):
        workflow.recuse(next(row for row in pair if row.reviewer == left), actor=left, reason="No time.")
    left.is_active = False
    left.save()

    mails = sent(workflow.comment, version, actor=editor, text="Which lymph?", thread=thread)

    told = {"author", "reviewer1", "reviewer2"} - {left.username}
    assert set(mails) == {(name, "Comment") for name in told}


def test_what_became_of_a_version_is_told_to_all_editors_when_the_one_who_triaged_it_has_left(
    version, pair, editor, editor2, sent
):
    editor.groups.clear()
    decide(pair[0])

    assert set(sent(decide, pair[1])) == {("reviewer2", "You signed"), ("author", "Approved"), ("editor2", "Approved")}


def test_a_reviewer_is_told_what_they_are_asked(version, editor, clinical, sent):
    due = timezone.localdate() + datetime.timedelta(days=20)

    mails = sent(workflow.assign, version.review, actor=editor, reviewer=clinical, capacity="clinical", due=due)

    assert list(mails) == [("reviewer1", "Please review")]
    body = mails["reviewer1", "Please review"].body
    assert f"version 1 of “{version.title}” as clinical reviewer by {date_format(due)}." in body


def test_a_reviewer_is_told_when_they_are_no_longer_asked(pair, editor, sent):
    assert list(sent(workflow.unassign, pair[0], actor=editor, reason="On leave.")) == [
        ("reviewer1", "No longer needed")
    ]


def test_every_signature_is_mailed_to_its_signer(version, pair, clinical, sent):
    mails = sent(decide, pair[0])

    assert list(mails) == [("reviewer1", "You signed")]
    body = mails["reviewer1", "You signed"].body
    assert f"As clinical reviewer I have read version 1 of “{version.title}” (SHA-256 {version.digest})" in body
    assert "Signed by Clara Clinical, MD, on " in body
    assert "If you did not sign this, tell your administrator immediately." in body
    assert PASSWORD not in body


def test_a_request_for_changes_is_mailed_to_its_signer_and_when_it_ends_the_round_to_the_authors(pair, sent):
    assert set(sent(decide, pair[0], "request_changes")) == {
        ("reviewer1", "You signed"),
        ("editor", "Changes requested"),
    }
    assert set(sent(decide, pair[1], "request_changes")) == {
        ("reviewer2", "You signed"), ("author", "Changes requested"), ("editor", "Changes requested"),
    }  # fmt: skip


def test_an_approval_is_told_to_the_authors_and_the_editor(pair, sent):
    decide(pair[0])

    mails = sent(decide, pair[1])

    assert set(mails) == {("reviewer2", "You signed"), ("author", "Approved"), ("editor", "Approved")}
    assert mails["author", "Approved"].body.endswith(f"is now approved.\n\nhttps://testserver{page_of(pair[0].review)}")


def test_a_withdrawal_is_signed_and_told(version, editor, clinical, specialist, sent):
    approved(version, editor, clinical, specialist)

    mails = sent(workflow.withdraw_approval, version.review, actor=clinical, password=PASSWORD, reason="A mistake.")

    assert set(mails) == {
        ("reviewer1", "You signed"), ("author", "Changes requested"), ("editor", "Changes requested"),
    }  # fmt: skip
    assert "I withdraw my approval" in mails["reviewer1", "You signed"].body


def test_declining_is_told_to_authors_and_reviewers(version, pair, editor, sent):
    assert set(sent(workflow.decline, version.review, actor=editor, reason="Too long.")) == {
        ("author", "Declined"), ("editor", "Declined"),
        ("reviewer1", "No longer needed"), ("reviewer2", "No longer needed"),
    }  # fmt: skip


def test_a_recall_is_told_to_those_asked(version, pair, author, sent):
    assert set(sent(workflow.recall, version.review, actor=author, reason="One more look.")) == {
        ("reviewer1", "No longer needed"), ("reviewer2", "No longer needed"),
    }  # fmt: skip


def test_publication_is_told_to_authors_and_signers(version, editor, clinical, specialist, sent):
    approved(version, editor, clinical, specialist)

    assert set(sent(workflow.publish, version, actor=editor)) == {
        ("author", "Published"), ("reviewer1", "Published"), ("reviewer2", "Published"),
    }  # fmt: skip


def test_a_notice_is_told_to_authors_and_signers(version, editor, clinical, specialist, sent):
    published(version, editor, clinical, specialist)

    mails = sent(workflow.issue_notice, version.article, actor=editor, kind="retraction", reason="The dose was wrong.")

    assert set(mails) == {("author", "Retraction"), ("reviewer1", "Retraction"), ("reviewer2", "Retraction")}
    assert "The dose was wrong." in mails["author", "Retraction"].body


@pytest.fixture
def signed_by_others(author, editor, clinical, specialist):
    """Return an article whose second version other people signed than the first."""
    draft = article(author, title="Sore throat")
    published(submitted(author, draft), editor, clinical, specialist)
    others = [
        board_member("reviewer4", "Dora Doctor"),
        board_member("reviewer5", "Ewa Expert", ["specialist"], specialties=["Oncology"]),
    ]
    edit(draft, "Lower doses.", by=author)
    published(submitted(author, draft), editor, *others)
    return draft


@pytest.mark.parametrize(
    ("versions", "told", "named"),
    [
        (None, {"reviewer4", "reviewer5"}, "version 2"),
        ([1], {"reviewer1", "reviewer2"}, "version 1"),
        ([1, 2], {"reviewer1", "reviewer2", "reviewer4", "reviewer5"}, "versions 1, 2"),
    ],
)
def test_a_notice_is_told_to_who_signed_the_versions_it_names(signed_by_others, editor, sent, versions, told, named):
    said = {"kind": "concern", "reason": "The dose is in doubt.", "versions": versions}

    mails = sent(workflow.issue_notice, signed_by_others, actor=editor, **said)

    assert {who for who, _ in mails} == {"author", *told}
    assert f"on “Sore throat” ({named})" in mails["author", "Expression of concern"].body


def test_a_removal_is_not_told_to_who_took_their_approval_of_a_version_back(signed_by_others, author, editor, sent):
    edit(signed_by_others, "Still lower doses.", by=author)
    former = board_member("reviewer6", "Fay Former")
    stays = board_member("reviewer7", "Gil Given", ["specialist"], specialties=["Oncology"])
    review = approved(submitted(author, signed_by_others), editor, former, stays)
    workflow.withdraw_approval(review, actor=former, password=PASSWORD, reason="A mistake.")

    mails = sent(workflow.issue_notice, signed_by_others, actor=editor, kind="removal", reason="A court ordered it.")

    assert {who for who, _ in mails} == {"author", "reviewer1", "reviewer2", "reviewer4", "reviewer5", "reviewer7"}


def test_a_notice_on_a_small_change_is_told_to_who_read_the_text_in_full(author, editor, clinical, specialist, sent):
    draft = article(author, body="<p>They recieve it.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "They receive it.", by=author)
    correction = submitted(author, draft, change="correction")
    [asked] = under_review(correction, editor, (board_member("reviewer4", "Dora Doctor"), "clinical"))
    decide(asked)
    workflow.publish(correction, actor=editor)

    mails = sent(workflow.issue_notice, draft, actor=editor, kind="retraction", reason="The dose was wrong.")

    assert {who for who, _ in mails} == {"author", "reviewer1", "reviewer2", "reviewer4"}


def test_a_publication_is_told_to_who_signed_that_version(author, editor, clinical, specialist, sent):
    published(first := submitted(author), editor, clinical, specialist)
    edit(first.article, "Lower doses.", by=author)
    others = [
        board_member("reviewer4", "Dora Doctor"),
        board_member("reviewer5", "Ewa Expert", ["specialist"], specialties=["Oncology"]),
    ]
    approved(second := submitted(author, first.article), editor, *others)

    mails = sent(workflow.publish, second, actor=editor)

    assert {who for who, _ in mails} == {"author", "reviewer4", "reviewer5"}


def test_a_notice_calls_the_text_as_it_was_published_and_not_as_the_draft_is_called(
    version, author, editor, clinical, specialist, sent
):
    published(version, editor, clinical, specialist)
    version.article.title = "A title that nobody has submitted"
    save(version.article, author)

    message = sent(workflow.issue_notice, version.article, actor=editor, kind="concern", reason="A doubt.")[
        "reviewer1", "Expression of concern"
    ]

    assert message.subject == f"Expression of concern: {version.title}"
    assert f"on “{version.title}” (version 1)" in message.body
    assert message.body.endswith(version.article.get_absolute_url())


def test_a_notice_calls_the_text_as_readers_had_it_though_it_names_a_newer_version_too(
    version, author, editor, clinical, specialist, sent
):
    published(version, editor, clinical, specialist)
    version.article.title = "A title that was declined"
    save(version.article, author)
    workflow.decline(submitted(author, version.article).review, actor=editor, reason="Not so.")

    issue = {"actor": editor, "kind": "concern", "reason": "A doubt.", "versions": [1, 2]}
    message = sent(workflow.issue_notice, version.article, **issue)["author", "Expression of concern"]

    assert message.subject == f"Expression of concern: {version.title}"
    assert f"on “{version.title}” (versions 1, 2)" in message.body


def test_a_notice_that_no_reader_sees_says_so(version, editor, clinical, specialist, sent):
    published(version, editor, clinical, specialist)
    first = sent(workflow.issue_notice, version.article, actor=editor, kind="removal", reason="A court's order.")
    then = sent(workflow.issue_notice, version.article, actor=editor, kind="retraction", reason="It was wrong.")

    assert "Readers do not see it" not in first["author", "Removal"].body
    assert "Readers do not see it while the removal is in force" in then["author", "Retraction"].body


def test_a_notice_on_a_removed_version_leads_to_the_list_of_versions(
    version, author, editor, clinical, specialist, sent
):
    published(version, editor, clinical, specialist)
    edit(version.article, "Lower doses.", by=author)
    published(submitted(author, version.article), editor, clinical, specialist)
    issue = partial(workflow.issue_notice, version.article, actor=editor, versions=[1])
    issue(kind="removal", reason="A court's order.")

    mails = sent(issue, kind="correction", reason="The dose was wrong.")

    assert mails["author", "Correction"].body.endswith(f"/articles/{version.article.slug}/versions/")


def test_a_notice_on_an_older_version_leads_to_it(version, author, editor, clinical, specialist, sent):
    published(version, editor, clinical, specialist)
    version.article.title = "Glands"
    save(version.article, author)
    published(submitted(author, version.article), editor, clinical, specialist)
    issue = (workflow.issue_notice, version.article)

    old = sent(*issue, actor=editor, kind="concern", reason="A doubt.", versions=[1])
    both = sent(*issue, actor=editor, kind="correction", reason="A doubt.", versions=[1, 2])

    assert old["author", "Expression of concern"].subject.endswith(version.title)
    assert old["author", "Expression of concern"].body.endswith("/versions/1/")
    assert both["author", "Correction"].subject == "Correction: Glands"
    assert "on “Glands” (versions 1, 2)" in both["author", "Correction"].body


def test_signers_who_have_left_are_told_nothing_more(version, editor, clinical, specialist, sent):
    approved(version, editor, clinical, specialist)
    clinical.is_active = False
    clinical.save()

    issue = {"actor": editor, "kind": "concern", "reason": "A doubt."}
    mails = [*sent(workflow.publish, version, actor=editor), *sent(workflow.issue_notice, version.article, **issue)]

    assert {who for who, _ in mails} == {"author", "reviewer2"}


def test_a_schedule_that_was_refused_is_told_to_who_made_it_alone(
    version, author, editor, editor2, clinical, specialist, sent
):
    approved(version, editor, clinical, specialist)
    row = workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(hours=1))
    edit(version.article, "Lower doses.", by=author)
    submitted(author, version.article, change="minor")

    mails = sent(workflow.publish_due, row.publish_at)

    assert list(mails) == [("editor", "Not published")]
    assert "Version 2 was submitted on" in mails["editor", "Not published"].body


def test_a_schedule_that_a_withdrawal_ends_is_told_to_who_made_it_or_to_all_editors(
    version, editor, editor2, clinical, specialist, sent
):
    approved(version, editor, clinical, specialist)
    workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(hours=1))
    editor.groups.clear()

    mails = sent(workflow.withdraw_approval, version.review, actor=clinical, password=PASSWORD, reason="A mistake.")

    assert ("editor2", "Not published") in mails
    assert "An approval was withdrawn." in mails["editor2", "Not published"].body


def test_deactivated_authors_and_people_without_an_address_get_no_mail(author, editor, clinical, specialist, sent):
    draft = article(author)
    gone, silent = person("gone", groups=["author"]), person("silent", groups=["author"])
    for coauthor in (gone, silent):
        save(Authorship(article=draft, contributor=coauthor.contributor), author)
    gone.is_active, silent.email = False, ""
    gone.save()
    silent.save()
    version = submitted(author, draft)
    approved(version, editor, clinical, specialist)

    assert {who for who, _ in sent(workflow.publish, version, actor=editor)} == {"author", "reviewer1", "reviewer2"}


def test_who_has_another_part_in_the_text_than_an_authors_gets_no_mail(author, editor, clinical, specialist, sent):
    draft = article(author)
    drawn_by = person("ines", groups=["author"])
    save(Authorship(article=draft, contributor=drawn_by.contributor, role="illustrator"), author)
    approved(submitted(author, draft), editor, clinical, specialist)

    mails = sent(workflow.publish, draft.versions.get(), actor=editor)

    assert {who for who, _ in mails} == {"author", "reviewer1", "reviewer2"}


def test_a_person_with_two_parts_gets_one_mail(editor, clinical, specialist, sent):
    both = person("both", groups=["author"])
    draft = article(both)
    approved(submitted(both, draft), editor, clinical, specialist)

    sent(workflow.publish, draft.versions.get(), actor=editor)

    addresses = [message.to[0] for message in mail.outbox]
    assert sorted(addresses) == sorted(set(addresses))


def test_a_title_with_line_breaks_makes_no_header(author, editor, clinical, sent):
    version = submitted(author, title="Lymph\nBcc: everybody@example.org")

    mails = sent(workflow.assign, version.review, actor=editor, reviewer=clinical, capacity="clinical")

    [message] = mails.values()
    assert "\n" not in message.subject
    assert message.recipients() == ["reviewer1@example.org"]


# what mail cannot do


def test_a_mail_that_fails_undoes_nothing(version, pair, sent, settings, caplog):
    settings.EMAIL_BACKEND = BROKEN

    with caplog.at_level(logging.ERROR):
        assert sent(decide, pair[0]) == {}
        sent(decide, pair[1])

    assert review_of(version).status == "approved"
    assert "The mail server did not accept an email: OSError." in caplog.text


@pytest.mark.django_db
def test_a_mail_server_that_is_down_lets_the_step_be_committed(settings):
    author, editor = person("author", groups=["author"]), person("editor", groups=["editor"])
    version = submitted(author)
    settings.EMAIL_BACKEND = BROKEN

    workflow.decline(version.review, actor=editor, reason="Too long.")

    assert review_of(version).status == "declined"


def test_a_refused_step_sends_no_mail(version, pair, author, editor, clinical, specialist, sent):
    decide(pair[0], "request_changes")
    stale = {"actor": specialist, "outcome": "approve", "password": PASSWORD, "digest": "0" * 64}

    for step, args, kwargs in [
        (workflow.assign, (version.review,), {"actor": editor, "reviewer": author, "capacity": "clinical"}),
        (workflow.decide, (pair[1],), stale),
        (workflow.decide, (pair[1],), {**stale, "password": "guess"}),
        (workflow.publish, (version,), {"actor": editor}),
        (workflow.recall, (version.review,), {"actor": author, "reason": "Too late."}),
        (workflow.decline, (version.review,), {"actor": author, "reason": "No."}),
        (workflow.issue_notice, (version.article,), {"actor": editor, "kind": "concern", "reason": "No."}),
    ]:
        with pytest.raises((NotAllowed, NotNow, ValidationError)):
            sent(step, *args, **kwargs)
        assert mail.outbox == []


def test_a_draft_that_is_edited_sends_no_mail(author, sent):
    draft = article(author)

    assert sent(edit, draft, "Other words.", by=author) == {}

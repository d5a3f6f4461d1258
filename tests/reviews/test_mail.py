"""Mail: to those concerned and nobody else, after the commit, and never with a text in it."""

import datetime
import logging

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Authorship
from reviews import workflow
from reviews.notifications import page_of
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    approved,
    article,
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


def test_a_reviewer_is_told_what_they_are_asked(version, editor, clinical, sent):
    due = datetime.date(2030, 2, 3)

    mails = sent(workflow.assign, version.review, actor=editor, reviewer=clinical, capacity="clinical", due=due)

    assert list(mails) == [("reviewer1", "Please review")]
    body = mails["reviewer1", "Please review"].body
    assert f"version 1 of “{version.title}” as clinical reviewer by 3 February 2030." in body


def test_a_reviewer_is_told_when_they_are_no_longer_asked(pair, editor, sent):
    assert list(sent(workflow.unassign, pair[0], actor=editor, reason="On leave.")) == [
        ("reviewer1", "No longer needed")
    ]


def test_who_steps_back_is_told_nothing(pair, clinical, sent):
    assert sent(workflow.recuse, pair[0], actor=clinical, reason="No time.") == {}


def test_every_signature_is_mailed_to_its_signer(version, pair, clinical, sent):
    mails = sent(decide, pair[0])

    assert list(mails) == [("reviewer1", "You signed")]
    body = mails["reviewer1", "You signed"].body
    assert f"As clinical reviewer I have read version 1 of “{version.title}” (SHA-256 {version.digest})" in body
    assert "Signed by Clara Clinical, MD, on " in body
    assert "If you did not sign this, tell your administrator at once." in body
    assert PASSWORD not in body


def test_a_request_for_changes_is_mailed_to_its_signer_and_when_it_ends_the_round_to_the_authors(pair, sent):
    assert list(sent(decide, pair[0], "request_changes")) == [("reviewer1", "You signed")]
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


def test_a_schedule_that_was_refused_is_told_to_who_made_it(version, editor, clinical, specialist, sent):
    approved(version, editor, clinical, specialist)
    row = workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(hours=1))
    workflow.withdraw_approval(version.review, actor=clinical, password=PASSWORD, reason="A mistake.")

    mails = sent(workflow.publish_due, row.publish_at)

    assert list(mails) == [("editor", "Not published")]
    assert "Version 1 is returned with changes requested" in mails["editor", "Not published"].body


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
    assert "The mail server did not take a mail: OSError." in caplog.text


@pytest.mark.django_db(transaction=True)
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

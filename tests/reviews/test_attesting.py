"""Attesting that a published text was read again and needs no change."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import Attestation, Disclosure, Quorum, Signature
from reviews.verifying import verify
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    article,
    board_member,
    decide,
    edit,
    events,
    last_event,
    payload,
    published,
    rows,
    submitted,
    topic,
    under_review,
)

DAY = datetime.timedelta(days=1)


@pytest.fixture
def version(author, editor, clinical, specialist):
    return published(submitted(author), editor, clinical, specialist)


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets time pass for the workflow."""
    begin, passed = timezone.now(), [datetime.timedelta()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: begin + passed[0])

    def pass_time(time):
        passed[0] += time

    return pass_time


def attest(version, who, capacity="clinical", **kwargs):
    given = {"password": PASSWORD, "digest": version.digest, **kwargs}
    return workflow.attest(version, actor=who, capacity=capacity, **given)


def refused(version, who, capacity="clinical", *, kind=NotNow, **kwargs):
    before = rows()
    with pytest.raises(kind) as error:
        attest(version, who, capacity, **kwargs)
    assert rows() == before
    return str(error.value)


def dates(version):
    return Article.objects.values_list("last_reviewed", "next_review_due").get(pk=version.article_id)


def test_the_quorum_of_a_full_review_moves_the_dates_without_a_new_version(version, clinical, specialist, later):
    before = dates(version)
    later(700 * DAY)
    for user in (clinical, specialist):
        in_date(user)

    first = attest(version, clinical)
    assert (first.last_reviewed, first.counted) == (None, {})
    assert dates(version) == before
    second = attest(version, specialist, "specialist")

    today = timezone.now().astimezone(datetime.UTC).date()
    assert dates(version) == (today, today.replace(year=today.year + 2))
    assert (second.last_reviewed, second.next_review_due) == dates(version)
    assert [row["printed_name"] for row in second.counted.values()] == ["Clara Clinical", "Simon Specialist"]
    assert Article.objects.get(pk=version.article_id).versions.count() == 1
    assert events()[-2:] == ["attested", "attested"]
    assert payload() == {
        "version": 1,
        "digest": version.digest,
        "capacity": "specialist",
        "quorum": {"clinical": 2, "specialist": 1, "pharmacist": 0},
        "last_reviewed": today.isoformat(),
        "next_review_due": second.next_review_due.isoformat(),
        "signatures": second.counted,
        "rows": sorted([f"reviews_signature:{second.signature_id}", f"reviews_attestation:{second.pk}"]),
        "checkpoint": True,
    }
    assert verify().problems == []


def in_date(user):
    """Let the credentials and the disclosure of a board member be of today."""
    member, until = user.board_member, timezone.localdate() + 300 * DAY
    member.credential_valid_until = until
    member.save()
    disclosure = Disclosure.objects.get(member=member)
    disclosure.valid_until = until
    disclosure.save()


def test_the_signature_says_what_was_read_and_is_mailed_to_its_signer(
    version, clinical, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = attest(version, clinical, read=["public"])

    assert row.signature.meaning == "no_change"
    assert row.signature.statement == (
        f"As clinical reviewer I have read version 1 of “{version.title}” (SHA-256 {version.digest}) again and state "
        "that it needs no change. I have read the text for “patient or member of the public”. "
        f"My disclosure of interests of {timezone.localdate()}: nothing to declare."
    )
    assert not Signature.objects.in_bylines().filter(pk=row.signature_id).exists()
    told, copy = sorted(mailoutbox, key=lambda mail: mail.subject)
    assert (copy.to, copy.subject) == ([clinical.email], f"You signed: {version.title}")
    assert row.signature.statement in copy.body
    assert f"event {last_event().position} of the ledger" in copy.body
    assert (told.to, told.subject) == (["editor@example.org"], f"No change needed: {version.title}")
    assert "More signatures are needed before “last reviewed” changes." in told.body


def test_a_high_risk_text_needs_the_pharmacist_too_and_is_due_after_a_year(author, editor, clinical, specialist):
    pharmacist = board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])
    version = submitted(author, risk="high")
    asked = [(clinical, "clinical"), (specialist, "specialist"), (pharmacist, "pharmacist")]
    for assignment in under_review(version, editor, *asked):
        decide(assignment)
    workflow.publish(version, actor=editor)

    for who, capacity in asked[:2]:
        assert attest(version, who, capacity).last_reviewed is None
    last = attest(version, pharmacist, "pharmacist")

    assert last.next_review_due == last.last_reviewed.replace(year=last.last_reviewed.year + 1)


def test_a_correction_rests_on_its_full_review_and_takes_the_whole_quorum(author, editor, clinical, specialist):
    draft = article(author, body="<p>Lymph nodes nodes filter lymph.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lymph nodes filter lymph.", by=author)
    version = submitted(author, draft, change="correction")
    for assignment in under_review(version, editor, (clinical, "clinical")):
        decide(assignment)
    workflow.publish(version, actor=editor)

    assert attest(version, clinical).last_reviewed is None
    assert attest(version, specialist, "specialist").last_reviewed


def test_the_quorum_is_that_of_the_settings_of_the_day(version, clinical):
    Quorum.objects.create(kind="topic", risk="standard", clinical=1, specialist=0)

    assert attest(version, clinical).quorum == {"clinical": 1, "specialist": 0, "pharmacist": 0}
    assert verify().problems == []


def test_only_eligible_members_of_the_board_sign(version, author, editor, clinical, specialist, lay):
    conflicted = board_member("conflicted", "Cora Conflict", conflicts=["Oncology"])
    writer = author
    for who in (editor, writer):
        assert refused(version, who, kind=NotAllowed) == "Only a member of the medical advisory board can do this."
    assert "has declared a conflict of interest" in refused(version, conflicted, kind=NotAllowed)
    assert "is not on the board as specialist" in refused(version, clinical, "specialist", kind=NotAllowed)
    words = refused(version, lay, "lay", kind=ValidationError)
    assert "Choose a capacity that counts towards the quorum." in words
    member = clinical.board_member
    member.credential_checked_on, member.credential_valid_until = (
        timezone.localdate() - 9 * DAY,
        timezone.localdate() - DAY,
    )
    member.save()
    assert "have not been checked, or the check has expired" in refused(version, clinical, kind=NotAllowed)


def test_who_wrote_any_part_signs_nothing(author, editor, clinical, specialist):
    writer = board_member("writer", "Wanda Writer", groups=["author", "reviewer"])
    draft = article(author)
    edit(draft, "Lymph nodes filter lymph well.", by=writer)
    version = published(submitted(author, draft), editor, clinical, specialist)

    assert "Wanda Writer wrote all or part of this text." in refused(version, writer, kind=NotAllowed)


def test_wrong_input_is_refused(version, clinical):
    assert "That is not your password." in str(wrong(version, clinical, password="no"))
    assert "Read the text for patient or member of the public" in refused(
        version, clinical, kind=ValidationError, read=["carer"]
    )
    assert "is not the one that you were shown" in refused(version, clinical, digest="0" * 64)


def wrong(version, who, **kwargs):
    with pytest.raises(ValidationError) as error:
        attest(version, who, **kwargs)
    assert not Attestation.objects.exists()
    return error.value


def test_nobody_signs_twice_for_one_quorum_or_on_one_day(version, clinical, specialist, later):
    attest(version, clinical)
    assert "That signature counts." in refused(version, clinical)

    later(5 * DAY)
    assert "That signature counts." in refused(version, clinical)
    attest(version, specialist, "specialist")
    assert "That signature counts." in refused(version, specialist, "specialist")

    later(DAY)
    assert attest(version, specialist, "specialist").last_reviewed is None


def test_signatures_of_long_ago_and_of_people_in_conflict_do_not_count(version, clinical, specialist, later):
    third = board_member("third", "Carl Third")
    attest(version, clinical)
    later(91 * DAY)
    assert attest(version, specialist, "specialist").last_reviewed is None
    disclosure = Disclosure.objects.get(member=specialist.board_member)
    disclosure.none_declared, disclosure.statement = False, "Consulting fees."
    disclosure.save()
    disclosure.conflict_rows.create(topic=topic("Oncology"))

    assert attest(version, third).last_reviewed is None
    assert attest(version, clinical).last_reviewed is None
    assert verify().problems == []


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal", "concern"])
def test_a_notice_forbids_it_until_it_is_lifted(version, editor, clinical, kind):
    notice = workflow.issue_notice(version.article, actor=editor, kind=kind, reason="A figure was wrong.")
    assert "A notice forbids it" in refused(version, clinical)

    workflow.issue_notice(version.article, actor=editor, kind=kind, reason="It was right.", lifts=notice)
    workflow.issue_notice(version.article, actor=editor, kind="correction", reason="A name was wrong.")
    assert attest(version, clinical)


def test_a_newer_version_or_a_blocking_comment_forbids_it(version, author, editor, clinical, specialist):
    comment = workflow.comment(version, actor=clinical, text="Which dose?", blocking=True)
    assert "A blocking comment is not resolved yet." in refused(version, clinical)
    workflow.resolve_comment(comment, actor=clinical, reason="It is there.")
    edit(version.article, "Lymph nodes filter lymph well.", by=author)
    newer = submitted(author, version.article, change="minor")
    assert "Version 2 has been submitted, so this text is about to change." in refused(version, clinical)
    assert "Version 2 is submitted." in refused(newer, clinical)

    workflow.recall(newer.review, actor=author, reason="Not yet.")
    assert attest(version, clinical)
    edit(version.article, "Lymph nodes filter lymph quite well.", by=author)
    third = published(submitted(author, version.article, change="minor"), editor, clinical, specialist)
    assert "Version 1 is not the public version." in refused(version, specialist, "specialist")
    assert attest(third, specialist, "specialist").last_reviewed is None


def test_a_forged_move_of_the_dates_is_found(version, clinical, specialist):
    """Whoever writes the dates without the signatures is named by the replay; so is a quorum that is not met."""
    attest(version, clinical)
    day = timezone.localdate() - 30 * DAY
    Article.objects.filter(pk=version.article_id).update(last_reviewed=day)
    assert "other review dates" in str(verify().problems)

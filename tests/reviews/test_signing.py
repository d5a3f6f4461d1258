"""Signing: the password in the same call, guesses counted, and what a signature holds."""

import datetime
import logging

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models.rows.append_only import EvidenceIsAppendOnly
from reviews import workflow
from reviews.models import SecurityRecord, Signature
from reviews.workflow import guesses
from reviews.workflow.approval import signing
from tests.factories import (
    PASSWORD,
    approved,
    decide,
    evidence,
    payload,
    published,
    review_of,
    submitted,
    under_review,
    without_interests,
)

WRONG, THROTTLED = SecurityRecord.Kind.WRONG_PASSWORD, SecurityRecord.Kind.THROTTLED


@pytest.fixture
def version(author):
    return submitted(author)


@pytest.fixture
def assignment(version, editor, clinical):
    [row] = under_review(version, editor, (clinical, "clinical"))
    return row


def attempt(assignment, password=PASSWORD, actor=None):
    return workflow.decide(
        assignment,
        actor=actor or assignment.reviewer,
        outcome="approve",
        password=password,
        digest=assignment.review.version.digest,
    )


def code(refused):
    """Return the code of the one message about the password."""
    [error] = refused.value.error_dict["password"]
    return error.code


def kinds():
    return list(SecurityRecord.objects.order_by("pk").values_list("kind", flat=True))


# the password


def test_a_wrong_password_leaves_a_security_record_and_nothing_else(assignment, clinical, caplog):
    before = evidence()

    with caplog.at_level(logging.WARNING, "imprimatur.security"), pytest.raises(ValidationError) as refused:
        attempt(assignment, "guess")

    assert refused.value.message_dict == {"password": ["That is not your password. Nothing was signed."]}
    assert code(refused) == "wrong_password"
    assert evidence() == before
    record = SecurityRecord.objects.get()
    assert (record.kind, record.user) == (WRONG, clinical)
    assert not [said for said in caplog.messages if "guess" in said]
    assert f"account {clinical.pk}" in caplog.text


def test_an_empty_password_is_a_wrong_one(assignment):
    with pytest.raises(ValidationError, match="That is not your password"):
        attempt(assignment, "")


def test_a_right_password_leaves_no_security_record(assignment):
    attempt(assignment)

    assert kinds() == []


def test_the_password_of_somebody_else_signs_nothing(assignment, editor):
    editor.set_password("another long password")
    editor.save()
    before = evidence()

    with pytest.raises(ValidationError, match="That is not your password"):
        attempt(assignment, "another long password")

    assert evidence() == before


def test_the_password_is_read_from_the_database_and_not_from_an_older_object(assignment, clinical):
    fresh = type(clinical).objects.get(pk=clinical.pk)
    fresh.set_password("another long password")
    fresh.save()

    with pytest.raises(ValidationError, match="That is not your password"):
        attempt(assignment, PASSWORD, actor=clinical)
    assert attempt(assignment, "another long password", actor=clinical)


def test_after_five_wrong_passwords_the_right_one_is_refused_too(assignment):
    before = evidence()
    for number in range(5):
        with pytest.raises(ValidationError) as refused:
            attempt(assignment, f"guess {number}")
        assert code(refused) == "wrong_password"

    with pytest.raises(ValidationError) as refused:
        attempt(assignment)

    assert refused.value.message_dict == {"password": ["Too many wrong passwords. Try again in 15 minutes."]}
    assert code(refused) == "throttled"
    assert evidence() == before
    assert kinds() == [WRONG] * 5 + [THROTTLED]


def test_four_wrong_passwords_do_not_lock_out_the_signer(assignment):
    for _ in range(4):
        with pytest.raises(ValidationError):
            attempt(assignment, "guess")

    assert attempt(assignment)
    assert kinds() == [WRONG] * 4


def test_the_lock_ends_a_quarter_of_an_hour_after_the_guesses(assignment):
    for _ in range(5):
        with pytest.raises(ValidationError):
            attempt(assignment, "guess")
    with pytest.raises(ValidationError, match="Too many"):
        attempt(assignment)

    SecurityRecord.objects.update(at=timezone.now() - guesses.WINDOW + datetime.timedelta(seconds=5))
    with pytest.raises(ValidationError, match="Too many"):
        attempt(assignment)
    SecurityRecord.objects.update(at=timezone.now() - guesses.WINDOW)

    assert attempt(assignment)


def test_what_is_refused_by_the_lock_does_not_make_it_longer(assignment):
    for _ in range(5):
        with pytest.raises(ValidationError):
            attempt(assignment, "guess")
    SecurityRecord.objects.update(at=timezone.now() - guesses.WINDOW + datetime.timedelta(seconds=5))
    for _ in range(10):
        with pytest.raises(ValidationError, match="Too many"):
            attempt(assignment)

    SecurityRecord.objects.filter(kind=WRONG).update(at=timezone.now() - guesses.WINDOW)

    assert attempt(assignment)


def test_one_persons_guesses_do_not_lock_out_another(version, assignment, editor, specialist):
    [second] = under_review(version, editor, (specialist, "specialist"))
    for _ in range(6):
        with pytest.raises(ValidationError):
            attempt(assignment, "guess")

    assert attempt(second)


def test_withdrawing_counts_the_same_guesses(version, editor, clinical, specialist):
    approved(version, editor, clinical, specialist)
    for _ in range(5):
        with pytest.raises(ValidationError, match="That is not your password"):
            workflow.withdraw_approval(version.review, actor=clinical, password="guess", reason="A mistake.")

    with pytest.raises(ValidationError, match="Too many"):
        workflow.withdraw_approval(version.review, actor=clinical, password=PASSWORD, reason="A mistake.")
    assert review_of(version).status == "approved"


# the signature


def test_a_signature_says_who_what_when_and_what_it_means(version, assignment, clinical):
    signature = attempt(assignment).signature

    signature = Signature.objects.get(pk=signature.pk)
    assert (signature.signer, signature.printed_name, signature.credentials) == (clinical, "Clara Clinical", "MD")
    assert (signature.capacity, signature.meaning, signature.authenticated_by) == ("clinical", "approval", "password")
    assert (signature.version, signature.digest) == (version, version.digest)
    assert without_interests(signature) == (
        f"As clinical reviewer I have read version 1 of “{version.title}” (SHA-256 {version.digest}) "
        "and approve it for publication. I have read the text for “patient or member of the public” elsewhere."
    )
    assert timezone.now() - signature.signed_at < datetime.timedelta(minutes=1)


def test_each_outcome_has_its_own_meaning_and_sentence(version, editor, clinical, specialist, assignment):
    request = decide(assignment, "request_changes")

    assert request.signature.meaning == "review"
    assert without_interests(request.signature).endswith("and ask for changes before it is published.")
    sentence = signing.statement("withdrawal", version, "pharmacist")
    assert sentence.startswith("As pharmacist reviewer I withdraw my approval of version 1 of")


def test_a_signature_keeps_name_and_credentials_as_they_were(assignment, clinical):
    signature = attempt(assignment).signature
    contributor = clinical.contributor
    contributor.name, contributor.credentials = "Clara Married", "MD, PhD"
    contributor.save()

    signature = Signature.objects.get(pk=signature.pk)
    assert (signature.printed_name, signature.credentials) == ("Clara Clinical", "MD")


def test_a_signature_outlives_the_signers_time_on_the_board(version, editor, clinical, specialist):
    published(version, editor, clinical, specialist)
    clinical.groups.clear()
    clinical.is_active = False
    clinical.save()

    assert Signature.objects.filter(version=version, signer=clinical).exists()
    names = {row["printed_name"] for row in payload("published")["signatures"].values()}
    assert names == {"Clara Clinical", "Simon Specialist"}


def test_a_signature_is_never_changed_or_deleted(assignment):
    signature = attempt(assignment).signature
    signature.capacity = "lay"

    for change in (
        signature.save,
        signature.delete,
        Signature.objects.all().delete,
        lambda: Signature.objects.update(capacity="lay"),
    ):
        with pytest.raises(EvidenceIsAppendOnly, match=r"Signature rows are evidence: they are only ever added\."):
            change()


def test_the_event_commits_to_the_signature(assignment):
    signature = attempt(assignment).signature

    assert f"reviews_signature:{signature.pk}" in payload("decided")["rows"]


def test_the_account_of_a_signer_cannot_be_deleted(assignment, clinical):
    attempt(assignment)

    with pytest.raises(Exception, match="protected foreign keys"):
        clinical.delete()

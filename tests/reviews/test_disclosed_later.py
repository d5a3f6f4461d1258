"""An interest that is disclosed after a request was made: editors are told, and the request fills no place."""

import pytest
from django.core import mail
from django.urls import reverse

from reviews import workflow
from reviews.models import Review
from reviews.workflow.approval import eligibility
from tests import factories
from tests.reviews.test_planning import BARRED, PLAN, tie


@pytest.fixture
def version(author):
    return factories.submitted(author)


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Return the mails that a call sends, as (recipient, subject, body)."""

    def during(call, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            call(*args, **kwargs)
        return [(*message.to, message.subject, message.body) for message in mail.outbox]

    return during


def plan_page(version, person):
    return reverse("record_plan", args=[version.review.pk, person.pk])


def test_the_editor_of_an_open_request_is_told_at_once_and_the_place_is_open_again(
    version, editor, editor2, clinical, specialist, told
):
    factories.asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    review = Review.objects.get(version=version)
    assert eligibility.not_asked_for(review) == []

    ((recipient, subject, body),) = told(tie, clinical, "Oncology")

    assert (recipient, subject) == (editor.email, f"Conflict of interest: {version.title}")
    assert f"Clara Clinical is asked to review version 1 of “{version.title}”" in body
    assert BARRED in body
    assert plan_page(version, clinical) in body
    assert eligibility.not_asked_for(review) == ["1 clinical approval"]
    assert eligibility.capacities_asked(review) == ["specialist"]

    workflow.record_plan(review, actor=editor, reviewer=clinical, **PLAN)
    assert eligibility.not_asked_for(review) == []


def test_the_same_interest_once_more_one_with_a_plan_and_one_on_other_topics_tell_nobody(
    version, editor, clinical, told
):
    factories.asked(version, editor, (clinical, "clinical"))

    assert told(tie, clinical, "Surgery") == []
    assert len(told(tie, clinical, "Oncology")) == 1
    newest = clinical.board_member.disclosures.first()
    assert told(workflow.renew_disclosure, newest, actor=clinical) == []
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    assert told(tie, clinical, "Oncology") == []
    assert len(told(tie, clinical, "Oncology", entity="Maker")) == 1


def test_editors_are_told_of_an_approval_until_its_version_is_public(version, editor, clinical, specialist, told):
    factories.approved(version, editor, clinical, specialist)

    ((recipient, _subject, body),) = told(tie, clinical, "Oncology")

    assert recipient == editor.email
    assert "Clara Clinical has approved version 1" in body
    assert plan_page(version, clinical) in body
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    workflow.publish(version, actor=editor)
    assert told(tie, clinical, "Oncology", entity="Maker") == []


def test_nobody_is_told_of_a_request_that_has_ended(version, editor, clinical, told):
    (row,) = factories.asked(version, editor, (clinical, "clinical"))
    workflow.unassign(row, actor=editor, reason="Enough.")

    assert told(tie, clinical, "Oncology") == []

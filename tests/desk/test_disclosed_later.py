"""An interest that is disclosed after a request was made is said wherever the request or the approval stands."""

import datetime

import pytest
from django.utils import timezone

from reviews import workflow
from reviews.models import Assignment, Quorum, Review
from tests import factories
from tests.desk.pages import text, url
from tests.reviews.test_disclosed_later import plan_page, told
from tests.reviews.test_planning import BARRED, PLAN, tie

__all__ = ["told"]
CANNOT = "Interest without a plan: Clara Clinical cannot review"
STOPS = "Interest without a plan: the approval by Clara Clinical no longer counts"
ACCEPT = "accept and read"


@pytest.fixture
def version(author):
    return factories.submitted(author)


@pytest.fixture
def asked(version, editor, clinical, specialist):
    """Two requests, the first to a reviewer who then discloses an interest."""
    rows = factories.asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    tie(clinical, "Oncology")
    return rows


def test_the_asking_page_and_the_step_in_bulk_count_the_place_as_open(at, version, asked, editor):
    factories.board_member("nina", "Nina Next")

    page = text(at(editor).get(url("assign", version.review.pk)))
    assert "Nobody is asked yet for: <strong>1 clinical approval</strong>" in page
    assert "Fills no place: an interest without a plan" in page
    assert plan_page(version, asked[0].reviewer) in page
    at(editor).post(url("queue_steps"), {"review": version.review.pk, "step": "ask"})

    assert Assignment.objects.open().filter(reviewer_name="Nina Next").exists()
    assert Assignment.objects.open().count() == 3


def test_the_queue_says_who_cannot_review_and_counts_them_as_nobody(at, version, asked, editor):
    workflow.unassign(asked[1], actor=editor, reason="Enough.")

    page = at(editor).get(url("queue"), {"only": "nobody"})

    assert CANNOT in text(page)
    (line,) = page.context["lines"]
    assert line.names == ""
    workflow.record_plan(version.review, actor=editor, reviewer=asked[0].reviewer, **PLAN)
    assert at(editor).get(url("queue"), {"only": "nobody"}).context["lines"] == []
    assert CANNOT not in text(at(editor).get(url("queue")))


def test_the_request_says_why_it_cannot_be_accepted_and_offers_to_decline(at, version, asked, editor, clinical):
    page = text(at(clinical).get(url("desk_review", version.review.pk)))
    assert BARRED in page
    assert "You cannot accept now" in page
    assert ACCEPT not in page
    assert "Decline this request" in page

    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    assert ACCEPT in text(at(clinical).get(url("desk_review", version.review.pk)))


def test_the_member_sees_which_requests_and_approvals_are_barred(at, version, asked, clinical):
    page = text(at(clinical).get(url("disclosures")))

    assert "Your interests touch these texts" in page
    assert f"{version.title}</a> version 1: your request" in page
    workflow.disclose(clinical.board_member, actor=clinical)
    assert "Your interests touch these texts" not in text(at(clinical).get(url("disclosures")))


def test_an_approved_and_a_scheduled_version_say_whose_approval_stops_them(at, version, editor, clinical, specialist):
    factories.approved(version, editor, clinical, specialist)
    assert STOPS not in text(at(editor).get(url("desk")))
    tie(clinical, "Oncology")

    assert STOPS in text(at(editor).get(url("desk")))
    assert STOPS in text(at(editor).get(url("queue"), {"state": "approved"}))
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    assert STOPS not in text(at(editor).get(url("desk")))
    workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=3))
    tie(clinical, "Oncology", entity="Maker")
    assert STOPS in text(at(editor).get(url("desk")))


def test_a_version_approved_urgently_whose_signer_has_an_interest_is_listed(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=7)
    version = factories.submitted(author)
    row, _other = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.declare_urgent(version.review, actor=editor, reason="A recall.")
    factories.decide(row)
    tie(clinical, "Oncology")

    page = at(editor).get(url("queue"), {"state": "owing"})
    assert "0 of 2" in text(page)
    assert STOPS in text(page)
    assert STOPS in text(at(editor).get(url("desk")))

    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    assert "1 of 2" in text(at(editor).get(url("queue"), {"state": "owing"}))


def test_what_an_administrator_enters_tells_the_editors_too(author, editor, clinical, client, told):
    version = factories.submitted(author)
    factories.asked(version, editor, (clinical, "clinical"))
    client.force_login(factories.person("boss", groups=["admin"]))
    today, topic = timezone.localdate(), factories.topic("Oncology")
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000, "0-topic": topic.pk}
    posted = {f"conflict_rows-{name}": value for name, value in rows.items()}
    posted |= {"member": clinical.board_member.pk, "made_on": today, "valid_until": today.replace(year=today.year + 1)}

    sent = told(client.post, "/admin/reviews/disclosure/add/", {**posted, "statement": "Fees."})

    assert [(recipient, plan_page(version, clinical) in body) for recipient, _, body in sent] == [(editor.email, True)]
    assert Review.objects.get(version=version).is_pending

"""The editor's page of a management plan, and everywhere the plan is shown."""

import pytest

from reviews import workflow
from reviews.models import ManagementPlan
from tests import factories
from tests.desk.pages import text, url
from tests.reviews.test_planning import BARRED, PLAN, tie


@pytest.fixture
def version(author, clinical):
    tie(clinical, "Oncology")
    return factories.submitted(author)


def test_an_editor_finds_the_interest_where_they_ask_and_records_a_plan(at, version, clinical, editor):
    review = version.review
    page = text(at(editor).get(url("assign", review.pk)))
    address = url("record_plan", review.pk, clinical.pk)
    assert BARRED in page
    assert f'href="{address}"' in page
    form = text(at(editor).get(address))
    assert "Management plan for Clara Clinical" in form
    assert BARRED in form

    answer = at(editor).post(address, PLAN, follow=True)

    assert answer.redirect_chain == [(url("assign", review.pk), 302)]
    page = text(answer)
    assert "The plan is recorded. Clara Clinical can be asked now." in page
    assert f"Disclosed interest with a management plan: {PLAN['measures']}" in page
    assert "checked> Clara Clinical" in page  # nobody else can fill the place


def test_whoever_has_no_interest_is_proposed_before_who_has_a_plan(at, version, clinical, specialist, editor):
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    page = at(editor).get(url("assign", version.review.pk)).context["asking"]
    assert {line.row.name for line in page.lines if line.is_chosen} == {"Clara Clinical", "Simon Specialist"}
    assert page.nobody_for == []

    factories.board_member("zoe", "Zoe Zealous")

    page = at(editor).get(url("assign", version.review.pk)).context["asking"]
    assert {line.row.name for line in page.lines if line.is_chosen} == {"Zoe Zealous", "Simon Specialist"}


@pytest.mark.parametrize("missing", PLAN)
def test_a_refused_plan_keeps_what_was_typed(at, version, clinical, editor, missing):
    answer = at(editor).post(url("record_plan", version.review.pk, clinical.pk), PLAN | {missing: ""})

    (kept,) = PLAN.keys() - {missing}
    assert answer.status_code == 422
    assert PLAN[kept] in text(answer)
    assert not ManagementPlan.objects.exists()


def test_a_plan_that_is_not_needed_is_refused_with_what_was_typed(at, version, specialist, editor):
    answer = at(editor).post(url("record_plan", version.review.pk, specialist.pk), PLAN)

    assert answer.status_code == 409
    assert "Simon Specialist has disclosed no interest that touches this text" in text(answer)
    assert PLAN["measures"] in text(answer)


def test_the_page_is_for_editors_and_for_members_of_the_board(at, version, clinical, specialist, author, editor):
    address = url("record_plan", version.review.pk, clinical.pk)

    assert at(author).get(address).status_code == 403
    assert at(specialist).get(address).status_code == 404
    assert at(editor).get(url("record_plan", version.review.pk, author.pk)).status_code == 404


def test_the_plan_is_shown_to_the_reviewer_to_editors_and_to_the_board_and_not_to_authors(
    at, version, clinical, specialist, author, editor
):
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    mine, _ = factories.asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    review = url("desk_review", version.review.pk)

    asked = text(at(clinical).get(review))
    assert "by Edith Editor, for stock or stock options, Acme, Oncology." in asked
    assert PLAN["measures"] in asked
    assert "I have no other conflict of interest, and keep to the plan: accept and read" in asked

    factories.accepted(mine)
    factories.accepted(mine.review.assignments.get(reviewer=specialist))
    page = text(at(clinical).get(review))
    assert "I have no other conflict of interest on this article, and keep to the plan" in page
    assert "Measures: Simon reads the section on doses." in page  # in the statement to be signed
    for who, sees in ((editor, True), (specialist, True), (author, False)):
        assert (PLAN["measures"] in text(at(who).get(review))) == sees
    article = url("desk_article", version.article_id)
    said = "Edith Editor recorded a management plan for the interests of Clara Clinical, for version 1."
    assert said in text(at(author).get(article))
    assert PLAN["reason"] not in text(at(author).get(article))
    assert PLAN["reason"] in text(at(editor).get(article))


def test_editors_find_the_missing_plan_of_who_is_asked_on_the_review(at, version, clinical, specialist, editor):
    factories.under_review(version, editor, (specialist, "specialist"))
    page = url("desk_review", version.review.pk)
    address = url("record_plan", version.review.pk, specialist.pk)
    assert address not in text(at(editor).get(page))

    tie(specialist, "Oncology")

    assert address in text(at(editor).get(page))
    assert address not in text(at(specialist).get(page))

"""The page that asks reviewers: who is proposed for which place, and what is said of the others."""

import datetime
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Section
from reviews import workflow
from reviews.models import Absence, Assignment, Availability, Quorum
from reviews.workflow.steps.assignment import default_due
from tests.desk.pages import text, url
from tests.factories import (
    article,
    asked,
    board_member,
    decide,
    edit,
    evidence,
    published,
    save,
    submitted,
    topic,
    under_review,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(clinical, specialist, pharmacist, lay):
    return clinical, specialist, pharmacist, lay


@pytest.fixture
def by_section(author, editor):
    """A submission with a section on each of its two topics, whose quorum asks for specialists in both."""
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, by_section=True)
    draft = article(author, topics=("Oncology", "Cardiology"))
    for number, name in enumerate(("Oncology", "Cardiology"), start=2):
        save(
            Section(article=draft, heading=f"On {name}", body="<p>Words.</p>", position=number, topic=topic(name)),
            author,
        )
    return submitted(author, draft).review


@pytest.fixture
def statements():
    """Return how many statements it takes to show somebody a page."""

    def counted(client, page) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    return counted


def asking(at, editor, review):
    return at(editor).get(url("assign", review.pk)).context["asking"]


def proposed(page):
    return {line.row.name: line.row.proposed for line in page.lines if line.row.proposed}


def test_a_person_is_proposed_for_each_place_of_the_quorum(at, author, editor, board):
    page = asking(at, editor, submitted(author, risk="high").review)

    assert proposed(page) == {
        "Clara Clinical": "clinical", "Simon Specialist": "specialist", "Petra Pharmacist": "pharmacist"
    }  # fmt: skip
    assert page.nobody_for == []
    assert [(line.row.name, line.is_chosen) for line in page.lines][-1] == ("Larry Layman", False)


def test_the_proposals_are_asked_with_one_press(at, author, editor, board):
    review = submitted(author, risk="high").review
    page = at(editor).get(url("assign", review.pk))
    form = page.context["form"]

    sent = {"ask": sorted(form.chosen), "due": form["due"].value(), "risk": "high", "change": "major"}
    answer = at(editor).post(url("assign", review.pk), sent, follow=True)

    assert "3 reviewers are asked." in text(answer)
    asked = Assignment.objects.filter(review=review)
    assert {(row.reviewer_name, row.capacity, row.due) for row in asked} == {
        ("Clara Clinical", "clinical", default_due()),
        ("Simon Specialist", "specialist", default_due()),
        ("Petra Pharmacist", "pharmacist", default_due()),
    }
    assert "Nobody is asked yet for" not in text(answer)


def test_the_quorum_is_filled_although_the_best_for_one_place_is_needed_for_another(at, author, editor, specialist):
    both = board_member("both", "Bea Both", ["specialist", "pharmacist"], specialties=["Oncology"])
    under_review(submitted(author), editor, (specialist, "specialist"))  # so Bea, with less to do, comes first

    page = asking(at, editor, submitted(author, risk="high").review)

    assert proposed(page) == {"Simon Specialist": "specialist", "Bea Both": "pharmacist"}
    assert both.pk in {line.row.user for line in page.lines}
    assert page.nobody_for == ["1 clinical approval"]


def test_who_is_away_or_has_enough_is_not_proposed_but_can_be_asked(at, author, editor, clinical, specialist):
    today = timezone.localdate()
    Absence.objects.create(member=clinical.board_member, first_day=today, last_day=today + timedelta(days=3))
    Availability.objects.create(member=specialist.board_member, at_once=1)
    under_review(submitted(author), editor, (specialist, "specialist"))
    review = submitted(author).review

    page = asking(at, editor, review)

    assert proposed(page) == {}
    doubts = {line.row.name: " ".join(line.row.doubts) for line in page.lines}
    assert doubts["Clara Clinical"].startswith("Away from ")
    assert doubts["Simon Specialist"] == "Takes 1 request at once, and has 1."
    assert page.nobody_for == ["2 clinical approvals (1 of them by a specialist in one of the article's topics)"]
    answer = at(editor).post(url("assign", review.pk), {"ask": clinical.pk})
    assert (answer.status_code, review.assignments.count()) == (302, 1)


def test_an_absence_after_the_day_that_was_chosen_is_no_doubt(at, author, editor, clinical):
    today = timezone.localdate()
    Absence.objects.create(
        member=clinical.board_member, first_day=today + timedelta(days=5), last_day=today + timedelta(days=9)
    )
    review = submitted(author).review
    assert proposed(asking(at, editor, review)) == {}

    sent = {"ask": [], "due": (today + timedelta(days=4)).isoformat()}
    page = at(editor).post(url("assign", review.pk), sent).context["asking"]

    assert proposed(page) == {"Clara Clinical": "clinical"}


def test_who_decided_on_an_earlier_version_comes_before_who_has_less_to_do(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    board_member("new", "Anna New", ["clinical"])
    under_review(submitted(author), editor, (clinical, "clinical"))
    edit(version.article, "Newer words.", by=author)
    version.article.refresh_from_db()

    page = asking(at, editor, submitted(author, version.article).review)

    assert proposed(page) == {"Clara Clinical": "clinical", "Simon Specialist": "specialist"}


def test_among_equals_who_has_least_to_do_is_proposed(at, author, editor, clinical):
    board_member("new", "Zoe New", ["clinical"])
    under_review(submitted(author), editor, (clinical, "clinical"))

    page = asking(at, editor, submitted(author, change="major").review)

    assert proposed(page) == {"Zoe New": "clinical"}
    assert page.nobody_for == ["1 approval by a specialist in one of the article's topics"]


def test_the_usual_days_are_those_from_the_request_to_the_decision(at, author, editor, clinical, specialist):
    first, second = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)
    Assignment.objects.filter(pk=first.pk).update(assigned_at=timezone.now() - timedelta(days=4, hours=3))
    workflow.unassign(second, actor=editor, reason="On leave.")

    page = asking(at, editor, submitted(author).review)

    assert {line.row.name: line.row.load.usual_days for line in page.lines} == {
        "Clara Clinical": 5,
        "Simon Specialist": None,
    }


def test_all_are_asked_or_none(author, editor, clinical, specialist):
    review = submitted(author).review
    partial = board_member("pat", "Pat Partial", ["clinical"], conflicts=["Oncology"])
    before = evidence()

    with pytest.raises(workflow.NotAllowed, match="Pat Partial has declared a conflict"):
        workflow.ask(review, actor=editor, reviewers=[(clinical, "clinical"), (partial, "clinical")])
    with pytest.raises(workflow.NotAllowed, match="Simon Specialist is not on the board as pharmacist reviewer"):
        workflow.ask(review, actor=editor, reviewers=[(clinical, "clinical"), (specialist, "pharmacist")])

    assert evidence() == before
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("again", "said"), [(2, "Clara Clinical is chosen twice."), (0, "Choose at least one person.")]
)
def test_nobody_is_asked_twice_and_somebody_is(author, editor, clinical, again, said):
    review = submitted(author).review
    before = evidence()

    with pytest.raises(Exception, match=said):
        workflow.ask(review, actor=editor, reviewers=[(clinical, "clinical")] * again)

    assert evidence() == before


def test_a_refused_choice_keeps_what_was_chosen(at, author, editor, board):
    review = submitted(author, risk="high").review
    lay = board[-1]

    answer = at(editor).post(url("assign", review.pk), {"ask": [lay.pk], "due": "2020-01-01"})

    assert answer.status_code == 422
    assert "This day has passed." in text(answer)
    assert [line.row.name for line in answer.context["asking"].lines if line.is_chosen] == ["Larry Layman"]
    far = at(editor).post(url("assign", review.pk), {"ask": [board[0].pk], "due": "9999-12-31"})
    assert (far.status_code, "This day is more than a year away." in text(far)) == (422, True)
    assert 'value="9999-12-31"' in text(far)
    none = at(editor).post(url("assign", review.pk), {})
    assert (none.status_code, "Choose at least one person." in text(none)) == (422, True)


def test_specialists_are_proposed_for_the_changed_sections_too(at, author, editor, specialist, by_section):
    heart = board_member("heart", "Hanna Heart", ["specialist"], specialties=["Cardiology"])

    page = asking(at, editor, by_section)

    assert proposed(page)["Hanna Heart"] == "specialist"
    assert page.nobody_for == []
    assert "“On Cardiology”" in " ".join(page.not_asked_for)
    under_review(by_section.version, editor, (heart, "specialist"))
    assert "“On Cardiology”" not in " ".join(asking(at, editor, by_section).not_asked_for)


def test_the_page_takes_as_many_statements_with_a_larger_board(at, author, editor, clinical, specialist, statements):
    review = submitted(author).review
    few = statements(at(editor), url("assign", review.pk))
    for number in range(12):
        member = board_member(f"more{number}", f"More {number}", ["clinical"])
        Absence.objects.create(
            member=member.board_member, first_day=datetime.date(2100, 1, 1), last_day=datetime.date(2100, 1, 2)
        )
        under_review(submitted(author), editor, (member, "clinical"))

    assert statements(at(editor), url("assign", review.pk)) == few <= 14


def test_who_declined_or_stepped_back_is_not_proposed_again_but_can_be_asked(at, author, editor, clinical, specialist):
    version = submitted(author)
    (first,) = asked(version, editor, (clinical, "clinical"))
    workflow.recuse(first, actor=clinical, because="no_time")
    (second,) = under_review(version, editor, (specialist, "specialist"))
    workflow.recuse(second, actor=specialist, reason="I am ill.")

    page = asking(at, editor, version.review)

    assert proposed(page) == {}
    doubts = {line.row.name: " ".join(line.row.doubts) for line in page.lines}
    assert doubts["Clara Clinical"] == "Declined this version: no time."
    assert doubts["Simon Specialist"] == "Stepped back from this version."
    answer = at(editor).post(url("assign", version.review.pk), {"ask": clinical.pk})
    assert (answer.status_code, version.review.assignments.open().count()) == (302, 1)

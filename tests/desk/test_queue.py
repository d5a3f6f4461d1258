"""The editors' queue of reviews: what it lists, in which order, and steps on several rows."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from reviews import workflow
from reviews.desk.queues import queue
from reviews.models import Absence, Assignment, Quorum, Reminder, Review
from reviews.workflow.approval import eligibility
from tests.desk.pages import text, url
from tests.factories import approved, article, board_member, decide, disclose, evidence, submitted, under_review
from tests.reviews.test_planning import tie

pytestmark = pytest.mark.django_db(transaction=True)

YESTERDAY = datetime.timedelta(days=-1)


def shown(at, editor, **asked):
    return at(editor).get(url("queue"), asked).context["lines"]


def titles(lines):
    return [line.review.version.title for line in lines]


def named(author, title, **draft):
    return submitted(author, article(author, title=title, **draft))


def overdue(assignment, days=2):
    Assignment.objects.filter(pk=assignment.pk).update(due=timezone.localdate() - datetime.timedelta(days=days))


@pytest.fixture
def four(author, editor, clinical, specialist):
    """Submitted, overdue, of high risk, and approved."""
    named(author, "First")
    late = under_review(named(author, "Late"), editor, (clinical, "clinical"), (specialist, "specialist"))
    overdue(late[0])
    under_review(named(author, "Grave", risk="high"), editor, (clinical, "clinical"))
    approved(named(author, "Ready"), editor, clinical, specialist)


def test_the_most_pressing_review_comes_first(at, four, editor):
    assert titles(shown(at, editor)) == ["Grave", "Late", "First"]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"state": "submitted"}, ["First"]),
        ({"state": "under_review"}, ["Grave", "Late"]),
        ({"state": "approved"}, ["Ready"]),
        ({"state": "owing"}, []),
        ({"only": "overdue"}, ["Late"]),
        ({"only": "nobody"}, ["First"]),
        ({"only": "high"}, ["Grave"]),
        ({"only": "urgent"}, []),
        ({"only": "mine"}, ["Grave", "Late"]),
        ({"q": "irs"}, ["First"]),
        ({"q": "%"}, []),
        ({"page": "2"}, []),
        ({"state": "x", "only": "y", "page": "-1"}, ["Grave", "Late", "First"]),
        ({"page": "\u0663"}, ["Grave", "Late", "First"]),
    ],
)
def test_the_address_says_what_is_listed(at, four, editor, asked, listed):
    assert titles(shown(at, editor, **asked)) == listed


def test_each_state_says_how_many_wait_in_it(at, four, editor):
    tabs = at(editor).get(url("queue")).context["tabs"]

    assert {name: number for name, _, number, _ in tabs} == {
        "waiting": 3, "submitted": 1, "under_review": 2, "approved": 1, "owing": 0
    }  # fmt: skip


def test_a_row_says_who_is_asked_how_many_signed_and_what_is_missing(at, four, editor, specialist):
    decide(Assignment.objects.get(reviewer=specialist, review__version__title="Late"))

    late = shown(at, editor, q="Late")[0]
    page = html.document_fromstring(at(editor).get(url("queue"), {"q": "Late"}).content)

    cells = [" ".join(cell.text_content().split()) for cell in page.xpath("//tbody/tr/*")]
    assert late.is_late
    assert cells[1:7] == ["Late version 1", "Under review", "0", "Clara Clinical", "1 of 2", "1 clinical"]
    assert cells[7].endswith("Overdue")


def test_an_empty_list_says_what_comes_next(at, editor):
    assert "One comes here when an author submits it." in text(at(editor).get(url("queue")))
    assert "No review matches." in text(at(editor).get(url("queue"), {"q": "Nothing"}))


def test_the_proposed_reviewers_are_asked_for_each_chosen_row(at, four, editor, clinical):
    board_member("petra", "Petra Pharmacist", ["pharmacist"])
    chosen = {row.version.title: row for row in Review.objects.all()}
    keys = [chosen[name].pk for name in ("First", "Grave", "Ready")]

    answer = at(editor).post(url("queue_steps"), {"review": keys, "step": "ask"})

    told = {row.review.version.title: (row.is_done, row.sentence) for row in answer.context["told"]}
    assert told["First"] == (True, "Asked: Clara Clinical, Simon Specialist.")
    assert told["Grave"] == (True, "Asked: Petra Pharmacist, Simon Specialist.")
    assert told["Ready"][0] is False
    assert "approved" in told["Ready"][1]
    assert [*told] == ["First", "Grave", "Ready"]
    again = at(editor).post(url("queue_steps"), {"review": keys[:1], "step": "ask"})
    assert [(row.is_done, row.sentence) for row in again.context["told"]] == [(False, "Enough people are asked.")]


def test_who_cannot_be_proposed_is_said_in_the_row(at, author, editor, clinical):
    today = timezone.localdate()
    Absence.objects.create(member=clinical.board_member, first_day=today, last_day=today)
    review = submitted(author).review
    before = evidence()

    answer = at(editor).post(url("queue_steps"), {"review": review.pk, "step": "ask"})

    [told] = answer.context["told"]
    assert not told.is_done
    assert told.sentence.startswith("Nobody can be proposed for: 2 clinical approvals")
    assert evidence() == before


def test_a_row_of_which_one_place_stays_open_is_partly_done_and_says_which(at, author, editor, clinical):
    review = submitted(author).review

    answer = at(editor).post(url("queue_steps"), {"review": review.pk, "step": "ask"})

    [told] = answer.context["told"]
    assert (told.is_done, told.is_part) == (True, True)
    assert told.sentence == (
        "Asked: Clara Clinical. Still open, because nobody can be proposed: "
        "1 approval by a specialist in one of the article's topics."
    )
    assert "Partly done" in text(answer)
    assert review.assignments.count() == 1


def test_what_waits_to_be_published_is_not_chosen_to_ask_or_remind(at, four, editor):
    waiting, to_publish = (text(at(editor).get(url("queue"), {"state": tab})) for tab in ("waiting", "approved"))

    for offered in ("Ask those proposed", "Remind those asked", 'name="review"'):
        assert offered in waiting
        assert offered not in to_publish


def test_everybody_who_is_asked_is_reminded_once_a_day(at, four, editor, clinical, specialist, mailoutbox):
    late = Review.objects.get(version__title="Late")
    Assignment.objects.filter(review=late, reviewer=clinical).update(assigned_at=timezone.now() + 3 * YESTERDAY)
    mailoutbox.clear()
    sent = {"review": [late.pk, Review.objects.get(version__title="First").pk], "step": "remind"}

    first, second = (at(editor).post(url("queue_steps"), sent) for _ in range(2))

    assert [(row.is_done, row.sentence) for row in first.context["told"]] == [
        (True, "Reminded: Clara Clinical. Simon Specialist was asked today."),
        (False, "Nobody is asked."),
    ]
    assert second.context["told"][0].sentence == (
        "Clara Clinical was reminded today already. Simon Specialist was asked today."
    )
    [mail] = mailoutbox
    assert mail.to == [clinical.email]
    assert f"/desk/reviews/{late.pk}/" in mail.body
    assert Reminder.objects.get().kind == Reminder.Kind.BY_EDITOR


@pytest.mark.parametrize(
    "sent", [{}, {"step": "ask"}, {"review": ["9" * 30, "9" * 5000], "step": "ask"}, {"review": "x", "step": "z"}]
)
def test_without_rows_or_a_step_nothing_is_done(at, editor, sent):
    answer = at(editor).post(url("queue_steps"), sent)

    assert answer.status_code == 422
    assert "Choose at least one row" in text(answer)


def test_a_writer_asks_nobody_from_the_queue_either(at, author, editor, clinical):
    author.groups.add(*editor.groups.all())
    review = submitted(author).review
    before = evidence()

    [told] = at(author).post(url("queue_steps"), {"review": review.pk, "step": "ask"}).context["told"]

    assert (told.is_done, evidence()) == (False, before)


def test_the_queue_takes_as_many_statements_for_many_rows(at, four, author, editor, clinical, specialist):
    def cost(**chosen):
        client = at(editor)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("queue"), chosen).status_code == 200
        return len(asked)

    few = cost()
    for number in range(5):
        late = under_review(named(author, f"More {number}"), editor, (clinical, "clinical"), (specialist, "specialist"))
        overdue(late[0])
        decide(late[0])

    assert cost() == few <= 5
    assert cost(only="nobody") <= 5
    assert cost(q="More") <= 5
    assert cost(q="Nothing") <= 4
    tie(clinical, "Oncology")
    assert cost() <= 5
    assert cost(only="nobody") <= 5
    assert "Interest without a plan: Clara Clinical cannot review" in text(at(editor).get(url("queue")))


def test_full_reviews_that_are_due_cost_the_queue_one_statement(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=7)

    def urgent(number):
        version = named(author, f"Urgent {number}")
        pair = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
        workflow.declare_urgent(version.review, actor=editor, reason="A recall.")
        decide(pair[0])

    def cost():
        client = at(editor)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url("queue"), {"state": "owing"})
        return len(page.context["lines"]), len(asked)

    urgent(1)
    first = cost()
    for number in range(2, 5):
        urgent(number)
    tie(clinical, "Oncology")

    assert (first, cost()) == ((1, 6), (4, 6))
    assert "Interest without a plan: the approval by Clara Clinical no longer counts" in text(
        at(editor).get(url("queue"), {"state": "owing"})
    )


@pytest.mark.parametrize("asked", [{}, {"only": "overdue"}, {"only": "mine"}, {"only": "nobody"}, {"q": "o"}])
def test_each_row_is_on_one_page(at, author, editor, clinical, monkeypatch, asked):
    monkeypatch.setattr(queue, "ROWS", 2)
    rows = [named(author, f"No {number}").review for number in range(5)]
    if asked.keys() - {"q"}:
        only = {"overdue": clinical, "mine": clinical, "nobody": None}[asked["only"]]
        for review in rows if only else ():
            [request] = under_review(review.version, editor, (clinical, "clinical"))
            overdue(request)

    pages = [titles(shown(at, editor, page=number, **asked)) for number in (1, 2, 3, 4)]

    assert pages == [["No 0", "No 1"], ["No 2", "No 3"], ["No 4"], []]


def test_a_full_review_that_is_due_counts_no_signer_with_a_conflict(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=7)
    version = named(author, "Urgent")
    pair = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.declare_urgent(version.review, actor=editor, reason="A recall.")
    decide(pair[0])
    [before] = shown(at, editor, state="owing")

    member = clinical.board_member
    disclose(member, conflicts=["Oncology"])

    [line] = shown(at, editor, state="owing")
    review = Review.objects.get(pk=version.review.pk)
    assert (before.review.progress.signed, before.review.progress.wanted) == ("1 of 2 signed", "1 specialist")
    assert line.review.progress.signed == "0 of 2 signed"
    assert line.review.progress.missing == ["2 clinical (1 as specialist)"]
    assert eligibility.still_needed(review) == [
        "2 more clinical approvals (1 of them by a specialist in one of the article's topics)"
    ]
    call_command("verify_ledger", verbosity=0)


def test_what_is_typed_is_text_in_the_table(at, author, editor, clinical, specialist):
    clinical.contributor.name = 'Clara "C" <b>'
    clinical.contributor.save()
    under_review(named(author, 'A <i>title</i> & "more"'), editor, (clinical, "clinical"), (specialist, "specialist"))

    page = at(editor).get(url("queue")).content.decode()

    assert "A &lt;i&gt;title&lt;/i&gt; &amp; &quot;more&quot;</a>" in page
    assert "Clara &quot;C&quot; &lt;b&gt;" in page
    assert "<i>title" not in page

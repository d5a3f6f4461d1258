"""The page on which a board member discloses their interests: rows, more rows, one press to renew, refusals."""

import datetime

import pytest
from django.utils import timezone

from reviews import workflow
from reviews.models import Disclosure, Interest
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories
from tests.desk.pages import text, url

DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def member(clinical):
    return clinical.board_member


def entry(number=0, **fields):
    fields = {"entity": "Acme", "relation": "stock_held", "since": "2026-01-02", **fields}
    return {f"{number}-{name}": value for name, value in fields.items()}


def posted(*entries, **fields):
    rows = {name: value for each in entries for name, value in each.items()}
    return {"rows": "2", "whole": "on", **rows, **fields}


def test_a_member_discloses_interests_row_by_row(at, clinical, member, today):
    oncology, surgery = factories.topic("Oncology"), factories.topic("Surgery")
    form = posted(entry(topics=[oncology.pk, surgery.pk]), entry(1, relation="another_tie", detail="A chair"))

    answer = at(clinical).post(url("disclosures"), form, follow=True)

    assert answer.redirect_chain == [(url("disclosures"), 302)]
    made = Disclosure.objects.current(today).get(member=member)
    assert [(row.entity, row.detail) for row in made.interests.all()] == [("Acme", ""), ("Acme", "A chair")]
    assert {row.topic for row in made.conflict_rows.all()} == {oncology, surgery}
    page = text(answer)
    assert "Acme: stock or stock options, since 2 January 2026. Touches Oncology, Surgery." in page
    assert f"valid until {made.valid_until:%-d %B %Y}" in page
    assert 'value="Acme"' in page  # the entries of the new form


def test_nothing_to_declare_is_one_tick_and_no_entry(at, clinical, member, today):
    assert at(clinical).post(url("disclosures"), posted(none="on")).status_code == 302
    assert Disclosure.objects.current(today).get(member=member).none_declared

    both = at(clinical).post(url("disclosures"), posted(entry(), none="on"))
    neither = at(clinical).post(url("disclosures"), posted())

    assert (both.status_code, neither.status_code) == (422, 422)
    assert "You have entered interests below." in text(both)
    assert "Enter your interests, or declare that there are none." in text(neither)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"since": "2999-01-01"}, "Declare what has begun, not what is to come."),
        ({"since": "2001-01-01", "until": "2002-01-01"}, "It ended more than 36 months ago: leave it out."),
        ({"until": "2025-01-01"}, "An interest cannot end before it begins."),
        ({"relation": "another_tie"}, "Say what the relation is."),
        ({"relation": ""}, "This field is required."),
        ({"entity": "<b>Acme</b>"}, "Acme"),
        ({"topics": ["99999"]}, "99999"),
        ({"topics": ["9" * 23]}, "9" * 20),
    ],
)
def test_a_refused_entry_is_kept_with_its_reason_and_nothing_is_written(at, clinical, fields, said):
    before = factories.evidence()

    answer = at(clinical).post(url("disclosures"), posted(entry(1, entity="Kept Ltd"), entry(**fields)))

    page = text(answer)
    assert answer.status_code == 422
    assert "Entry 1: " in page
    assert said in page
    assert 'value="Kept Ltd"' in page
    assert factories.evidence() == before


def test_the_disclosure_has_to_be_called_complete(at, clinical):
    answer = at(clinical).post(url("disclosures"), posted(entry(), whole=""))

    assert answer.status_code == 422
    assert "Confirm that your disclosure is complete." in text(answer)


def test_more_entries_are_a_press_that_writes_nothing_and_keeps_what_was_typed(at, clinical):
    before = factories.evidence()

    answer = at(clinical).post(url("disclosures"), posted(entry(since="")) | {"more": "1"})

    page = text(answer)
    assert answer.status_code == 200
    assert 'name="rows" value="4"' in page
    assert "Entry 4" in page
    assert 'value="Acme"' in page
    assert "This field is required" not in page
    assert factories.evidence() == before


@pytest.mark.parametrize(("sent", "shown"), [("9999", 30), ("x", 1), ("-5", 1), ("9" * 30, 1)])
def test_the_number_of_rows_stays_within_bounds(at, clinical, sent, shown):
    page = text(at(clinical).post(url("disclosures"), {"rows": sent}))

    assert f"Entry {shown}<" in page
    assert f"Entry {shown + 1}<" not in page


def test_one_press_renews_what_is_still_true(at, clinical, member, today):
    interest = Declared("Acme", Interest.Relation.GRANTS, today, topics=[factories.topic("Surgery")])
    made = workflow.disclose(member, actor=clinical, interests=[interest])

    answer = at(clinical).post(url("renew_disclosure"), {"disclosure": made.pk}, follow=True)

    assert "Your disclosure of interests is valid until" in text(answer)
    newest = Disclosure.objects.current(today).get(member=member)
    assert newest.pk != made.pk
    assert newest.statement == made.statement
    again = at(clinical).post(url("renew_disclosure"), {"disclosure": made.pk})
    assert again.status_code == 409
    assert "You have made a newer disclosure since." in text(again)


def test_nobody_renews_what_is_not_theirs(at, clinical, specialist):
    theirs = specialist.board_member.disclosures.get()

    for sent in (theirs.pk, "x", 10**25):
        assert at(clinical).post(url("renew_disclosure"), {"disclosure": sent}).status_code == 404
    assert at(clinical).post(url("renew_disclosure")).status_code == 422


def test_a_text_of_an_administrator_is_shown_and_asked_for_entry_by_entry(at, clinical, member):
    factories.disclose(member, conflicts=["Oncology"])

    page = text(at(clinical).get(url("disclosures")))

    assert "Consulting fees." in page
    assert "Topics on which you cannot review: Oncology." in page
    assert "The current disclosure is one text. Enter its interests one by one." in page


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_costs_the_same_queries_however_much_there_is(
    at, clinical, member, today, number, django_assert_num_queries
):
    for place in range(number):
        factories.topic(f"Topic {place}")
    many = [Declared(f"Acme {n}", "grants", today, topics=[factories.topic("Topic 0")]) for n in range(number)]
    for _ in range(2):
        workflow.disclose(member, actor=clinical, interests=many)
    client = at(clinical)

    with django_assert_num_queries(14):
        client.get(url("disclosures"))


def test_my_work_says_when_to_renew(at, clinical, member, today):
    def line() -> str:
        return text(at(clinical).get(url("desk")))

    assert "Your disclosure of interests</a>" in line()
    row = member.disclosures.get()
    for until, said in (
        (today + 20 * DAY, "Renew your disclosure of interests</a>. It is valid until"),
        (today, "Renew your disclosure of interests</a>. It is valid until"),
        (today - DAY, "Until you renew it, you cannot sign or be asked."),
    ):
        row.made_on, row.valid_until = until - 365 * DAY, until
        row.save()
        assert said in line()
    fresh = factories.person("new", "Nora New", groups=["reviewer"])
    fresh.board_member = type(member).objects.create(user=fresh, capacities=["lay"])
    assert "Disclose your interests</a>. Until you have, you cannot be asked" in text(at(fresh).get(url("desk")))

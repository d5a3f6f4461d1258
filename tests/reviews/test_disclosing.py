"""A board member discloses their own interests: as a whole, for a year; what was true is signed with each decision."""

import datetime
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from reviews import workflow
from reviews.evidence.ledger import rows
from reviews.models import Disclosure, Interest, Signature
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.interests.disclosing import MOST_INTERESTS, Declared, first_day
from tests import factories

DAY = datetime.timedelta(days=1)


@pytest.fixture
def member(clinical):
    return clinical.board_member


@pytest.fixture
def today():
    return timezone.localdate()


def shares(today, **fields) -> Declared:
    return Declared("Acme", Interest.Relation.STOCK, **{"since": today - 400 * DAY, **fields})


def test_a_disclosure_is_a_whole_valid_for_a_year_with_an_event_for_each_of_its_rows(member, clinical, today, settings):
    settings.DISCLOSURE_DAYS = 300
    before = factories.last_event().position
    fees = Declared(
        "A  society ", Interest.Relation.OTHER, today - 9 * DAY, today, "a chair", [factories.topic("Surgery")]
    )

    with translation.override("de"):
        made = workflow.disclose(
            member, actor=clinical, interests=[shares(today, topics=[factories.topic("Oncology")]), fees]
        )

    assert (made.made_on, made.valid_until, made.none_declared) == (today, today + 300 * DAY, False)
    first, second = made.interests.all()
    assert (first.entity, second.entity, second.detail) == ("Acme", "A society", "a chair")
    since = f"{today - 400 * DAY:%-d %B %Y}"
    assert made.statement.split("\n") == [
        f"Acme: stock or stock options, since {since}. Touches Oncology.",
        f"A society: another relation (a chair), {today - 9 * DAY:%-d %B %Y} to {today:%-d %B %Y}. Touches Surgery.",
    ]
    assert {row.topic.name: row.interest for row in made.conflict_rows.all()} == {"Oncology": first, "Surgery": second}
    topics = ["settings_changed"] * 2
    assert [each for each in factories.events(before) if each not in topics] == ["disclosure_changed"] * 5
    assert factories.actor_of(factories.last_event()) == str(clinical.pk)


def test_nothing_to_declare_is_a_disclosure_too(member, clinical, today):
    made = workflow.disclose(member, actor=clinical)

    assert (made.none_declared, made.statement, made.made_on) == (True, "", today)
    assert list(Disclosure.objects.current(today).filter(member=member)) == [made]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"since": DAY}, "Declare what has begun, not what is to come."),
        ({"until": -1200 * DAY, "since": -1300 * DAY}, "It ended more than 36 months ago: leave it out."),
        ({"until": -500 * DAY}, "An interest cannot end before it begins."),
        ({"relation": "another_tie"}, "Say what the relation is."),
        ({"relation": "friendship"}, "friendship"),
        ({"entity": " "}, "This field cannot be blank."),
    ],
)
def test_an_interest_that_is_incomplete_or_outside_of_the_period_is_refused(member, clinical, today, wrong, said):
    days = {name: today + value for name, value in wrong.items() if isinstance(value, datetime.timedelta)}
    declared = shares(today)._replace(**{**wrong, **days})
    before = factories.evidence()

    with pytest.raises(ValidationError) as refused:
        workflow.disclose(member, actor=clinical, interests=[declared])

    assert any(said in sentence for sentence in refused.value.messages)
    assert factories.evidence() == before


def test_no_more_interests_than_a_page_holds_are_taken(member, clinical, today):
    workflow.disclose(member, actor=clinical, interests=[shares(today)] * MOST_INTERESTS)

    with pytest.raises(ValidationError, match="Declare at most 30 interests"):
        workflow.disclose(member, actor=clinical, interests=[shares(today)] * (MOST_INTERESTS + 1))


def test_nobody_discloses_for_somebody_else_nor_once_they_left(member, clinical, specialist, editor, today):
    disclosure, before = member.disclosures.get(), factories.evidence()
    for actor in (specialist, editor):
        with pytest.raises(NotAllowed, match="Only the member of the board can make this disclosure"):
            workflow.disclose(member, actor=actor)
        with pytest.raises(NotAllowed, match="Only the member of the board"):
            workflow.renew_disclosure(disclosure, actor=actor)
    assert factories.evidence() == before

    clinical.groups.clear()
    with pytest.raises(NotAllowed, match="Only a member of the medical advisory board"):
        workflow.disclose(member, actor=clinical)


def test_renewing_declares_the_same_as_of_today_without_what_ended_too_long_ago(member, clinical, today):
    topic = factories.topic("Oncology")
    made = workflow.disclose(
        member,
        actor=clinical,
        interests=[shares(today, topics=[topic]), shares(today, until=today - 300 * DAY)._replace(entity="Ended")],
    )
    later = today + 800 * DAY

    with _on(later):
        renewed = workflow.renew_disclosure(made, actor=clinical)

    assert (renewed.made_on, renewed.valid_until) == (later, later + 365 * DAY)
    assert [row.entity for row in renewed.interests.all()] == ["Acme"]
    assert [row.topic for row in renewed.interests.get().topic_rows.all()] == [topic]
    assert "Ended" not in renewed.statement
    assert made.interests.count() == 2


def _on(day):
    """Let the workflow's clock stand at noon of this day."""
    at = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    return mock.patch("django.utils.timezone.now", return_value=at)


def test_renewing_keeps_a_text_that_an_administrator_entered_and_its_topics(member, clinical, today):
    entered = factories.disclose(member, conflicts=["Cardiology"])

    renewed = workflow.renew_disclosure(entered, actor=clinical)

    assert renewed.pk != entered.pk
    assert (renewed.statement, renewed.none_declared) == ("Consulting fees.", False)
    assert [row.topic.name for row in renewed.conflict_rows.all()] == ["Cardiology"]


def test_what_is_no_longer_the_newest_is_not_renewed(member, clinical):
    old = member.disclosures.get()
    workflow.disclose(member, actor=clinical)
    before = factories.evidence()

    with pytest.raises(NotNow, match="You have made a newer disclosure since"):
        workflow.renew_disclosure(old, actor=clinical)

    assert factories.evidence() == before


@pytest.mark.parametrize(
    ("day", "first"), [((2026, 11, 30), (2023, 11, 30)), ((2028, 2, 29), (2025, 2, 28)), ((2026, 1, 31), (2023, 1, 31))]
)
def test_the_period_is_36_months(day, first):
    assert first_day(datetime.date(*day)) == datetime.date(*first)


def test_what_was_disclosed_is_signed_with_each_decision_and_stays(author, editor, clinical, specialist, member, today):
    workflow.disclose(member, actor=clinical, interests=[shares(today, topics=[factories.topic("Surgery")])])
    version = factories.submitted(author)
    factories.approved(version, editor, clinical, specialist)
    workflow.disclose(member, actor=clinical)

    said = f"My disclosure of interests of {today}: "
    mine, other = Signature.objects.order_by("pk")
    since = f"{today - 400 * DAY:%-d %B %Y}"
    assert mine.disclosed == f"{said}Acme: stock or stock options, since {since}. Touches Surgery."
    assert other.disclosed == f"{said}nothing to declare."
    assert mine.statement.endswith(f" {mine.disclosed}")
    assert other.statement.endswith(f" {other.disclosed}")
    withdrawn = workflow.withdraw_approval(
        version.review, actor=clinical, password=factories.PASSWORD, reason="Wrong."
    ).signature
    assert withdrawn.disclosed == f"{said}nothing to declare."
    assert "interests" not in withdrawn.statement


def test_an_attestation_signs_the_disclosure_too(author, editor, clinical, specialist, today):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)
    given = {"capacity": "clinical", "password": factories.PASSWORD, "digest": version.digest}

    row = workflow.attest(version, actor=clinical, **given)

    assert row.signature.statement.endswith(f" My disclosure of interests of {today}: nothing to declare.")


def test_a_signature_of_before_has_the_digest_that_it_had(author, editor, clinical, specialist):
    factories.approved(factories.submitted(author), editor, clinical, specialist)
    signature = Signature.objects.first()
    whole = rows.row_digest(signature)
    signature.disclosed = None

    written = rows.layout(Signature)
    names = [field.name for field in written.fields if field.name != "disclosed"]
    earlier = rows.Layout(Signature, fields=[f for f in written.fields if f.name in names])
    values = [rows.plain(f.get_prep_value(getattr(signature, f.attname))) for f in earlier.fields]
    assert rows.row_digest(signature) == earlier.digest(values) != whole

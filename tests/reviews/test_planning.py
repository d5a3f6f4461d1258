"""A disclosed interest on the article's topics bars its member, unless an editor has recorded how it is managed."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Topic
from reviews import workflow
from reviews.models import ManagementPlan, Review, Signature
from reviews.models.board.interests import Interest
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.approval import eligibility
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories

PLAN = {"reason": "Nobody else knows it.", "measures": "Simon reads the section on doses."}


@pytest.fixture
def version(author):
    return factories.submitted(author)


def tie(person, *topics, entity="Acme"):
    """Let this member disclose shares that touch these topics."""
    found = [factories.topic(name) for name in topics]
    interest = Declared(entity, Interest.Relation.STOCK, timezone.localdate(), topics=found)
    return workflow.disclose(person.board_member, actor=person, interests=[interest])


def against(person, version) -> list[str]:
    return eligibility.reasons_against(person, version.review, "clinical")


BARRED = "Clara Clinical has disclosed an interest on a topic of this text, Oncology: stock or stock options, Acme."


def test_an_interest_on_the_topic_bars_until_there_is_a_plan_for_it(version, clinical, editor, editor2):
    tie(clinical, "Oncology", "Surgery")
    assert against(clinical, version) == [BARRED]
    with pytest.raises(NotAllowed, match="Acme"):
        factories.asked(version, editor, (clinical, "clinical"))

    plan = workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    assert against(clinical, version) == []
    (row,) = factories.under_review(version, editor, (clinical, "clinical"))
    decision = factories.decide(row)
    assert plan.interests == [
        {
            "entity": "Acme",
            "relation": "stock_held",
            "topic": Topic.objects.get(name="Oncology").pk,
            "topic_name": "Oncology",
        }
    ]
    assert decision.signature.statement.endswith(
        f" Management plan of {timezone.now().date()} by Edith Editor: Nobody else knows it. "
        "Measures: Simon reads the section on doses."
    )
    assert decision.signature.disclosed in decision.signature.statement


@pytest.mark.parametrize(
    ("disclosed", "bars"), [("Oncology", True), ("Medicine", True), ("Melanoma", True), ("Skin", False)]
)
def test_what_the_topic_is_a_part_of_and_what_is_a_part_of_it_count(version, clinical, disclosed, bars):
    whole, oncology, part = (factories.topic(name) for name in ("Medicine", "Oncology", "Melanoma"))
    for narrower, wider in ((oncology, whole), (part, oncology), (factories.topic("Skin"), whole)):
        narrower.parent = wider
        narrower.save()

    tie(clinical, disclosed)

    assert bool(against(clinical, version)) == bars


def test_the_plan_is_an_event_whose_reason_is_private_and_others_are_told(
    version, clinical, editor, editor2, django_capture_on_commit_callbacks
):
    tie(clinical, "Oncology")
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        plan = workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    event = factories.last_event()
    assert (event.action, event.article) == ("plan_recorded", str(version.article.public_id))
    assert "Nobody else" not in event.payload
    assert PLAN["measures"] in event.private.text
    assert f"reviews_managementplan:{plan.pk}" in event.private.text
    told = {address for message in mail.outbox for address in message.to}
    assert {editor2.email, clinical.email} <= told
    assert editor.email not in told


def test_a_plan_is_for_one_version_and_for_the_interests_that_were_disclosed(version, author, clinical, editor):
    tie(clinical, "Oncology")
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    tie(clinical, "Oncology")  # the same again
    assert against(clinical, version) == []

    tie(clinical, "Oncology", entity="Maker")
    assert "Maker" in against(clinical, version)[0]
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    assert against(clinical, version) == []

    workflow.recall(version.review, actor=author, reason="One more look.")
    factories.edit(version.article, "Newer.", by=author)
    newer = factories.submitted(author, version.article)
    assert "Maker" in against(clinical, newer)[0]


def test_a_topic_that_is_renamed_keeps_its_plan(version, clinical, editor):
    tie(clinical, "Oncology")
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    topic = Topic.objects.get(name="Oncology")
    topic.name = "Cancer"
    topic.save()

    assert against(clinical, version) == []


def test_a_plan_for_what_an_administrator_entered(version, clinical, editor):
    factories.disclose(clinical.board_member, conflicts=["Oncology"])

    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    assert against(clinical, version) == []


def test_who_stepped_back_because_of_a_conflict_stays_barred(version, clinical, editor):
    (row,) = factories.under_review(version, editor, (clinical, "clinical"))
    workflow.recuse(row, actor=clinical, reason="My brother made it.", conflict=True)
    tie(clinical, "Oncology")

    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    assert against(clinical, version) == [
        "Clara Clinical has stepped back from this article because of a conflict of interest."
    ]


def test_without_a_plan_nobody_accepts_signs_or_publishes(author, version, clinical, specialist, editor):
    (row,) = factories.asked(version, editor, (clinical, "clinical"))
    tie(clinical, "Oncology")
    before = factories.evidence()
    with pytest.raises(NotAllowed, match="Acme"):
        workflow.accept(row, actor=clinical)
    assert factories.evidence() == before
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    row = factories.accepted(row)

    tie(clinical, "Oncology", entity="Maker")
    with pytest.raises(NotAllowed, match="Maker"):
        factories.decide(row)
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    factories.decide(row)
    (other,) = factories.under_review(version, editor, (specialist, "specialist"))
    factories.decide(other)

    tie(clinical, "Oncology", entity="Third")
    with pytest.raises(NotNow, match="Third"):
        workflow.publish(version, actor=editor)
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    workflow.publish(version, actor=editor)


def test_only_an_editor_who_wrote_none_of_it_records_a_plan_and_none_for_themself(version, author, clinical, editor):
    tie(clinical, "Oncology")
    both = factories.board_member("both", "Eve Both", groups=["reviewer", "editor"])
    tie(both, "Oncology")
    writer = factories.person("writer", groups=["editor"])
    factories.edit(version.article, "Changed.", by=writer)
    before = factories.evidence()

    for actor, reviewer, said in (
        (author, clinical, "Only an editor"),
        (clinical, clinical, "Only an editor"),
        (both, both, "your own interests"),
    ):
        with pytest.raises(NotAllowed, match=said):
            workflow.record_plan(version.review, actor=actor, reviewer=reviewer, **PLAN)

    assert factories.evidence() == before


@pytest.mark.parametrize("missing", PLAN)
def test_a_plan_says_why_and_what_is_done(version, clinical, editor, missing):
    tie(clinical, "Oncology")

    for text in (" \n", "x" * 2001):
        with pytest.raises(ValidationError) as refused:
            workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN | {missing: text})
        assert list(refused.value.message_dict) == [missing]
    assert not ManagementPlan.objects.exists()


def test_no_plan_without_an_interest_and_no_second_one(version, clinical, specialist, editor):
    tie(clinical, "Surgery")
    with pytest.raises(NotNow, match="Clara Clinical has disclosed no interest that touches this text"):
        workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)
    tie(specialist, "Oncology")
    workflow.record_plan(version.review, actor=editor, reviewer=specialist, **PLAN)
    with pytest.raises(NotNow, match="There is a plan already for each disclosed interest of Simon Specialist"):
        workflow.record_plan(version.review, actor=editor, reviewer=specialist, **PLAN)


def test_an_earlier_statement_stays_as_it_was_signed(version, clinical, specialist, editor):
    factories.approved(version, editor, clinical, specialist)
    before = list(Signature.objects.order_by("pk").values())

    tie(clinical, "Oncology")
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    assert list(Signature.objects.order_by("pk").values()) == before
    assert Review.objects.get(version=version).is_approved

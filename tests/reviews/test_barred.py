"""Who has an interest without a plan is found alike for one text, for a list of requests, and as a condition."""

import random

import pytest
from django.utils import timezone

from articles.models import Topic
from reviews import workflow
from reviews.models.board.interests import Interest
from reviews.workflow.approval.eligibility import unplanned
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories
from tests.reviews.test_planning import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db):
    """Topics of three levels, and one apart."""
    top = factories.topic("Medicine")
    parts = [Topic.objects.create(name=f"Part {n}", slug=f"part-{n}", parent=top) for n in range(2)]
    deepest = Topic.objects.create(name="Part of a part", slug="deepest", parent=parts[0])
    return [top, *parts, deepest, factories.topic("Apart")]


@pytest.mark.parametrize("seed", range(6))
def test_the_condition_the_list_and_the_rows_agree(tree, author, editor, seed):
    chance = random.Random(seed)
    people = [factories.board_member(f"member{n}", f"Member {n}", ["clinical"]) for n in range(4)]
    for number in range(4):
        draft = factories.article(author, title=f"Text {number}", topics=[each.name for each in chance.sample(tree, 2)])
        review = factories.submitted(author, draft).review
        for person in people:
            row = workflow.assign(review, actor=editor, reviewer=person, capacity="clinical")
            if chance.random() < 0.3:
                factories.decide(factories.accepted(row))
    for person in people[:3]:
        shares = [
            Declared(name, Interest.Relation.STOCK, timezone.localdate(), topics=chance.sample(tree, 1))
            for name in ("Acme", "Bolt")[: chance.randint(1, 2)]
        ]
        workflow.disclose(person.board_member, actor=person, interests=shares)
    standing = list(unplanned.standing().select_related("review"))
    before = agreed(standing)
    for row in standing:
        if row.pk in before and row.is_open and chance.random() < 0.5:
            workflow.record_plan(row.review, actor=editor, reviewer=row.reviewer, **PLAN)
            if chance.random() < 0.5:
                more = Declared("Late", Interest.Relation.STOCK, timezone.localdate(), topics=tree)
                workflow.disclose(row.reviewer.board_member, actor=row.reviewer, interests=[more])

    after = agreed(standing)

    assert before
    assert set(unplanned.filling().values_list("pk", flat=True)) == {
        row.pk for row in standing if row.is_open and row.pk not in after
    }


def agreed(rows) -> set[int]:
    """Return the keys of the barred rows, which three ways find alike."""
    one_by_one = {row.pk for row, _touching in unplanned.unplanned(unplanned.standing())}
    of_a_list = unplanned.barred(rows, {row.review_id: row.review.version_id for row in rows})
    by_condition = unplanned.standing().filter(unplanned.is_barred()).order_by().values_list("pk", flat=True)
    assert one_by_one == of_a_list == set(by_condition)
    return of_a_list

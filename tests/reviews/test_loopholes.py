"""Ways round a rule that were open once."""

import pytest
from django.db import DatabaseError, connection, transaction

from articles.models import Authorship
from reviews import workflow
from reviews.models import Quorum, Review
from reviews.workflow import NotAllowed
from reviews.workflow.approval import eligibility
from tests.factories import PASSWORD, article, decide, evidence, save, submitted, under_review


def test_a_lay_reviewer_cannot_undo_an_approval_that_never_rested_on_them(author, editor, clinical, specialist, lay):
    version = submitted(author)
    people = [(lay, "lay"), (clinical, "clinical"), (specialist, "specialist")]
    for assignment in under_review(version, editor, *people):
        decide(assignment)
    before = evidence()

    with pytest.raises(NotAllowed, match="Lay approvals do not count"):
        workflow.withdraw_approval(Review.objects.get(), actor=lay, password=PASSWORD, reason="I changed my mind.")

    assert evidence() == before


def test_raising_the_risk_never_asks_for_fewer_signatures(author, editor, clinical):
    Quorum.objects.create(kind="topic", risk="high", clinical=1, specialist=0, pharmacist=1)
    review = submitted(author).review

    workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")

    review.refresh_from_db()
    assert review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 1}
    assert review.approvals_needed == 3


def test_who_is_taken_off_the_list_of_authors_stays_a_writer(author, editor, clinical):
    draft = article(author)
    link = save(Authorship(article=draft, contributor=clinical.contributor, role="author"), author)
    link._history_user = author
    link.delete()

    review = submitted(author, draft).review

    reasons = eligibility.reasons_against(clinical, review, "clinical")
    assert reasons == ["Clara Clinical wrote all or part of this text."]


def test_the_number_of_signatures_asked_for_cannot_be_lowered_in_the_database(author):
    review = submitted(author).review

    with pytest.raises(DatabaseError, match="fewer signatures"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_review SET approvals_needed = 1 WHERE id = %s", [review.pk])

    review.refresh_from_db()
    assert review.approvals_needed == 2

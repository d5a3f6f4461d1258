from django.db import transaction

from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Decision, Review
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.steps.submission import end_review
from reviews.workflow.table import STEPS, require_person, require_state
from reviews.workflow.transaction import lock, reason_given, reread, version_payload


@noted
@transaction.atomic(durable=True)
def decline(review: Review, *, actor, reason: str) -> Review:
    """End a review because the text is not for us; an editor who wrote no part of it, with a reason."""
    reason = reason_given(reason)
    return _end(review, "decline", Review.Status.DECLINED, actor, reason)


@noted
@transaction.atomic(durable=True)
def end_round(review: Review, *, actor, reason: str = "") -> Review:
    """Send the version back without waiting for the reviewers who have not answered, once one asked for changes."""
    reason = reason_given(reason or "An editor ended the round.")
    return _end(review, "end_round", Review.Status.CHANGES_REQUESTED, actor, reason)


def end_round_blockers(review: Review) -> list[str]:
    """Return why the round cannot be ended now."""
    asked = review.decisions.live().filter(outcome=Decision.Outcome.REQUEST_CHANGES).exists()
    return [] if asked else ["No reviewer has asked for changes yet: there is no round to end."]


def _end(review: Review, step: str, status: str, actor, reason: str) -> Review:
    article = lock(review.article_id)
    review = reread(review)
    require_person(step, actor, article=article, review=review)
    require_state(step, review)
    if step == "end_round" and (blockers := end_round_blockers(review)):
        raise NotNow(" ".join(blockers))
    rows = end_review(review, status, reason, actor)
    ledger.append(
        STEPS[step].event,
        actor=actor,
        article=article,
        payload={**version_payload(review.version), "status": review.status},
        private={"reason": reason},
        rows=rows,
    )
    notifications.outcome(review)
    return review

"""An editor's plan for disclosed interests that touch a text: with it their member may review this version."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import ManagementPlan, Review
from reviews.workflow.approval import eligibility
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.reading import read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.table import STEPS, require_person, require_state
from reviews.workflow.transaction import lock, reason_given, version_payload

LONGEST = 2000


@refusals_logged
@transaction.atomic(durable=True)
def record_plan(review: Review, *, actor: User, reviewer: User, reason: str, measures: str) -> ManagementPlan:
    """
    Record why this person may review the version in spite of disclosed interests, and what is done about these.

    It covers the interests that touch the text now, in this review alone. A conflict of interest that the person
    declared on the article itself stays. The other editors and the person are told. Raise NotAllowed for anyone but an
    editor who wrote no part of the text, and for a plan for oneself; NotNow if no interest needs a plan.
    """
    reason, measures = reason_given(reason, limit=LONGEST), reason_given(measures, field="measures", limit=LONGEST)
    article = lock(review.article_id)
    review = read_review(article, review.version_id, actor=actor, reviewer=reviewer.pk)
    require_person("record_plan", actor, article=article, review=review)
    if reviewer.pk == actor.pk:
        raise NotAllowed(_("You cannot record a plan for your own interests. Another editor must do this."))
    require_state("record_plan", review)
    touching = eligibility.to_plan_for(reviewer, review)
    name = ledger.name_of(reviewer)
    if not touching:
        raise NotNow(_nothing_to_plan(reviewer, review).format(name=name))
    plan = ManagementPlan(
        review=review,
        reviewer=reviewer,
        reviewer_name=name,
        interests=[each.as_planned for each in touching],
        reason=reason,
        measures=measures,
        recorded_by=actor,
        recorded_by_name=ledger.name_of(actor),
        recorded_at=timezone.now(),
    )
    plan.save()
    ledger.append(
        STEPS["record_plan"].event,
        actor=actor,
        article=article,
        payload=version_payload(review.version),
        private={"reason": reason, "measures": measures, "reviewer": name},
        rows=[plan],
    )
    notifications.planned(plan, review)
    return plan


def _nothing_to_plan(reviewer: User, review: Review) -> str:
    if eligibility.plans_for(reviewer, review):
        return _("There is a plan already for each disclosed interest of {name} that touches this text.")
    return _("{name} has disclosed no interest that touches this text.")

"""The rules of the database: each is a condition on writes to a table, and the message of the refusal."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models.expressions import RawSQL

from articles.models.rows.append_only import AppendOnly
from articles.models.rows.as_sql import as_sql
from reviews.models import Capacity, Decision

OURS = ("articles_", "reviews_")  # the prefixes of our triggers' names
UNAPPROVED_VERSION_SQL = """
NEW.published_version_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM articles_version v JOIN reviews_review r ON r.version_id = v.id
   WHERE v.id = NEW.published_version_id AND v.article_id = NEW.id AND r.article_id = NEW.id
     AND r.status = 'approved')
"""
FOREIGN_VERSION_SQL = """
NEW.latest_version_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM articles_version v WHERE v.id = NEW.latest_version_id AND v.article_id = NEW.id)
"""
PUBLISHED_REVIEW_SQL = """
OLD.status = 'approved' AND (NEW.status <> 'approved' OR NEW.version_id <> OLD.version_id
                             OR NEW.article_id <> OLD.article_id) AND EXISTS (
  SELECT 1 FROM articles_article a WHERE a.published_version_id = OLD.version_id)
"""
KEPT = (
    "reviews_review",
    "reviews_assignment",
    "reviews_comment",
    "reviews_commentanchor",
    "reviews_schedule",
    "reviews_ledgerhead",
)
NOT_NEXT_SQL = "NEW.position <> (SELECT COALESCE(MAX(position), 0) + 1 FROM reviews_ledgerevent)"


@dataclass(frozen=True)
class Rule:
    """A condition under which a write to a table is refused with a message."""

    name: str
    table: str
    events: tuple[str, ...]
    message: str
    condition: str = ""


def append_only_models() -> list[type[AppendOnly]]:
    """Return every append-only model, including the models of history."""
    return sorted(
        (model for model in apps.get_models(include_auto_created=True) if issubclass(model, AppendOnly)),
        key=lambda model: model._meta.db_table,
    )


def approvals(*capacities: str) -> str:
    """Return the SQL for the number of approvals that count of the new row of a review, in these capacities or any."""
    given = Decision.objects.counting().filter(review=RawSQL("NEW.id", [])).order_by().values("pk")
    if capacities:
        given = given.filter(assignment__capacity__in=capacities)
    return f"(SELECT COUNT(*) FROM ({as_sql(given)}) AS counting)"  # noqa: S608 (of our own)


def too_few_approvals() -> str:
    """
    Return the SQL condition that the new row of a review has fewer approvals that count than it needs to be approved.

    A review that was declared urgent needs one by a clinical or specialist reviewer. The brackets are for PL/pgSQL, in
    which THEN would end the condition.
    """
    urgently = approvals(Capacity.CLINICAL.value, Capacity.SPECIALIST.value)
    return f"(CASE WHEN NEW.full_review_due IS NULL THEN {approvals()} < NEW.approvals_needed ELSE {urgently} < 1 END)"


URGENT_FOR_NO_REASON_SQL = """
OLD.full_review_due IS NULL AND NEW.full_review_due IS NOT NULL
AND (OLD.urgent_days IS NULL OR OLD.status <> 'under_review')
"""
URGENCY_CHANGED_SQL = """
(OLD.full_review_due IS NOT NULL AND (NEW.full_review_due IS NULL OR NEW.full_review_due <> OLD.full_review_due))
OR (OLD.completed_at IS NOT NULL AND (NEW.completed_at IS NULL OR NEW.completed_at <> OLD.completed_at))
"""


ACCEPTANCE_CHANGED_SQL = """
(OLD.accepted_at IS NOT NULL AND (NEW.accepted_at IS NULL OR NEW.accepted_at <> OLD.accepted_at))
OR (OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL AND OLD.ended_at IS NOT NULL)
"""
UNACCEPTED_SQL = """
NEW.outcome <> 'withdraw' AND EXISTS (
  SELECT 1 FROM reviews_assignment a WHERE a.id = NEW.assignment_id AND a.accepted_at IS NULL)
"""


def rules_of_acceptance() -> list[Rule]:
    """Return the rules on the acceptance of requests to review."""
    return [
        Rule(
            "reviews_assignment_begins_unaccepted", "reviews_assignment", ("INSERT",),
            "A reviewer is asked before they accept.", "NEW.accepted_at IS NOT NULL",
        ),
        Rule(
            "reviews_assignment_acceptance_stands", "reviews_assignment", ("UPDATE",),
            "A request is accepted once, while it is open, and that never changes.", ACCEPTANCE_CHANGED_SQL,
        ),
        Rule(
            "reviews_decision_on_an_accepted_request", "reviews_decision", ("INSERT",),
            "A reviewer accepts the request before they decide.", UNACCEPTED_SQL,
        ),
    ]  # fmt: skip


def rules_of_urgency() -> list[Rule]:
    """Return the rules on reviews that are declared urgent, and on their full reviews."""
    return [
        Rule(
            "reviews_review_full_review_has_its_signatures", "reviews_review", ("UPDATE",),
            "A full review is completed by its approving decisions alone.",
            f"NEW.completed_at IS NOT NULL AND OLD.completed_at IS NULL "
            f"AND (NEW.status <> 'approved' OR {approvals()} < NEW.approvals_needed)",
        ),
        Rule(
            "reviews_review_begins_without_urgency", "reviews_review", ("INSERT",),
            "A review is submitted before it is declared urgent.",
            "NEW.full_review_due IS NOT NULL OR NEW.completed_at IS NOT NULL",
        ),
        Rule(
            "reviews_review_urgency_is_permitted", "reviews_review", ("UPDATE",),
            "A review is declared urgent while it is under review, if its quorum permits that.",
            URGENT_FOR_NO_REASON_SQL,
        ),
        Rule(
            "reviews_review_urgency_stands", "reviews_review", ("UPDATE",),
            "The day of a due full review and the time it was completed never change.", URGENCY_CHANGED_SQL,
        ),
    ]  # fmt: skip


def rules() -> list[Rule]:
    """Return all rules, the same for both databases."""
    result = [
        Rule(f"{table}_only_added", table, ("UPDATE", "DELETE"), f"{table} is append-only: rows are only ever added.")
        for table in (model._meta.db_table for model in append_only_models())
    ]
    result += [
        Rule(f"{table}_never_deleted", table, ("DELETE",), f"Rows of {table} are never deleted.") for table in KEPT
    ]
    both = ("INSERT", "UPDATE")
    return [
        *result,
        Rule(
            "articles_article_published_is_approved", "articles_article", both,
            "Only an approved version of this article can be published.", UNAPPROVED_VERSION_SQL,
        ),
        Rule(
            "articles_article_latest_is_its_own", "articles_article", both,
            "The latest version has to be a version of this article.", FOREIGN_VERSION_SQL,
        ),
        Rule(
            "reviews_review_approved_has_its_signatures", "reviews_review", ("INSERT",),
            "A review becomes approved by its approving decisions alone.",
            f"NEW.status = 'approved' AND {too_few_approvals()}",
        ),
        Rule(
            "reviews_review_approval_has_its_signatures", "reviews_review", ("UPDATE",),
            "A review becomes approved by its approving decisions alone.",
            f"NEW.status = 'approved' AND OLD.status <> 'approved' AND {too_few_approvals()}",
        ),
        *rules_of_urgency(),
        *rules_of_acceptance(),
        Rule(
            "reviews_review_published_stays_approved", "reviews_review", ("UPDATE",),
            "The review of a published version stays approved.", PUBLISHED_REVIEW_SQL,
        ),
        Rule(
            "reviews_review_quorum_is_never_lowered", "reviews_review", ("UPDATE",),
            "A review never asks for fewer signatures than before.", "NEW.approvals_needed < OLD.approvals_needed",
        ),
        Rule(
            "reviews_review_sections_stand", "reviews_review", ("UPDATE",),
            "The sections that specialists have to sign for never change once they are set.",
            "OLD.sections IS NOT NULL AND (NEW.sections IS NULL OR NEW.sections <> OLD.sections)",
        ),
        Rule(
            "reviews_ledgerevent_without_gap", "reviews_ledgerevent", ("INSERT",),
            "The ledger has no gaps: an event takes the next position.", NOT_NEXT_SQL,
        ),
    ]  # fmt: skip

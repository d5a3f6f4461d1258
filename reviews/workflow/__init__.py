"""
Every step of the workflow, one function each. Nothing else writes a status or a pointer.

A step that signs authenticates first. Then one durable transaction locks the article, checks person and state, writes,
and appends the event to the ledger last. A refusal is NotAllowed, NotNow or ValidationError and changes nothing.
"""

from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.steps.assignment import accept, ask, assign, recuse, unassign
from reviews.workflow.steps.beside.disclaimers import confirm_disclaimer, issue_disclaimer
from reviews.workflow.steps.beside.overriding import override, take_back_override
from reviews.workflow.steps.beside.retractions import load_retractions
from reviews.workflow.steps.comments.commenting import assign_comment, comment, resolve_comment
from reviews.workflow.steps.comments.taking_over import take_over
from reviews.workflow.steps.decision import decide, withdraw_approval
from reviews.workflow.steps.ending import decline, end_round, recall
from reviews.workflow.steps.interests.disclosing import disclose, renew_disclosure
from reviews.workflow.steps.interests.planning import record_plan
from reviews.workflow.steps.notices import issue_notice
from reviews.workflow.steps.publication.attesting import attest
from reviews.workflow.steps.publication.publishing import publish, publish_due
from reviews.workflow.steps.publication.scheduling import cancel_schedule, schedule
from reviews.workflow.steps.submission import submit
from reviews.workflow.steps.urgency import declare_urgent
from reviews.workflow.tasks import close_task

__all__ = [
    "NotAllowed",
    "NotNow",
    "accept",
    "ask",
    "assign",
    "assign_comment",
    "attest",
    "cancel_schedule",
    "close_task",
    "comment",
    "confirm_disclaimer",
    "decide",
    "declare_urgent",
    "decline",
    "disclose",
    "end_round",
    "issue_disclaimer",
    "issue_notice",
    "load_retractions",
    "override",
    "publish",
    "publish_due",
    "recall",
    "record_plan",
    "recuse",
    "renew_disclosure",
    "resolve_comment",
    "schedule",
    "submit",
    "take_back_override",
    "take_over",
    "unassign",
    "withdraw_approval",
]

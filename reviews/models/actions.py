"""
The one table of events: for each its name in the ledger, its sentence in the timeline, and its marks.

The step table (`reviews.workflow.table`) names the event of each step, and the states before and after it. The
verification replays the events with the same rows. The names are evidence: a name that was ever written never changes.
"""

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Mark(Enum):
    """A property of every event of one name, whoever causes it."""

    CHECKPOINT = auto()  # a checkpoint is made right after it
    CHECKPOINT_UNSAID = auto()  # so it was in release 0.1, which did not yet say so in the event
    CONFIDENTIAL = auto()  # only editors read its reason
    PROVES = auto()  # it belongs to the proof of the version that it is about
    CHECKED_ALWAYS = auto()  # it explains an alarm: its signature is verified even if the others' are not


class Action(StrEnum):
    """The name of an event. Its sentence is shown in an article's timeline; the default sentence is its name."""

    sentence: "StrOrPromise"
    marks: frozenset[Mark]

    def __new__(cls, name: str, sentence: "StrOrPromise" = "", *marks: Mark) -> "Action":
        action = str.__new__(cls, name)
        action._value_ = name
        its_name = f"{{actor}}: {name.replace('_', ' ')}."
        action.sentence = sentence if isinstance(sentence, Promise) else its_name
        action.marks = frozenset(marks)
        return action

    SUBMITTED = "submitted", _("{actor} submitted version {version} as a {change}."), Mark.PROVES
    RECALLED = "recalled", _("{actor} recalled version {version}.")
    ASSIGNED = "assigned", _("{actor} asked {reviewer} to review version {version} as {capacity}.")
    ACCEPTED = (
        "accepted",
        _("{actor} declared no conflict of interest and accepted to review version {version} as {capacity}."),
    )
    PLAN_RECORDED = (
        "plan_recorded",
        _("{actor} recorded a management plan for the interests of {reviewer}, for version {version}."),
        Mark.CONFIDENTIAL,
    )
    UNASSIGNED = "unassigned", _("{actor} cancelled the request to {reviewer}."), Mark.CONFIDENTIAL
    RECUSED = "recused", _("{actor} stepped back from reviewing version {version}."), Mark.CHECKPOINT, Mark.CONFIDENTIAL
    DECLINED = "declined", _("{actor} declined version {version}.")
    DECIDED = "decided", _("{actor} decided on version {version} as {capacity}."), Mark.CHECKPOINT, Mark.PROVES
    ROUND_ENDED = "round_ended", _("{actor} ended the review of version {version}.")
    APPROVAL_WITHDRAWN = (
        "approval_withdrawn",
        _("{actor} withdrew the approval of version {version}."),
        Mark.CHECKPOINT,
        Mark.CHECKPOINT_UNSAID,
    )
    URGENCY_DECLARED = (
        "urgency_declared",
        _("{actor} declared the review of version {version} urgent."),
        Mark.CHECKPOINT,
        Mark.PROVES,
    )
    FULL_REVIEW_COMPLETED = (
        "full_review_completed",
        _("The full review of version {version} was completed."),
        Mark.CHECKPOINT,
        Mark.PROVES,
    )
    SCHEDULED = "scheduled", _("{actor} scheduled version {version} for {publish_at}.")
    SCHEDULE_CANCELLED = "schedule_cancelled", _("{actor} cancelled the schedule of version {version}.")
    SCHEDULE_REFUSED = "schedule_refused", _("Version {version} was not published as scheduled.")
    PUBLISHED = (
        "published",
        _("{actor} published version {version}."),
        Mark.CHECKPOINT,
        Mark.CHECKPOINT_UNSAID,
        Mark.PROVES,
    )
    NOTICE_ISSUED = (
        "notice_issued",
        _("{actor} issued a notice: {kind}."),
        Mark.CHECKPOINT,
        Mark.CHECKPOINT_UNSAID,
        Mark.PROVES,
    )
    ATTESTED = (
        "attested",
        _("{actor} read version {version} again as {capacity}: no change needed."),
        Mark.CHECKPOINT,
        Mark.PROVES,
    )
    OVERRIDDEN = "overridden", _("{actor} overrode what an automatic check found.")
    OVERRIDE_TAKEN_BACK = "override_taken_back", _("{actor} took back that a finding was overridden.")
    COMMENTED = (
        "commented",
        _("{actor} commented on version {version}."),
    )  # a checkpoint follows a board member's comment
    COMMENT_ASSIGNED = "comment_assigned", _("{actor} assigned a comment on version {version} to {reviewer}.")
    SUGGESTION_TAKEN = (
        "suggestion_taken",
        _("{actor} took over into the draft a wording suggested for version {version}."),
    )
    COMMENT_RESOLVED = "comment_resolved", _("{actor} resolved a comment on version {version}.")  # as above

    DISCLAIMER_ISSUED = "disclaimer_issued"
    DISCLAIMER_CONFIRMED = "disclaimer_confirmed"
    RETRACTIONS_LOADED = "retractions_loaded"

    ROLES_CHANGED = "roles_changed"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DELETED = "account_deleted"
    BOARD_CHANGED = "board_changed"
    DISCLOSURE_CHANGED = "disclosure_changed"
    QUORUM_CHANGED = "quorum_changed"
    SETTINGS_CHANGED = "settings_changed"

    LEDGER_STARTED = "ledger_started"
    SETTINGS_RECORDED = "settings_recorded"  # once, in a ledger started before release 0.3; a new one starts with them
    KEY_ROTATED = "key_rotated"
    KEY_ACCEPTED = "key_accepted", "", Mark.CHECKPOINT
    CHECKPOINT_MADE = "checkpoint_made", "", Mark.CHECKPOINT, Mark.CHECKPOINT_UNSAID
    RESTORE_ACCEPTED = "restore_accepted", "", Mark.CHECKPOINT, Mark.CHECKPOINT_UNSAID, Mark.CHECKED_ALWAYS
    DEMO_STARTED = "demo_started"
    DEMO_FINISHED = "demo_finished"

    @classmethod
    def with_mark(cls, mark: Mark) -> tuple["Action", ...]:
        """Return the events that have the mark."""
        return tuple(action for action in cls if mark in action.marks)

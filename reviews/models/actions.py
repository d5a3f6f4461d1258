"""
The one table of events: the name of each in the ledger, its sentence in the timeline, and what goes with it.

The step table (`reviews.workflow.table`) names the event of each step, and from which states to which the step leads.
The verification replays the events by the same rows. A name is evidence: one that was ever written stays as it is.
"""

from enum import Enum, StrEnum, auto


class Mark(Enum):
    """What goes with every event of a name, whoever causes it."""

    CHECKPOINT = auto()  # the ledger is signed at it
    CHECKPOINT_UNSAID = auto()  # so it is, and release 0.1 did not yet say so in the event
    CONFIDENTIAL = auto()  # its reason is for editors to read
    CHECKED_ALWAYS = auto()  # it explains an alarm away: its signature is verified even when no other is


class Action(StrEnum):
    """What an event tells of. A sentence is for the timeline of an article; without one its name stands there."""

    sentence: str
    marks: frozenset[Mark]

    def __new__(cls, name: str, sentence: str = "", *marks: Mark):
        action = str.__new__(cls, name)
        action._value_ = name
        action.sentence = sentence or f"{{actor}}: {name.replace('_', ' ')}."
        action.marks = frozenset(marks)
        return action

    SUBMITTED = "submitted", "{actor} submitted version {version} as a {change} change."
    RECALLED = "recalled", "{actor} took version {version} back."
    ASSIGNED = "assigned", "{actor} asked {reviewer} to review version {version} as {capacity}."
    UNASSIGNED = "unassigned", "{actor} took the request to {reviewer} back.", Mark.CONFIDENTIAL
    RECUSED = "recused", "{actor} stepped back from reviewing version {version}.", Mark.CHECKPOINT, Mark.CONFIDENTIAL
    DECLINED = "declined", "{actor} declined version {version}."
    DECIDED = "decided", "{actor} {concluded} version {version} as {capacity}.", Mark.CHECKPOINT
    ROUND_ENDED = "round_ended", "{actor} ended the round on version {version}."
    APPROVAL_WITHDRAWN = (
        "approval_withdrawn",
        "{actor} withdrew the approval of version {version}.",
        Mark.CHECKPOINT,
        Mark.CHECKPOINT_UNSAID,
    )
    SCHEDULED = "scheduled", "{actor} scheduled version {version} for {publish_at}."
    SCHEDULE_CANCELLED = "schedule_cancelled", "{actor} cancelled the schedule of version {version}."
    SCHEDULE_REFUSED = "schedule_refused", "Version {version} was not published as scheduled."
    PUBLISHED = "published", "{actor} published version {version}.", Mark.CHECKPOINT, Mark.CHECKPOINT_UNSAID
    NOTICE_ISSUED = "notice_issued", "{actor} {issued} a notice: {kind}.", Mark.CHECKPOINT, Mark.CHECKPOINT_UNSAID
    COMMENTED = "commented", "{actor} commented on version {version}."  # signed at when the board writes it
    COMMENT_RESOLVED = "comment_resolved", "{actor} resolved a comment on version {version}."  # as above

    DISCLAIMER_ISSUED = "disclaimer_issued"
    DISCLAIMER_CONFIRMED = "disclaimer_confirmed"

    ROLES_CHANGED = "roles_changed"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DELETED = "account_deleted"
    BOARD_CHANGED = "board_changed"
    DISCLOSURE_CHANGED = "disclosure_changed"
    QUORUM_CHANGED = "quorum_changed"
    SETTINGS_CHANGED = "settings_changed"

    LEDGER_STARTED = "ledger_started"
    SETTINGS_RECORDED = "settings_recorded"  # in a ledger that a release before 0.3 began; a new one begins with them
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

"""
What may happen, written down a second time by hand, so that a change of `reviews.workflow.table` is noticed.

A cell is one step by one person in one state; `expected` says what has to come of it.
"""

from reviews.workflow import NotAllowed, NotNow

EVERY = (
    "draft", "submitted", "under_review", "changes_requested", "recalled", "declined", "approved_urgently", "approved",
    "published_urgently", "published",
)  # fmt: skip
PENDING = ("submitted", "under_review")

PUBLISHER = "editor who did not write it; any editor if no such editor is active"
# step: (who, in which states, leads to, password, reason); URGENTLY adds the states of an urgent version
GOLDEN = {
    "submit": ("author", ("draft", "changes_requested", "recalled", "declined", "approved", "published"),
               ("submitted",), False, False),
    "recall": ("author", PENDING, ("recalled",), False, True),
    "assign": ("editor who did not write it", PENDING, ("under_review",), False, False),
    "record_plan": ("editor who did not write it", (*PENDING, "approved", "published"), (), False, True),
    "unassign": ("editor", ("under_review",), ("under_review", "changes_requested"), False, True),
    "accept": ("assigned reviewer", ("under_review",), (), False, False),
    "recuse": ("assigned reviewer", ("under_review",), ("under_review", "changes_requested"), False, True),
    "decline": ("editor who did not write it", PENDING, ("declined",), False, True),
    "declare_urgent": ("editor who did not write it", ("under_review",), ("under_review", "approved_urgently"),
                       False, True),
    "approve": ("assigned reviewer", ("under_review",), ("under_review", "approved", "approved_urgently"), True, False),
    "request_changes": ("assigned reviewer", ("under_review",), ("under_review", "changes_requested"), True, True),
    "end_round": ("editor", ("under_review",), ("changes_requested",), False, False),
    "withdraw_approval": ("signer of an approval that still stands", ("approved",), ("changes_requested",), True, True),
    "schedule": (PUBLISHER, ("approved",), ("approved",), False, False),
    "cancel_schedule": ("editor", EVERY, (), False, True),
    "publish": (PUBLISHER, ("approved",), ("published",), False, False),
    "attest": ("board member who did not write it", ("published",), (), True, False),
    "issue_notice": ("editor", EVERY, (), False, True),
}  # fmt: skip

STAYS = {"approved_urgently": ("approved_urgently",), "published_urgently": ("published_urgently",)}
# while an urgent version owes its full review: step: {state: leads to}
URGENTLY = {
    "submit": dict.fromkeys(STAYS, ("submitted",)),
    "assign": STAYS,
    "unassign": STAYS,
    "record_plan": dict.fromkeys(STAYS, ()),
    "accept": dict.fromkeys(STAYS, ()),
    "recuse": STAYS,
    "approve": {"approved_urgently": ("approved_urgently", "approved"),
                "published_urgently": ("published_urgently", "published")},
    "request_changes": STAYS,
    "withdraw_approval": {"approved_urgently": ("changes_requested",)},
    "schedule": {"approved_urgently": ("approved_urgently",)},
    "publish": {"approved_urgently": ("published_urgently",)},
}  # fmt: skip

EVENT = {
    "submit": "submitted", "recall": "recalled", "assign": "assigned", "unassign": "unassigned",
    "accept": "accepted", "recuse": "recused",
    "decline": "declined",
    "declare_urgent": "urgency_declared", "approve": "decided", "request_changes": "decided",
    "end_round": "round_ended",
    "withdraw_approval": "approval_withdrawn", "schedule": "scheduled", "cancel_schedule": "schedule_cancelled",
    "publish": "published", "issue_notice": "notice_issued",
    "attest": "attested",
    "record_plan": "plan_recorded",
}  # fmt: skip

# the states that are tried: several of them share a row of the table
STATES = {
    "draft": "draft",
    "submitted": "submitted",
    "unanswered": "under_review",
    "under_review": "under_review",
    "one_approval": "under_review",
    "one_request": "under_review",
    "changes_requested": "changes_requested",
    "recalled": "recalled",
    "declined": "declined",
    "approved": "approved",
    "scheduled": "approved",
    "urgent": "under_review",
    "approved_urgently": "approved_urgently",
    "published_urgently": "published_urgently",
    "published": "published",
    "newer_submitted": "submitted",
    "retracted": "published",
    "removed": "published",
}

ACTORS = (
    "author", "coauthor_on_board", "other_author", "deactivated_author", "editor", "second_editor", "writing_editor",
    "deactivated_editor", "clinical", "specialist", "lay", "unassigned", "former", "admin", "superuser", "plain",
)  # fmt: skip

AUTHORS = {"author", "coauthor_on_board"}
FREE_EDITORS = {"editor", "second_editor"}
EDITORS = {*FREE_EDITORS, "writing_editor"}
ASKED = {"clinical", "specialist", "lay"}

PEOPLE = {
    "submit": AUTHORS, "recall": AUTHORS, "assign": FREE_EDITORS,
    "declare_urgent": FREE_EDITORS, "decline": FREE_EDITORS, "unassign": EDITORS,
    "end_round": EDITORS, "cancel_schedule": EDITORS, "issue_notice": EDITORS, "schedule": FREE_EDITORS,
    "publish": FREE_EDITORS, "accept": ASKED, "recuse": ASKED, "approve": ASKED, "request_changes": ASKED,
    "attest": {"clinical", "specialist", "unassigned"},
    "record_plan": FREE_EDITORS,
}  # fmt: skip

# whose live approval there is to withdraw; a lay reviewer's made nothing approved
SIGNERS = {
    "one_approval": {"clinical"},
    "approved_urgently": {"clinical"},
    "published_urgently": {"clinical"},
    **dict.fromkeys(("approved", "scheduled", "published", "retracted", "removed"), ASKED - {"lay"}),
}

WITHOUT_REVIEW = {"draft": {"submit", "issue_notice"}}
WITHOUT_ASSIGNMENT = {"submitted"}
WITH_SCHEDULE = {"approved", "scheduled", "published", "published_urgently", "newer_submitted", "retracted", "removed"}
ON_ASSIGNMENT = {"approve", "request_changes", "accept", "recuse", "unassign"}

OPEN = ("unanswered", "under_review", "one_approval", "one_request")

# beyond person and state: cells that the right person finds closed, and why
NOT_NOW = {
    **{
        ("unanswered", step, who): "accept the request before you decide"
        for step in ("approve", "request_changes")
        for who in ASKED
    },
    **{("one_approval", "recall", who): "has already decided on this version" for who in AUTHORS},
    **{("one_request", "recall", who): "has already decided on this version" for who in AUTHORS},
    **{
        (state, "end_round", who): "No reviewer has requested changes"
        for state in ("unanswered", "under_review")
        for who in EDITORS
    },
    **{("one_approval", "end_round", who): "No reviewer has requested changes" for who in EDITORS},
    **{(state, "accept", "clinical"): "has already ended: decided" for state in ("one_approval", "one_request")},
    **{
        (state, "accept", who): "already accepted"
        for state in (*OPEN[1:], "urgent", "approved_urgently", "published_urgently")
        for who in ASKED
        if who != "clinical" or state in ("under_review", "urgent")
    },
    ("one_approval", "recuse", "clinical"): "has already ended: decided",
    ("one_approval", "approve", "clinical"): "has already ended: decided",
    ("one_approval", "request_changes", "clinical"): "has already ended: decided",
    ("one_request", "recuse", "clinical"): "has already ended: decided",
    ("one_request", "approve", "clinical"): "has already ended: decided",
    ("one_request", "request_changes", "clinical"): "has already ended: decided",
    ("one_request", "approve", "specialist"): "Changes are requested by",
    ("one_request", "approve", "lay"): "Changes are requested by",
    **{
        (state, "attest", who): "A notice forbids it"
        for state in ("retracted", "removed")
        for who in ("clinical", "specialist", "unassigned")
    },
    **{
        (state, step, "clinical"): "has already ended: decided"
        for state in ("approved_urgently", "published_urgently")
        for step in ("accept", "recuse", "approve", "request_changes")
    },
    ("one_request", "declare_urgent", "editor"): "Changes are requested by",
    ("one_request", "declare_urgent", "second_editor"): "Changes are requested by",
    ("urgent", "declare_urgent", "editor"): "already been declared urgent",
    ("urgent", "declare_urgent", "second_editor"): "already been declared urgent",
    **{("urgent", "end_round", who): "No reviewer has requested changes" for who in EDITORS},
    **{("scheduled", "schedule", who): "already scheduled" for who in FREE_EDITORS},
    **{("approved", "cancel_schedule", who): "already closed: cancelled" for who in EDITORS},
    **{
        (state, "cancel_schedule", who): "already closed: published"
        for state in ("published", "published_urgently", "newer_submitted", "retracted", "removed")
        for who in EDITORS
    },
    **{
        (state, "issue_notice", who): "Nothing of this article has been published"
        for state in STATES
        if state not in ("published", "published_urgently", "newer_submitted", "retracted", "removed")
        for who in EDITORS
    },
}

# where a step can lead to two states, to which it leads here
LEADS_TO = {
    ("under_review", "approve"): "under_review",
    ("one_approval", "approve", "specialist"): "approved",
    ("one_approval", "approve", "lay"): "under_review",
    ("one_approval", "declare_urgent"): "approved_urgently",
    ("urgent", "approve", "clinical"): "approved_urgently",
    ("urgent", "approve", "specialist"): "approved_urgently",
    ("approved_urgently", "approve", "specialist"): "approved",
    ("published_urgently", "approve", "specialist"): "published",
    **{(state, "unassign"): "under_review" for state in OPEN},
    **{(state, "recuse"): "under_review" for state in OPEN},
    **{(state, "request_changes"): "under_review" for state in OPEN[1:]},
}


ONLY = {  # what the refusal in any other state says
    "recall": "submitted or under review can be recalled",
    "assign": "only while a version is submitted or under review",
    "record_plan": "only while somebody can sign the version, or has",
    "unassign": "cancelled only while the version is under review",
    "accept": "accepted only while the version is under review",
    "recuse": "step back only while the version is under review",
    "decline": "submitted or under review can be declined",
    "declare_urgent": "declared urgent only while the version is under review",
    "approve": "signed only while the version is under review",
    "request_changes": "signed only while the version is under review",
    "end_round": "ended only while the version is under review",
    "withdraw_approval": "only while the version is approved and not yet published",
    "schedule": "Only an approved version that is not yet published can be scheduled",
    "publish": "Only an approved version that is not yet published can be published",
    "attest": "Only a published version with a complete full review can be confirmed as needing no change",
}


def cells(state):
    """Return (step, person) for all that can be called in this state: a step needs the row that it is about."""
    for step in GOLDEN:
        if step not in WITHOUT_REVIEW.get(state, GOLDEN):
            continue
        if step in ON_ASSIGNMENT and state in WITHOUT_ASSIGNMENT:
            continue
        if step == "cancel_schedule" and state not in WITH_SCHEDULE:
            continue
        for who in ACTORS:
            yield step, who


def expected(state, step, who):
    """Return what has to come of a cell: the class of the refusal and a part of its words, or None and the state."""
    people = SIGNERS.get(state, set()) if step == "withdraw_approval" else PEOPLE[step]
    if who not in people:
        return NotAllowed, ""
    about = "published" if state == "newer_submitted" and step in ON_ASSIGNMENT else STATES[state]
    _, states, to, _, _ = GOLDEN[step]
    urgently = URGENTLY.get(step, {})
    to = urgently.get(about, to)
    if about not in (*states, *urgently):
        return NotNow, "You can submit again when its review has ended." if step == "submit" else ONLY[step]
    if (state, step, who) in NOT_NOW:
        return NotNow, NOT_NOW[state, step, who]
    if not to:
        return None, STATES[state]
    return None, LEADS_TO.get((state, step, who)) or LEADS_TO.get((state, step)) or to[0]

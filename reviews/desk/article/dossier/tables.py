"""What is recorded of a version as tables, for the page and for the file of the archive."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.checks import Severity
from articles.checks.grouped import LABELS
from articles.models import Notice
from articles.text.languages import moment, within_sentence
from reviews.desk.article.dossier.contents import Part, Whole
from reviews.evidence.ledger import name_of
from reviews.models import (
    Assignment,
    Attestation,
    Comment,
    Decision,
    ManagementPlan,
    Message,
    Reminder,
    Review,
    Schedule,
    Task,
)

Row = list[str]


@dataclass(frozen=True)
class Table:
    """A table with its caption and heads. The first cell of a row names it."""

    caption: str
    heads: list[str]
    rows: list[Row]

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Return the rows, each cell with its head."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def tables_of(part: Part) -> list[Table]:
    """Return the tables of a version that have a row, in the order of the process."""
    made = [
        Table(
            _("Requests to review"),
            [_("Reviewer"), _("As"), _("Asked"), _("Due"), _("Accepted"), _("Ended"), _("Reason")],
            [_request(row) for row in part.assignments],
        ),
        _plans(part),
        Table(
            _("Decisions and signatures"),
            [_("Signed by"), _("As"), _("Decision"), _("Signed"), _("Reason"), _("Statement")],
            [_decision(row) for row in part.decisions],
        ),
        Table(
            _("Worksheets"),
            [_("Question"), _("Answer"), _("Note"), _("Signed by")],
            [
                [answer.question, str(answer.get_answer_display()), answer.note, row.signature.printed_name]
                for row in part.decisions
                for answer in row.answers.all()
            ],
        ),
        Table(
            _("Read again, no change needed"),
            [_("Signed by"), _("As"), _("Signed"), _("Statement")],
            [_attestation(row) for row in part.attestations],
        ),
        Table(
            _("Comments"),
            [_("Comment"), _("By"), _("Written"), _("Kind"), _("Quoted words"), _("Resolved")],
            [row for thread in part.threads for row in _thread(thread)],
        ),
        _findings(part),
        _overrides(part),
        _stood(part),
        Table(_("Exceptions"), [_("Exception")], [[sentence] for sentence in part.exceptions]),
        Table(
            _("Notices"),
            [_("Notice"), _("Issued by"), _("Issued"), _("Reason"), _("Lifted")],
            [_notice(row) for row in part.notices],
        ),
        Table(
            _("Scheduled publications"),
            [_("Planned for"), _("Scheduled by"), _("Scheduled"), _("Outcome"), _("Reason")],
            [_schedule(row) for row in part.schedules],
        ),
    ]
    return [table for table in made if table.rows]


def mails_of(found: Part | Whole) -> list[Table]:
    """Return the tables of what the ledger does not prove: mails, reminders and tasks."""
    made = [
        Table(
            _("Mails"),
            [_("Subject"), _("To"), _("Written"), _("Delivery")],
            [_mail(row) for row in found.mails],
        ),
        Table(_("Reminders"), [_("Reminder"), _("Due"), _("Sent")], [_reminder(row) for row in found.reminders]),
        Table(
            _("Tasks"),
            [_("Task"), _("Opened"), _("Closed"), _("Outcome")],
            [_task(row) for row in found.tasks],
        ),
    ]
    return [table for table in made if table.rows]


def beside(parts: Iterable[Part], whole: Whole) -> dict[str, Any]:
    """Return what the archive has beside the proved rows, as JSON: the tables by version, in their words."""
    return {
        "versions": [
            {
                "version": part.version.number,
                "tables": [_as_json(table) for table in [_findings(part), *mails_of(part)] if table.rows],
            }
            for part in parts
        ],
        "article": [_as_json(table) for table in mails_of(whole)],
    }


def _findings(part: Part) -> Table:
    """The findings by the rules of today; `_stood` says which stood when the version was approved."""
    rows = [
        [row.message, _heading(part, row.section), str(LABELS[row.severity]), row.rule]
        for row in sorted(part.findings, key=lambda row: [*Severity].index(row.severity))
    ]
    heads = [_("Finding"), _("Section"), _("Kind"), _("Rule")]
    return Table(_("Findings of the automatic checks"), heads, rows)


def _overrides(part: Part) -> Table:
    heads = [_("Rule"), _("Words"), _("Reason"), _("Signed by"), _("Signed"), _("Statement")]
    rows = [
        [row.rule, row.words, row.reason, row.printed_name, _at(row.signed_at), row.statement] for row in part.overrides
    ]
    return Table(_("Overridden findings"), heads, rows)


def _stood(part: Part) -> Table:
    """What stood at each approval, as the ledger has it: the version of the rules, and the findings of each."""
    found = [(event, json.loads(event.payload).get("checks")) for event in part.events]
    rows = [
        [
            moment(datetime.datetime.fromisoformat(event.at)),
            stood["ruleset"],
            ", ".join(f"{rule} ({count})" for rule, count in stood["findings"].items()) or _("none"),
            stood["sha256"],
        ]
        for event, stood in found
        if stood
    ]
    heads = [_("Approved"), _("Version of the rules"), _("Findings"), _("SHA-256")]
    return Table(_("Findings that stood at each approval"), heads, rows)


def _as_json(table: Table) -> dict[str, Any]:
    return {"caption": table.caption, "heads": table.heads, "rows": table.rows}


def _at(at: Any) -> str:
    return moment(at) if at else ""


def _request(row: Assignment) -> Row:
    ended = f"{row.how_it_ended}, {_at(row.ended_at)}" if row.ended_at else ""
    because = _("Reason: {reason}.").format(reason=row.get_declined_because_display()) if row.declined_because else ""
    reasons = "\n".join(filter(None, [because, Review.reason_in_words(row.end_reason), row.suggests]))
    due = date_format(row.due) if row.due else ""
    capacity = str(row.get_capacity_display())
    return [row.reviewer_name, capacity, _at(row.assigned_at), due, _at(row.accepted_at), ended, reasons]


def _plans(part: Part) -> Table:
    heads = [_("Reviewer"), _("Interests"), _("Reason"), _("Measures"), _("Recorded by"), _("Recorded")]
    return Table(_("Management plans"), heads, [_plan(row) for row in part.plans])


def _plan(row: ManagementPlan) -> Row:
    interests = "\n".join(row.in_words)
    return [row.reviewer_name, interests, row.reason, row.measures, row.recorded_by_name, _at(row.recorded_at)]


def _decision(row: Decision) -> Row:
    outcome = str(row.get_outcome_display())
    if hasattr(row, "superseded_by"):
        outcome = _("{outcome} (replaced later)").format(outcome=outcome)
    signed = row.signature
    capacity = str(signed.get_capacity_display())
    return [signed.signed_as, capacity, outcome, _at(signed.signed_at), row.reason, signed.statement]


def _attestation(row: Attestation) -> Row:
    signed = row.signature
    return [signed.signed_as, str(signed.get_capacity_display()), _at(signed.signed_at), signed.statement]


def _thread(thread: Comment) -> Iterable[Row]:
    """Yield the row of a thread, and one for each reply."""
    labels = [str(thread.get_kind_display()) if thread.kind else ""]
    labels += [_("Blocks approval and publication")] if thread.blocking else []
    labels += [_("Board only")] if thread.board_only else []
    quoted = next((anchor.exact for anchor in thread.anchors.all() if anchor.version_id == thread.version_id), "")
    text = thread.text
    if thread.suggestion:
        text = f"{text}\n{_('Suggested wording: {words}').format(words=thread.suggestion)}"
    kind = ", ".join(filter(None, labels))
    yield [text, thread.author_name, _at(thread.written_at), kind, quoted, _resolved(thread)]
    for reply in thread.answers.all():
        yield [reply.text, reply.author_name, _at(reply.written_at), _("Reply"), "", ""]


def _resolved(thread: Comment) -> str:
    if thread.resolved_at is None:
        return _("Open")
    how = str(thread.get_disposition_display()) if thread.disposition else ""
    said = _("{name}, {at}").format(name=thread.resolved_by_name, at=_at(thread.resolved_at))
    return "\n".join(filter(None, [said, how, thread.resolution]))


def _heading(part: Part, key: str) -> str:
    sections = part.content["sections"] if part.content else []
    return next((row["heading"] for row in sections if row["key"] == key), "")


def _notice(row: Notice) -> Row:
    label = str(row.get_kind_display())
    name = _("{kind} lifted").format(kind=label) if row.lifts_id else label
    lifted = _at(row.lifted_by.issued_at) if hasattr(row, "lifted_by") else ""
    return [name, row.issued_by_name, _at(row.issued_at), row.reason, lifted]


def _schedule(row: Schedule) -> Row:
    outcome = f"{row.get_outcome_display()}, {_at(row.closed_at)}" if row.closed_at else _("Open")
    return [_at(row.publish_at), row.scheduled_by_name, _at(row.scheduled_at), outcome, row.reason]


def _mail(row: Message) -> Row:
    delivery = _("emailed, {at}").format(at=_at(row.mailed_at)) if row.mailed_at else row.delivery
    return [row.subject, name_of(row.recipient), _at(row.sent_at), delivery]


def _reminder(row: Reminder) -> Row:
    named = str(row.get_kind_display())
    if row.assignment_id and row.assignment:
        named = _("{name}: {kind}").format(name=row.assignment.reviewer_name, kind=within_sentence(named))
    return [named, date_format(row.due), _at(row.sent_at)]


def _task(row: Task) -> Row:
    closed = ", ".join(filter(None, [name_of(row.closed_by), _at(row.closed_at)]))
    return [row.text, _at(row.opened_at), closed, row.outcome]

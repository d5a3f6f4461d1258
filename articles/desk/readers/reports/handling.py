"""
What an editor does with a reader's report of an error: judge its severity, reply, settle it, or open it again.

Each function locks the report, reads it again, and records in English what was done (`ReportStep`). It raises
PermissionDenied for this person, and ValidationError for wrong input, with the code "stale" if the report has changed
in the meantime.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.readers.settled import closed_row, mergeable, open_row
from articles.models import ErrorReport, ReportStep, Version
from articles.text.languages import in_english
from articles.text.plain.plaintext import tidy_lines

State = ErrorReport.State
WRITER = gettext_lazy("You wrote a part of this article. Another editor has to settle reports about it.")


@transaction.atomic
def judge(report: ErrorReport, *, actor: User, severity: int) -> ErrorReport:
    """Set the severity, which decides the place in the queue. What the reader thought stays as it is."""
    row = open_row(report, actor)
    if severity == row.severity:
        raise ValidationError({"severity": _("This is its severity already.")})
    row.severity = severity
    row.save(update_fields=["severity"])
    return _recorded(row, actor, f"Set the severity: {in_english(ErrorReport.Severity(severity).label)}")


@transaction.atomic
def reply(report: ErrorReport, *, actor: User, reply: str) -> ErrorReport:
    """Reply to the reporter; the report stays open."""
    row = open_row(report, actor)
    row.reply = _needed(reply, _("Write the reply. The reporter can read it."))
    row.save(update_fields=["reply"])
    return _recorded(row, actor, "Replied")


@transaction.atomic
def correct(report: ErrorReport, *, actor: User, number: int, reply: str = "") -> ErrorReport:
    """Settle the report as corrected in a published version, which is newer than the one that was read."""
    row = _to_settle(report, actor)
    read = Version.objects.get(pk=row.version_id)
    later = Version.objects.published().filter(article=read.article_id, number__gt=read.number)
    corrected = later.filter(number=number).first()
    if corrected is None:
        numbers = ", ".join(map(str, later.order_by("number").values_list("number", flat=True)))
        if numbers:
            sentence = _("The report is about version {number}. Enter one of these: {numbers}.")
        else:
            sentence = _("The report is about version {number}. No later version has been published yet.")
        raise ValidationError({"number": sentence.format(number=read.number, numbers=numbers)})
    done = f"Settled: corrected in version {number}"
    return _settled(row, actor, done, State.CORRECTED, corrected_in=corrected, reply=tidy_lines(reply))


@transaction.atomic
def leave(report: ErrorReport, *, actor: User, reply: str) -> ErrorReport:
    """Settle the report as needing no change, with the reason, which the reporter can read."""
    row = _to_settle(report, actor)
    reply = _needed(reply, _("Say why nothing needs to change. The reporter can read it."))
    return _settled(row, actor, "Settled: no change needed", State.NO_CHANGE, reply=reply)


@transaction.atomic
def turn_away(report: ErrorReport, *, actor: User, reply: str) -> ErrorReport:
    """Settle the report as one that is not about this page, with a sentence that the reporter can read."""
    row = _to_settle(report, actor)
    reply = _needed(reply, _("Say what it is about instead. The reporter can read it."))
    return _settled(row, actor, "Settled: not about this page", State.ELSEWHERE, reply=reply)


@transaction.atomic
def merge(report: ErrorReport, *, actor: User, into: int) -> ErrorReport:
    """Merge into another report, whose outcome then is that of both, and of all that were merged into this one."""
    row = _to_settle(report, actor, [into])
    other = mergeable(row, into)
    done = f"Merged into report {other.pk}"
    for earlier in row.merged_reports.locked():
        _settled(earlier, actor, done, State.MERGED, merged_into=other)
    return _settled(row, actor, done, State.MERGED, merged_into=other)


@transaction.atomic
def reopen(report: ErrorReport, *, actor: User) -> ErrorReport:
    """Open a settled report again, without its outcome."""
    row = closed_row(report, actor)
    row.settle(state=State.OPEN)
    return _recorded(row, actor, "Opened again")


def may_settle(report: ErrorReport, actor: User) -> bool:
    """Tell whether this person wrote no part of the article: its newest version names all who ever did."""
    newest = Version.objects.filter(article__versions=report.version_id).order_by("-number").first()
    return newest is None or not newest.was_written_by(actor)


def _to_settle(report: ErrorReport, actor: User, also: Iterable[int] = ()) -> ErrorReport:
    """Return the row as `open_row` does; PermissionDenied for a writer of the article."""
    row = open_row(report, actor, also)
    if not may_settle(row, actor):
        raise PermissionDenied(WRITER)
    return row


def _needed(reply: str, sentence: str) -> str:
    reply = tidy_lines(reply)
    if not reply:
        raise ValidationError({"reply": sentence})
    return reply


def _settled(row: ErrorReport, actor: User, done: str, state: ErrorReport.State, **outcome: Any) -> ErrorReport:
    row.settle(state=state, settled_by=actor, settled_at=timezone.now(), **outcome)
    return _recorded(row, actor, done)


def _recorded(row: ErrorReport, actor: User, sentence: str) -> ErrorReport:
    ReportStep.objects.create(report=row, sentence=sentence, reply=row.reply, by=actor, at=timezone.now())
    return row

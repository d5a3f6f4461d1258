"""A board member's own disclosure of interests: made anew as a whole, or renewed because it is still true."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Topic
from articles.models.people import Role, holds
from articles.text.plain.plaintext import tidy
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import BoardMember, Conflict, Disclosure, Interest, Reminder
from reviews.models.accountable import Accountable
from reviews.workflow.approval.eligibility import unplanned
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.publication.dates import months_later
from reviews.workflow.transaction import as_stored

MONTHS_BACK = 36
MOST_INTERESTS = 30


class Declared(NamedTuple):
    """An interest as it is declared; `until` is None while it lasts."""

    entity: str
    relation: str
    since: datetime.date
    until: datetime.date | None = None
    detail: str = ""
    topics: Sequence[Topic] = ()


def first_day(today: datetime.date) -> datetime.date:
    """Return the first of the days that a disclosure of today covers: MONTHS_BACK months ago."""
    return months_later(today, -MONTHS_BACK)


@refusals_logged
@transaction.atomic(durable=True)
def disclose(member: BoardMember, *, actor: User, interests: Iterable[Declared] = ()) -> Disclosure:
    """
    Make the actor's own disclosure of today, with all these interests; without any it says that there are none.

    It replaces the earlier one and is valid for DISCLOSURE_DAYS. The editors of reviews in which the actor is asked, or
    has approved, are told of interests that touch the text and have no management plan.

    Raise NotAllowed for the row of somebody else and for who has left the board, ValidationError for an interest that
    is incomplete, has not begun or ended too long ago.
    """
    _require_own(member, actor)
    declared = [each._replace(entity=tidy(each.entity), detail=tidy(each.detail)) for each in interests]
    today = timezone.localdate()
    if len(declared) > MOST_INTERESTS:
        raise ValidationError(_("Declare at most {number} interests.").format(number=MOST_INTERESTS))
    for each in declared:
        require_in_period(each.since, each.until, today)
    return _made(member, actor, today, declared)


@refusals_logged
@transaction.atomic(durable=True)
def renew_disclosure(disclosure: Disclosure, *, actor: User) -> Disclosure:
    """
    Make the actor's newest disclosure once more as of today, because it is still true.

    Interests that ended more than MONTHS_BACK months ago are left out. Raise NotAllowed for the disclosure of somebody
    else, NotNow if there is a newer one.
    """
    _require_own(disclosure.member, actor)
    today = timezone.localdate()
    newest = disclosure.member.disclosures.current(today).first()
    if newest is None or newest.pk != disclosure.pk:
        raise NotNow(_("You have made a newer disclosure since. Look at it before you renew it."))
    rows = list(newest.interests.prefetch_related("topic_rows__topic"))
    if not rows:
        topics = [row.topic for row in newest.conflict_rows.select_related("topic")]
        return _saved(newest.member, actor, today, newest.statement, [(None, topics)])
    declared = [
        Declared(
            row.entity, row.relation, row.since, row.until, row.detail, [each.topic for each in row.topic_rows.all()]
        )
        for row in rows
        if row.is_since(first_day(today))
    ]
    return _made(newest.member, actor, today, declared)


def require_in_period(since: datetime.date, until: datetime.date | None, today: datetime.date) -> None:
    """Raise ValidationError, by field, for an interest that has not begun or that ended before the period."""
    if since > today:
        raise ValidationError({"since": _("Declare what has begun, not what is to come.")})
    if until and until < first_day(today):
        said = _("It ended more than {number} months ago: leave it out.")
        raise ValidationError({"until": said.format(number=MONTHS_BACK)})


def _require_own(member: BoardMember, actor: User) -> None:
    """Raise NotAllowed unless it is the actor's own row of the board; lock it until the transaction ends."""
    if member.user_id != actor.pk:
        raise NotAllowed(_("Only the member of the board can make this disclosure."))
    if not holds(actor, Role.REVIEWER):
        raise NotAllowed(_("Only a member of the medical advisory board makes a disclosure of interests."))
    BoardMember.objects.select_for_update(no_key=True).get(pk=member.pk)


def _made(member: BoardMember, actor: User, today: datetime.date, declared: list[Declared]) -> Disclosure:
    rows = [
        Interest(entity=each.entity, relation=each.relation, detail=each.detail, since=each.since, until=each.until)
        for each in declared
    ]
    with as_stored():
        said = [
            row.sentence(sorted(topic.name for topic in each.topics))
            for row, each in zip(rows, declared, strict=True)
            if row.relation in Interest.Relation.values
        ]
    topics = [list(each.topics) for each in declared]
    return _saved(member, actor, today, "\n".join(said), list(zip(rows, topics, strict=True)))


def _saved(
    member: BoardMember,
    actor: User,
    today: datetime.date,
    statement: str,
    rows: list[tuple[Interest | None, list[Topic]]],
) -> Disclosure:
    """
    Save the disclosure, its interests and the topics of each; every row has its event in the ledger.

    The editors are told as `editors_to_tell` says.
    """
    tell = editors_to_tell(member)
    disclosure = _written(member, actor, today, statement, rows)
    tell()
    return disclosure


def editors_to_tell(member: BoardMember) -> Callable[[], None]:
    """
    Return a function that tells editors of the requests and approvals of this member that a disclosure bars.

    Call it when the disclosure is saved. An interest that was disclosed before, or has a management plan, tells nobody.
    """
    rows = unplanned.standing().filter(reviewer=member.user_id)
    before = {row.pk: set(touching) for row, touching in unplanned.unplanned(rows)}

    def tell() -> None:
        for row, touching in unplanned.unplanned(rows.all()):
            if new := [each for each in touching if each not in before.get(row.pk, ())]:
                name = ledger.name_of(row.reviewer)
                notifications.interest_disclosed(row, list(dict.fromkeys(each.sentence(name) for each in new)))
                told = {"kind": Reminder.Kind.CONFLICT, "assignment": row, "due": timezone.localdate()}
                Reminder.objects.get_or_create(**told, defaults={"sent_at": timezone.now()})

    return tell


def _written(
    member: BoardMember,
    actor: User,
    today: datetime.date,
    statement: str,
    rows: list[tuple[Interest | None, list[Topic]]],
) -> Disclosure:
    disclosure = Disclosure(
        member=member,
        made_on=today,
        valid_until=today + datetime.timedelta(days=settings.DISCLOSURE_DAYS),
        none_declared=not statement,
        statement=statement,
    )
    _save(disclosure, actor)
    for interest, topics in rows:
        if interest:
            interest.disclosure = disclosure
            _save(interest, actor)
        for topic in topics:
            _save(Conflict(disclosure=disclosure, interest=interest, topic=topic), actor)
    return disclosure


def _save(row: Accountable, actor: User) -> None:
    row._history_user = actor  # type: ignore[attr-defined]  # read by simple-history and by the ledger
    row.save()

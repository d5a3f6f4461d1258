"""How much board members have to do, when they are away, and how long they usually take."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median_low

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.desk.queues.dashboard.parts import A_DAY
from reviews.desk.queues.dashboard.parts import days as whole_days
from reviews.models import Absence, Assignment, Availability

LOOKED_BACK = datetime.timedelta(days=365)
LAST = 2000  # requests that ended, of all reviewers


@dataclass
class Load:
    """The open requests of a board member, how many they take, their absences, and how long their reviews took."""

    open: int = 0
    at_once: int | None = None
    absences: list[Absence] = field(default_factory=list)
    days: list[float] = field(default_factory=list)

    @property
    def usual_days(self) -> int | None:
        """Return the median of the days from a request to its decision, rounded up; None if nothing was decided."""
        return None if not self.days else whole_days(median_low(self.days) * A_DAY)

    def doubts(self, today: datetime.date, due: datetime.date) -> list[str]:
        """Return why this person is not proposed for a review from today until it is due, one sentence per reason."""
        found = [
            _("Away from {first} to {last}.").format(first=date_format(row.first_day), last=date_format(row.last_day))
            for row in self.absences
            if row.first_day <= due and row.last_day >= today
        ]
        if self.at_once is not None and self.open >= self.at_once:
            said = ngettext(
                "Takes {number} request at once, and has {open}.",
                "Takes {number} requests at once, and has {open}.",
                self.at_once,
            )
            found.append(said.format(number=self.at_once, open=self.open))
        return found


def loads(users: Collection[int], now: datetime.datetime) -> dict[int, Load]:
    """Return the load of each of these accounts, in a constant number of queries."""
    found: defaultdict[int, Load] = defaultdict(Load)
    asked = Assignment.objects.to_decide().filter(reviewer__in=users).order_by()
    for user, number in asked.values_list("reviewer").annotate(number=Count("pk")):
        found[user].open = number
    for user, number in Availability.objects.filter(member__user__in=users).values_list("member__user", "at_once"):
        found[user].at_once = number
    today = timezone.localdate(now)
    coming = Absence.objects.filter(member__user__in=users, last_day__gte=today).select_related("member")
    for row in coming:
        found[row.member.user_id].absences.append(row)
    decided = Assignment.objects.filter(ended_as=Assignment.Ending.DECIDED).order_by("-pk")
    for user, asked_at, ended_at in decided.values_list("reviewer", "assigned_at", "ended_at")[:LAST]:
        if user in users and ended_at and ended_at > now - LOOKED_BACK:
            found[user].days.append((ended_at - asked_at) / datetime.timedelta(days=1))
    return {user: found[user] for user in users}

"""Times of day in a person's time zone: the instants they stand for, and what a change of the clocks does to them."""

import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MINUTE, DAY, SOON = datetime.timedelta(minutes=1), datetime.timedelta(days=1), 183  # days
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
FIRST_YEAR, LAST_YEAR = 1900, 9000  # beyond, some zones have no time that Python can write


@cache
def zone_names() -> list[str]:
    """Return the names that a person can choose: UTC, then Region/City in the order of the alphabet."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)]


def zone_called(name: str) -> ZoneInfo | None:
    """Return the zone that a person can choose by this name; None for every other text."""
    return ZoneInfo(name) if name in zone_names() else None


def instants(at: datetime.datetime, zone: ZoneInfo) -> list[datetime.datetime]:
    """
    Return the instants, in UTC, at which clocks in the zone show this naive time.

    There is one; none if the clocks skip it, and two if they show it again after they were put back.
    """
    found = {at.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1)}
    return sorted(each for each in found if each.astimezone(zone).replace(tzinfo=None, fold=0) == at)


def instant(at: datetime.datetime, zone: ZoneInfo, which: int | None = None) -> datetime.datetime:
    """Return the instant in UTC; raise ValidationError for a skipped time, and for a doubled one without `which`."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValidationError(_("Choose a year that is closer to this one."))
    found = instants(at, zone)
    if not found:
        before, after = around_gap(at, zone)
        raise ValidationError(
            _(
                "This time does not exist in {zone}: on {day} the clocks go forward. Choose {before}, the last minute "
                "before, or {after}, the first after."
            ).format(zone=zone.key, day=date_format(at), before=f"{before:%H:%M}", after=f"{after:%H:%M}")
        )
    if len(found) > 1 and which is None:
        raise ValidationError(
            _("This time comes twice in {zone}: on {day} the clocks go back. Choose the first or the second.").format(
                zone=zone.key, day=date_format(at)
            )
        )
    return found[min(which or 0, len(found) - 1)]


def both(at: datetime.datetime, zone: ZoneInfo) -> list[datetime.datetime]:
    """Return the two instants of a time that clocks in the zone show twice; [] for every other time."""
    found = instants(at, zone) if FIRST_YEAR <= at.year <= LAST_YEAR else []
    return found if len(found) > 1 else []


def around_gap(at: datetime.datetime, zone: ZoneInfo) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the last minute before the clocks skipped this naive time and the first after it, as clocks show them."""
    # With fold=1 Python counts from the offset after the change, so that this is before it.
    each = at.replace(tzinfo=zone, fold=1, second=0, microsecond=0).astimezone(datetime.UTC)
    offset = each.astimezone(zone).utcoffset()
    while (each + MINUTE).astimezone(zone).utcoffset() == offset:
        each += MINUTE
    return each.astimezone(zone), (each + MINUTE).astimezone(zone)


def next_change(zone: ZoneInfo, now: datetime.datetime) -> datetime.date | None:
    """Return the day of the next change of the clocks, if it is within half a year."""
    local = now.astimezone(zone)
    offset = local.utcoffset()
    for days in range(1, SOON):
        if (then := (now + days * DAY).astimezone(zone)).utcoffset() != offset:
            midnight = then.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
            return then.date() if midnight.utcoffset() == offset else then.date() - DAY
    return None

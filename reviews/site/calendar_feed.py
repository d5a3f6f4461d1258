"""
A person's due dates as a calendar, at a private address: whoever knows it may read it, without a sign-in or a cookie.

It names no article that the person may not see yet: a request that is not accepted is only “A request to review”.
"""

import datetime
import hashlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from articles.models import Article
from articles.models.people import Role, roles_of
from reviews.models import Assignment, CalendarAddress, Review

MOST = 500  # of each kind
ASKED_AGAIN_AFTER = datetime.timedelta(hours=6)  # by programs that follow it


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Send the calendar; raise Http404 for an address that was never made, is revoked, or whose owner has left."""
    address = CalendarAddress.objects.with_token(token)
    if address is None:
        raise Http404
    body = as_calendar([*due_dates(address.user)])
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response = get_conditional_response(request, etag=etag, response=answer) or answer
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def as_calendar(events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Imprimatur//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Imprimatur: due dates"))
    calendar.add("refresh-interval", ASKED_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def due_dates(user: User) -> Iterator[Event]:
    """Yield this person's open requests, and for an editor what they see to: all that they asked for or began."""
    asked = Assignment.objects.to_decide().filter(reviewer=user, due__isnull=False)
    for row in asked.select_related("review__version").order_by("due", "pk")[:MOST]:
        version, said = row.review.version, _("A request to review")
        if row.is_accepted:
            said = _("Review due: {title}, version {number}").format(title=version.title, number=version.number)
        if row.due:
            page = reverse("desk_review", args=[row.review_id])
            yield _event(f"request-{row.pk}", row.due, row.assigned_at, said, page)
    if Role.EDITOR in roles_of(user):
        yield from _of_editor(user)


def _of_editor(user: User) -> Iterator[Event]:
    theirs = Q(assigned_by=user) | Q(review__triaged_by=user)
    asked = Assignment.objects.to_decide().filter(theirs, due__isnull=False).exclude(reviewer=user)
    for row in asked.select_related("review__version").order_by("due", "pk")[:MOST]:
        version = row.review.version
        said = _("Review by {name} due: {title}, version {number}").format(
            name=row.reviewer_name, title=version.title, number=version.number
        )
        if row.due:
            page = reverse("desk_review", args=[row.review_id])
            yield _event(f"asked-{row.pk}", row.due, row.assigned_at, said, page)
    owing = Review.objects.owing().filter(triaged_by=user).select_related("version")
    for review in owing.order_by("full_review_due", "pk")[:MOST]:
        said = _("Full review due: {title}").format(title=review.version.title)
        if review.full_review_due:
            page = reverse("desk_review", args=[review.pk])
            yield _event(f"full-review-{review.pk}", review.full_review_due, review.submitted_at, said, page)
    again = Article.objects.listed().filter(published_version__review__triaged_by=user, next_review_due__isnull=False)
    for article in again.select_related("published_version").order_by("next_review_due", "pk")[:MOST]:
        if article.next_review_due and article.published_version:
            said = _("Review due: {title}").format(title=article.published_version.title)
            page, since = reverse("desk_article", args=[article.pk]), article.published_version.submitted_at
            yield _event(f"article-{article.pk}", article.next_review_due, since, said, page)


def _event(key: str, day: datetime.date, since: datetime.datetime, summary: str, page: str) -> Event:
    """Return the event of a whole day. It stays the same event if its day is moved."""
    event = Event()
    event.add("uid", f"{key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", since.astimezone(datetime.UTC).replace(microsecond=0))
    event.add("dtstart", day)
    if day < datetime.date.max:  # a request of an earlier release may be due on it, and no day comes after it
        event.add("dtend", day + datetime.timedelta(days=1))
    event.add("summary", summary)
    event.add("url", f"{settings.SITE_URL}{page}")
    event.add("description", f"{settings.SITE_URL}{page}")
    event.add("transp", "TRANSPARENT")
    return event

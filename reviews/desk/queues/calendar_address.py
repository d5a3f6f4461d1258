"""The private address of a person's calendar: shown once when it is made, and revoked or replaced here."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from reviews.models import CalendarAddress


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@posted_from(lambda request: reverse("calendar"))
def make_address(request: SignedInRequest) -> HttpResponse:
    """Make a new address, which replaces the former one, and show it: only its digest is kept."""
    token = CalendarAddress.objects.renew(request.user)
    return _page(request, f"{settings.SITE_URL}{reverse('calendar_feed', args=[token])}")


@posted_from(lambda request: reverse("calendar"))
def revoke_address(request: SignedInRequest) -> HttpResponse:
    CalendarAddress.objects.filter(user=request.user).delete()
    messages.success(request, _("The address is revoked. Calendars that follow it get nothing any more."))
    return redirect("calendar")


def _page(request: SignedInRequest, made: str = "") -> HttpResponse:
    context = {"address": CalendarAddress.objects.filter(user=request.user).first(), "made": made}
    return render(request, "desk/calendar.html", context)

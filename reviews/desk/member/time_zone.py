"""The time zone in which a person reads the times of the desk, kept in a cookie for the addresses of the desk."""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.requests import SignedInRequest
from articles.text.languages import reading_zone, times_read_in
from articles.text.plain.forms import FitForm
from reviews.desk.member.local_times import zone_called, zone_names

COOKIE = "time_zone"
A_YEAR = 365 * 24 * 60 * 60  # seconds


class TimesInOwnZone:
    """Show the times of the desk in the zone that the person chose; otherwise in the zone of the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = zone_called(request.COOKIES.get(COOKIE, "")) if request.path_info.startswith(reverse("desk")) else None
        with times_read_in(zone):
            return self.get_response(request)


class ZoneForm(FitForm, forms.Form):
    zone = forms.ChoiceField(label=gettext_lazy("Your time zone"), choices=lambda: [(n, n) for n in zone_names()])


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: SignedInRequest) -> HttpResponse:
    """Show and keep the time zone in which this person reads times; the browser keeps it for a year."""
    initial = {"zone": reading_zone().key}
    form = ZoneForm(request.POST if request.method == "POST" else None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["zone"]
        messages.success(request, _("The desk shows times in {zone}.").format(zone=chosen))
        response = redirect("time_zone")
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            path=reverse("desk"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    return render(request, "desk/time_zone.html", {"form": form, "bound": form}, status=422 if form.errors else 200)

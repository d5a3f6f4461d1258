"""A board member's own availability: how many requests they take at once, and when they are away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.text.plain.forms import FitModelForm
from reviews.desk.access import own_absence, own_board_row
from reviews.models import Absence, Availability, BoardMember

MOST_ABSENCES = 50


class AvailabilityForm(FitModelForm):
    class Meta:
        model = Availability
        fields = ["at_once"]

    at_once = forms.IntegerField(
        label=Availability._meta.get_field("at_once").verbose_name,
        help_text=Availability._meta.get_field("at_once").help_text,
        required=False,
        min_value=1,
        max_value=50,
    )


class AbsenceForm(FitModelForm):
    class Meta:
        model = Absence
        fields = ["first_day", "last_day"]
        widgets = {name: forms.DateInput({"type": "date"}, "%Y-%m-%d") for name in ("first_day", "last_day")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        last = self.cleaned_data.get("last_day")
        if last and last < timezone.localdate():
            self.add_error("last_day", _("This day has passed. Enter days that are still to come."))
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: SignedInRequest) -> HttpResponse:
    """Show and save how many requests this member takes at once; without a number there is no limit."""
    member = own_board_row(request)
    row = Availability.objects.filter(member=member).first() or Availability(member=member)
    form = AvailabilityForm(request.POST if request.method == "POST" else None, instance=row, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["at_once"]:
            form.save()
        elif row.pk:
            row.delete()
        messages.success(request, _("Saved. Editors see it when they ask reviewers."))
        return redirect("availability")
    return _page(request, member, form, _absence_form(member), 422 if form.errors else 200)


def page_path(request: SignedInRequest, **row: int) -> str:
    own_board_row(request)
    return reverse("availability")


@posted_from(page_path)
def add_absence(request: SignedInRequest) -> HttpResponse:
    member = own_board_row(request)
    form = _absence_form(member, request.POST)
    if form.is_valid() and member.absences.count() >= MOST_ABSENCES:
        form.add_error(None, _("You have entered {number} absences. Remove one first.").format(number=MOST_ABSENCES))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. You are not proposed for reviews that are due in that time."))
        return redirect("availability")
    row = Availability.objects.filter(member=member).first()
    return _page(request, member, AvailabilityForm(instance=row, label_suffix=""), form, 422)


@posted_from(page_path)
def remove_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    own_absence(request, pk).delete()
    messages.success(request, _("Removed."))
    return redirect("availability")


def _absence_form(member: BoardMember, data: Any = None) -> AbsenceForm:
    return AbsenceForm(data, instance=Absence(member=member), label_suffix="", auto_id="absence-%s")


def _page(
    request: SignedInRequest, member: BoardMember, form: AvailabilityForm, absence: AbsenceForm, status: int
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "form": form,
        "absence": absence,
        "bound": form if form.errors else absence,
        "absences": [row for row in member.absences.all() if row.last_day >= today],
    }
    return render(request, "desk/availability.html", context, status=status)

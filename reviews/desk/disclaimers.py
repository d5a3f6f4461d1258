from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Audience, Disclaimer
from articles.models.people import Role, roles_of
from reviews import workflow
from reviews.desk.answers import attempt
from reviews.desk.forms import ConfirmForm, DisclaimerForm, StepForm, form_of_row


@dataclass(frozen=True)
class AudienceRow:
    """The disclaimers of an audience: the one in force, and those waiting for confirmation. `form` writes the next."""

    audience: Audience
    in_force: Disclaimer | None
    waiting: list[Disclaimer]
    form: DisclaimerForm


@require_safe
def disclaimers(request: SignedInRequest) -> HttpResponse:
    _require_reader(request)
    return show_disclaimers(request)


def list_path(request: SignedInRequest, **row: int | str) -> str:
    _require_reader(request)
    return reverse("disclaimers")


@posted_from(list_path)
def issue(request: SignedInRequest, audience: str) -> HttpResponse:
    """Store the next disclaimer for an audience. It is in force once another editor confirms it."""
    _require_reader(request)
    readers = get_object_or_404(Audience, key=audience)
    form = DisclaimerForm(request.POST, about=readers.key)
    if attempt(form, lambda text: workflow.issue_disclaimer(readers, actor=request.user, text=text)):
        messages.success(request, _("The disclaimer is waiting for another editor to confirm it."))
        return redirect("disclaimers")
    return show_disclaimers(request, form, form.http_status)


@posted_from(list_path)
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    _require_reader(request)
    row = get_object_or_404(Disclaimer, pk=pk)
    form = ConfirmForm(request.POST, about=row.pk)
    if attempt(form, lambda: workflow.confirm_disclaimer(row, actor=request.user)):
        messages.success(request, _("The disclaimer is in force."))
        return redirect("disclaimers")
    return show_disclaimers(request, form, form.http_status)


def _require_reader(request: SignedInRequest) -> None:
    """Raise PermissionDenied unless this person is an editor or an administrator, who both see the disclaimers."""
    if not {Role.EDITOR, Role.ADMIN} & set(roles_of(request.user)):
        raise PermissionDenied(_("Only editors work on disclaimers."))


def show_disclaimers(request: SignedInRequest, bound: StepForm | None = None, status: int = 200) -> HttpResponse:
    """Show the disclaimer in force of each audience, and the later ones."""
    in_force = {row.audience_id: row for row in Disclaimer.objects.in_force().select_related("confirmation")}
    waiting = Disclaimer.objects.filter(confirmation__isnull=True).order_by("number")
    rows = []
    for audience in Audience.objects.all():
        now = in_force.get(audience.pk)
        newer = [row for row in waiting if row.audience_id == audience.pk and row.number > (now.number if now else 0)]
        rows.append(AudienceRow(audience, now, newer, form_of_row(DisclaimerForm, audience.key, bound)))
    return render(request, "desk/disclaimers.html", {"rows": rows, "bound": bound}, status=status)

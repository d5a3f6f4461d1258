from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.models import Audience, Disclaimer
from articles.models.people import Role, roles_of
from reviews import workflow
from reviews.desk.answers import attempt
from reviews.desk.forms import ConfirmForm, DisclaimerForm


@require_safe
def disclaimers(request):
    """Show the disclaimers to those who write and confirm them; 403 for anybody else."""
    _require_their_reader(request)
    return show_disclaimers(request)


def at_the_list(request, **which) -> str:
    _require_their_reader(request)
    return reverse("disclaimers")


@posted_from(at_the_list)
def issue(request, audience):
    """Write the next disclaimer for an audience; it is in force once another editor confirms it."""
    _require_their_reader(request)
    readers = get_object_or_404(Audience, key=audience)
    form = DisclaimerForm(request.POST, about=readers.key)
    if attempt(form, lambda text: workflow.issue_disclaimer(readers, actor=request.user, text=text)):
        messages.success(request, "The disclaimer is waiting for another editor to confirm it.")
        return redirect("disclaimers")
    return show_disclaimers(request, form, form.http_status)


@posted_from(at_the_list)
def confirm(request, pk):
    _require_their_reader(request)
    row = get_object_or_404(Disclaimer, pk=pk)
    form = ConfirmForm(request.POST, about=row.pk)
    if attempt(form, lambda: workflow.confirm_disclaimer(row, actor=request.user)):
        messages.success(request, "The disclaimer is in force.")
        return redirect("disclaimers")
    return show_disclaimers(request, form, form.http_status)


def _require_their_reader(request):
    if not {Role.EDITOR, Role.ADMIN} & set(roles_of(request.user)):
        raise PermissionDenied("Only editors work on disclaimers.")


def show_disclaimers(request, bound=None, status=200):
    """Show for each audience the disclaimer in force and those written after it."""
    in_force = {row.audience_id: row for row in Disclaimer.objects.in_force().select_related("confirmation")}
    waiting = Disclaimer.objects.filter(confirmation__isnull=True).order_by("number")
    rows = []
    for audience in Audience.objects.all():
        now = in_force.get(audience.pk)
        newer = [row for row in waiting if row.audience_id == audience.pk and row.number > (now.number if now else 0)]
        mine = bound if bound and bound.is_of(DisclaimerForm, audience.key) else DisclaimerForm(about=audience.key)
        rows.append({"audience": audience, "now": now, "waiting": newer, "form": mine})
    return render(request, "desk/disclaimers.html", {"rows": rows, "bound": bound}, status=status)

"""The dashboard of editors and administrators: plots with the tables behind them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.desk.requests import SignedInRequest
from articles.models.rows.remembered import remembering
from reviews.desk.access import require_overview
from reviews.desk.queues.dashboard.parts import PARTS, WEEKS, Period
from reviews.desk.queues.dashboard.spreadsheet import as_file


@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    """Show every part of the dashboard for the weeks that the address asks for."""
    with remembering():
        require_overview(request)
        period = Period.of(request.GET.get("weeks", ""), timezone.now())
        context = {"period": period, "choices": WEEKS, "parts": [make(period) for make in PARTS.values()]}
        return render(request, "desk/dashboard.html", context)


@require_safe
def dashboard_table(request: SignedInRequest, name: str) -> HttpResponse:
    """Send the table behind a part as a file for spreadsheets; raise Http404 for a name that no part has."""
    require_overview(request)
    if name not in PARTS:
        raise Http404
    part = PARTS[name](Period.of(request.GET.get("weeks", ""), timezone.now()))
    return as_file(f"{name}-{timezone.localdate():%Y-%m-%d}", part.head, part.rows)

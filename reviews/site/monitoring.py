"""The health check and the metrics, for monitoring."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reviews.operations import health, metrics


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok", or 503 with one sentence per failed check."""
    found = health.findings()
    text = "".join(f"{name}: {sentence}\n" for name, sentence in found.items())
    return HttpResponse(text or "ok\n", status=503 if found else 200, content_type="text/plain; charset=utf-8")


@never_cache
@login_not_required
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Give the metrics to a client that sends METRICS_TOKEN; answer 404 to others, and if no token is set."""
    token = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(request.headers.get("Authorization", ""), token):
        raise Http404
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

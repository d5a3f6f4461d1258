import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import defaults

from articles.frozen.signed_text import DamagedText
from reviews.desk.access import NotAccepted
from reviews.evidence.ledger.keys import WrongKey
from reviews.evidence.ledger.proofs import NoProof

TRY_AGAIN_AFTER = 30  # seconds


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403; lead a reviewer who opens a page of a text that is closed to them to what they are asked."""
    if isinstance(exception, NotAccepted) and request.method in ("GET", "HEAD"):
        return redirect(exception.page)
    return defaults.permission_denied(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Answer 503 to a temporary error, and 500 to a bug.

    A text that differs from the signed one, and a text that the ledger does not prove, have error pages of their own.

    Errors are temporary if the database is down, full or locked for too long, or if the site was not yet restarted with
    the ledger's new key.
    """
    error = sys.exc_info()[1]
    if isinstance(error, DamagedText):
        return defaults.server_error(request, template_name="damaged.html")
    if isinstance(error, NoProof):
        return defaults.server_error(request, template_name="unproved.html")
    if not isinstance(error, OperationalError | InterfaceError | WrongKey):
        return defaults.server_error(request)
    response = defaults.server_error(request, template_name="503.html")
    response.status_code = 503
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response

import sys

from django.db import InterfaceError, OperationalError
from django.views import defaults

TRY_AGAIN_AFTER = 30  # seconds


def server_error(request):
    """Answer 503 when the database is away, full or locked for too long, as that passes; 500 for a fault of ours."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return defaults.server_error(request)
    response = defaults.server_error(request, template_name="503.html")
    response.status_code = 503
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response

import sys

from django.db import InterfaceError, OperationalError
from django.views import defaults

from articles.frozen.signed_text import DamagedText
from reviews.evidence.ledger.keys import WrongKey

TRY_AGAIN_AFTER = 30  # seconds


def server_error(request):
    """
    Answer 503 for what passes, 500 for a fault of ours and for a text that is not the signed one, which it says.

    The database may be away, full or locked for too long, and the site not yet be restarted with the ledger's new key.
    """
    error = sys.exc_info()[1]
    if isinstance(error, DamagedText):
        return defaults.server_error(request, template_name="damaged.html")
    if not isinstance(error, OperationalError | InterfaceError | WrongKey):
        return defaults.server_error(request)
    response = defaults.server_error(request, template_name="503.html")
    response.status_code = 503
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response

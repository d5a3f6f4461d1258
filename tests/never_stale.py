"""Every test of a page is one of the kept responses too: whatever would have been sent has to be what is made anew."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from articles.site.keeping import kept_responses
from articles.site.keeping.kept_responses import Kept, KeptResponses, State
from reviews.site.generation import STATEMENT


class Stale(Exception):
    """A kept response would have been sent that is not what readers should be shown now."""


class NeverStale(KeptResponses):
    """In place of `KeptResponses`: make each page anew, and raise Stale if what is kept of it differs."""

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(kept_responses.NEVER_KEPT):
            return self.get_response(request)
        state, key = state_uncounted(), kept_responses.key_of(request)
        found = kept_responses.find(request, key, state) if state else None
        response = self._whole(request)
        if found and response.status_code != 304:
            compare(request, found, response)
        if state and getattr(response, "may_be_kept", False):
            kept_responses.keep(request, key, Kept.of(response, state))
        return kept_responses.answer(request, response)


def compare(request, found, response):
    now = (response.status_code, response.content, response.get("ETag"))
    if (found.status, found.content, found.headers.get("ETag")) != now:
        raise Stale(f"{request.path}: {response.status_code}\n{found.content[:20000]!r}\n{response.content[:20000]!r}")


def state_uncounted():
    """Return the state by a query that no test counts: it is the same one for every page."""
    if not settings.KEPT_RESPONSES:
        return None
    try:
        connection.ensure_connection()
        with CursorWrapper(connection.create_cursor(), connection) as cursor:
            cursor.execute(STATEMENT)
            row = cursor.fetchone()
    except DatabaseError:
        return None
    return State(row[0] if row else "", timezone.localdate().isoformat())

import re
import uuid

from django.contrib.auth.middleware import LoginRequiredMiddleware

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestNumber:
    """Give each request a number, the proxy's where it sent one, for the logs and for who reports an error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class PrivateUnlessMarkedPublic(LoginRequiredMiddleware):
    """
    Ask who somebody is only where a view wants it known.

    Django's own asks always: each public page would then read the session, vary on the cookie, and be kept in no cache.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

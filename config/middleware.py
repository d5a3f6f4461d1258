import re
import uuid

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils.cache import add_never_cache_headers, has_vary_header

from reviews.desk import kept
from reviews.desk.sign_in import signing_in

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


class KeptByTheProxy:
    """
    Let the proxy keep each page that any reader may see, and have it ask every time whether that is still current.

    nginx keeps nothing of max-age=0; told that the page expired long ago it keeps it, and sends its ETag with each
    request. As long as nothing changed the answer is 304; a notice shows on the very next request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method in ("GET", "HEAD") and response.status_code == 200 and self._is_anybodys(response):
            response["X-Accel-Expires"] = "@1"
        return response

    def _is_anybodys(self, response) -> bool:
        said = response.get("Cache-Control", "")
        is_public = "public" in said and "max-age=0" in said and response.has_header("ETag")
        return is_public and not response.cookies and not has_vary_header(response, "Cookie")


class KeptByNobody:
    """Let no browser and no proxy keep a page of the staff's: it may hold a text that nobody has approved."""

    SIDES = ("/desk/", "/admin/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(self.SIDES):
            add_never_cache_headers(response)
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

    def handle_no_permission(self, request, view_func):
        """Lead to the sign-in; a form that was filled in while the session ended goes there with it."""
        if request.method == "POST" and kept.typed(request.POST):
            return signing_in.sign_in_first(request)
        return super().handle_no_permission(request, view_func)

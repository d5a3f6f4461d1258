import re
import uuid
from collections.abc import Callable
from typing import Any, TypeAlias

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers, has_vary_header

from reviews.desk import kept_input
from reviews.desk.sign_in import signing_in

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestID:
    """Give each request an ID for the logs and for error reports: the proxy's X-Request-ID, or a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]  # read by config.logs
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class CachedByTheProxy:
    """
    Let the proxy cache the pages that every reader may see, and revalidate them on each request.

    nginx does not cache a response with max-age=0. With an expiry date in the past it caches the page as stale, and
    sends its ETag with each request. The answer is 304 while nothing has changed; a notice shows at the next request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method in ("GET", "HEAD") and response.status_code == 200 and self._is_for_everybody(response):
            response["X-Accel-Expires"] = "@1"
        return response

    def _is_for_everybody(self, response: HttpResponse) -> bool:
        control = response.get("Cache-Control", "")
        is_public = "public" in control and "max-age=0" in control and response.has_header("ETag")
        return is_public and not response.cookies and not has_vary_header(response, "Cookie")


class Permissions:
    """Deny every page the powers of a browser that no page of ours uses."""

    DENIED = (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial",
        "usb", "xr-spatial-tracking",
    )  # fmt: skip

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = ", ".join(f"{power}=()" for power in self.DENIED)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.policy)
        return response


class NeverCached:
    """Let no browser and no proxy cache a page of the staff: it may hold a text that nobody has approved."""

    SIDES = ("/desk/", "/admin/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.SIDES):
            add_never_cache_headers(response)
        return response


class PrivateUnlessMarkedPublic(LoginRequiredMiddleware):
    """
    Require a signed-in user for each view that is not marked as public, and read the session for no other view.

    Django's own middleware always reads `request.user`. Each public page would then read the session and vary on the
    cookie, and no cache could store it.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # may be a page, where the stubs promise a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Redirect to the sign-in page; keep a form that was submitted after the session ended."""
        if request.method == "POST" and kept_input.dump(request.POST):
            return signing_in.sign_in_first(request)
        return super().handle_no_permission(request, view_func)

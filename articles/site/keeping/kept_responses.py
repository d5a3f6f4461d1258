"""
Whole responses of readers' pages, kept until readers may be shown something else.

A response is kept together with the state of the site that it was made from: the generation, which every step and
every change of a setting moves in its own transaction, and the day. Each request asks for the generation, with one
small query, and a kept response is sent only if nothing has moved. So no process ever sends a stale page.

The responses of this process are kept in memory, the longest unused of them dropped first. Redis, if the site has it,
gives them to all processes, sealed as the entries of `articles.site.keeping.sealed_cache` are.
"""

import base64
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles.review_process import review_process
from articles.site.forms.audience import AUDIENCE_COOKIE
from articles.site.keeping import sealed_cache

ASK_EACH_TIME = "public, max-age=0, must-revalidate"  # a notice shows on the very next request
PARAMETERS = ("after", "kind", "letter", "p")  # the only query parameters that kept pages read
NEVER_KEPT = ("/desk/", "/admin/", "/static/", "/search/")
A_PAGE = 1_000_000  # bytes; a longer response is not kept
SHARED_FOR = 60 * 60  # seconds in Redis
LONGEST_CHOICE = 30  # characters of an audience's key
KEPT_STATUSES = (200, 302)

View = Callable[..., HttpResponse]


class Key(NamedTuple):
    """What a response was asked by. `audience` is the reader's cookie, if the response varies on it."""

    scheme: str
    host: str
    path: str
    query: str
    audience: str = ""


class State(NamedTuple):
    """The state of the site that a page was made from."""

    generation: str
    day: str


@dataclass(frozen=True)
class Kept:
    """A response and the state of the site that it was made from."""

    state: State
    status: int
    content: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse, state: State) -> "Kept":
        return cls(state, response.status_code, response.content, dict(response.items()))

    @property
    def varies_by_audience(self) -> bool:
        return "Cookie" in self.headers.get("Vary", "")

    def response(self) -> HttpResponse:
        return HttpResponse(self.content, status=self.status, headers=self.headers)


class Store:
    """A bounded number of bytes of responses; the longest unused are dropped first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, kept: Kept, most: int) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            self.size += _size(kept)
            while self.size > most:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _drop(self, key: Key) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self.size -= _size(old)


def _size(kept: Kept) -> int:
    return len(kept.content) + 1500  # the headers, the key and the objects around them


store = Store()


def kept(view: View) -> View:
    """
    Let the response of this view be kept: it may depend on nothing but the database, the day and `Key`.

    It gets an ETag, the digest of its bytes, and browsers and proxies ask each time whether it is still the same.
    """

    @wraps(view)
    def marked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, *arguments, **named)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if response.status_code in KEPT_STATUSES:
            response.may_be_kept = True  # type: ignore[attr-defined]  # read by KeptResponses
        if response.status_code == 200:
            response.setdefault("ETag", etag_of(response.content))
            response["Cache-Control"] = ASK_EACH_TIME
        return response

    return marked


def etag_of(page: bytes) -> str:
    return f'"{hashlib.sha256(page).hexdigest()[:32]}"'


class KeptResponses:
    """Answer with the kept response if readers would be shown the same page; else keep the response of the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(NEVER_KEPT):
            return self.get_response(request)
        state, key = state_now(), key_of(request)
        if state and (found := find(request, key, state)):
            return answer(request, found.response())
        response = self._whole(request)
        if state and getattr(response, "may_be_kept", False):
            keep(request, key, Kept.of(response, state))
        return answer(request, response)

    def _whole(self, request: HttpRequest) -> HttpResponse:
        """Return the response of the view, also to a reader who has it already: it is kept for the others."""
        known = request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = self.get_response(request)
        if known is not None:
            request.META["HTTP_IF_NONE_MATCH"] = known
        return response


def state_now() -> State | None:
    """Return the state of the site; None if the database does not tell, so that the view answers with its error."""
    if not settings.KEPT_RESPONSES:
        return None
    try:
        return State(review_process().generation(), timezone.localdate().isoformat())
    except DatabaseError:
        return None


def key_of(request: HttpRequest) -> Key:
    query = "" if not request.META.get("QUERY_STRING") else urlencode(_read_by_pages(request))
    return Key(request.scheme or "", request.META.get("HTTP_HOST", ""), request.path, query)


def _read_by_pages(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the query parameters that a page reads; others, such as those of a campaign, change nothing."""
    return [(name, request.GET[name]) for name in PARAMETERS if name in request.GET]


def find(request: HttpRequest, key: Key, state: State) -> Kept | None:
    """Return what is kept of this very state, from this process or from Redis."""
    found = _of(key, state)
    if found is not None and found.varies_by_audience:
        return _of(_by_audience(request, key), state)
    return found


def keep(request: HttpRequest, key: Key, made: Kept) -> None:
    """Keep the response; if it varies on the cookie, once for each choice of audience."""
    if len(made.content) > A_PAGE:
        return
    if made.varies_by_audience:
        _put(_by_audience(request, key), made)
    _put(key, made)


def _by_audience(request: HttpRequest, key: Key) -> Key:
    return key._replace(audience=request.COOKIES.get(AUDIENCE_COOKIE, "-")[:LONGEST_CHOICE])


def _of(key: Key, state: State) -> Kept | None:
    found = store.get(key)
    if found is None or found.state != state:
        found = from_redis(key, state)
        if found is not None:
            store.put(key, found, settings.KEPT_RESPONSES)
    return found


def _put(key: Key, made: Kept) -> None:
    store.put(key, made, settings.KEPT_RESPONSES)
    to_redis(key, made)


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response, or 304 if the reader's browser has exactly these bytes."""
    etag = response.get("ETag")
    return (get_conditional_response(request, etag=etag, response=response) or response) if etag else response


# In Redis


def is_shared() -> bool:
    return settings.CACHES["default"]["BACKEND"] == "config.cache.Cache"


def from_redis(key: Key, state: State) -> Kept | None:
    """Return what another process kept of this very state; None for an entry that this site did not write."""
    entry = sealed_cache.known(_name(key, state)) if is_shared() else None
    return Kept(state, entry["status"], content_of(entry), entry["headers"]) if entry else None


def to_redis(key: Key, made: Kept) -> None:
    if is_shared():
        entry = {"status": made.status, "headers": made.headers, **as_entry(made.content)}
        sealed_cache.write(_name(key, made.state), entry, SHARED_FOR)


def as_entry(content: bytes) -> dict[str, str]:
    """Return the content as a part of an entry, which is JSON: as text, or a PDF in base 64."""
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def content_of(entry: dict[str, Any]) -> bytes:
    text: str | None = entry.get("content")
    return base64.b64decode(entry["base64"]) if text is None else text.encode()


def _name(key: Key, state: State) -> str:
    """Return the entry's name: of the request, of the state of the site, and of the code that makes the page."""
    said = json.dumps([key, state, release()])
    return f"response:{hashlib.sha256(said.encode()).hexdigest()}"


@cache
def release() -> str:
    """Return a digest of all that a page is made by but the database: code, templates, static files and settings."""
    made_by = [repr(sorted(_plain_settings().items())).encode()]
    made_by += [f"{path.name}\0".encode() + path.read_bytes() for path in sorted(_files())]
    return hashlib.sha256(b"\0".join(made_by)).hexdigest()


def _plain_settings() -> dict[str, Any]:
    names = [name for name in dir(settings) if name.isupper()]
    return {name: value for name in names if isinstance(value := getattr(settings, name), str | int | list | tuple)}


def _files() -> Iterator[Path]:
    """Yield the site's own code and templates, and the list of its static files by their contents."""
    own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    for folder in (*own, settings.BASE_DIR / "config"):
        yield from folder.rglob("*.py")
        yield from folder.rglob("*.mo")  # the translations
    yield from (path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file())
    yield from settings.STATIC_ROOT.glob("staticfiles.json")

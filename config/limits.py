"""
Rate limits of costly requests and of guesses. The site applies them itself, with or without a proxy.

Requests are counted in the shared cache; while it is down nobody is refused. At the desk an account is one client,
from every address. Elsewhere a client is an address, since readers' pages do not read the session.
"""

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from articles.text.languages import in_english
from reviews.desk import kept_input

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

READ, SEND = ("GET", "HEAD"), ("POST",)
A_DAY = 24 * 60 * 60

logger = logging.getLogger("imprimatur.security")


@dataclass(frozen=True)
class Limit:
    """
    At most `number` requests within `seconds`, counted for each client.

    With `parameter` only requests with this query parameter count: the others are not costly. With `keeps` the page of
    the refusal holds the reader's input, so that it can be sent again; at the desk it always does.
    """

    what: "StrOrPromise"
    number: int
    seconds: int
    methods: tuple[str, ...] = READ
    parameter: str = ""
    keeps: bool = False


PASSWORDS = Limit(_("passwords"), 60, 300, SEND)  # guesses at an account are counted in the database
DRAFTS = Limit(_("imports and submissions"), 30, 300, SEND)
EXPORTS = Limit(_("copies of the ledger"), 20, 300)
FEEDS = Limit(_("feeds and maps"), 60, 60)  # as others below, counted when made: a kept response is given to everybody
FILES = Limit(_("files of articles"), 30, 60)
PROOFS = Limit(_("proofs"), 60, 60)
LIMITS = {  # keyed by the name of the URL pattern
    "article_pdf": Limit(_("PDF files"), 30, 60),
    **dict.fromkeys(("article_saved", "version_file", "draft_file", "desk_version_file"), FILES),
    "search": Limit(_("searches"), 120, 60),
    "search_suggestions": Limit(_("suggestions"), 120, 60),
    **dict.fromkeys(("versions", "changes", "comparison", "comparison_for"), Limit(_("comparisons"), 60, 60)),
    "ask": Limit(_("questions"), 30, 300, SEND, keeps=True),
    "answers": Limit(_("answers"), 60, 300),
    "question_status": Limit(_("visits to questions"), 60, 60),
    "report_error": Limit(_("reports"), 30, 300, SEND, keeps=True),
    "report_status": Limit(_("visits to reports"), 60, 60),
    "helpful": Limit(_("answers about pages"), 30, 300, SEND, keeps=True),
    "calendar_feed": Limit(_("calendars"), 60, 60),
    "feed": FEEDS,
    "sitemap": FEEDS,
    "sitemap_of": FEEDS,
    **dict.fromkeys(("proof", "proof_file", "version_proof", "version_proof_file", "version_proof_at"), PROOFS),
    "ledger_newest_export": EXPORTS,
    "ledger_export": EXPORTS,
    "ledger_export_at": EXPORTS,
    "sign_in": PASSWORDS,
    "password_reset": PASSWORDS,
    "password_reset_confirm": PASSWORDS,
    "draft_import": DRAFTS,
    "submit": DRAFTS,
    "draft_preview": Limit(_("previews"), 60, 60),
    "draft_checks": Limit(_("checks of a text"), 60, 60),
    "desk_review": Limit(_("comparisons"), 60, 60, parameter="changes"),
}


class Limits:
    """Answer 429, with a sentence and Retry-After, to a client over its limit; the view is not called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        limit = LIMITS.get(match.view_name) if match else None
        if limit is None or request.method not in limit.methods or not settings.RATE_LIMITS:
            return None
        if limit.parameter and not request.GET.get(limit.parameter):
            return None
        is_public = not getattr(view_func, "login_required", True)
        client = address_of(request) if is_public else f"account {request.user.pk}"
        wait = seconds_to_wait(limit, client)
        return too_many(request, limit, wait, "address" if is_public else "account") if wait else None


def seconds_to_wait(limit: Limit, client: str) -> int:
    """Count a request of the client; return 0 if it is allowed, or the seconds until the next one is."""
    allowed, now = limit.number * settings.RATE_LIMITS, time.time()
    span, passed = divmod(now, limit.seconds)
    counted = salted_hmac("config.limits", f"{in_english(limit.what)} {client}", algorithm="sha256").hexdigest()[:32]
    name = f"limit:{counted}:{int(span)}"  # the cache holds no addresses
    try:
        cache.add(name, 0, limit.seconds)
        count = cache.incr(name)
    except ValueError:  # the cache is down, or the entry has just expired
        return 0
    if count == allowed + 1:
        logger.warning(
            "Too many %s within %s seconds: a client is refused for a while.", in_english(limit.what), limit.seconds
        )
    return max(1, round(limit.seconds - passed)) if count > allowed else 0


def is_first_today(request: HttpRequest, what: str) -> bool:
    """Tell whether the client does this for the first time today. It is also the first if the cache has forgotten."""
    if not settings.RATE_LIMITS:
        return True
    said = f"{what} {address_of(request)} {timezone.localdate()}"
    name = f"once:{salted_hmac('config.limits.once', said, algorithm='sha256').hexdigest()[:32]}"
    return bool(cache.add(name, 1, A_DAY))


def address_of(request: HttpRequest) -> str:
    """
    Return the client's address; for IPv6 its /64 network, since one client has all addresses of it.

    Behind a proxy it is the last address in X-Forwarded-For, which the proxy itself has written.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    known = getattr(known, "ipv4_mapped", None) or known
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def too_many(request: HttpRequest, limit: Limit, wait: int, whose: str) -> HttpResponse:
    """Answer 429; the page shows the fields of a form from the desk or a question, so that it can be sent again."""
    is_kept = whose == "account" or limit.keeps
    found = kept_input.load(kept_input.dump(request.POST)) if is_kept else []
    context = {"what": limit.what, "wait": wait, "whose": whose, "fields": found, "words": kept_input.texts(found)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response

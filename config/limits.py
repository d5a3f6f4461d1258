"""
How often one client may ask for what is costly, or may guess: the limits of the site itself, behind any proxy or none.

Requests are counted in the shared cache; while that is away nobody is refused. At the desk an account is one client,
wherever it signs in. Elsewhere a client is an address, since readers' pages never ask who somebody is.
"""

import ipaddress
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from reviews.desk import kept

READ, SEND = ("GET", "HEAD"), ("POST",)

logger = logging.getLogger("imprimatur.security")


@dataclass(frozen=True)
class Limit:
    """So many requests within so many seconds. `asks` is a part of the query without which a request is not costly."""

    what: str
    number: int
    seconds: int
    ways: tuple[str, ...] = READ
    asks: str = ""


PASSWORDS = Limit("passwords", 60, 300, SEND)  # guesses at an account are counted in the database
DRAFTS = Limit("imports and submissions", 30, 300, SEND)
EXPORTS = Limit("copies of the ledger", 20, 300)
FOLLOWED = Limit("feeds and maps", 60, 60)
LIMITS = {  # by the name of the address
    "search": Limit("searches", 120, 60),
    "changes": Limit("comparisons", 60, 60),
    "feed": FOLLOWED,
    "sitemap": FOLLOWED,
    "sitemap_of": FOLLOWED,
    "ledger_newest_export": EXPORTS,
    "ledger_export": EXPORTS,
    "ledger_export_at": EXPORTS,
    "sign_in": PASSWORDS,
    "password_reset": PASSWORDS,
    "password_reset_confirm": PASSWORDS,
    "draft_import": DRAFTS,
    "submit": DRAFTS,
    "draft_preview": Limit("previews", 60, 60),
    "desk_review": Limit("comparisons", 60, 60, asks="changes"),
}


class Limits:
    """Answer 429, with a sentence and Retry-After, to who asks too often; nothing of the view is run."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        limit = LIMITS.get(request.resolver_match.view_name)
        if limit is None or request.method not in limit.ways or not settings.RATE_LIMITS:
            return None
        if limit.asks and not request.GET.get(limit.asks):
            return None
        is_public = not getattr(view_func, "login_required", True)
        client = address_of(request) if is_public else f"account {request.user.pk}"
        wait = seconds_to_wait(limit, client)
        return too_many(request, limit, wait, "address" if is_public else "account") if wait else None


def seconds_to_wait(limit: Limit, client: str) -> int:
    """Count one more request of the client; return 0, or after how many seconds the next one will be answered."""
    allowed, now = limit.number * settings.RATE_LIMITS, time.time()
    span, gone = divmod(now, limit.seconds)
    counted = salted_hmac("config.limits", f"{limit.what} {client}", algorithm="sha256").hexdigest()[:32]
    name = f"limit:{counted}:{int(span)}"  # who reads the cache learns no address
    try:
        cache.add(name, 0, limit.seconds)
        count = cache.incr(name)
    except ValueError:  # the cache is away, or the entry has just gone
        return 0
    if count == allowed + 1:
        logger.warning("Too many %s within %s seconds: a client is refused for a while.", limit.what, limit.seconds)
    return max(1, round(limit.seconds - gone)) if count > allowed else 0


def address_of(request) -> str:
    """
    Return the client's address; of IPv6 the network of 64 bits, of which a client has all addresses.

    Behind a proxy it is the last one in X-Forwarded-For, which the proxy itself has written there.
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


def too_many(request, limit: Limit, wait: int, whose: str):
    """Answer 429; what an account typed into a form of the desk is shown, to be sent again."""
    found = kept.fields(kept.typed(request.POST)) if whose == "account" else []
    context = {"what": limit.what, "wait": wait, "whose": whose, "fields": found, "words": kept.words(found)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response

"""
Browsers in which the owner of an account has signed in before. A stranger's guesses do not lock the owner out there.

Such a browser has a signed cookie, sent only to the sign-in page. The cookie gives no access. Guesses with it have a
count of their own, so that a stranger's guesses do not use up the owner's.
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "known_browser"
SALT = "reviews.desk.devices"
MAX_AGE = 365 * 24 * 60 * 60  # seconds


def known_device(request: HttpRequest, account: User) -> str:
    """Return the random name of this browser if the account's owner has signed in there, otherwise ""."""
    try:
        owner, device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return device if owner == account.pk else ""


def remember(response: HttpResponse, request: HttpRequest, account: User) -> None:
    """Set the cookie after a sign-in. A browser that the owner used before keeps its name."""
    device = known_device(request, account) or secrets.token_hex(16)
    response.set_cookie(
        COOKIE,
        signing.dumps([account.pk, device], salt=SALT),
        max_age=MAX_AGE,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

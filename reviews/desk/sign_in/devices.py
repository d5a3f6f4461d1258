"""
Browsers in which somebody has signed in before: a stranger's guesses do not lock them out of their own account.

Such a browser has a signed cookie that is sent to the sign-in alone. It opens nothing: guesses made with it are only
counted apart, so that those of everybody else, however many, leave the owner their own tries.
"""

import secrets

from django.conf import settings
from django.core import signing

COOKIE = "known_browser"
SALT = "reviews.desk.devices"
LASTS = 365 * 24 * 60 * 60  # seconds


def known_device(request, account) -> str:
    """Return the name of this browser if the account's owner has signed in there; nothing for any other."""
    try:
        owner, device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return device if owner == account.pk else ""


def remember(response, request, account):
    """Give the browser in which the account's owner has just signed in a name of its own, or keep the one it has."""
    device = known_device(request, account) or secrets.token_hex(16)
    response.set_cookie(
        COOKIE,
        signing.dumps([account.pk, device], salt=SALT),
        max_age=LASTS,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

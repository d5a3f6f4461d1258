"""
Guesses at a password: one limit, at every door that asks for one.

Five wrong passwords within a quarter of an hour close a door, to the right one too. They are counted for each account
in the database, so that the limit holds over all processes. Signing and changing the password are one door; signing in
is another, so that strangers, who can close that one, keep nobody from signing.
"""

import datetime
import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from reviews.models import SecurityRecord

MOST = 5
WINDOW = datetime.timedelta(minutes=15)
TOO_MANY = f"Too many wrong passwords. Try again in {WINDOW.seconds // 60} minutes."

logger = logging.getLogger("imprimatur.security")


class TooMany(ValidationError):
    """Raised instead of checking one guess more."""

    CODE = SecurityRecord.Kind.THROTTLED.value

    def __init__(self):
        super().__init__(TOO_MANY, code=self.CODE)


def counted(account, kind: SecurityRecord.Kind, device: str = "") -> SecurityRecord:
    """
    Record a guess before it is checked, and return it with the account as it is now: delete it if it was right.

    Call outside any transaction: guesses at an account wait for each other, and none waits while another is hashed.
    `device` names a browser whose guesses are counted apart. Raise TooMany after five; a log line tells of it, and a
    security record if the person is signed in: strangers fill no table.
    """
    with transaction.atomic():
        account = get_user_model().objects.select_for_update(no_key=True).get(pk=account.pk)
        now = timezone.now()
        recent = SecurityRecord.objects.filter(user=account, kind=kind, device=device, at__gt=now - WINDOW)
        if recent.count() < MOST:
            return SecurityRecord.objects.create(user=account, kind=kind, device=device, at=now)
        if kind == SecurityRecord.Kind.WRONG_PASSWORD:
            SecurityRecord.objects.create(user=account, kind=SecurityRecord.Kind.THROTTLED, at=now)
    logger.warning("Refused after too many guesses (%s): account %s.", kind, account.pk)
    raise TooMany


def is_right(account, password: str) -> bool:
    """
    Tell whether this is the password of the account, whose owner is signed in; a wrong one stays on record.

    Call outside any transaction: hashing takes 0.2 s. Raise TooMany after five wrong ones, whatever the sixth is.
    """
    guess = counted(account, SecurityRecord.Kind.WRONG_PASSWORD)
    if check_password(password, guess.user.password):
        guess.delete()
        return True
    logger.warning("Wrong password: account %s.", account.pk)
    return False


def count_for_nobody(name: str):
    """
    Count a guess for a name that no account has: else the refusal would tell which names there are.

    Each takes one of five places in the cache for a quarter of an hour. Raise TooMany if none is free; while the cache
    is away each place is.
    """
    key = salted_hmac("reviews.workflow.guesses", name, algorithm="sha256").hexdigest()[:32]
    if not any(cache.add(f"guess:{key}:{place}", True, WINDOW.total_seconds()) for place in range(MOST)):
        raise TooMany

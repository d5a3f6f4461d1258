"""
The rate limit of wrong passwords, wherever a password is asked for.

After five wrong passwords within 15 minutes the right one is refused too. The database counts them per account, so the
limit applies across all processes. There are two counts: one for signing and changing the password, one for signing in.
So a stranger who uses up the second cannot keep anyone from signing.
"""

import datetime
import logging

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from reviews.models import SecurityRecord

MOST = 5
WINDOW = datetime.timedelta(minutes=15)

logger = logging.getLogger("imprimatur.security")


class TooMany(ValidationError):
    """Raised instead of checking one more password."""

    CODE = SecurityRecord.Kind.THROTTLED.value

    def __init__(self) -> None:
        sentence = _("Too many wrong passwords. Try again in {minutes} minutes.").format(minutes=WINDOW.seconds // 60)
        super().__init__(sentence, code=self.CODE)


def counted(account: User, kind: SecurityRecord.Kind, device: str = "") -> SecurityRecord:
    """
    Record a guess before its check, and return the record with a fresh `user`. The caller deletes it if it was right.

    Call outside any transaction: the account's lock is then released before the slow hashing. Guesses from a known
    `device` have a count of their own. After five, raise TooMany and log a line; a signed-in user's refusal also leaves
    a security record. A stranger's does not, so that strangers cannot fill the table.
    """
    with transaction.atomic():
        account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
        now = timezone.now()
        if record := _added(account, kind, device, now):
            return record
        if kind == SecurityRecord.Kind.WRONG_PASSWORD:
            SecurityRecord.objects.create(user=account, kind=SecurityRecord.Kind.THROTTLED, at=now)
    logger.warning("Refused after too many guesses (%s): account %s.", kind, account.pk)
    raise TooMany


def _added(account: User, kind: SecurityRecord.Kind, device: str, now: datetime.datetime) -> SecurityRecord | None:
    """Add a record unless there are enough recent ones. Call under the account's lock."""
    record = SecurityRecord(user=account, kind=kind, device=device, at=now)
    to_database = connection.ops.adapt_datetimefield_value
    at, since = to_database(now), to_database(now - WINDOW)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [kind.value, account.pk, at, device, account.pk, kind.value, device, since, MOST])
        found = cursor.fetchone()
    if not found:
        return None
    record.pk, record._state.adding = found[0], False
    return record


_ADD = """
INSERT INTO reviews_securityrecord (kind, user_id, at, device)
SELECT %s, %s, %s, %s
WHERE (
    SELECT COUNT(*) FROM reviews_securityrecord WHERE user_id = %s AND kind = %s AND device = %s AND at > %s
) < %s
RETURNING id
"""


def is_right(account: User, password: str) -> bool:
    """
    Tell whether this is the password of the signed-in user's account; keep a record of a wrong one.

    Call outside any transaction: hashing takes 0.2 s. Raise TooMany after five wrong ones, even for the right one.
    """
    guess = counted(account, SecurityRecord.Kind.WRONG_PASSWORD)
    if check_password(password, guess.user.password):
        guess.delete()
        return True
    logger.warning("Wrong password: account %s.", account.pk)
    return False


def count_for_nobody(name: str) -> None:
    """
    Count a guess at a name that no account has: otherwise the refusal would reveal which names exist.

    Each guess takes one of five cache keys for 15 minutes. Raise TooMany if none is free. While
    the cache is down all are free.
    """
    key = salted_hmac("reviews.workflow.guesses", name, algorithm="sha256").hexdigest()[:32]
    if not any(cache.add(f"guess:{key}:{place}", True, WINDOW.total_seconds()) for place in range(MOST)):
        raise TooMany

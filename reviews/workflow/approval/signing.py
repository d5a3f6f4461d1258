"""
Signatures: proving who signs, and writing down what was signed.

The password is asked in the call that signs (21 CFR 11.200). Guesses are counted in the database, so that the limit
holds over all processes.
"""

import datetime
import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Version
from reviews.models import Assignment, Capacity, SecurityRecord, Signature

GUESSES = 5
WINDOW = datetime.timedelta(minutes=15)

logger = logging.getLogger("imprimatur.security")


def authenticate(actor, password: str):
    """
    Make sure that the person at the keyboard is the signer. Call outside any transaction: hashing takes 0.2 s.

    Raise ValidationError, and leave a security record, for a wrong password, and for any password once five were wrong
    within a quarter of an hour. The guess is recorded before it is checked, so that many at once gain nothing.
    """
    now = timezone.now()
    with transaction.atomic():
        account = get_user_model().objects.select_for_update(no_key=True)  # guesses are counted one after the other
        stored = account.values_list("password", flat=True).get(pk=actor.pk)
        guess = SecurityRecord.objects.create(kind=SecurityRecord.Kind.WRONG_PASSWORD, user=actor, at=now)
        recent = SecurityRecord.objects.filter(user=actor, kind=guess.kind, at__gt=now - WINDOW).count()
    if recent > GUESSES:
        SecurityRecord.objects.filter(pk=guess.pk).update(kind=SecurityRecord.Kind.THROTTLED)
        logger.warning("Signing refused after too many wrong passwords: account %s.", actor.pk)
        raise ValidationError(
            {"password": ValidationError("Too many wrong passwords. Try again in 15 minutes.", code="throttled")}
        )
    if not check_password(password, stored):
        logger.warning("Wrong password at signing: account %s.", actor.pk)
        raise ValidationError(
            {"password": ValidationError("That is not your password. Nothing was signed.", code="wrong_password")}
        )
    guess.delete()


def statement(meaning: str, version: Version, capacity: str) -> str:
    """Return the sentence that is signed."""
    what = f"version {version.number} of “{version.title}” (SHA-256 {version.digest})"
    part = Capacity(capacity).label.lower()
    return {
        Signature.Meaning.APPROVAL: f"As {part} I have read {what} and approve it for publication.",
        Signature.Meaning.REVIEW: f"As {part} I have read {what} and ask for changes before it is published.",
        Signature.Meaning.WITHDRAWAL: f"As {part} I withdraw my approval of {what}.",
    }[meaning]


def sign(assignment: Assignment, version: Version, *, meaning: str, now: datetime.datetime) -> Signature:
    """Store the assigned reviewer's signature on the version, with name and credentials as they are today."""
    contributor = assignment.reviewer.contributor
    signature = Signature(
        signer_id=assignment.reviewer_id,
        printed_name=contributor.name,
        credentials=contributor.credentials,
        capacity=assignment.capacity,
        meaning=meaning,
        statement=statement(meaning, version, assignment.capacity),
        version=version,
        digest=version.digest,
        signed_at=now,
    )
    signature.save()
    return signature


def manifest(signature: Signature) -> dict:
    """Return what is made public of a signature once its version is published (21 CFR 11.50)."""
    return {
        "printed_name": signature.printed_name,
        "credentials": signature.credentials,
        "capacity": signature.capacity,
        "meaning": signature.meaning,
        "digest": signature.digest,
        "signed_at": signature.signed_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "authenticated_by": signature.authenticated_by,
    }

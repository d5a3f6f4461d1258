"""
Signatures: authenticating the signer, and storing the signed statement.

Statements are evidence, and so always in English.

The password is checked in the call that signs (21 CFR 11.200).
"""

import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Version
from articles.text.languages import in_english
from reviews.models import Capacity, SecurityRecord, Signature
from reviews.workflow import guesses


def authenticate(actor: User, password: str) -> None:
    """
    Authenticate the signer. Call outside any transaction: hashing takes 0.2 s.

    Raise ValidationError, and leave a security record, if the password is wrong or there were too many wrong ones.
    """
    try:
        is_theirs = guesses.is_right(actor, password)
    except guesses.TooMany as refusal:
        raise ValidationError({"password": refusal}) from None
    if not is_theirs:
        raise ValidationError(
            {
                "password": ValidationError(
                    _("That is not your password. Nothing was signed."), code=SecurityRecord.Kind.WRONG_PASSWORD.value
                )
            }
        )


def statement(meaning: str, version: Version, capacity: str, more: str = "") -> str:
    """
    Return the sentences to be signed. They are English, in whatever language the page is.

    `more` is what else is signed: how the texts were read, and the answers to the worksheet.
    """
    what = f"version {version.number} of “{version.title}” (SHA-256 {version.digest})"
    part = in_english(Capacity(capacity).in_a_sentence)
    return {
        Signature.Meaning.APPROVAL: f"As {part} I have read {what} and approve it for publication.{more}",
        Signature.Meaning.REVIEW: f"As {part} I have read {what} and ask for changes before it is published.{more}",
        Signature.Meaning.WITHDRAWAL: f"As {part} I withdraw my approval of {what}.",
        Signature.Meaning.NO_CHANGE: f"As {part} I have read {what} again and state that it needs no change.{more}",
    }[Signature.Meaning(meaning)]


def sign(
    signer: User,
    capacity: str,
    version: Version,
    *,
    meaning: str,
    now: datetime.datetime,
    more: str = "",
    disclosed: str = "",
) -> Signature:
    """
    Store the board member's signature on the version, with the current name and credentials.

    `disclosed` is what is signed of their interests: the statement ends with it, unless it withdraws an approval.
    """
    contributor = signer.contributor
    signature = Signature(
        signer=signer,
        printed_name=contributor.name,
        credentials=contributor.credentials,
        capacity=capacity,
        meaning=meaning,
        statement=statement(meaning, version, capacity, f"{more} {disclosed}" if disclosed else more),
        version=version,
        digest=version.digest,
        signed_at=now,
        disclosed=disclosed or None,
    )
    signature.save()
    return signature


def manifest(signature: Signature) -> dict[str, str]:
    """Return the part of a signature that becomes public with its version (21 CFR 11.50)."""
    return {
        "printed_name": signature.printed_name,
        "credentials": signature.credentials,
        "capacity": signature.capacity,
        "meaning": signature.meaning,
        "digest": signature.digest,
        "signed_at": signature.signed_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "authenticated_by": signature.authenticated_by,
    }

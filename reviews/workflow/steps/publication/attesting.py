"""The attestation that a published text was read again and needs no change."""

import datetime
from collections.abc import Collection
from contextlib import nullcontext

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Version
from articles.search import index
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Attestation, Capacity, Review, Signature
from reviews.models.actions import Action
from reviews.workflow.approval import attestation, eligibility, opened, quorum, signing
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.reading import lock_members, read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.publication.dates import MONTHS_UNTIL_REVIEW, months_later
from reviews.workflow.table import require_person, require_state
from reviews.workflow.transaction import lock, move_pointers, signed_content, version_payload


@refusals_logged
def attest(
    version: Version,
    *,
    actor: User,
    capacity: str,
    password: str,
    digest: str,
    read: Collection[str] | None = None,
) -> Attestation:
    """
    Sign that the public version was read again and needs no change.

    The signature that meets the quorum of a full review moves "last reviewed" and "next review due", without a new
    version. `read` are the keys of the audiences whose texts the signer says to have read: all that have words of their
    own. Without `read` the caller vouches for that.

    Raise ValidationError for a wrong password, a capacity that counts towards no quorum, or a text that was not read;
    NotAllowed unless the actor is an eligible board member; NotNow for another digest, a version that is not public, a
    newer one under review, a notice or comment that forbids it, or a second signature of the same person.
    """
    signing.authenticate(actor, password)
    if capacity not in Capacity.counting():
        raise ValidationError({"capacity": _("Choose a capacity that counts towards the quorum.")})
    return _attest(version, actor=actor, capacity=capacity, digest=digest, read=read)


@transaction.atomic(durable=True)
def _attest(version: Version, *, actor: User, capacity: str, digest: str, read: Collection[str] | None) -> Attestation:
    article = lock(version.article_id)
    lock_members(version.pk, reviewer=actor.pk)
    review = read_review(article, version.pk, actor=actor, reviewer=actor.pk)
    require_person("attest", actor, article=article, review=review)
    if reasons := eligibility.reasons_against(actor, review, capacity):
        raise NotAllowed(" ".join(reasons))
    require_state("attest", review)
    if digest != review.version.digest:
        raise NotNow(_("The public text is not the one that you were shown. Open the page again and read it."))
    if blockers := attestation.blockers(article, review, actor):
        raise NotNow(" ".join(blockers))
    if already := attestation.own_blocker(actor, review):
        raise NotNow(already)
    row = _sign(review, actor, capacity, _read(review, read))
    moved = {"last_reviewed": row.last_reviewed, "next_review_due": row.next_review_due}
    if row.last_reviewed and row.next_review_due:
        move_pointers(article, last_reviewed=row.last_reviewed, next_review_due=row.next_review_due)
    with index.made_anew(article) if row.last_reviewed else nullcontext():  # it can be searched by that year
        event = ledger.append(
            Action.ATTESTED,
            actor=actor,
            article=article,
            payload={
                **version_payload(review.version),
                "capacity": capacity,
                "quorum": row.quorum,
                **{name: day.isoformat() if day else None for name, day in moved.items()},
                "signatures": row.counted,
            },
            rows=[row.signature, row],
        )
    notifications.signed(row.signature, review, event)
    notifications.attested(row, review)
    return row


def _read(review: Review, read: Collection[str] | None) -> str:
    """Return what the statement says of the texts that were read; refuse one that was not."""
    content = signed_content(review.version)
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    texts = opened.changed_texts(None, content)
    if read is not None and (missing := [labels[key] for key in texts if key not in read]):
        said = _("Read the text for {readers}, then tick that you have read it.")
        raise ValidationError({"read": said.format(readers=", ".join(missing))})
    return f" I have read {opened.named([labels[key] for key in texts])}."


def _sign(review: Review, actor: User, capacity: str, read: str) -> Attestation:
    """Save the signature and the attestation, with the dates if it meets the quorum."""
    now, earlier, needed = timezone.now(), attestation.waiting(review), attestation.needed(review)
    meaning = Signature.Meaning.NO_CHANGE
    disclosed = eligibility.disclosed_as_signed(actor, review)
    signature = signing.sign(actor, capacity, review.version, meaning=meaning, now=now, more=read, disclosed=disclosed)
    row = Attestation(version=review.version, signature=signature, quorum=needed, attested_at=now, counted={})
    signatures = [*(each.signature for each in earlier), signature]
    if not quorum.still_needed(needed, [each.capacity for each in signatures]):
        day = now.astimezone(datetime.UTC).date()
        row.last_reviewed, row.next_review_due = day, months_later(day, MONTHS_UNTIL_REVIEW[review.risk])
        row.counted = {ledger.row_name(each): signing.manifest(each) for each in signatures}
    row.save()
    return row

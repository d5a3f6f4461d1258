"""
Whether a published version can be attested to need no change, and which attestations count together.

An attestation takes the place of a full review of a text that stays as it is. So it takes the quorum that a major
change of the same kind and risk needs. The signatures that meet it are given within `COUNT_FOR`.
"""

import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.text.languages import within_sentence
from reviews.models import Attestation, Review
from reviews.models.comment import is_held
from reviews.workflow.approval import eligibility, full_review, quorum
from reviews.workflow.approval.blockers import held_blocker

COUNT_FOR = datetime.timedelta(days=90)


def needed(review: Review) -> dict[str, int]:
    """Return the quorum of attestations: that of a full review of this kind and risk, as it is set now."""
    return quorum.terms_for(review.version.kind, review.risk, Version.Change.MAJOR).needed


def waiting(review: Review) -> list[Attestation]:
    """
    Return the attestations of the version that still count, the oldest first.

    None was used to move the dates, none is older than `COUNT_FOR`, and no signer has a conflict of interest since.
    """
    rows = Attestation.objects.filter(version=review.version_id).select_related("signature__signer__contributor")
    since = timezone.now() - COUNT_FOR
    found: list[Attestation] = []
    for row in rows.order_by("attested_at", "pk"):
        found = [] if row.last_reviewed else [*found, row]
    return [
        row for row in found if row.attested_at > since and not eligibility.interests_of(row.signature.signer, review)
    ]


def blockers(article: Article, review: Review, reader: User) -> list[str]:
    """Return why nobody can attest now that this version needs no change, in sentences to this reader."""
    number, public, latest = review.version.number, article.published_version, article.latest_version
    if public is None or public.pk != review.version_id:
        return [_("Version {number} is not the public version. Only that can be confirmed.").format(number=number)]
    found = [
        _("A notice forbids it: {kind}.").format(kind=within_sentence(notice.get_kind_display()))
        for notice in review.version.notices_in_force
        if notice.consequences.forbids_publication or notice.consequences.doubts
    ]
    if latest and latest.pk != public.pk and latest.review.status in Review.ON_ITS_WAY:
        said = _("Version {number} has been submitted, so this text is about to change. Review that version instead.")
        found.append(said.format(number=latest.number))
    if is_held(article.pk):
        found.append(held_blocker(article, reader))
    if reason := full_review.why_missing(review):
        found.append(_("{reason}. Submit it as a major change.").format(reason=f"{reason[0].upper()}{reason[1:]}"))
    return found


def own_blocker(user: User, review: Review) -> str:
    """Return why this person cannot attest again now: their last signature still counts, or is of today; or ""."""
    mine = Attestation.objects.filter(version=review.version_id, signature__signer=user.pk)
    last = mine.order_by("-attested_at", "-pk").first()
    if last is None:
        return ""
    of_today = last.attested_at.astimezone(datetime.UTC).date() == timezone.now().astimezone(datetime.UTC).date()
    if not of_today and last.pk not in {row.pk for row in waiting(review)}:
        return ""
    said = _("You signed on {day} that version {number} needs no change. That signature counts.")
    return said.format(day=date_format(last.attested_at), number=review.version.number)

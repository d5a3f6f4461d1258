"""The reasons why a version cannot be published, now or at a scheduled time."""

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Notice, Version
from articles.text.languages import within_sentence
from reviews.models import Review
from reviews.models.comment import is_held
from reviews.workflow.approval import eligibility, full_review
from reviews.workflow.approval.blockers import held_blocker


def publication_blockers(article: Article, review: Review, reader: User | None = None) -> list[str]:
    """Return why an approved version cannot be published now, in sentences to this reader, or to anybody if None."""
    blockers = []
    public = article.published_version
    if public and review.version.number <= public.number:
        blockers.append(
            _(
                "Version {public} is already published. Version {number} is not newer, so it cannot be published."
            ).format(public=public.number, number=review.version.number)
        )
    forbidding = [notice for notice in review.version.notices_in_force if notice.consequences.forbids_publication]
    blockers += [
        _("A notice forbids it: {kind}.").format(kind=within_sentence(notice.get_kind_display()))
        for notice in forbidding
    ]
    if public and review.change != Version.Change.MAJOR and _loses_a_concern(public, review.version):
        blockers.append(
            _(
                "Version {public}, the last one published, is under an expression of concern. Version {number} is not. "
                "Lift the notice, or issue one about both versions."
            ).format(public=public.number, number=review.version.number)
        )
    if is_held(article.pk):
        blockers.append(held_blocker(article, reader))
    blockers += eligibility.against_approvals(review)
    if review.owes_full_review and any(not row.is_approval for row in review.live_decisions()):
        blockers.append(
            _("A reviewer has asked for changes to this version. Submit a new version, or ask this reviewer again.")
        )
    is_the_full_review = review.owes_full_review and review.change == Version.Change.MAJOR
    if reason := "" if is_the_full_review else full_review.why_missing(review):
        blockers.append(_("{reason}. Submit it as a major change.").format(reason=f"{reason[0].upper()}{reason[1:]}"))
    if public and _corrects_another(article, review):
        blockers.append(
            _(
                "Version {number} was published after this correction was submitted. The correction changes an "
                "earlier version. Submit the correction again."
            ).format(number=public.number)
        )
    return blockers


def _loses_a_concern(public: Version, version: Version) -> bool:
    """Tell whether the public version is under an expression of concern and the next version is not."""
    concerns = Notice.objects.in_force().that("doubts")
    return concerns.filter(versions=public).exists() and not concerns.filter(versions=version).exists()


def _corrects_another(article: Article, review: Review) -> bool:
    """
    Tell whether another version became public after this correction was proved against the one before.

    Raised to a minor change it still has nothing of that version. Raised to a major change it was read in full.
    """
    if review.version.change != Version.Change.CORRECTION or review.change == Version.Change.MAJOR:
        return False
    return Review.objects.filter(article=article, published_at__gt=review.submitted_at).exclude(pk=review.pk).exists()


def newer_version(article: Article, review: Review) -> Version | None:
    """Return the article's latest version if it is newer than this one, which may then have a known error."""
    if article.latest_version_id == review.version_id:
        return None
    latest = article.latest_version
    return latest if latest and latest.number > review.version.number else None


def newer_blockers(article: Article, review: Review, despite: int | None) -> list[str]:
    """Return why the version cannot be published yet: a newer one was submitted, and `despite` is not its number."""
    newer = newer_version(article, review)
    if newer is None or newer.number == despite:
        return []
    return [
        _(
            "Version {newer} was submitted on {day}, with the note “{note}”: "
            "read it, then confirm that version {number} is to be published all the same."
        ).format(
            newer=newer.number,
            day=date_format(newer.submitted_at),
            note=newer.note,
            number=review.version.number,
        )
    ]

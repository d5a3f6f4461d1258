"""The reasons why a version cannot be published, now or at a scheduled time."""

from articles.models import Article, Notice, Version
from reviews.models import Review
from reviews.models.comment import is_held
from reviews.workflow.approval import eligibility, full_review


def publication_blockers(article: Article, review: Review) -> list[str]:
    """Return why an approved version cannot be published now."""
    blockers = []
    public = article.published_version
    if public and review.version.number <= public.number:
        blockers.append(
            f"Version {public.number} is already published. Version {review.version.number} is not newer, so it cannot "
            "be published."
        )
    forbidding = [notice for notice in review.version.notices_in_force if notice.consequences.forbids_publication]
    blockers += [f"A notice forbids it: {notice.get_kind_display().lower()}." for notice in forbidding]
    if public and review.change != Version.Change.MAJOR and _loses_a_concern(public, review.version):
        blockers.append(
            f"Version {public.number}, the last one published, is under an expression of concern. Version "
            f"{review.version.number} is not. Lift the notice, or issue one about both versions."
        )
    if is_held(article.pk):
        blockers.append("A blocking comment is not resolved yet.")
    blockers += eligibility.against_approvals(review)
    if reason := full_review.why_missing(review):
        blockers.append(f"{reason[0].upper()}{reason[1:]}. Submit it as a major change.")
    if public and _corrects_another(article, review):
        blockers.append(
            f"Version {public.number} was published after this correction was submitted. The correction changes an "
            "earlier version. Submit the correction again."
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
        f"Version {newer.number} was submitted on {newer.submitted_at:%-d %B %Y}, with the note “{newer.note}”: "
        f"read it, then confirm that version {review.version.number} is to be published all the same."
    ]

"""What stands against the publication of a version, at once or at a time to come."""

from articles.models import Article, Notice, Version
from reviews.models import Comment, Review
from reviews.workflow.approval import eligibility, full_review


def publication_blockers(article: Article, review: Review) -> list[str]:
    """Return why an approved version cannot be published now."""
    blockers = []
    public = article.published_version
    if public and review.version.number <= public.number:
        blockers.append(f"Version {public.number} was published, and this is version {review.version.number}.")
    forbidding = Notice.objects.in_force().that("forbids_publication")
    forbidding = forbidding.filter(article=article, versions=review.version_id)
    blockers += [f"A notice forbids it: {notice.get_kind_display().lower()}." for notice in forbidding]
    if public and review.change != Version.Change.MAJOR and _loses_a_concern(public, review.version):
        blockers.append(
            f"Version {public.number}, which was published last, is under an expression of concern, and version "
            f"{review.version.number} is not: lift it, or issue one that names both."
        )
    if Comment.objects.holding(article.pk).exists():
        blockers.append("A blocking comment is not resolved yet.")
    blockers += eligibility.against_approvals(review)
    if reason := full_review.why_none_stands(review):
        blockers.append(f"{reason[0].upper()}{reason[1:]}. Submit it as a major change.")
    if _corrects_another(article, review):
        blockers.append(
            f"Version {public.number} was published since this correction was submitted, and is not the text that it "
            "corrects: submit the correction anew."
        )
    return blockers


def _loses_a_concern(public: Version, version: Version) -> bool:
    """Tell whether a concern stands over what is public and none over what is to take its place."""
    concerns = Notice.objects.in_force().that("doubts")
    return concerns.filter(versions=public).exists() and not concerns.filter(versions=version).exists()


def _corrects_another(article: Article, review: Review) -> bool:
    """
    Tell whether another text became public since this correction was proved to be one of the text before.

    Raised to a minor change it still holds nothing of that text; raised to a major one it was read in full.
    """
    if review.version.change != Version.Change.CORRECTION or review.change == Version.Change.MAJOR:
        return False
    return Review.objects.filter(article=article, published_at__gt=review.submitted_at).exclude(pk=review.pk).exists()


def newer_version(article: Article, review: Review) -> Version | None:
    """Return the article's latest version where that is not this one: its authors may have found a fault in this."""
    latest = article.latest_version
    return latest if latest and latest.number > review.version.number else None


def newer_blockers(article: Article, review: Review, despite: int | None) -> list[str]:
    """Return why the version cannot be published yet: a newer one was submitted that the editor has not named."""
    newer = newer_version(article, review)
    if newer is None or newer.number == despite:
        return []
    return [
        f"Version {newer.number} was submitted on {newer.submitted_at:%-d %B %Y}, with the note “{newer.note}”: "
        f"read it, then confirm that version {review.version.number} is to be published all the same."
    ]

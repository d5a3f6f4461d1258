"""The full review that a text rests on: its own, or that of the text which its change was measured by."""

from collections.abc import Iterator

from articles.models import Notice, Version
from reviews.models import Review


def why_none_stands(review: Review) -> str:
    """Return why no full review stands behind this version, as a part of a sentence; nothing when one does."""
    whole = behind(review)
    if whole is None:
        return f"version {review.version.number} rests on no full review"
    forbidding = Notice.objects.in_force().that("ends_full_review").filter(versions=whole.version_id).first()
    if forbidding is None:
        return ""
    kind = forbidding.get_kind_display().lower()
    return f"version {whole.version.number}, which was read in full, is under a notice: {kind}"


def behind(review: Review) -> Review | None:
    """
    Return the review of the version that was read in full: this one, or the one that its line of changes begins with.

    A change is measured by the version that was public when it was submitted. Releases before 0.3.0 let a minor change
    follow a major one that was approved and not public: then it rests on that. `resting` asks the same in SQL.
    """
    *_, first = line(review)
    return first if first.change == Version.Change.MAJOR else None


def line(review: Review) -> Iterator[Review]:
    """Yield this review and those that it rests on, back to the full one when there is one."""
    yield review
    while review.change != Version.Change.MAJOR and (review := _measured_by(review)):
        yield review


def _measured_by(review: Review) -> Review | None:
    earlier = Review.objects.filter(
        article=review.article_id, status=Review.Status.APPROVED, version__number__lt=review.version.number
    ).select_related("version")
    may_be = earlier.filter(published_at__lte=review.submitted_at)
    if review.version.change == Version.Change.MINOR:
        may_be = may_be | earlier.filter(change=Version.Change.MAJOR)
    return may_be.order_by("-version__number").first()

"""The full review that a version rests on: its own, or that of the version its change was compared with."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.models import Version
from articles.text.languages import within_sentence
from reviews.models import Review
from reviews.workflow.approval.blockers import completion_blockers


def why_missing(review: Review) -> str:
    """Return why the version rests on no valid full review, as part of a sentence, or ""."""
    whole = behind(review)
    if whole is None:
        return _("version {number} is not based on a full review").format(number=review.version.number)
    if completion_blockers(whole):
        return _("the full review of version {number} was never completed").format(number=whole.version.number)
    if whole.owes_full_review:
        return _("the full review of version {number} is still due").format(number=whole.version.number)
    forbidding = [notice for notice in whole.version.notices_in_force if notice.consequences.ends_full_review]
    if not forbidding:
        return ""
    said = _("version {number}, which was read in full, is under a notice: {kind}")
    return said.format(number=whole.version.number, kind=within_sentence(forbidding[0].get_kind_display()))


def behind(review: Review) -> Review | None:
    """
    Return the full review that this review rests on: itself, or the first of its `line`; None if that is not full.

    A change is compared with the version that was public at its submission. Releases before 0.3.0 let a minor change
    follow a major one that was approved and not public: then it rests on that. `resting` is the same in SQL.
    """
    *_, first = line(review)
    return first if first.change == Version.Change.MAJOR else None


def line(review: Review) -> Iterator[Review]:
    """Yield this review and the reviews that it rests on, back to the full one if there is one."""
    each: Review | None = review
    while each:
        yield each
        each = None if each.change == Version.Change.MAJOR else _compared_with(each)


def _compared_with(review: Review) -> Review | None:
    earlier = Review.objects.filter(
        article=review.article_id, status=Review.Status.APPROVED, version__number__lt=review.version.number
    ).select_related("version")
    may_be = earlier.filter(published_at__lte=review.submitted_at)
    if review.version.change == Version.Change.MINOR:
        may_be = may_be | earlier.filter(change=Version.Change.MAJOR)
    return may_be.order_by("-version__number").first()

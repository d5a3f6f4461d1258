"""The reasons why a version cannot be approved, whoever signs."""

from django.utils.translation import gettext as _

from articles import checks
from articles.frozen.signed_text import frozen_text
from articles.text.languages import within_sentence
from reviews.models import Decision, Review
from reviews.models.comment import is_held


def approval_blockers(review: Review, reviewer_id: int) -> list[str]:
    """Return one sentence per reason why this reviewer cannot approve now; raise DamagedText for a damaged text."""
    blockers = completion_blockers(review)
    against = [row for row in review.live_decisions() if row.outcome == Decision.Outcome.REQUEST_CHANGES]
    if any(row.assignment.reviewer_id != reviewer_id for row in against):
        if review.owes_full_review:
            said = _("A colleague has asked for changes: the full review is not completed while the request stands.")
        else:
            said = _("A colleague has asked for changes: this version can no longer be approved.")
        blockers.append(said)
    if is_held(review.article_id):
        blockers.append(_("A blocking comment is not resolved yet."))
    return [*blockers, *checks.blockers(frozen_text(review.version))]


def completion_blockers(review: Review) -> list[str]:
    """Return why the full review of an urgent version can no longer be completed; [] for every other review."""
    if not review.owes_full_review:
        return []
    public = review.article.published_version
    if public and public.number > review.version.number:
        return [
            _("Version {public} was published since. The full review of version {number} is no longer due.").format(
                public=public.number, number=review.version.number
            )
        ]
    ending = [notice for notice in review.version.notices_in_force if notice.consequences.ends_full_review]
    return [
        _("The full review cannot be completed while a notice is in force: {kind}.").format(
            kind=within_sentence(notice.get_kind_display())
        )
        for notice in ending
    ]

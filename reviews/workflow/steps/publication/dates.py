"""The dates of review that a version gives its article."""

import datetime

from articles.models import Article, Version
from reviews.models import Review

MONTHS_UNTIL_REVIEW: dict[str, int] = {Article.Risk.STANDARD: 24, Article.Risk.HIGH: 12}


def review_dates(review: Review) -> dict[str, datetime.date]:
    """
    Return the pointers "last reviewed" and "next review due" as far as this version moves them.

    Only a major change moves them, and only when its whole quorum has signed.
    """
    if review.change != Version.Change.MAJOR or review.owes_full_review:
        return {}
    return {
        "last_reviewed": review.reviewed_on,
        "next_review_due": months_later(review.reviewed_on, MONTHS_UNTIL_REVIEW[review.risk]),
    }


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day this many months later, or the last day of that month if it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    first = datetime.date(month // 12, month % 12 + 1, 1)
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    return min(first + datetime.timedelta(days=day.day - 1), following - datetime.timedelta(days=1))

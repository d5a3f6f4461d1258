"""A site with a past: copies of a published article and of its review, with other times, written past the workflow."""

import datetime
import random
import uuid

from articles.models import Article, Version
from reviews.evidence import triggers
from reviews.models import Assignment, Review

SECOND = datetime.timedelta(seconds=1)
YEAR = 366 * 24 * 60 * 60
ENDED = ["changes_requested", "recalled", "declined"]


def fill(
    version: Version, reviewers, number: int, now: datetime.datetime, seed: int = 1, rounds=(1, 1, 1, 2, 3)
) -> None:
    """Write so many copies of the article, with reviews at times within the last year and a bit, in so many rounds."""
    chance = random.Random(seed)
    triggers.drop()
    made = [(_article(version, chance, now), chance.choice(rounds)) for _ in range(number)]
    Article._base_manager.bulk_create([article for article, _ in made], batch_size=500)
    versions = [[_copy(version, article=article, number=n + 1) for n in range(times)] for article, times in made]
    Version._base_manager.bulk_create([each for one in versions for each in one], batch_size=500)
    original = Review.objects.get(version=version)
    reviews = [review for one in versions for review in _reviews(original, one, chance, now)]
    Review._base_manager.bulk_create(reviews, batch_size=500)
    request = Assignment.objects.filter(review=original)[0]
    requests = [each for review in reviews for each in _requests(request, review, reviewers, chance, now)]
    Assignment._base_manager.bulk_create(requests, batch_size=500)
    for (article, _), one in zip(made, versions, strict=True):
        article.latest_version = one[-1]
        published = [each for each in one if each.review.published_at]
        article.published_version = published[-1] if published else None
        article.next_review_due = article.next_review_due if published else None
    Article._base_manager.bulk_update(
        [article for article, _ in made], ["latest_version", "published_version", "next_review_due"], batch_size=200
    )
    triggers.install()


def _article(version, chance, now):
    row = _copy(version.article, public_id=uuid.uuid4(), slug=f"aged-{uuid.UUID(int=chance.getrandbits(128)).hex}")
    row.latest_version = row.published_version = None
    due = now.date() + datetime.timedelta(days=chance.randint(-300, 500))
    row.next_review_due = chance.choice([due, due, due, None])
    return row


def _reviews(original, versions, chance, now):
    """Return a review of each version of an article: all but the last were returned to the authors."""
    at = (
        now
        - chance.randint(0, YEAR + YEAR // 5) * SECOND
        - chance.randint(0, 999_999) * datetime.timedelta(microseconds=1)
    )
    for version in versions:
        last = version is versions[-1]
        status = chance.choice(["submitted", "under_review", "approved", "published", *ENDED] if last else ENDED[:1])
        row = _copy(original, version=version, article=version.article, submitted_at=at, urgent_days=None)
        row.approved_at = row.ended_at = row.published_at = None
        row.status = "approved" if status == "published" else status
        row.asked_at = None if status == "submitted" else at + _while(chance)
        if status in ("recalled", "declined") and chance.random() < 0.5:
            row.asked_at = None
        end = (row.asked_at or at) + _while(chance)
        if row.status == "approved":
            row.approved_at = row.ended_at = end
            row.published_at = end + _while(chance) if status == "published" else None
        elif status in ENDED:
            row.ended_at = end
            if status == "changes_requested" and chance.random() < 0.2:  # an approval that was withdrawn
                row.approved_at, row.ended_at = end, end + _while(chance)
        version.review = row
        at = (row.ended_at or end) + _while(chance)
        yield row


def _requests(original, review, reviewers, chance, now):
    if review.asked_at is None:
        return
    for reviewer in chance.sample(reviewers, min(len(reviewers), chance.choice([1, 2, 3]))):
        due = (now + chance.randint(-50, 20) * datetime.timedelta(days=1)).date()
        row = _copy(
            original, review=review, reviewer=reviewer, assigned_at=review.asked_at, due=chance.choice([due, None])
        )
        row.accepted_at, row.ended_at, row.ended_as = review.asked_at, None, ""
        if review.status == "approved" or chance.random() < 0.4:
            row.ended_at = review.asked_at + _while(chance)
            row.ended_as = chance.choice(["decided", "decided", "recused"])
        elif review.ended_at:
            row.ended_at, row.ended_as = review.ended_at, "review_ended"
        yield row
        review.asked_at += _while(chance)


def _while(chance) -> datetime.timedelta:
    return datetime.timedelta(seconds=chance.randint(0, 40 * 24 * 60 * 60), microseconds=chance.choice([0, 1, 999_600]))


def _copy(row, **changes):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    copy = type(row)(**{**values, row._meta.pk.attname: None})
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy

"""What every step begins with and writes through."""

from django.core.exceptions import ValidationError

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Audience, Version
from articles.text.plain.plaintext import tidy_lines
from reviews.models import Assignment, Review
from reviews.workflow.errors import NotNow


def lock(article_id: int) -> Article:
    """
    Return the article, its row locked until the transaction ends.

    Every step takes this lock first, and none on a review; `no_key` lets rows that only point at the article be
    written meanwhile. SQLite has no row locks: there BEGIN IMMEDIATE lets one writer in at a time.
    """
    return Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article_id)


def lock_audience(audience_id: int) -> Audience:
    """Return the audience, its row locked until the transaction ends: every step on its disclaimers takes it first."""
    return Audience.objects.select_for_update(no_key=True).get(pk=audience_id)


def signed_content(version: Version) -> dict:
    """Return what the text of a version says; raise NotNow when what is stored is not what was signed."""
    try:
        return frozen_content(version)
    except DamagedText as damage:
        raise NotNow(str(damage)) from None


def current_review(article: Article) -> Review | None:
    """Return the review of the article's latest version."""
    return Review.objects.select_related("version").filter(version=article.latest_version_id).first()


def reread(review: Review) -> Review:
    """Return the review as it stands now that the article is locked."""
    return Review.objects.select_related("version").get(pk=review.pk)


def reread_assignment(assignment: Assignment) -> Assignment:
    """Return the assignment, with its review, as they stand now that the article is locked."""
    return Assignment.objects.select_related("review__version", "reviewer__contributor").get(pk=assignment.pk)


def move_pointers(article: Article, **pointers):
    """
    Move what the article points at. The only place that writes these fields.

    It leaves no history row: history tells of the draft, the ledger of the pointers; and nobody becomes a writer of
    a text by publishing it.
    """
    for name, value in pointers.items():
        if name not in Article.POINTERS:
            raise ValueError(f"{name} is not a pointer of the article.")
        setattr(article, name, value)
    article.skip_history_when_saving = True
    try:
        article.save(update_fields=list(pointers))
    finally:
        del article.skip_history_when_saving


ASKED_FOR = {
    "note": "Say in a sentence what changed and why.",
    "text": "Write the text.",
    "outcome": "Say what became of it.",
}


def reason_given(reason: str, *, field: str = "reason", limit: int = 10_000) -> str:
    """Return the reason, tidied; raise ValidationError when there is none or it is too long."""
    text = tidy_lines(reason)
    if not text:
        raise ValidationError({field: ASKED_FOR.get(field, "Give the reason in a sentence.")})
    if len(text) > limit:
        raise ValidationError({field: f"Keep it under {limit:,} characters; this has {len(text):,}."})
    return text


def version_payload(version: Version) -> dict:
    """Return what an event says of the version it is about."""
    return {"version": version.number, "digest": version.digest}

"""The common parts of the steps: locking, reading again, moving pointers, checking a reason."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Audience, Version
from articles.models.rows.together import Together
from articles.text.plain.plaintext import tidy_lines
from reviews.models import Review
from reviews.workflow.errors import NotNow

WITHOUT_HISTORY = "skip_history_when_saving"  # an attribute of django-simple-history


def as_stored() -> translation.override:
    """Let words be in English, as everything that is stored, whatever language the pages are in."""
    return translation.override("en-gb")


def lock(article_id: int) -> Article:
    """
    Return the article, its row locked until the transaction ends.

    Every step takes this lock first, and none locks a review. With `no_key`, rows with a foreign key to the article
    can be inserted concurrently. SQLite has no row locks: there BEGIN IMMEDIATE allows one writer at a time.
    """
    article: Article = _locked.get(article=article_id)
    return article


_locked = Together(
    lambda article: {"article": Article.objects.select_for_update(of=("self",), no_key=True).filter(pk=article)}
)


def lock_audience(audience_id: int) -> Audience:
    """Return the audience, its row locked until the transaction ends. Every step on disclaimers does this first."""
    return Audience.objects.select_for_update(no_key=True).get(pk=audience_id)


def signed_content(version: Version) -> dict[str, Any]:
    """Return the frozen content of a version; raise NotNow if the stored text is not the signed one."""
    try:
        return frozen_content(version)
    except DamagedText as damage:
        raise NotNow(str(damage)) from None


def current_review(article: Article) -> Review | None:
    """Return the review of the article's latest version."""
    return Review.objects.select_related("version").filter(version=article.latest_version_id).first()


def move_pointers(article: Article, **pointers: Version | datetime.date) -> None:
    """
    Save new values of the article's pointers. Nothing else writes these fields.

    Leave no history row: the history is that of the draft, and its users count as writers of the text. The ledger
    records the pointers.
    """
    for name, value in pointers.items():
        if name not in Article.POINTERS:
            raise ValueError(f"{name} is not one of the article's pointers.")
        setattr(article, name, value)
    setattr(article, WITHOUT_HISTORY, True)
    try:
        article.save(update_fields=list(pointers))
    finally:
        delattr(article, WITHOUT_HISTORY)


ASKED_FOR = {
    "note": gettext_lazy("Say in a sentence what changed and why."),
    "text": gettext_lazy("Write the text."),
    "measures": gettext_lazy("Say what is done about the interest."),
    "outcome": gettext_lazy("Say how the task was dealt with."),
}


def reason_given(reason: str, *, field: str = "reason", limit: int = 10_000) -> str:
    """Return the reason, tidied; raise ValidationError if it is empty or too long."""
    text = tidy_lines(reason)
    if not text:
        raise ValidationError({field: ASKED_FOR.get(field, _("Give the reason in a sentence."))})
    if len(text) > limit:
        raise ValidationError(
            {
                field: _("Keep it under {limit} characters; this has {text}.").format(
                    limit=f"{limit:,}", text=f"{len(text):,}"
                )
            }
        )
    return text


def version_payload(version: Version) -> dict[str, Any]:
    """Return the entries of an event's payload that identify the version."""
    return {"version": version.number, "digest": version.digest}

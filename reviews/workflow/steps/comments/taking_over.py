"""Take a suggested wording over into the draft: it replaces the words that the comment quotes, and no others."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Section, Wording
from articles.models.people import Role, holds
from articles.text.rendering.passages import NotReplaced, replaced
from reviews.evidence import ledger
from reviews.models import Comment
from reviews.models.actions import Action
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.comments.anchoring import DraftLines, places_of, quoting, taken_over
from reviews.workflow.transaction import lock, version_payload

WHY_NOT: dict[str, Any] = {
    "citation": gettext_lazy("These words contain a citation, which would be lost."),
    "link": gettext_lazy("These words contain a part of a link, which would be lost."),
    "raised": gettext_lazy("These words contain raised or lowered characters, which would be lost."),
    "other": gettext_lazy("These words cannot be replaced without changing other text."),
    "found": gettext_lazy("These words are not part of the text of a section, such as a heading or a caption."),
    "gone": gettext_lazy(
        "These words are not in the draft any more as they were, or it is not known which of several places is meant."
    ),
}
BY_HAND = gettext_lazy("Copy the suggested wording, and change the text by hand.")


@refusals_logged
@transaction.atomic(durable=True)
def take_over(row: Comment, *, actor: User) -> Comment:
    """
    Replace the words that a comment quotes by the wording that it suggests, in the draft.

    Whoever may change the draft may, once; the thread stays open and names them. The draft changes as by any other
    edit, so they are a writer of the text. Refuse if the words are not found in exactly one place of the draft, or if
    a citation, a link or a raised character would be lost with them.
    """
    article = lock(row.article_id)
    row = Comment.objects.select_related("version").prefetch_related("anchors").get(pk=row.pk)
    may_write = Article.objects.writable_by(actor).filter(pk=article.pk).exists()
    if not may_write or not Comment.objects.filter(pk=row.pk).visible_to(actor).exists():
        raise NotAllowed(_("Only the article's authors and editors can take over a wording into its draft."))
    if sentence := _why_not_now(row):
        raise NotNow(sentence)
    part, body = _changed(row, article)
    part.body, part._history_user = body, actor  # type: ignore[union-attr]
    part.save(update_fields=["body"])
    row.taken_at, row.taken_by, row.taken_by_name = timezone.now(), actor, ledger.name_of(actor)
    row.save(update_fields=["taken_at", "taken_by", "taken_by_name"])
    ledger.append(
        Action.SUGGESTION_TAKEN,
        actor=actor,
        article=article,
        payload=version_payload(row.version),
        rows=[row],
        checkpoint=holds(actor, Role.REVIEWER),
    )
    return row


def _why_not_now(row: Comment) -> str:
    if not row.suggestion:
        return _("This comment suggests no wording.")
    if row.taken_at:
        return _("{name} has already taken over this wording.").format(name=row.taken_by_name)
    return _("This comment is already resolved.") if row.resolved_at else ""


def _changed(row: Comment, article: Article) -> tuple[Section | Wording, str]:
    """Return the section or wording with the quoted words, and its text with the suggested ones instead."""
    quotations, draft = quoting([row]), DraftLines(article)
    taken = Comment.objects.filter(article=article, taken_at__isnull=False)
    others = taken_over(taken.select_related("version").prefetch_related("anchors"))
    place = places_of(quotations, draft, others).get(row.pk)
    if place is None:
        raise _not_now("gone")
    (_comment, anchor) = quotations[0]
    lines = draft(anchor)
    section = Section.objects.filter(article=article, key=lines[place.block].section).first()
    if section is None:
        raise _not_now("found")
    wording = section.wordings.filter(audience__key=draft.audience(anchor)).exclude(body="").first()
    part: Section | Wording = wording or section
    try:
        return part, replaced(part.body, lines, place, row.suggestion)
    except NotReplaced as refusal:
        raise _not_now(refusal.reason) from None


def _not_now(reason: str) -> NotNow:
    return NotNow(f"{WHY_NOT[reason]} {BY_HAND}")

"""Overriding a blocking finding of the automatic checks, and taking that back: signed by an editor, with a reason."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import checks
from articles.checks import Finding
from articles.frozen.content import freeze
from articles.frozen.signed_text import frozen_text
from articles.models import Article
from articles.models.people import Role, holds
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Override, Review
from reviews.models.actions import Action
from reviews.workflow.approval import signing
from reviews.workflow.approval.writers import draft_history, writers
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.table import Who
from reviews.workflow.transaction import as_stored, current_review, lock, reason_given

LONGEST = 2000


@refusals_logged
def override(article: Article, *, actor: User, finding: str, reason: str, password: str) -> Override:
    """
    Sign that the finding with this fingerprint does not stand in the way of the words that it is about.

    It must block the draft, or the version on its way to approval, as the text is now. From then on it stops neither a
    submission nor an approval of this article as long as these words stay. Every approval names it in the sentence that
    is signed, and the other editors are told. Raise ValidationError for a wrong password or a missing reason,
    NotAllowed for anyone but an editor who wrote no part of the draft, NotNow if there is no such finding any more, if
    its rule permits no override, or if it is overridden already.
    """
    reason = reason_given(reason, limit=LONGEST)
    signing.authenticate(actor, password)
    return _override(article, actor=actor, finding=finding, reason=reason)


@transaction.atomic(durable=True)
def _override(article: Article, *, actor: User, finding: str, reason: str) -> Override:
    article = lock(article.pk)
    if against := why_not(article, actor):
        raise NotAllowed(against)
    with as_stored():
        found = _named(blocking(article), finding)
        row = _row(article, actor, reason, found)
        said = _one_line(found.message).rstrip(".")
        row.statement = (
            f"As an editor who wrote no part of this text I have looked at what the automatic check {found.rule} found "
            f"in “{article.title}”: {said} (SHA-256 {finding}). It does not stand in the way of review and "
            f"publication. Reason: {_one_line(reason)}"
        )
    return _signed(row, Action.OVERRIDDEN, actor)


@refusals_logged
def take_back_override(earlier: Override, *, actor: User, reason: str, password: str) -> Override:
    """
    Sign that an override no longer holds: its finding stops submission and approval again.

    What was approved with it stays approved. Raise ValidationError for a wrong password or a missing reason, NotAllowed
    for anyone but an editor, NotNow if it was taken back already.
    """
    reason = reason_given(reason, limit=LONGEST)
    signing.authenticate(actor, password)
    return _take_back(earlier, actor=actor, reason=reason)


@transaction.atomic(durable=True)
def _take_back(earlier: Override, *, actor: User, reason: str) -> Override:
    article = lock(earlier.article_id)
    if not holds(actor, Role.EDITOR):
        raise NotAllowed(str(Who.EDITOR.label))
    if not Override.objects.standing().filter(pk=earlier.pk).exists():
        raise NotNow(_("This override is taken back already."))
    row = Override(
        article=article,
        takes_back=earlier,
        reason=reason,
        **{name: getattr(earlier, name) for name in ("rule", "fingerprint", *WORDS)},
    )
    row.statement = (
        f"As an editor I take back that the finding of {row.rule} in “{article.title}” is overridden "
        f"(SHA-256 {row.fingerprint}). Reason: {_one_line(reason)}"
    )
    return _signed(row, Action.OVERRIDE_TAKEN_BACK, actor)


WORDS = ("section", "audience", "part", "excerpt", "sentence")


def blocking(article: Article) -> list[Finding]:
    """Return what blocks the draft as it is stored, and then what blocks the version that is on its way."""
    found = list(checks.of_text(freeze(article).text, timezone.localdate()))
    review = current_review(article)
    if review and review.status in Review.ON_ITS_WAY:
        submitted = timezone.localdate(review.version.submitted_at)
        found += checks.of_text(frozen_text(review.version), submitted)
    return list({checks.fingerprint(one): one for one in found if one.blocks}.values())


def why_not(article: Article, actor: User) -> str:
    """Return why this person may never override a finding in this article, or ""."""
    if not holds(actor, Role.EDITOR):
        return str(Who.EDITOR.label)
    cited = list(article.article_references.select_related("reference"))
    if any(writer["id"] == actor.pk for writer in writers(article, draft_history(article), cited)):
        return str(Who.EDITOR_NOT_WRITER.label)
    return ""


def _named(found: Iterable[Finding], fingerprint: str) -> Finding:
    for one in found:
        if checks.fingerprint(one) == fingerprint:
            if not checks.may_be_overridden(one):
                raise NotNow(_("What {rule} finds cannot be overridden. Change the article.").format(rule=one.rule))
            return one
    raise NotNow(_("The checks no longer find this in the draft, or in the version under review."))


def _row(article: Article, actor: User, reason: str, found: Finding) -> Override:
    if Override.objects.standing_for(article.pk, [found]):
        raise NotNow(_("This finding is overridden already."))
    place = found.place
    return Override(
        article=article,
        rule=found.rule,
        fingerprint=checks.fingerprint(found),
        section=place.section,
        audience=place.audience,
        part=place.part.value,
        excerpt=found.excerpt,
        sentence=found.sentence,
        reason=reason,
    )


def _signed(row: Override, action: Action, actor: User) -> Override:
    """Store the row in the person's name, append its event, and tell the other editors."""
    row.ruleset = checks.ruleset()
    row.signer, row.printed_name, row.signed_at = actor, ledger.name_of(actor), timezone.now()
    row.save()
    private: dict[str, Any] = {"reason": row.reason}
    ledger.append(action, actor=actor, article=row.article, payload={"rule": row.rule}, private=private, rows=[row])
    notifications.overridden(row)
    return row


def _one_line(text: str) -> str:
    return " ".join(text.split())

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Version
from articles.models.people import Role, holds
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Comment, CommentAnchor
from reviews.models.actions import Action
from reviews.models.comment import may_block, may_comment, resolve_blocker
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.steps.quoting import quoted
from reviews.workflow.transaction import lock, reason_given, version_payload

SENT_TWICE = datetime.timedelta(minutes=2)


@noted
@transaction.atomic(durable=True)
def comment(
    version: Version,
    *,
    actor,
    text: str,
    blocking: bool = False,
    board_only: bool = False,
    thread: Comment | None = None,
    section_key: str = "",
    exact: str = "",
) -> Comment:
    """
    Write a comment on a version, or an answer in a thread.

    Authors of the article, editors and board members asked about it may comment; only the last may block an approval
    or write for the board alone. `exact` is the text commented on: words that the section prints for some audience, or
    the version anywhere when no section is named. Raise ValidationError when they stand in none.
    """
    text = reason_given(text, field="text")
    article = lock(version.article_id)
    board_only = board_only or bool(thread and thread.board_only)
    _require_commentator(article, actor, asks_more=blocking or board_only)
    exact = quoted(version, section_key, exact)
    if thread and (thread.article_id != article.pk or thread.thread_id or blocking):
        raise ValidationError({"thread": "A reply belongs to a thread of this article and cannot be blocking."})
    _require_it_is_new(
        Comment.objects.filter(
            version=version, author=actor, thread=thread, text=text, blocking=blocking, board_only=board_only
        ),
        anchors__section_key=section_key,
        anchors__exact=exact,
    )
    row = Comment(article=article, version=version, thread=thread, text=text, blocking=blocking, board_only=board_only)
    row.author, row.author_name, row.written_at = actor, ledger.name_of(actor), timezone.now()
    row.save()
    anchor = CommentAnchor(comment=row, version=version, section_key=section_key, exact=exact)
    anchor.save()
    ledger.append(
        Action.COMMENTED,
        actor=actor,
        article=article,
        payload={**version_payload(version), "blocking": blocking},
        rows=[row, anchor],
        checkpoint=may_block(article, actor),
    )
    notifications.commented(row)
    return row


@noted
@transaction.atomic(durable=True)
def resolve_comment(row: Comment, *, actor, reason: str = "") -> Comment:
    """
    Close a thread: who raised it, or another board member with a reason; never a writer of the text.

    Any board member counts, assigned or not: a blocking comment must not outlive its writer's time on the board.
    """
    article = lock(row.article_id)
    row = Comment.objects.select_related("version").get(pk=row.pk)
    may = {"on_board": holds(actor, Role.REVIEWER), "comments": may_comment(article, actor)}
    if sentence := resolve_blocker(row, article, actor, **may):
        raise NotAllowed(sentence)
    mine = row.author_id == actor.pk
    reason = reason if mine and not reason else reason_given(reason)
    if row.resolved_at or row.thread_id:
        raise NotNow("This comment is already resolved." if row.resolved_at else "Resolve the thread, not a reply.")
    row.resolved_at, row.resolved_by, row.resolved_by_name = timezone.now(), actor, ledger.name_of(actor)
    row.resolution = reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_by_name", "resolution"])
    ledger.append(
        Action.COMMENT_RESOLVED,
        actor=actor,
        article=article,
        payload=version_payload(row.version),
        rows=[row],
        checkpoint=holds(actor, Role.REVIEWER),
    )
    return row


def _require_it_is_new(said, **place):
    """Refuse what this person has just said in the same words at the same place: a form that was sent twice."""
    if said.filter(written_at__gte=timezone.now() - SENT_TWICE, resolved_at=None, **place).exists():
        raise NotNow("You posted the same comment a moment ago. It was saved once.")


def _require_commentator(article: Article, actor, *, asks_more: bool):
    if asks_more and not may_block(article, actor):
        raise NotAllowed("Only a board member who was asked to review this article can block it or write to the board.")
    if not may_comment(article, actor):
        raise NotAllowed("Only the article's authors, its reviewers and editors can comment on it.")

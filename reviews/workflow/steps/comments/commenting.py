import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Version
from articles.models.people import Role, holds
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Comment, CommentAnchor
from reviews.models.actions import Action
from reviews.models.comment import may_block, may_comment, reads_board, resolve_blocker
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.comments.mentioning import require_assignable, with_names
from reviews.workflow.steps.comments.quoting import quoted_place, suggested
from reviews.workflow.transaction import lock, reason_given, version_payload

NOT_A_REPLY = gettext_lazy(
    "A reply must answer the first comment of a thread on this article. "
    "It is not blocking, and has no kind, no assignee and no suggestion."
)
SENT_TWICE = datetime.timedelta(minutes=2)


@refusals_logged
@transaction.atomic(durable=True)
def comment(
    version: Version,
    *,
    actor: User,
    text: str,
    kind: str = Comment.Kind.COMMENT,
    blocking: bool = False,
    board_only: bool = False,
    thread: Comment | None = None,
    assignee: User | None = None,
    section_key: str = "",
    exact: str = "",
    audience: str = "",
    before: str = "",
    suggestion: str = "",
) -> Comment:
    """
    Write a comment on a version, or a reply in a thread.

    The article's authors, editors, and board members who accepted a request may comment. Only such board members
    may write blocking or board-only comments. The text is stored with a name for each “@username”; these people and
    the `assignee` must be among those who may read it. `exact` quotes the text, as printed for any audience: in the
    section, or anywhere if none is named. `audience` is the one whose text was read, and `before` what stands right
    before the words: they tell which are meant. Raise ValidationError if the quotation is not found. `suggestion`
    is the wording that should stand instead: then the words meant must be known. A reply has no suggestion or kind.
    """
    text = reason_given(text, field="text")
    article = lock(version.article_id)
    board_only = board_only or bool(thread and thread.board_only)
    _require_commentator(article, actor, thread, of_the_board=blocking or (board_only and thread is None))
    place = quoted_place(version, section_key, exact, audience=audience, before=before)
    text, mentioned = with_names(text, article, board_only=board_only)
    row = Comment(article=article, version=version, thread=thread, text=text, kind=kind)
    row.blocking, row.board_only, row.suggestion = blocking, board_only, suggested(suggestion, place)
    row.author, row.author_name, row.written_at = actor, ledger.name_of(actor), timezone.now()
    _assign(row, assignee)
    _require_it_fits(row)
    _require_it_is_new(row, section_key=place["section_key"], exact=place["exact"])
    row.save()
    anchor = CommentAnchor.objects.create(comment=row, version=version, **place)
    ledger.append(
        Action.COMMENTED,
        actor=actor,
        article=article,
        payload={**version_payload(version), "blocking": blocking, **_said(comment="" if board_only else kind)},
        rows=[row, anchor],
        checkpoint=may_block(article, actor),
    )
    notifications.commented(row, mentioned)
    return row


@refusals_logged
@transaction.atomic(durable=True)
def assign_comment(row: Comment, *, actor: User, assignee: User | None) -> Comment:
    """
    Give an open thread to somebody who may comment on the article and read this comment, or to nobody.

    Who may comment and read it may do so. It waits on the desk of the assignee until it is resolved or given on.
    """
    article = lock(row.article_id)
    row = Comment.objects.select_related("version").get(pk=row.pk)
    if not may_comment(article, actor) or not Comment.objects.filter(pk=row.pk).visible_to(actor).exists():
        raise NotAllowed(_("Only the article's authors, its reviewers and editors can assign a comment on it."))
    if row.resolved_at or row.thread_id:
        raise NotNow(
            _("This comment is already resolved.") if row.resolved_at else _("Assign the thread, not a reply.")
        )
    if row.assignee_id == (assignee.pk if assignee else None):
        raise NotNow(_("The comment is already assigned like that."))
    _assign(row, assignee)
    row.save(update_fields=["assignee", "assignee_name"])
    ledger.append(
        Action.COMMENT_ASSIGNED,
        actor=actor,
        about=assignee,
        article=article,
        payload=version_payload(row.version),
        private={"reviewer": row.assignee_name},
        rows=[row],
        checkpoint=holds(actor, Role.REVIEWER),
    )
    notifications.comment_assigned(row, actor)
    return row


@refusals_logged
@transaction.atomic(durable=True)
def resolve_comment(
    row: Comment, *, actor: User, reason: str = "", disposition: str = Comment.Disposition.ANSWERED
) -> Comment:
    """
    Resolve a thread: its author may, or another board member with a reason; never a writer of the text.

    The disposition says what became of it; only the person who raised a comment withdraws it.

    Any board member may, assigned or not: otherwise nobody could resolve the comment of a member who left.
    """
    article = lock(row.article_id)
    row = Comment.objects.select_related("version").get(pk=row.pk)
    may = {"on_board": holds(actor, Role.REVIEWER), "comments": may_comment(article, actor)}
    if sentence := resolve_blocker(row, article, actor, **may):
        raise NotAllowed(sentence)
    mine = row.author_id == actor.pk
    reason = reason if mine and not reason else reason_given(reason)
    if disposition not in Comment.Disposition.values:
        raise ValidationError({"disposition": _("Choose what became of the comment.")})
    if disposition == Comment.Disposition.WITHDRAWN and not mine:
        raise ValidationError({"disposition": _("Only the person who raised a comment can withdraw it.")})
    if row.resolved_at or row.thread_id:
        raise NotNow(
            _("This comment is already resolved.") if row.resolved_at else _("Resolve the thread, not a reply.")
        )
    row.resolved_at, row.resolved_by, row.resolved_by_name = timezone.now(), actor, ledger.name_of(actor)
    row.resolution, row.disposition = reason, disposition
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_by_name", "resolution", "disposition"])
    ledger.append(
        Action.COMMENT_RESOLVED,
        actor=actor,
        article=article,
        payload={**version_payload(row.version), **_said(disposition="" if row.board_only else disposition)},
        rows=[row],
        checkpoint=holds(actor, Role.REVIEWER),
    )
    return row


def _said(**words: str) -> dict[str, str]:
    """Return the words that are not empty, for an event's payload."""
    return {name: str(word) for name, word in words.items() if word}


def _assign(row: Comment, assignee: User | None) -> None:
    if assignee:
        require_assignable(assignee, row.article, board_only=row.board_only)
    row.assignee, row.assignee_name = assignee, ledger.name_of(assignee)


def _require_it_fits(row: Comment) -> None:
    if row.kind not in Comment.Kind.values:
        raise ValidationError({"kind": _("Choose what kind of comment it is.")})
    thread, of_threads = row.thread, row.blocking or row.kind or row.assignee_id or row.suggestion
    if thread and (thread.article_id != row.article_id or thread.thread_id or of_threads):
        raise ValidationError({"thread": NOT_A_REPLY})


def _require_it_is_new(row: Comment, *, section_key: str, exact: str) -> None:
    """Refuse a comment that repeats a recent one at the same place: the form was sent twice."""
    told_apart_by = ("version", "author", "thread", "text", "kind", "blocking", "board_only", "suggestion")
    same = {name: getattr(row, name) for name in told_apart_by}
    recent = Comment.objects.filter(**same, written_at__gte=row.written_at - SENT_TWICE, resolved_at=None)
    if recent.filter(anchors__section_key=section_key, anchors__exact=exact).exists():
        raise NotNow(_("You posted the same comment a moment ago. It was saved once."))


def _require_commentator(article: Article, actor: User, thread: Comment | None, *, of_the_board: bool) -> None:
    if of_the_board and not may_block(article, actor):
        raise NotAllowed(
            _("Only a board member who has accepted to review this article can block it or write to the board.")
        )
    if thread and thread.board_only and not reads_board(article, actor):
        raise NotAllowed(_("You may not read this thread: it is only for the medical advisory board and editors."))
    if not may_comment(article, actor):
        raise NotAllowed(_("Only the article's authors, its reviewers and editors can comment on it."))

"""Comments, their positions in the versions, and the rules about who may see, write and resolve them."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article, Version
from articles.models.people import Role, holds, roles_of
from articles.models.rows.append_only import history
from articles.models.rows.remembered import remembered
from articles.models.section import contributed
from reviews.models.reading.gate import closed_to
from reviews.models.review import Assignment


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User, roles: Collection[str] | None = None) -> Self:
        """
        Return the comments that this person may read: those on the articles that they see at the desk.

        Editors, and board members who accepted a request about the article, read board-only comments too, unless they
        contributed to it. Comments on a version that is still closed to a reviewer are left out. `roles` are the
        person's current roles, if the caller has them.
        """
        return self.visible_as(user.pk, roles_of(user) if roles is None else roles)

    def visible_as(self, user: int, roles: Collection[str]) -> Self:
        """Return the comments that `visible_to` returns for the account with this key, if these are its roles."""
        articles = Article.objects.visible_as(user, roles).filter(pk=OuterRef("article")).order_by()
        seen = self.filter(Exists(articles), ~closed_to(user, roles, review="version__review", article="article"))
        if Role.EDITOR in roles:
            return seen.filter(Q(board_only=False) | ~contributed(OuterRef("article"), user))
        if Role.REVIEWER not in roles:
            return seen.for_everybody()
        asked = Assignment.objects.filter(review__article=OuterRef("article"), reviewer=user).admitted()
        return seen.filter(Q(board_only=False) | Q(Exists(asked)))

    def for_everybody(self) -> Self:
        """Return the comments that are not for the board alone: only these are counted where readers see it."""
        return self.filter(board_only=False)

    def waiting_for(self, user: User) -> Self:
        """Return the unresolved comments that are assigned to this person."""
        return self.filter(assignee=user, resolved_at__isnull=True)

    def mentioning(self, user: User, name: str) -> Self:
        """
        Return the comments by others in open threads that mention this name, and that the person did not answer since.

        A mention is stored as “@” and the name that the person had then.
        """
        later = Comment.objects.filter(author=user, written_at__gt=OuterRef("written_at"))
        answered = later.filter(thread=Coalesce(OuterRef("thread"), OuterRef("pk")))
        rows = self.filter(text__contains=f"@{name}").exclude(author=user).exclude(Exists(answered))
        return rows.filter(Q(thread__isnull=True, resolved_at__isnull=True) | Q(thread__resolved_at__isnull=True))

    def holding(self, article: int) -> Self:
        """Return the open blocking comments: until they are resolved no version is approved or published."""
        return self.filter(article=article, blocking=True, resolved_at__isnull=True)


def held_by(article: int) -> list[bool]:
    """Return for each open blocking comment on the article whether it is for the board alone. A step reads it once."""
    rows = Comment.objects.holding(article).values_list("board_only", flat=True)
    return remembered(("held", article), lambda: list(rows))


def is_held(article: int) -> bool:
    """Tell whether an open blocking comment stops approval and publication."""
    return bool(held_by(article))


class Comment(models.Model):
    """
    A comment on one version, or a reply: a reply's `thread` is the first comment.

    `suggestion` is the wording that should stand instead of the quoted words; `taken_by` took it over into the draft.
    A blocking comment stops approval and publication until it is resolved: by its author, or by another board member
    with a reason; never by a writer of the text. A thread has a kind, and a disposition when it is resolved.
    Comments of release 0.3 are plain comments, and their resolutions have no disposition.
    """

    class Kind(models.TextChoices):
        COMMENT = "", _("Comment")
        CHANGE_REQUEST = "change_request", _("Change request")
        QUESTION = "question", pgettext_lazy("kind of comment", "Question")

    class Disposition(models.TextChoices):
        """What became of a thread, as in FHIR's ArtifactAssessment."""

        CHANGED = "text_changed", _("The text was changed")
        UNCHANGED = "no_change", _("No change needed")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    thread = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.TextField(max_length=10_000)
    suggestion = models.TextField("suggested wording", max_length=2000, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by_name = models.CharField("taken over by", max_length=200, blank=True)
    blocking = models.BooleanField(default=False)
    board_only = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_comments"
    )
    assignee_name = models.CharField("assigned to", max_length=200, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_by_name = models.CharField("resolved by", max_length=200, blank=True)
    resolution = models.TextField(blank=True, max_length=10_000)
    disposition = models.CharField(max_length=20, choices=Disposition, blank=True)

    objects = CommentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_has_a_text", violation_error_message=_("Write the comment.")
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) | Q(blocking=False),
                name="comment_only_a_thread_blocks",
                violation_error_message=_("A reply cannot be blocking. Write a separate comment."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) | Q(kind=""), name="comment_only_a_thread_has_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(disposition=""), name="comment_disposition_of_a_resolved_one"
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) | Q(assignee__isnull=True), name="comment_only_a_thread_is_assigned"
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) | Q(suggestion=""), name="comment_only_a_thread_suggests"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False) & ~Q(suggestion=""),
                name="comment_suggestion_taken_by_somebody",
            ),
        ]
        indexes = [
            # the comments that stop an approval or a publication
            models.Index(
                fields=["article"], condition=Q(blocking=True, resolved_at__isnull=True), name="comment_blocking_open"
            ),
            # the comments that wait for a person
            models.Index(fields=["assignee"], condition=Q(resolved_at__isnull=True), name="comment_assigned_open"),
        ]

    def __str__(self) -> str:
        return _("Comment {pk} by {author_name}").format(pk=self.pk, author_name=self.author_name)


class CommentAnchor(models.Model):
    """The position of a comment in one version, found by its quotation first and its offsets second."""

    class State(models.TextChoices):
        EXACT = "exact", _("In its place")
        MOVED = "moved", _("Found elsewhere")
        ORPHANED = "orphaned", _("The quoted text is no longer in the article")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="anchors")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="comment_anchors")
    audience = models.CharField(max_length=30, blank=True)
    section_key = models.CharField(max_length=10, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.EXACT)

    history = history()

    class Meta:
        verbose_name = "quoted passage"
        verbose_name_plural = "quoted passages"
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="anchor_once_per_version")]

    def __str__(self) -> str:
        return _("Passage quoted in comment {comment_id}").format(comment_id=self.comment_id)


def asked_about(article: int, person: int) -> models.QuerySet[Assignment]:
    """Return the requests by which this person may read a version of the article, whatever became of them."""
    return Assignment.objects.filter(review__article=article, reviewer=person).admitted().order_by()


def may_block(article: Article, person: User, roles: Collection[str] | None = None) -> bool:
    """
    Tell whether this person may write blocking or board-only comments: a member of the board who accepted a request.

    `roles` are their current roles, if the caller has them.
    """
    if Role.REVIEWER not in (roles_of(person) if roles is None else roles):
        return False
    return remembered(("asked", article.pk, person.pk), lambda: asked_about(article.pk, person.pk).exists())


def may_comment(article: Article, person: User) -> bool:
    """Tell whether this person may comment on the article: one of its authors or reviewers, or an editor."""
    return article.has_author(person) or holds(person, Role.EDITOR) or may_block(article, person)


def reads_board(article: Article, person: User, roles: Collection[str] | None = None) -> bool:
    """
    Tell whether this person may read board-only comments.

    They are an editor who did not contribute to the article, or a board member who accepted a request about it.
    """
    roles = roles_of(person) if roles is None else roles
    if Role.EDITOR in roles and not Article.objects.filter(contributed(article.pk, person.pk), pk=article.pk).exists():
        return True
    return may_block(article, person, roles)


def resolve_blocker(row: Comment, article: Article, actor: User, *, on_board: bool, comments: bool) -> str:
    """
    Return the reason why this person may never resolve the comment, or "".

    `on_board`: they hold the board's role; `comments`: `may_comment` is true. A page computes both once.
    """
    latest = article.latest_version or row.version
    if row.blocking and (row.version.was_written_by(actor) or latest.was_written_by(actor)):
        return str(
            _(
                "You wrote all or part of this text, so you cannot resolve this comment. "
                "Only the person who raised it, or another member of the board, can."
            )
        )
    mine = row.author_id == actor.pk
    if on_board or (mine and comments):
        return ""
    return str(_("Only the person who raised this comment, or a member of the board, can resolve it."))

"""Comments, where they stand, and who may see, write and resolve them."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Article, Version
from articles.models.people import Role, holds, roles_of
from articles.models.rows.append_only import history


class CommentQuerySet(models.QuerySet):
    def holding(self, article: int):
        """Return what has to be resolved before any version of the article is approved or published."""
        return self.filter(article=article, blocking=True, resolved_at__isnull=True)


class Comment(models.Model):
    """
    A thread on the article, raised on one version for ever; answers point at its first comment.

    A blocking one stops approval and publication until it is resolved, by who raised it or by another board member
    with a reason, never by a writer of the text.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="comments")
    thread = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.TextField(max_length=10_000)
    blocking = models.BooleanField(default=False)
    board_only = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_by_name = models.CharField(max_length=200, blank=True)
    resolution = models.TextField(blank=True, max_length=10_000)

    objects = CommentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_has_a_text", violation_error_message="Write the comment."
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) | Q(blocking=False),
                name="comment_only_a_thread_blocks",
                violation_error_message="A reply cannot be blocking. Write a separate comment.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]
        indexes = [
            # what stops an approval and a publication
            models.Index(
                fields=["article"], condition=Q(blocking=True, resolved_at__isnull=True), name="comment_blocking_open"
            ),
        ]

    def __str__(self):
        return f"Comment {self.pk} by {self.author_name}"


class CommentAnchor(models.Model):
    """Where a comment stands in one version: computed for each version, by quotation first and position second."""

    class State(models.TextChoices):
        EXACT = "exact", "In its place"
        MOVED = "moved", "Found elsewhere"
        ORPHANED = "orphaned", "Its text is gone"

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
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="anchor_once_per_version")]

    def __str__(self):
        return f"Comment {self.comment_id} in version {self.version_id}"


def may_block(article: Article, person, roles: Collection[str] | None = None) -> bool:
    """
    Tell whether this person may stop an approval or write for the board alone: a reviewer ever asked about the article.

    `roles` are the roles they hold now, if the caller knows them.
    """
    asked = article.reviews.filter(assignments__reviewer=person.pk)
    return Role.REVIEWER in (roles_of(person) if roles is None else roles) and asked.exists()


def may_comment(article: Article, person) -> bool:
    """Tell whether this person may comment on the article: its authors, its reviewers and editors."""
    return article.has_author(person) or holds(person, Role.EDITOR) or may_block(article, person)


def reads_board(article: Article, person, roles: Collection[str] | None = None) -> bool:
    """Tell whether this person reads comments for the board: editors, and reviewers ever asked about the article."""
    roles = roles_of(person) if roles is None else roles
    return Role.EDITOR in roles or may_block(article, person, roles)


def resolve_blocker(row: Comment, article: Article, actor, *, on_board: bool, comments: bool) -> str:
    """
    Return why this person may never resolve the comment, or nothing.

    `on_board` says whether they sit on the board, `comments` whether they may comment on the article: a page asks once.
    """
    latest = article.latest_version or row.version
    if row.blocking and (row.version.was_written_by(actor) or latest.was_written_by(actor)):
        return "You wrote this text, or a part of it: who raised the comment has to resolve it."
    mine = row.author_id == actor.pk
    if on_board or (mine and comments):
        return ""
    return "Only who raised this comment, or a member of the board, can resolve it."

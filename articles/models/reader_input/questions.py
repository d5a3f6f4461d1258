"""A reader's question about a version, which an editor answers, declines or has an article written for."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.reader_input.sent import SentQuerySet, Settled, stored_once
from articles.models.version import Version


class QuestionQuerySet(SentQuerySet):
    def for_list(self) -> Self:
        return self.select_related("version__article", "article")


class Question(Settled):
    """
    A reader's question about a version. Personal data: without name and address, deleted after a date.

    The asker holds a random token; only its digest is stored. `articles.desk.readers.questions` changes the state.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        MERGED = "merged", _("Merged")
        DECLINED = "declined", _("Declined")
        WRITTEN = "being_written", _("Becoming an article")

    MOST = 2000  # characters
    NO_OUTCOME: ClassVar[dict[str, Any]] = {
        "state": State.OPEN, "reason": "", "answer_version": None, "answer_section": "", "answer_audience": "",
        "article": None, "merged_into": None, "settled_by": None, "settled_at": None,
    }  # fmt: skip

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="questions")
    audience = models.CharField(max_length=30)
    text = models.TextField(max_length=MOST)
    asked_at = models.DateTimeField()
    delete_after = models.DateField()
    token_digest = models.CharField(max_length=64, blank=True, editable=False)

    state = models.CharField(max_length=13, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True, help_text="Why it was declined. The asker can read it.")
    answer_version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="answered_questions"
    )
    answer_section = models.CharField(max_length=20, blank=True)
    answer_audience = models.CharField(max_length=30, blank=True)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_questions"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="question_has_its_own_token"
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answer_version__isnull=False) & ~Q(answer_section="")
                | ~Q(state="answered") & Q(answer_version__isnull=True, answer_section=""),
                name="question_answered_has_a_passage",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="question_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(reason="") | ~Q(state="declined") & Q(reason=""),
                name="question_declined_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="being_written", article__isnull=False)
                | ~Q(state="being_written") & Q(article__isnull=True),
                name="question_being_written_has_an_article",
            ),
        ]
        indexes = [
            models.Index(fields=["delete_after"], name="question_to_delete"),  # the daily deletion
            models.Index(fields=["state", "asked_at", "id"], name="question_in_state"),  # the desk's lists
        ]

    def __str__(self) -> str:
        return _("Question {pk}").format(pk=self.pk)

    @property
    def is_answered(self) -> bool:
        return self.state == self.State.ANSWERED

    @property
    def is_declined(self) -> bool:
        return self.state == self.State.DECLINED

    @property
    def is_being_written(self) -> bool:
        return self.state == self.State.WRITTEN


def ask(version: Version, audience: str, text: str, token: str) -> Question:
    """Store a question that a reader sends to the editors; as `stored_once`."""
    days, now = settings.QUESTION_DAYS, timezone.now()
    return stored_once(Question, token, days, version=version, audience=audience, text=text, asked_at=now)

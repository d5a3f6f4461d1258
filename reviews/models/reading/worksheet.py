"""The answers of reviewers to the worksheet: kept while they read, and frozen with their decision."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Version
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from reviews.models.review import Decision


class AnswerChoice(models.TextChoices):
    """What an item of the worksheet can be answered with; each item allows some of them."""

    YES = "is_so", pgettext_lazy("answer", "Yes")
    PARTLY = "partly", _("Partly")
    NO = "not_so", pgettext_lazy("answer", "No")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_OPENED = "not_opened", _("Not opened")

    @classmethod
    def with_note(cls) -> list["AnswerChoice"]:
        """Return the answers that need a note."""
        return [cls.PARTLY, cls.NO]


class Answer(AppendOnly):
    """An answer to one item of the worksheet, with the question as it was put, signed with a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=200)
    question = models.TextField()
    answer = models.CharField(max_length=16, choices=AnswerChoice)
    note = models.TextField(blank=True)

    objects: ClassVar = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "item"], name="answer_once_per_decision"),
            models.CheckConstraint(
                condition=~Q(answer__in=["partly", "not_so"]) | ~Q(note=""),
                name="answer_against_has_a_note",
                violation_error_message=_("Say in a note what is wrong."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.get_answer_display()}"


class DraftAnswer(models.Model):
    """What somebody has answered so far on a version. Only that person sees it, and can change it until they sign."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=200)
    answer = models.CharField(max_length=16, choices=AnswerChoice, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer before signing")
        verbose_name_plural = _("answers before signing")
        constraints = [
            models.UniqueConstraint(fields=["version", "user", "item"], name="draftanswer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} answered by {self.user_id}"

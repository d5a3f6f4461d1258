from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from reviews.models.review import Assignment


class Reminder(models.Model):
    """
    A reminder that was sent: about an assignment, an article that waits for reviewers or its next review, or readers.

    There is one row per kind and due date, so that a second run sends nothing twice. A new due date gets new reminders.
    """

    class Kind(models.TextChoices):
        ANSWER = "unaccepted", _("A request to review is not answered")
        SOON = "soon", _("A review is due soon")
        OVERDUE = "overdue", _("A review is overdue")
        NOBODY_ASKED = "nobody", _("No reviewer asked (sent to the editors)")
        ESCALATED = "escalated", _("A review is long overdue (sent to the editor)")
        FULL_REVIEW_SOON = "full_soon", _("The full review of an urgent version is due soon")
        FULL_REVIEW_OVERDUE = "full_late", _("The full review of an urgent version is overdue")
        REVIEW_AGAIN_SOON = "again_soon", _("An article is to be reviewed again soon")
        REVIEW_AGAIN = "again", _("An article's next review is overdue")
        QUESTIONS = "unanswered", _("Questions of readers are open (sent to the editors)")
        BY_EDITOR = "by_editor", _("An editor reminds a reviewer")
        REPORTS = "reported", _("Reports of errors are open (sent to the editors)")

    kind = models.CharField(max_length=10, choices=Kind)
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders"
    )
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    due = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "kind", "due"], name="reminder_once_per_assignment"),
            models.UniqueConstraint(fields=["article", "kind", "due"], name="reminder_once_per_article"),
            models.UniqueConstraint(
                fields=["kind", "due"],
                condition=Q(assignment__isnull=True, article__isnull=True),
                name="reminder_once_of_all",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=True, article__isnull=False) & ~Q(kind__in=["unanswered", "reported"])
                | Q(assignment__isnull=False, article__isnull=True) & ~Q(kind__in=["unanswered", "reported"])
                | Q(assignment__isnull=True, article__isnull=True, kind__in=["unanswered", "reported"]),
                name="reminder_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.due})"

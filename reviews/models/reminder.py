from django.db import models
from django.db.models import Q

from articles.models import Article
from reviews.models.review import Assignment


class Reminder(models.Model):
    """
    A reminder that was sent: of a review that somebody was asked for, of a version that nobody was asked about, or of
    an article to be reviewed again.

    There is one row for each kind and due date, which is what keeps a second run from sending it twice; a due date
    that is moved is reminded of anew.
    """

    class Kind(models.TextChoices):
        SOON = "soon", "A review is due soon"
        OVERDUE = "overdue", "A review is overdue"
        NOBODY_ASKED = "nobody", "Nobody is asked about a version: to the editors"
        ESCALATED = "escalated", "A review is long overdue: to the editor"
        REVIEW_AGAIN_SOON = "again_soon", "An article is to be reviewed again soon"
        REVIEW_AGAIN = "again", "An article's next review is overdue"

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
            models.CheckConstraint(
                condition=Q(assignment__isnull=True, article__isnull=False)
                | Q(assignment__isnull=False, article__isnull=True),
                name="reminder_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.due})"

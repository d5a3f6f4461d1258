"""What readers think of a page: whether it was helpful, and what would make it better."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.version import Version


class Helpfulness(models.Model):
    """How many readers found a version helpful, and how many did not. The next version begins at zero."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="helpfulness")
    audience = models.CharField(max_length=30)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "helpfulness"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["version", "audience"], name="helpfulness_once_per_page")]

    def __str__(self) -> str:
        return _("{yes} yes, {no} no").format(yes=self.yes, no=self.no)


class Feedback(models.Model):
    """What a reader would change on a page, in a sentence. Personal data: without a name, deleted after a date."""

    MOST = 500  # characters

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="feedback")
    audience = models.CharField(max_length=30)
    helpful = models.BooleanField()
    text = models.TextField(max_length=MOST)
    given_at = models.DateTimeField()
    delete_after = models.DateField()

    class Meta:
        ordering = ["-given_at", "-pk"]
        verbose_name_plural = "feedback"
        indexes = [models.Index(fields=["delete_after"], name="feedback_to_delete")]  # the daily deletion

    def __str__(self) -> str:
        return _("Feedback {pk}").format(pk=self.pk)


def count(version: Version, audience: str, *, helpful: bool) -> None:
    """Count one reader who found the page helpful, or who did not. Nothing else is stored."""
    row, _ = Helpfulness.objects.get_or_create(version=version, audience=audience)
    column = "yes" if helpful else "no"
    setattr(row, column, F(column) + 1)
    row.save(update_fields=[column])


def comment(version: Version, audience: str, *, helpful: bool, text: str) -> Feedback:
    """Store what a reader would change on the page."""
    now = timezone.now()
    delete_after = timezone.localdate(now) + datetime.timedelta(days=settings.QUESTION_DAYS)
    return Feedback.objects.create(
        version=version, audience=audience, helpful=helpful, text=text, given_at=now, delete_after=delete_after
    )

from django.db import models

from articles.models.version import Version


class Question(models.Model):
    """A reader's follow-up question about a version. Personal: no name, no address, and a date to delete it by."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="questions")
    audience = models.CharField(max_length=30)
    text = models.TextField(max_length=2000)
    asked_at = models.DateTimeField()
    delete_after = models.DateField()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["delete_after"], name="question_to_delete")]  # the daily deletion

    def __str__(self):
        return f"Question {self.pk}"


class Feedback(models.Model):
    """A reader's word on a version: helpful or not, or an error. Kept until a date, then deleted."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="feedback")
    helpful = models.BooleanField(null=True)
    error_report = models.TextField(blank=True, max_length=2000)
    given_at = models.DateTimeField()
    delete_after = models.DateField()

    class Meta:
        ordering = ["-given_at", "-pk"]
        verbose_name_plural = "feedback"
        indexes = [models.Index(fields=["delete_after"], name="feedback_to_delete")]  # the daily deletion

    def __str__(self):
        return f"Feedback {self.pk}"

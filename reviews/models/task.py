from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Version
from articles.models.people import Role, active
from articles.models.rows.append_only import history


class Task(models.Model):
    """A piece of work for one person, or for the members of a role."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="tasks")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, help_text="The role whose members can do it.")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    text = models.CharField(max_length=1000)
    opened_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=1000, blank=True)

    history = history()

    class Meta:
        verbose_name = "task of the staff"
        verbose_name_plural = "tasks of the staff"
        ordering = ["opened_at", "pk"]
        indexes = [
            # the open tasks of a role
            models.Index(fields=["role", "due"], condition=Q(closed_at__isnull=True), name="task_waiting"),
        ]

    def __str__(self) -> str:
        return self.text


class SavedView(models.Model):
    """A filter of the queue of reviews that an editor keeps under a name. Only that editor sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=1000)  # the end of the queue's address

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once_per_name")]

    def __str__(self) -> str:
        return self.name


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def open(self) -> Self:
        """Return the open schedules, each with `editor_left`: its editor no longer holds the role."""
        editors = active(Role.EDITOR).filter(pk=models.OuterRef("scheduled_by"))
        return self.filter(closed_at__isnull=True).annotate(editor_left=~models.Exists(editors))


class Schedule(models.Model):
    """An editor's order to publish an approved version at a set time. `publish_due` carries it out."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        CANCELLED = "cancelled", _("Cancelled")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="schedules")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="schedules")
    publish_at = models.DateTimeField()
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scheduled_by_name = models.CharField("scheduled by", max_length=200)
    scheduled_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)

    editor_left: bool  # annotated by `ScheduleQuerySet.open`

    objects = ScheduleQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["publish_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(closed_at__isnull=True),
                name="schedule_open_once_per_article",
                violation_error_message=_("A version of this article is already scheduled."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="schedule_closed_has_an_outcome",
            ),
        ]
        indexes = [
            # the schedules that are due
            models.Index(fields=["publish_at"], condition=Q(closed_at__isnull=True), name="schedule_due"),
        ]

    def __str__(self) -> str:
        return _("Version {version_id} at {publish_at} UTC").format(
            version_id=self.version_id, publish_at=f"{self.publish_at:%Y-%m-%d %H:%M}"
        )

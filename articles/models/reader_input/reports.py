"""A reader's report of an error in a version, which an editor settles, and what was done with it."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.reader_input.sent import SentQuerySet, Settled, stored_once
from articles.models.version import Version


class ErrorReportQuerySet(SentQuerySet):
    def for_list(self) -> Self:
        return self.select_related("version__article")


class ErrorReport(Settled):
    """
    A reader's report of an error. Personal data: without name and address, deleted after a date.

    The reporter holds a random token; only its digest is stored. `thought` is the harm as the reader judged it,
    `severity` as the editors do. The state is changed by `articles.desk.readers.reports`.
    """

    class Severity(models.IntegerChoices):
        HARM = 1, _("It could harm someone")
        WRONG = 2, _("It is wrong or out of date")
        UNCLEAR = 3, _("It is hard to understand")
        OTHER = 4, _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CORRECTED = "corrected", _("Corrected")
        NO_CHANGE = "no_change", _("No change needed")
        MERGED = "merged", _("Duplicate")
        ELSEWHERE = "elsewhere", _("Not about this page")

    MOST = 2000  # characters
    NO_OUTCOME: ClassVar[dict[str, Any]] = {
        "state": State.OPEN, "reply": "", "corrected_in": None, "merged_into": None, "settled_by": None,
        "settled_at": None,
    }  # fmt: skip

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="error_reports")
    audience = models.CharField(max_length=30)
    section = models.CharField(max_length=20, blank=True, help_text="The key of the section; empty for the whole page.")
    text = models.TextField(max_length=MOST)
    thought = models.PositiveSmallIntegerField("severity as the reader sees it", choices=Severity)
    severity = models.PositiveSmallIntegerField("severity as the editors see it", choices=Severity)
    reported_at = models.DateTimeField()
    delete_after = models.DateField()
    token_digest = models.CharField(max_length=64, blank=True, editable=False)

    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reply = models.TextField(blank=True, max_length=MOST, help_text="The reporter can read it.")
    corrected_in = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="corrects_reports"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_reports"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = "report"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="report_has_its_own_token"
            ),
            models.CheckConstraint(
                condition=Q(state="corrected", corrected_in__isnull=False)
                | ~Q(state="corrected") & Q(corrected_in__isnull=True),
                name="report_corrected_in_a_version",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="report_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["no_change", "elsewhere"]) | ~Q(reply=""),
                name="report_without_change_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["delete_after"], name="report_to_delete"),  # the daily deletion
            models.Index(fields=["state", "severity", "reported_at", "id"], name="report_in_state"),  # the desk's queue
        ]

    def __str__(self) -> str:
        return _("Report {pk}").format(pk=self.pk)

    @property
    def could_harm(self) -> bool:
        return bool(self.severity == self.Severity.HARM)

    @property
    def is_corrected(self) -> bool:
        return self._is(self.State.CORRECTED)

    @property
    def is_unchanged(self) -> bool:
        return self._is(self.State.NO_CHANGE)

    @property
    def is_elsewhere(self) -> bool:
        return self._is(self.State.ELSEWHERE)


def report(version: Version, audience: str, token: str, *, section: str, text: str, thought: int) -> ErrorReport:
    """Store a reader's report of an error; as `stored_once`."""
    said = {"section": section, "text": text, "thought": thought, "severity": thought}
    days, now = settings.QUESTION_DAYS, timezone.now()
    return stored_once(ErrorReport, token, days, version=version, audience=audience, reported_at=now, **said)


class ReportStep(models.Model):
    """What an editor did with a report, and when. It holds nothing of the reader's, and is deleted with the report."""

    report = models.ForeignKey(ErrorReport, on_delete=models.CASCADE, related_name="steps")
    sentence = models.CharField(max_length=200)
    reply = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.sentence

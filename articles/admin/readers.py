"""
What readers send, and the red flags that are looked for in it.

Questions, reports and feedback are deleted here one by one at a reader's request, or later by their date.
"""

from django.contrib import admin

from articles.admin.base import TrackedPage, ViewOnly
from articles.models import ErrorReport, Feedback, Helpfulness, Question, RedFlag, ReportStep


@admin.register(Question)
class QuestionPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "audience", "state", "asked_at", "delete_after"]
    list_filter = ["state", "version__kind", "asked_at"]
    search_fields = ["version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "reason", "version__writers"]


@admin.register(ErrorReport)
class ErrorReportPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "audience", "severity", "state", "reported_at", "delete_after"]
    list_filter = ["state", "severity", "reported_at"]
    search_fields = ["version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "reply", "version__writers"]


@admin.register(ReportStep)
class ReportStepPage(ViewOnly):
    list_display = ["__str__", "report", "by", "at"]
    list_filter = ["at"]
    search_fields = ["report__version__title"]
    number = "report"
    list_select_related = ["report", "by"]
    deferred = ["reply", "report__text", "report__reply"]


@admin.register(Helpfulness)
class HelpfulnessPage(ViewOnly):
    list_display = ["__str__", "version", "audience", "yes", "no"]
    list_filter = ["audience"]
    search_fields = ["version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["version__writers"]


@admin.register(Feedback)
class FeedbackPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "audience", "helpful", "given_at", "delete_after"]
    list_filter = ["helpful", "given_at"]
    search_fields = ["version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "version__writers"]


@admin.register(RedFlag)
class RedFlagPage(TrackedPage):
    list_display = ["name", "language", "position"]
    list_filter = ["language"]
    search_fields = ["name"]
    ordering = ["position", "pk"]
    deferred = ["phrases", "advice"]

"""
What readers send, and the red flags that are looked for in it.

Questions and feedback are deleted here one by one at a reader's request, or later by their date.
"""

from django.contrib import admin

from articles.admin.base import TrackedPage, ViewOnly
from articles.models import Feedback, Question, RedFlag


@admin.register(Question)
class QuestionPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "audience", "state", "asked_at", "delete_after"]
    list_filter = ["state", "version__kind", "asked_at"]
    search_fields = ["^version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "reason", "version__writers"]


@admin.register(Feedback)
class FeedbackPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "helpful", "given_at", "delete_after"]
    list_filter = ["helpful", "given_at"]
    search_fields = ["^version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["error_report", "version__writers"]


@admin.register(RedFlag)
class RedFlagPage(TrackedPage):
    list_display = ["name", "language", "position"]
    list_filter = ["language"]
    search_fields = ["^name"]
    ordering = ["position", "pk"]
    deferred = ["phrases", "advice"]

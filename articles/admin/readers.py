"""What readers sent: read here, and deleted one by one where a reader asks for it; the rest goes by its date."""

from django.contrib import admin

from articles.admin.base import ViewOnly
from articles.models import Feedback, Question


@admin.register(Question)
class QuestionPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "audience", "asked_at", "delete_after"]
    list_filter = ["version__kind", "asked_at"]
    search_fields = ["^version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "version__writers"]


@admin.register(Feedback)
class FeedbackPage(ViewOnly):
    may_delete = True
    list_display = ["__str__", "version", "helpful", "given_at", "delete_after"]
    list_filter = ["helpful", "given_at"]
    search_fields = ["^version__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["error_report", "version__writers"]

"""The review process, read only. No status is set here: people with the role take the steps at the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.base import DeskLink, TrackedViewOnly, ViewOnly
from articles.models.section import contributed
from reviews.models import (
    Answer,
    Assignment,
    Attestation,
    CalendarAddress,
    Comment,
    CommentAnchor,
    Decision,
    Digest,
    Dossier,
    DossierPart,
    DraftAnswer,
    MailPreference,
    ManagementPlan,
    Message,
    Opening,
    Override,
    ReadChange,
    Reminder,
    Review,
    SavedView,
    Schedule,
    SecurityRecord,
    Signature,
    Task,
)


@admin.register(Review)
class ReviewPage(DeskLink, TrackedViewOnly):
    list_display = ["version", "status", "change", "risk", "submitted_at", "approved_at", "published_at", "desk"]
    list_filter = ["status", "change", "risk", "open_review", "submitted_at"]
    search_fields = ["version__title", "^version__digest"]
    list_select_related = ["version"]
    deferred = ["version__writers"]


@admin.register(Assignment)
class AssignmentPage(TrackedViewOnly):
    list_display = ["reviewer_name", "capacity", "review", "assigned_at", "due", "accepted_at", "ended_as"]
    list_filter = ["capacity", "ended_as", "due"]
    search_fields = ["reviewer_name", "review__version__title"]
    list_select_related = ["review__version"]
    deferred = ["review__version__writers"]


@admin.register(Decision)
class DecisionPage(ViewOnly):
    list_display = ["outcome", "signature", "review", "decided_at"]
    list_filter = ["outcome", "decided_at"]
    search_fields = ["signature__printed_name", "review__version__title"]
    list_select_related = ["signature", "review__version"]
    deferred = ["reason", "review__version__writers"]


@admin.register(Signature)
class SignaturePage(ViewOnly):
    list_display = ["printed_name", "credentials", "capacity", "meaning", "version", "signed_at"]
    list_filter = ["meaning", "capacity", "signed_at"]
    search_fields = ["printed_name", "version__title", "^digest"]
    list_select_related = ["version"]
    deferred = ["statement", "assertion", "version__writers"]


class OfComments(TrackedViewOnly):
    """Rows of comments, without board-only ones on articles to which the administrator contributed."""

    comment = ""  # the lookup path from a row to its comment

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        wrote = contributed(OuterRef(f"{self.comment}article"), request.user.pk)
        return super().get_queryset(request).exclude(wrote, **{f"{self.comment}board_only": True})

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require(request, object_id)
        return super().history_view(request, object_id, *args, **kwargs)

    def history_form_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require(request, object_id)
        return super().history_form_view(request, object_id, *args, **kwargs)

    def _require(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404


@admin.register(Answer)
class AnswerPage(ViewOnly):
    list_display = ["item", "decision"]
    list_filter = ["decision__outcome"]
    search_fields = ["^item", "decision__review__version__title"]
    list_select_related = ["decision"]
    exclude = ["answer", "note"]  # who wrote the text reads them when the review has ended, on its page


@admin.register(DraftAnswer)
class DraftAnswerPage(ViewOnly):
    list_display = ["item", "user", "version"]
    list_filter = ["user"]
    search_fields = ["^item", "user__username", "version__title"]
    list_select_related = ["user", "version"]
    deferred = ["version__writers"]
    exclude = ["answer", "note"]  # only that person sees them


@admin.register(Attestation)
class AttestationPage(ViewOnly):
    list_display = ["signature", "version", "last_reviewed", "next_review_due", "attested_at"]
    list_filter = [("last_reviewed", admin.EmptyFieldListFilter), "attested_at"]
    search_fields = ["signature__printed_name", "version__title"]
    list_select_related = ["signature", "version"]
    deferred = ["version__writers"]


@admin.register(Comment)
class CommentPage(DeskLink, OfComments):
    list_display = [
        "__str__",
        "version",
        "kind",
        "blocking",
        "board_only",
        "written_at",
        "resolved_at",
        "disposition",
        "desk",
    ]
    list_filter = [
        "kind",
        "disposition",
        "blocking",
        "board_only",
        ("resolved_at", admin.EmptyFieldListFilter),
        "written_at",
    ]
    search_fields = ["author_name", "article__title"]
    number = "pk"
    list_select_related = ["version"]
    deferred = ["text", "resolution", "version__writers"]


@admin.register(CommentAnchor)
class CommentAnchorPage(OfComments):
    comment = "comment__"
    list_display = ["__str__", "comment", "version", "section_key", "state"]
    list_filter = ["state"]
    search_fields = ["=section_key", "version__title"]
    number = "comment"
    list_select_related = ["comment", "version"]
    deferred = ["exact", "comment__text", "version__writers"]


@admin.register(Task)
class TaskPage(DeskLink, TrackedViewOnly):
    list_display = ["text", "article", "role", "assignee", "opened_at", "due", "closed_at", "desk"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "due", "opened_at"]
    search_fields = ["text", "=role", "article__title", "assignee__username"]
    list_select_related = ["article", "assignee"]


@admin.register(ManagementPlan)
class ManagementPlanPage(ViewOnly):
    """Recorded by an editor on the desk."""

    list_display = ["reviewer_name", "review", "recorded_by_name", "recorded_at"]
    list_filter = ["recorded_at"]
    search_fields = ["reviewer_name", "recorded_by_name"]
    list_select_related = ["review__version"]
    deferred = ["reason", "measures"]


@admin.register(Override)
class OverridePage(ViewOnly):
    """Signed by an editor on the desk."""

    list_display = ["rule", "article", "printed_name", "signed_at"]
    list_filter = ["rule", "signed_at"]
    search_fields = ["article__title", "printed_name"]
    list_select_related = ["article"]
    deferred = ["reason", "statement", "sentence"]


@admin.register(Reminder)
class ReminderPage(ViewOnly):
    list_display = ["kind", "due", "assignment", "article", "member", "sent_at"]
    list_filter = ["kind", "due", "sent_at"]
    search_fields = ["assignment__reviewer_name", "article__title", "member__user__username"]
    list_select_related = ["assignment", "article", "member__user"]


@admin.register(Schedule)
class SchedulePage(DeskLink, TrackedViewOnly):
    list_display = ["version", "publish_at", "scheduled_by_name", "outcome", "desk"]
    list_filter = ["outcome", "publish_at"]
    search_fields = ["version__title", "scheduled_by_name"]
    list_select_related = ["version"]
    deferred = ["version__writers"]


@admin.register(Message)
class MessagePage(ViewOnly):
    """What was told to whom, and whether the mail server took it."""

    list_display = ["subject", "recipient", "sent_at", "at_once", "inbox_only", "mailed_at", "failure"]
    list_filter = ["at_once", "inbox_only", "sent_at", "mailed_at"]
    search_fields = ["subject", "recipient__username"]
    list_select_related = ["recipient"]
    deferred = ["body"]


@admin.register(Digest)
class DigestPage(ViewOnly):
    list_display = ["recipient", "day", "mailed_at"]
    list_filter = ["day"]
    search_fields = ["recipient__username"]
    list_select_related = ["recipient"]


@admin.register(CalendarAddress)
class CalendarAddressPage(ViewOnly):
    list_display = ["user", "made_at"]
    list_filter = ["made_at"]
    search_fields = ["user__username"]
    list_select_related = ["user"]


@admin.register(MailPreference)
class MailPreferencePage(ViewOnly):
    list_display = ["user", "emails"]
    list_filter = ["emails"]
    search_fields = ["user__username"]
    list_select_related = ["user"]


@admin.register(Dossier)
class DossierPage(DeskLink, ViewOnly):
    list_display = ["article", "requested_by_name", "requested_at", "made_at", "size", "desk"]
    list_filter = ["requested_at"]
    search_fields = ["article__title", "^article__slug", "requested_by_name"]
    list_select_related = ["article"]


@admin.register(DossierPart)
class DossierPartPage(ViewOnly):
    list_display = ["dossier", "number"]
    list_filter = ["dossier__requested_at"]
    search_fields = ["=dossier__sha256"]
    list_select_related = ["dossier"]
    deferred = ["content"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Leave out the content, which is closed to whoever contributed to the article."""
        return tuple(name for name in super().get_fields(request, obj) if name != "content")


@admin.register(SavedView)
class SavedViewPage(ViewOnly):
    list_display = ["name", "user", "address"]
    list_filter = ["user"]
    search_fields = ["name", "user__username"]
    list_select_related = ["user"]


@admin.register(Opening)
class OpeningPage(ViewOnly):
    list_display = ["user", "version", "audience", "since", "opened_at"]
    list_filter = ["opened_at", "audience"]
    search_fields = ["user__username", "version__title"]
    list_select_related = ["user", "version", "since"]
    deferred = ["version__writers", "since__writers"]


@admin.register(ReadChange)
class ReadChangePage(ViewOnly):
    list_display = ["user", "version", "since", "read_at"]
    list_filter = ["read_at"]
    search_fields = ["user__username", "version__title"]
    list_select_related = ["user", "version", "since"]
    deferred = ["version__writers", "since__writers"]


@admin.register(SecurityRecord)
class SecurityRecordPage(ViewOnly):
    list_display = ["kind", "user", "at"]
    list_filter = ["kind", "at"]
    search_fields = ["user__username"]
    list_select_related = ["user"]

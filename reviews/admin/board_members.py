"""The board, its disclosures and the quorums: every save is an event in the ledger with the user who made it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import TabularInline
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import ByRole, Page, TrackedPage, TrackedViewOnly
from articles.models import Article
from articles.text.plain.forms import FitModelForm
from reviews.admin import passwords
from reviews.admin.doubts import say_doubts
from reviews.models import (
    Absence,
    Availability,
    BoardMember,
    Capacity,
    Conflict,
    Disclosure,
    Interest,
    Quorum,
    Specialty,
)
from reviews.workflow.approval.quorum import default_for
from reviews.workflow.steps.interests.disclosing import editors_to_tell

NO_TOPIC = gettext_lazy("Add the topics in which this person is a specialist, or take the capacity away.")
MAX_APPROVALS = MaxValueValidator(9, gettext_lazy("No text needs more than nine approvals of a kind."))


class Rows(ByRole, TabularInline):
    """Rows that are added and removed, but never changed."""

    may_change = False
    extra = 0
    autocomplete_fields = ["topic"]
    fields = ["topic"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("topic")


class SpecialtyFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse a specialist without a topic: they could be asked about no text."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("topic") and form not in self.deleted_forms]
        if self.instance.holds(Capacity.SPECIALIST) and not kept:
            raise ValidationError(NO_TOPIC)


class SpecialtyRows(Rows):
    model = Specialty
    formset = SpecialtyFormSet


class ConflictFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse topics of conflicts together with “nothing to declare”, which readers would see."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("topic") and form not in self.deleted_forms]
        if self.instance.none_declared and kept:
            raise ValidationError(_("Nothing is declared above: state the interests, or remove these topics."))


class ConflictRows(Rows):
    model = Conflict
    formset = ConflictFormSet


class BoardMemberForm(FitModelForm):
    """The administrator who enters a check of credentials becomes the person who checked them."""

    checker: User | None = None
    capacities = forms.MultipleChoiceField(
        label=gettext_lazy("Capacities"), choices=Capacity.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        changed = {"credential_checked_on", "credential_valid_until"} & set(self.changed_data)
        by_another = self.instance.credential_checked_by not in (None, self.checker)
        if changed == {"credential_valid_until"} and by_another and cleaned.get("credential_checked_on"):
            self.add_error("credential_checked_on", _("Give the day on which you checked the credentials again."))
        elif changed:
            self._check_the_days()
            self.instance.credential_checked_by = self.checker if cleaned.get("credential_checked_on") else None
        return cleaned

    def _check_the_days(self) -> None:
        """Refuse a check that has not happened yet, and one without an end: with neither can anybody be asked."""
        day = self.cleaned_data.get("credential_checked_on")
        if day and day > timezone.localdate():
            self.add_error("credential_checked_on", _("This day has not come yet. Enter the day of the check."))
        if day and "credential_valid_until" in self.cleaned_data and not self.cleaned_data["credential_valid_until"]:
            self.add_error("credential_valid_until", _("Enter until when the check is valid, for example for a year."))

    def _get_validation_exclusions(self) -> set[str]:
        """Include `user` and `credential_checked_by` in the constraint checks, although they are not on the form."""
        known = self.instance.user_id or self.cleaned_data.get("user")
        shown = {"credential_checked_by", "user"} if known else set()
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private: not in the stubs
        return excluded - shown


@admin.register(BoardMember)
class BoardMemberPage(TrackedPage):
    """A row is never deleted: a person who leaves the board loses the reviewer's role on the account."""

    may_delete = False
    form = BoardMemberForm
    frozen = ["user"]
    fields = ["user", "capacities", "credential_checked_on", "credential_valid_until", "credential_checked_by"]
    readonly_fields = ["credential_checked_by"]
    autocomplete_fields = ["user"]
    inlines = [SpecialtyRows]
    list_display = ["user", "roles", "credential_checked_on", "credential_valid_until", "credential_checked_by"]
    list_filter = ["credential_valid_until", "user__is_active"]
    search_fields = ["user__username", "user__last_name", "user__contributor__name"]
    list_select_related = ["user", "credential_checked_by"]

    @admin.display(description=gettext_lazy("capacities"))
    def roles(self, member: BoardMember) -> str:
        return ", ".join(str(Capacity(capacity).label) for capacity in member.capacities)

    def get_form(
        self, request: HttpRequest, obj: BoardMember | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[BoardMember]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"checker": request.user})

    def save_model(self, request: HttpRequest, obj: BoardMember, form: BoardMemberForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and passwords.void_if_known(obj.user):
            messages.warning(request, passwords.MADE_VOID)
        say_doubts(request, obj.user)


@admin.register(Specialty)
class SpecialtyPage(TrackedViewOnly):
    """Entered on the page of the board member; listed here for its history."""

    list_display = ["topic", "member"]
    list_filter = ["topic"]
    search_fields = ["topic__name", "member__user__username"]
    list_select_related = ["topic", "member__user"]


@admin.register(Absence)
class AbsencePage(Page):
    """The member enters these on the desk; an administrator can for them."""

    fields = ["member", "first_day", "last_day"]
    frozen = ["member"]
    autocomplete_fields = ["member"]
    list_display = ["member", "first_day", "last_day"]
    list_filter = ["first_day", "last_day"]
    search_fields = ["member__user__username", "member__user__last_name", "member__user__contributor__name"]
    list_select_related = ["member__user"]


@admin.register(Availability)
class AvailabilityPage(Page):
    """As an absence: how many open requests the member takes at once."""

    fields = ["member", "at_once"]
    frozen = ["member"]
    autocomplete_fields = ["member"]
    list_display = ["member", "at_once"]
    list_filter = ["at_once"]
    search_fields = ["member__user__username", "member__user__last_name", "member__user__contributor__name"]
    list_select_related = ["member__user"]


class DisclosureForm(FitModelForm):
    shown_as_typed = frozenset({"statement"})
    tell_editors: Callable[[], None]  # once all is saved


@admin.register(Disclosure)
class DisclosurePage(TrackedPage):
    """Never deleted and never changed: a newer disclosure replaces it."""

    form = DisclosureForm
    may_delete = False
    frozen = ["member", "made_on", "valid_until", "none_declared", "statement"]
    fields = ["member", "made_on", "valid_until", "none_declared", "statement"]
    autocomplete_fields = ["member"]
    inlines = [ConflictRows]
    list_display = ["member", "made_on", "valid_until", "none_declared"]
    list_filter = ["none_declared", "valid_until"]
    search_fields = ["member__user__username", "member__user__last_name", "member__user__contributor__name"]
    list_select_related = ["member__user"]

    def save_model(self, request: HttpRequest, obj: Disclosure, form: DisclosureForm, change: bool) -> None:
        request.__dict__["_tell_editors"] = editors_to_tell(obj.member)  # as it was before the disclosure
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: DisclosureForm, formsets: Any, change: bool) -> None:
        """Save the topics of conflicts, and tell the editors of the requests and approvals that they bar."""
        super().save_related(request, form, formsets, change)
        request.__dict__.pop("_tell_editors")()


@admin.register(Conflict)
class ConflictPage(TrackedViewOnly):
    """Entered on the page of the disclosure; listed here for its history."""

    list_display = ["topic", "disclosure"]
    list_filter = ["topic"]
    search_fields = ["topic__name", "disclosure__member__user__username"]
    list_select_related = ["topic", "disclosure"]


@admin.register(Interest)
class InterestPage(TrackedViewOnly):
    """Declared by the member on the desk, as a part of their disclosure."""

    list_display = ["entity", "relation", "disclosure", "since", "until"]
    list_filter = ["relation", "until"]
    search_fields = ["entity", "disclosure__member__user__username"]
    list_select_related = ["disclosure"]


class QuorumForm(FitModelForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Article.Kind)
    risk = forms.ChoiceField(label=gettext_lazy("Risk"), choices=Article.Risk)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("clinical", "specialist", "pharmacist"):
            self.fields[name].validators.append(MAX_APPROVALS)


@admin.register(Quorum)
class QuorumPage(TrackedPage):
    """A pending review keeps the quorum of its submission. Without a row the default quorum applies."""

    form = QuorumForm
    frozen = ["kind", "risk"]
    list_display = ["__str__", "clinical", "specialist", "pharmacist", "by_section", "attest_references", "open_review"]
    list_filter = ["kind", "risk", "by_section", "attest_references", "open_review"]
    search_fields = ["^kind", "^risk"]
    ordering = ["kind", "risk"]
    change_list_template = "admin/quorums.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List the quorums, and below them those that hold by default for each kind and risk without a row."""
        known = {(row.kind, row.risk) for row in Quorum.objects.all()}
        rows = [Quorum(kind=kind, risk=risk) for kind in Article.Kind for risk in Article.Risk]
        defaults = [(row, default_for(row.kind, row.risk)) for row in rows if (row.kind, row.risk) not in known]
        return super().changelist_view(request, {**(extra_context or {}), "defaults": defaults})

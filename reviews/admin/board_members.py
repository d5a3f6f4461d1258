"""The board, its disclosures and the quorums: every save is an event in the ledger that names who made it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import TabularInline
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.forms import BaseInlineFormSet

from articles.admin.base import ByRole, TrackedPage, TrackedViewOnly
from articles.models import Article
from articles.text.plain.forms import FitModelForm
from reviews.admin import passwords
from reviews.models import BoardMember, Capacity, Conflict, Disclosure, Quorum, Specialty

MOST_APPROVALS = MaxValueValidator(9, "No text needs more than nine approvals of a kind.")


class Rows(ByRole, TabularInline):
    """Rows that are added and taken away, and never turned into another."""

    may_change = False
    extra = 0
    autocomplete_fields = ["topic"]
    fields = ["topic"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("topic")


class SpecialtyRows(Rows):
    model = Specialty


class ConflictFormSet(BaseInlineFormSet):
    def clean(self):
        """Refuse topics of a conflict beside the declaration that there is none: readers are told the latter."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("topic") and form not in self.deleted_forms]
        if self.instance.none_declared and kept:
            raise ValidationError("Nothing is declared above: state the interests, or take these topics away.")


class ConflictRows(Rows):
    model = Conflict
    formset = ConflictFormSet


class BoardMemberForm(FitModelForm):
    """Whoever enters a check of credentials is named as the one who made it."""

    checker = None
    capacities = forms.MultipleChoiceField(choices=Capacity.choices, widget=forms.CheckboxSelectMultiple)

    def clean(self):
        cleaned = super().clean()
        changed = {"credential_checked_on", "credential_valid_until"} & set(self.changed_data)
        by_another = self.instance.credential_checked_by not in (None, self.checker)
        if changed == {"credential_valid_until"} and by_another and cleaned.get("credential_checked_on"):
            self.add_error("credential_checked_on", "Give the day on which you checked the credentials again.")
        elif changed:
            self.instance.credential_checked_by = self.checker if cleaned.get("credential_checked_on") else None
        return cleaned

    def _get_validation_exclusions(self):
        """Let constraints see two fields that are not on the form: whose row it is, and who checked."""
        known = self.instance.user_id or self.cleaned_data.get("user")
        shown = {"credential_checked_by", "user"} if known else set()
        return super()._get_validation_exclusions() - shown


@admin.register(BoardMember)
class BoardMemberPage(TrackedPage):
    """A row is never deleted: who leaves the board loses the reviewer's role on the account."""

    may_delete = False
    form = BoardMemberForm
    frozen = ["user"]
    fields = ["user", "capacities", "credential_checked_on", "credential_valid_until", "credential_checked_by"]
    readonly_fields = ["credential_checked_by"]
    autocomplete_fields = ["user"]
    inlines = [SpecialtyRows]
    list_display = ["user", "roles", "credential_checked_on", "credential_valid_until", "credential_checked_by"]
    list_filter = ["credential_valid_until", "user__is_active"]
    search_fields = ["^user__username", "^user__last_name", "^user__contributor__name"]
    list_select_related = ["user", "credential_checked_by"]

    @admin.display(description="capacities")
    def roles(self, member):
        return ", ".join(Capacity(capacity).label for capacity in member.capacities)

    def get_form(self, request, obj=None, change=False, **kwargs):
        class CheckedBy(super().get_form(request, obj, change=change, **kwargs)):
            checker = request.user

        return CheckedBy

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change and passwords.void_if_known(obj.user):
            messages.warning(request, passwords.MADE_VOID)


@admin.register(Specialty)
class SpecialtyPage(TrackedViewOnly):
    """Entered on the board member's page; here for its history."""

    list_display = ["topic", "member"]
    list_filter = ["topic"]
    search_fields = ["^topic__name", "^member__user__username"]
    list_select_related = ["topic", "member__user"]


class DisclosureForm(FitModelForm):
    shown_as_typed = frozenset({"statement"})


@admin.register(Disclosure)
class DisclosurePage(TrackedPage):
    """Never deleted, nor said otherwise than it was made: a newer one takes its place."""

    form = DisclosureForm
    may_delete = False
    frozen = ["member", "made_on", "valid_until", "none_declared", "statement"]
    fields = ["member", "made_on", "valid_until", "none_declared", "statement"]
    autocomplete_fields = ["member"]
    inlines = [ConflictRows]
    list_display = ["member", "made_on", "valid_until", "none_declared"]
    list_filter = ["none_declared", "valid_until"]
    search_fields = ["^member__user__username", "^member__user__last_name", "^member__user__contributor__name"]
    list_select_related = ["member__user"]


@admin.register(Conflict)
class ConflictPage(TrackedViewOnly):
    """Entered on the disclosure's page; here for its history."""

    list_display = ["topic", "disclosure"]
    list_filter = ["topic"]
    search_fields = ["^topic__name", "^disclosure__member__user__username"]
    list_select_related = ["topic", "disclosure"]


class QuorumForm(FitModelForm):
    kind = forms.ChoiceField(choices=Article.Kind)
    risk = forms.ChoiceField(choices=Article.Risk)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("clinical", "specialist", "pharmacist"):
            self.fields[name].validators.append(MOST_APPROVALS)


@admin.register(Quorum)
class QuorumPage(TrackedPage):
    """Reviews under way keep the quorum they were submitted with. Without a row the defaults hold."""

    form = QuorumForm
    frozen = ["kind", "risk"]
    list_display = ["__str__", "clinical", "specialist", "pharmacist", "open_review"]
    list_filter = ["kind", "risk", "open_review"]
    search_fields = ["^kind", "^risk"]
    ordering = ["kind", "risk"]

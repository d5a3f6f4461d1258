"""What the page of an account holds of one person, beside the account: the name that readers see and the board row."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import StackedInline
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from articles.admin.base import ByRole
from articles.admin.library import ContributorForm
from articles.models import Contributor, Topic
from articles.text.plain.forms import KeysField
from reviews.admin.board_members import NO_TOPIC, BoardMemberForm
from reviews.models import BoardMember, Capacity, Specialty


class OneRow(ByRole, StackedInline):
    """The row of this person, if there is one. It is never deleted."""

    may_delete = False
    can_delete = False
    extra = max_num = 1


class PublicName(OneRow):
    model = Contributor
    form = ContributorForm
    fk_name = "user"
    fields = ["name", "credentials", "orcid", "bio"]
    verbose_name = gettext_lazy("name that readers see")


class SeatForm(BoardMemberForm):
    """A board row with the topics in which its holder is a specialist, as one field."""

    topics = KeysField(
        Topic.objects.order_by("name"),
        label=gettext_lazy("Specialist in"),
        required=False,
        widget=AutocompleteSelectMultiple(BoardMember._meta.get_field("specialties"), admin.site),
        help_text=gettext_lazy("The topics on which this person is asked as a specialist."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.specialty_rows.order_by("topic__name")
            self.initial["topics"] = list(rows.values_list("topic", flat=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if Capacity.SPECIALIST in cleaned.get("capacities", ()) and not cleaned.get("topics"):
            self.add_error("topics", ValidationError(NO_TOPIC))
        return cleaned

    def _save_m2m(self) -> None:
        """Add and remove the rows of specialties one by one, so that each has its history and its event."""
        super()._save_m2m()  # type: ignore[misc]  # private: not in the stubs
        chosen = {topic.pk: topic for topic in self.cleaned_data["topics"]}
        for row in self.instance.specialty_rows.order_by("pk"):
            if chosen.pop(row.topic_id, None) is None:
                row.delete()
        for topic in chosen.values():
            Specialty.objects.create(member=self.instance, topic=topic)


class Seat(OneRow):
    """The seat on the board. The administrator who enters a check of credentials is the person who checked them."""

    model = BoardMember
    form = SeatForm
    fk_name = "user"
    fields = ["capacities", "topics", "credential_checked_on", "credential_valid_until", "credential_checked_by"]
    readonly_fields = ["credential_checked_by"]
    verbose_name = gettext_lazy("seat on the medical advisory board")

    class Media:
        js = ["admin-labels.js"]

    def get_formset(
        self, request: HttpRequest, obj: User | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[Any, Any, Any]]:
        rows = super().get_formset(request, obj, **kwargs)
        rows.form = type("Seat", (rows.form,), {"checker": request.user})
        return rows

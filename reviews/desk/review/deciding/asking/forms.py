"""The form that asks several reviewers at once: whom, in which capacity, and by when."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Version
from articles.text.plain.forms import KeysField, is_key
from reviews.desk.forms import StepForm
from reviews.desk.review.deciding.asking.proposing import Row
from reviews.models import Assignment, Capacity, Review
from reviews.workflow.steps.assignment import due_by_default


class AskForm(StepForm):
    """
    Without input the people who are proposed are chosen.

    Somebody who can be asked in several capacities has a field for it, named by their account. Anybody else is asked in
    the only one that there is; if there is none, the step says why.
    """

    name = "ask"
    ask = KeysField(
        User.objects.select_related("contributor"),
        label=gettext_lazy("Whom to ask"),
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    due = forms.DateField(
        required=False, label=gettext_lazy("Review due by"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    risk = forms.ChoiceField(
        choices=Article.Risk,
        required=False,
        label=gettext_lazy("Risk"),
        help_text=gettext_lazy("You can raise it, not lower it."),
    )
    change = forms.ChoiceField(
        choices=Version.Change,
        required=False,
        label=gettext_lazy("Class of change"),
        help_text=gettext_lazy("You can choose a larger class than the author chose, but not a smaller one."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        rows: Sequence[Row] = (),
        initial: dict[str, Any] | None = None,
        instead: Assignment | None = None,
    ) -> None:
        chosen = [row.user for row in rows if row.proposed]
        super().__init__(data, initial={"ask": chosen, **(initial or {})})
        self.rows = {row.user: row for row in rows}
        if instead:
            label = _("Cancel the request to {name}").format(name=instead.reviewer_name)
            self.fields["cancel"] = forms.BooleanField(label=label, required=False, initial=True)
        for row in rows:
            if len(row.capacities) > 1:
                self.fields[_field(row.user)] = forms.ChoiceField(
                    label=gettext_lazy("Reviews as"),
                    required=False,
                    choices=[(each, Capacity(each).in_a_word) for each in row.capacities],
                    initial=row.proposed or row.capacities[0],
                )

    @property
    def chosen(self) -> set[str]:
        return {str(each) for each in self["ask"].value() or ()}

    def capacity_of(self, row: Row) -> BoundField | None:
        name = _field(row.user)
        return self[name] if name in self.fields else None

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "reviewers": [(user, self._capacity(user)) for user in data["ask"] or ()],
            "due": data["due"],
            "risk": data["risk"] or None,
            "change": data["change"] or None,
        }

    def _capacity(self, user: User) -> str:
        """Return the capacity that was chosen, or the first that this person can be asked in, or that they hold."""
        row = self.rows.get(user.pk)
        if row is None:
            return Capacity.CLINICAL
        possible = row.capacities or [*row.against, Capacity.CLINICAL]
        return str(self.cleaned_data.get(_field(user.pk)) or row.proposed or possible[0])


def _field(user: int) -> str:
    return f"as-{user}"


def ask_form(
    review: Review,
    rows: Sequence[Row],
    due: datetime.date,
    data: QueryDict | None = None,
    instead: Assignment | None = None,
) -> AskForm:
    terms = {"due": due, "risk": review.risk, "change": review.change}
    return AskForm(data, rows=rows, initial=terms, instead=instead)


def instead_of(review: Review, key: str) -> Assignment | None:
    """Return the open request with this key, and let somebody else be proposed for its place; None for no such one."""
    rows = review.all_assignments() if is_key(key) else []
    found = next((row for row in rows if row.pk == int(key) and row.is_open), None)
    if found:
        found.is_replaced = True
    return found


def day_of(review: Review, data: QueryDict | None) -> datetime.date:
    """Return the day that was entered, or the default: who is away until then is not proposed."""
    try:
        return datetime.date.fromisoformat(data.get("due", "") if data else "")
    except ValueError:
        return due_by_default(review)

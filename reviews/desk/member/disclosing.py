"""A board member's own disclosure of interests: the current one, the form of a new one, and one press to renew it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Topic
from articles.text.plain.forms import FitModelForm, KeysField, is_key
from reviews import workflow
from reviews.desk.access import own_board_row
from reviews.desk.answers import attempt
from reviews.desk.forms import StepForm
from reviews.models import BoardMember, Disclosure, Interest
from reviews.workflow.approval.eligibility import unplanned
from reviews.workflow.steps.interests.disclosing import (
    MONTHS_BACK,
    MOST_INTERESTS,
    Declared,
    first_day,
    require_in_period,
)

BLANK_ROWS = 2
MORE = "more"  # the button that asks for more rows
EARLIER = 20


class InterestForm(FitModelForm):
    """One interest. A row in which nothing is entered is none."""

    shown_as_typed = frozenset({"entity", "detail"})
    topics = KeysField(
        Topic.objects.all(),
        required=False,
        label=gettext_lazy("Topics that it touches"),
        help_text=gettext_lazy("Choose all. Hold Ctrl or Command to choose several."),
        widget=forms.SelectMultiple({"size": 6}),
    )

    class Meta:
        model = Interest
        fields = ["entity", "relation", "detail", "since", "until"]
        widgets = {name: forms.DateInput({"type": "date"}, "%Y-%m-%d") for name in ("since", "until")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        prefix: str,
        choices: list[tuple[int, str]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data,
            prefix=prefix,
            initial=initial,
            label_suffix="",
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.fields["topics"].choices = choices  # type: ignore[attr-defined]  # read once for all rows

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("since"):
            try:
                require_in_period(data["since"], data.get("until"), timezone.localdate())
            except ValidationError as error:
                self.add_error(None, error)
        return data

    def declared(self) -> Declared:
        data = self.cleaned_data
        return Declared(
            entity=data["entity"],
            relation=data["relation"],
            since=data["since"],
            until=data["until"],
            detail=data["detail"],
            topics=data["topics"],
        )


class DiscloseForm(StepForm):
    """The whole disclosure: rows of interests, or that there are none, and that this is everything."""

    none = forms.BooleanField(label=gettext_lazy("I have nothing to declare"), required=False)
    whole = forms.BooleanField(
        label=gettext_lazy("This is complete for the last 36 months"),
        error_messages={"required": gettext_lazy("Confirm that your disclosure is complete.")},
    )

    def __init__(self, data: QueryDict | None = None, *, known: list[Interest] | None = None) -> None:
        super().__init__(data)
        choices = [(topic.pk, topic.name) for topic in Topic.objects.all()]
        if data is None:
            known = known or []
            rows = [
                InterestForm(initial=_as_initial(row), prefix=str(n), choices=choices) for n, row in enumerate(known)
            ]
            blank = range(len(rows), min(len(rows) + BLANK_ROWS, MOST_INTERESTS))
            self.rows = [*rows, *(InterestForm(prefix=str(n), choices=choices) for n in blank)]
        else:
            self.rows = [InterestForm(data, prefix=str(n), choices=choices) for n in range(_rows_sent(data))]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for number, row in enumerate(self.rows, 1):
            for name, errors in row.errors.items():
                label = f"{row.fields[name].label}: " if name in row.fields else ""
                said = _("Entry {number}: {what}")
                for error in errors:
                    self.add_error(None, said.format(number=number, what=f"{label}{error}"))
        entered = [row for row in self.rows if row.has_changed()]
        if self.cleaned_data.get("none") and entered:
            self.add_error("none", _("You have entered interests below. Empty them, or take this tick away."))
        if not self.cleaned_data.get("none") and not entered:
            self.add_error("none", _("Enter your interests, or declare that there are none."))
        return self.cleaned_data

    def terms(self) -> dict[str, Any]:
        return {"interests": [row.declared() for row in self.rows if row.has_changed()]}


class RenewForm(StepForm):
    """One press: the disclosure that was shown is still true."""

    disclosure = forms.CharField(widget=forms.HiddenInput)

    def terms(self) -> dict[str, Any]:
        return {}


def _rows_sent(data: QueryDict) -> int:
    """Return how many rows the form has, with those that are asked for; at least one, and never too many."""
    sent = data.get("rows", "")
    number = int(sent) if is_key(sent) else 1
    return min(max(number, 1) + (BLANK_ROWS if MORE in data else 0), MOST_INTERESTS)


def _as_initial(row: Interest) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in InterestForm.Meta.fields}
    return {**fields, "topics": [each.topic_id for each in row.topic_rows.all()]}


@require_http_methods(["GET", "HEAD", "POST"])
def disclosures(request: SignedInRequest) -> HttpResponse:
    """Show the member's newest disclosure, and make a new one; the button for more rows makes none."""
    member = own_board_row(request)
    if request.method != "POST":
        return _page(request, member)
    form = DiscloseForm(request.POST)
    if MORE in request.POST:
        return _page(request, member, form, is_checked=False)
    if attempt(form, lambda **terms: workflow.disclose(member, actor=request.user, **terms)):
        return _done(request, member)
    return _page(request, member, form, status=form.http_status)


def page_path(request: SignedInRequest) -> str:
    own_board_row(request)
    return reverse("disclosures")


@posted_from(page_path)
def renew(request: SignedInRequest) -> HttpResponse:
    """Renew the disclosure that the page showed."""
    member = own_board_row(request)
    form = RenewForm(request.POST)
    shown = request.POST.get("disclosure", "")
    disclosure = member.disclosures.filter(pk=shown).first() if is_key(shown) else None
    if form.is_valid() and disclosure is None:
        raise Http404
    if disclosure and attempt(form, lambda: workflow.renew_disclosure(disclosure, actor=request.user)):
        return _done(request, member)
    return _page(request, member, bound=form, status=form.http_status)


def _done(request: SignedInRequest, member: BoardMember) -> HttpResponse:
    made = member.disclosures.current(timezone.localdate()).get()
    said = _("Your disclosure of interests is valid until {day}.")
    messages.success(request, said.format(day=date_format(made.valid_until)))
    return redirect("disclosures")


def _page(
    request: SignedInRequest,
    member: BoardMember,
    form: DiscloseForm | None = None,
    *,
    bound: StepForm | None = None,
    is_checked: bool = True,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    rows = list(
        member.disclosures.filter(made_on__lte=today).prefetch_related("interests__topic_rows__topic")[:EARLIER]
    )
    newest: Disclosure | None = rows[0] if rows else None
    known = [each for each in newest.interests.all() if each.is_since(first_day(today))] if newest else []
    context = {
        "form": form or DiscloseForm(known=known),
        "bound": bound or (form if is_checked else None),
        "is_checked": form is not None and is_checked,
        "disclosure": newest,
        "conflicts": newest.conflict_rows.filter(interest=None).select_related("topic") if newest else [],
        "earlier": rows[1:],
        "barred": unplanned.unplanned(unplanned.standing().filter(reviewer=request.user.pk)),
        "today": today,
        "first_day": first_day(today),
        "months": MONTHS_BACK,
        "most": MOST_INTERESTS,
    }
    return render(request, "desk/disclosures.html", context, status=status)

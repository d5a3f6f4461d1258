"""What is alike in all that editors do with what readers sent: who may, the locked row, and the form of each step."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.drafts import status_of
from articles.desk.requests import SignedInRequest
from articles.models.people import Role, holds
from articles.models.reader_input.sent import Settled
from articles.text.languages import within_sentence
from articles.text.plain.forms import FitForm

Row = TypeVar("Row", bound=Settled)


REFUSALS = {  # by the model
    "question": {
        "deleted": gettext_lazy("This question was deleted while you were working on it."),
        "closed": gettext_lazy("This question is not open any more: {state}. Open it again first."),
        "already_open": gettext_lazy("This question is open already."),
        "unknown": gettext_lazy("There is no question with this number. It may have been deleted."),
        "same": gettext_lazy("Enter the number of another question."),
        "itself_merged": gettext_lazy("That question is itself merged into question {number}."),
    },
    "errorreport": {
        "deleted": gettext_lazy("This report was deleted while you were working on it."),
        "closed": gettext_lazy("This report is not open any more: {state}. Open it again first."),
        "already_open": gettext_lazy("This report is open already."),
        "unknown": gettext_lazy("There is no report with this number. It may have been deleted."),
        "same": gettext_lazy("Enter the number of another report."),
        "itself_merged": gettext_lazy("That report is itself merged into report {number}."),
    },
}


class HandlingForm(FitForm, forms.Form):
    """The form of one thing that an editor does with what a reader sent."""

    def __init__(self, data: QueryDict | None = None, **more: Any) -> None:
        named = type(self).__name__.removesuffix("Form").lower()
        super().__init__(data, auto_id=f"{named}-%s", label_suffix="", **more)

    def terms(self) -> dict[str, Any]:
        """Return the keyword arguments of the function in `handling`."""
        return {}

    def refuse(self, refusal: ValidationError) -> None:
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)


def handle(
    request: SignedInRequest,
    row: Row,
    form: HandlingForm,
    function: Callable[..., Any],
    done: str,
    page: str,
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    """Do with the row what the form says, and go to its page. If this is refused, show that again with the input."""
    if form.is_valid():
        try:
            function(row, actor=request.user, **form.terms())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(page, row.pk)
    return show(request, row, form, status=status_of(form))


def require_editor(actor: User) -> None:
    if not holds(actor, Role.EDITOR):
        raise PermissionDenied(_("Only editors read and answer what readers send."))


def locked(row: Row, actor: User, also: Iterable[int] = ()) -> Row:
    """Return the row, read again and locked together with those `also` named; ValidationError if it is deleted."""
    require_editor(actor)
    manager: Any = type(row)._default_manager
    rows: list[Row] = manager.filter(pk__in=[row.pk, *also]).locked()
    found = next((each for each in rows if each.pk == row.pk), None)
    if found is None:
        raise ValidationError(_said(row, "deleted"), code="stale")
    return found


def open_row(row: Row, actor: User, also: Iterable[int] = ()) -> Row:
    """Return the row as `locked` does; ValidationError if it is not open any more."""
    found = locked(row, actor, also)
    if not found.is_open:
        done = found.get_state_display()  # type: ignore[attr-defined]  # a field of each subclass
        raise ValidationError(_said(row, "closed").format(state=within_sentence(str(done))), code="stale")
    return found


def closed_row(row: Row, actor: User) -> Row:
    """Return the row as `locked` does; ValidationError if it is open."""
    found = locked(row, actor)
    if found.is_open:
        raise ValidationError(_said(row, "already_open"), code="stale")
    return found


def mergeable(row: Row, into: int) -> Row:
    """Return the other row, into which this one can be merged; ValidationError if it cannot be."""
    other: Row | None = type(row)._default_manager.filter(pk=into).first()
    if other is None:
        raise ValidationError({"into": _said(row, "unknown")})
    if other.pk == row.pk:
        raise ValidationError({"into": _said(row, "same")})
    if other.is_merged:
        raise ValidationError({"into": _said(row, "itself_merged").format(number=other.outcome.pk)})
    return other


def _said(row: Settled, why: str) -> str:
    return str(REFUSALS[row._meta.model_name or ""][why])

"""Taking a step from a form. A refusal becomes an error of the form, and the view shows the page again."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError

from reviews.desk.forms import StepForm
from reviews.workflow import NotAllowed, NotNow

R = TypeVar("R")


def attempt(form: StepForm, step: Callable[..., R]) -> R | None:
    """
    Take the step with the form's terms and return its result; None if the form or the step refuses.

    The sentence of a refusal is then among the form's errors. `form.http_status` is 403 for NotAllowed, 409 for NotNow
    and 422 for wrong input.
    """
    if not form.is_valid():
        return None
    try:
        return step(**form.terms())
    except (NotAllowed, NotNow, ValidationError) as refusal:
        form.refuse(refusal)
    return None

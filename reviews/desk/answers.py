"""How a step's page answers: a refusal shows the same page again, with the sentence and all that was typed."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from reviews.desk.forms import StepForm
from reviews.workflow import NotAllowed, NotNow


def attempt(form: StepForm, step: Callable):
    """
    Take a step on the form's terms and return what it returns; None if the form or the step refuses.

    The refusal's sentence is then among the form's errors, and `form.http_status` is 403 for this person, 409 for not
    now and 422 for wrong input.
    """
    if not form.is_valid():
        return None
    try:
        return step(**form.terms())
    except (NotAllowed, NotNow, ValidationError) as refusal:
        form.refuse(refusal)
    return None

"""How a step's page answers: a refusal shows the same page again, with the sentence and all that was typed."""

from django.core.exceptions import ValidationError

from reviews.workflow import NotAllowed, NotNow


def attempt(form, step):
    """
    Take a step with the form's values and return what it returns; None where the form or the step refuses.

    The refusal's sentence is then among the form's errors, and `form.http_status` is 403 for this person, 409 for not
    now and 422 for wrong input.
    """
    if not form.is_valid():
        return None
    try:
        return step(**form.cleaned_data)
    except NotAllowed as refusal:
        form.http_status = 403
        form.add_error(None, str(refusal))
    except NotNow as refusal:
        form.http_status = 409
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        _add(form, refusal)
    return None


def _add(form, refusal: ValidationError):
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)

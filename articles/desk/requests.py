"""What views of the desk ask of a request: its type, for annotations, and the rows of a further page of a list."""

from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

Rows = TypeVar("Rows", bound=QuerySet[Any])
LONGEST_KEY = 18  # digits


class SignedInRequest(HttpRequest):
    """
    A request to a page that needs an account. `LoginRequiredMiddleware` answers every other request.

    It is only an annotation, for which `user` is an account and never `AnonymousUser`. No instances exist.
    """

    user: User


def behind(rows: Rows, after: str, order: tuple[str, ...], among: QuerySet[Any] | None = None) -> Rows:
    """
    Return the rows in this order, which ends with the key: those behind the row with the key `after`, or all.

    The row is looked for `among` these, or the rows themselves. A text that is no key of them is ignored, so that the
    list begins anew.
    """
    is_key = after.isascii() and after.isdigit() and len(after) < LONGEST_KEY
    last = (rows if among is None else among).filter(pk=after).first() if is_key else None
    if last is not None:
        further, same = Q(), Q()
        for field in order:
            name, step = field.removeprefix("-"), "lt" if field.startswith("-") else "gt"
            further |= same & Q(**{f"{name}__{step}": getattr(last, name)})
            same &= Q(**{name: getattr(last, name)})
        rows = rows.filter(further)
    return rows.order_by(*order)

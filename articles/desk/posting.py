"""Addresses that only take a form: a GET redirects to the page of the form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

View: TypeAlias = Callable[..., HttpResponse]


def posted_from(page: Callable[..., str]) -> Callable[[View], View]:
    """
    Pass a POST to the view, and redirect a GET to the page of the form.

    A refused form is shown at the address it was sent to. If that address is opened again, as after a restart of the
    browser, it leads back to the page. `page` takes the view's own arguments, returns the path, and raises Http404 as
    the view does.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(page(request, *args, **kwargs))

        return answer

    return decorate

"""Addresses that only take a form: what they answer to somebody who opens them."""

from collections.abc import Callable
from functools import wraps

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods


def posted_from(page: Callable[..., str]):
    """
    Hand a POST to the view; lead a GET to the page that the form stands on.

    A refused form is shown at the address it was sent to. Opened again, as after a restart of the browser, that address
    leads back to its page. `page` returns the path for the view's own arguments, and raises Http404 as the view does.
    """

    def decorate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(page(request, *args, **kwargs))

        return answer

    return decorate

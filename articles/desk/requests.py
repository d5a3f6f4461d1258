"""The type of a signed-in user's request, for the annotations of views."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class SignedInRequest(HttpRequest):
    """
    A request to a page that needs an account. `LoginRequiredMiddleware` answers every other request.

    It is only an annotation, for which `user` is an account and never `AnonymousUser`. No instances exist.
    """

    user: User

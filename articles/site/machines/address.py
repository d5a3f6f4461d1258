"""The address of the site, as a program needs it: with its scheme and host."""

from django.http import HttpRequest


def site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"

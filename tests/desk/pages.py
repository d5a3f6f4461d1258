"""The desk's pages as tests ask for them and read them."""

from django.urls import reverse

from tests.factories import PASSWORD

SIGNED = {
    "no_conflict": "on",
    "outcome": "approve",
    "password": PASSWORD,
    "reason": "",
    "read_elsewhere": "public",  # the text is not opened here first
    "offered": "public",
}


def url(name, *args):
    return reverse(name, args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())

import pytest
from django.test import Client

from tests.factories import submitted, under_review


@pytest.fixture
def at():
    """Return a browser in which this person is signed in."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def asked(author, editor, clinical, specialist):
    """A version under review, and the requests to its two reviewers."""
    version = submitted(author)
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))

import pytest
from django.test import Client


@pytest.fixture
def at():
    """Return a browser in which this person is signed in."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in

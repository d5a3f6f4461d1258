"""The first account of a new site: an administrator without a password, and an event; never a second one."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.models.people import roles_of
from tests.factories import evidence, last_event, person

pytestmark = pytest.mark.django_db


def made(*words) -> str:
    out = io.StringIO()
    call_command("first_administrator", *words, stdout=out)
    return out.getvalue()


def test_the_first_account_is_an_administrators_and_an_event():
    said = made("ruth", "ruth@Example.org")

    account = User.objects.get()
    assert (account.username, account.email, roles_of(account)) == ("ruth", "ruth@example.org", ["administrator"])
    assert not account.has_usable_password()
    assert (account.is_staff, account.is_superuser) == (False, False)
    assert last_event().action == "roles_changed"
    assert "https://testserver/desk/password/reset/" in said


def test_there_is_no_second_first_account():
    person("root", groups=["admin"])
    before = evidence()

    with pytest.raises(CommandError, match="There is already an administrator"):
        made("ruth", "ruth@example.org")

    assert evidence() == before
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [
        ("a b", "a@example.org", "Enter a valid username"),
        ("ruth", "nobody", "Enter a valid email address"),
        ("ruth", "", "Give an email address"),
    ],
)
def test_a_name_or_address_that_is_none_is_refused(name, address, sentence):
    with pytest.raises(CommandError, match=sentence):
        made(name, address)

    assert User.objects.count() == 0

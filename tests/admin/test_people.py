"""Accounts and roles: changed here, recorded and mailed; passwords of the board left to their owners."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail

from articles.models.people import Role, holds
from reviews.models import LedgerPrivate
from tests.admin.accounts import NEW, change, group, of_person, said
from tests.factories import actor_of, events, last_event, payload, person, rows, told


def test_an_account_is_made_without_a_password_and_gets_its_roles(at_admin, boss, django_capture_on_commit_callbacks):
    fields = {"username": "nina", "email": "nina@example.org", "is_active": "on", "groups": [group(Role.AUTHOR)]}
    fields |= {
        **of_person(),
        "password1": NEW,
        "password2": NEW,
        "usable_password": "true",
        "is_superuser": "on",
        "is_staff": "on",
    }

    with django_capture_on_commit_callbacks(execute=True):
        answer = at_admin.post("/admin/auth/user/add/", fields)

    nina = User.objects.get(username="nina")
    assert answer.status_code == 302
    assert not nina.has_usable_password()
    assert (nina.is_superuser, nina.is_staff) == (False, False)
    assert holds(nina, Role.AUTHOR)
    assert actor_of(last_event("roles_changed")) == str(boss.pk)
    assert told("roles_changed") == {"account": str(nina.pk), "groups": ["Authors"]}
    [message] = mail.outbox
    assert (message.to, message.subject) == (["nina@example.org"], "Welcome to Imprimatur")
    assert "Your roles: Authors." in message.body


def test_a_change_of_roles_is_an_event_in_the_administrators_name(at_admin, boss, author):
    answer = change(at_admin, author, groups=[group(Role.EDITOR)])

    event = last_event("roles_changed")
    assert answer.status_code == 302
    assert holds(author, Role.EDITOR)
    assert not holds(author, Role.AUTHOR)
    assert actor_of(event) == str(boss.pk)
    assert json.loads(LedgerPrivate.objects.get(event=event).text)["actor_name"] == "Bertha Boss"


def test_a_change_of_address_is_an_event_and_mailed_to_the_old_address(
    at_admin, boss, clinical, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        change(at_admin, clinical, email="new@example.org")

    assert actor_of(last_event("account_changed")) == str(boss.pk)
    assert payload("account_changed")["changed"] == ["email"]
    assert {address for message in mail.outbox for address in message.to} == {
        "new@example.org",
        "reviewer1@example.org",
    }


def test_an_account_is_locked_by_an_event(at_admin, boss, clinical):
    change(at_admin, clinical, is_active=None)

    clinical.refresh_from_db()
    assert not clinical.is_active
    assert told("account_changed") == {"account": str(clinical.pk), "active": False, "changed": ["is_active"]}
    assert actor_of(last_event("account_changed")) == str(boss.pk)


def test_saving_an_account_as_it_is_records_nothing(at_admin, clinical):
    before = events()

    assert change(at_admin, clinical).status_code == 302

    assert events() == before


def test_neither_superuser_nor_staff_nor_permissions_are_set_here(at_admin, author):
    change(at_admin, author, is_superuser="on", is_staff="on", user_permissions=["1", "2"])

    author.refresh_from_db()
    assert (author.is_superuser, author.is_staff, author.user_permissions.count()) == (False, False, 0)


@pytest.mark.parametrize(
    ("roles", "sentence"), [([Role.EDITOR], "Your roles are now: Editors."), ([], "Your roles are now: none.")]
)
def test_roles_that_are_exchanged_are_one_event_and_one_mail(
    at_admin, author, roles, sentence, django_capture_on_commit_callbacks
):
    before = last_event().position

    with django_capture_on_commit_callbacks(execute=True):
        change(at_admin, author, groups=[group(role) for role in roles])

    assert events(since=before) == ["roles_changed"]
    assert told("roles_changed")["groups"] == [role.group for role in roles]
    (sent,) = mail.outbox
    assert sent.body.splitlines()[0] == sentence


def test_accounts_and_roles_are_never_deleted(at_admin, author):
    before = User.objects.count(), Group.objects.count()

    for name in ("user", "group"):
        for pk in (author.pk, group(Role.AUTHOR)):
            assert at_admin.get(f"/admin/auth/{name}/{pk}/delete/").status_code == 403
            assert at_admin.post(f"/admin/auth/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403
    answer = at_admin.post(f"/admin/auth/group/{group(Role.AUTHOR)}/change/", {"name": "Writers"})

    assert answer.status_code == 403
    assert (User.objects.count(), Group.objects.count()) == before
    assert "You cannot do that on this page." in said(answer)


@pytest.mark.parametrize("lost", [{"groups": []}, {"is_active": None}])
def test_the_last_administrator_stays(lost, at_admin, boss):
    answer = change(at_admin, boss, **lost)

    boss.refresh_from_db()
    assert answer.status_code == 200
    assert "This is the only active administrator." in said(answer)
    assert holds(boss, Role.ADMIN)


@pytest.mark.parametrize("lost", [{"groups": []}, {"is_active": None}])
def test_an_administrator_whose_account_is_locked_is_no_other(lost, at_admin, boss):
    person("boss2", groups=["admin"], active=False)

    assert "This is the only active administrator." in said(change(at_admin, boss, **lost))
    assert holds(User.objects.get(pk=boss.pk), Role.ADMIN)


def test_an_administrator_may_go_where_another_stays(at_admin, boss):
    person("boss2", groups=["admin"])

    change(at_admin, boss, groups=[])

    assert not holds(boss, Role.ADMIN)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "EDITOR"}, "Another account has this username."),
        ({"email": "Editor@Example.org"}, "Another account has this address."),
        ({"email": ""}, "This field is required."),
        ({"username": "a" * 2_000_000}, "Ensure this value has at most 150 characters"),
        ({"username": "a\0b"}, "Null characters are not allowed."),
        ({"groups": ["999"]}, "Select a valid choice."),
        ({"groups": ["x"]}, "is not a valid value."),
    ],
)
def test_wrong_input_is_told_in_a_sentence_and_saves_nothing(changed, sentence, at_admin, author, editor):
    before = rows()

    answer = change(at_admin, author, **changed)

    assert answer.status_code == 200
    assert sentence in said(answer).replace("“", "")
    assert rows() == before

"""Passwords: made by their owners. A board member's is set by nobody else."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import mail

from articles.models.people import Role
from reviews.desk.sign_in.password_mail import PasswordMailForm
from tests.admin.accounts import NEW, change, group, of_person, said, set_password
from tests.factories import actor_of, board_member, last_event, payload, person, rows


def test_nobody_but_its_owner_sets_a_board_members_password(at_admin, clinical, lay):
    seated = board_member("seated", groups=())
    in_group = person("in-group", groups=["reviewer"])
    for user in (clinical, lay, seated, in_group):
        stored, before = user.password, rows()
        path = f"/admin/auth/user/{user.pk}/password/"

        for answer in (
            at_admin.get(path),
            set_password(at_admin, user),
            at_admin.post(path, {"usable_password": "false", "unset-password": "1"}),
        ):
            assert answer.status_code == 403
            assert "signs with their password, so nobody else can set it." in said(answer)

        user.refresh_from_db()
        assert user.password == stored
        assert rows() == before


def test_the_password_of_an_author_can_be_set_by_an_event(at_admin, boss, author):
    answer = set_password(at_admin, author)

    author.refresh_from_db()
    assert answer.status_code == 302
    assert author.check_password(NEW)
    assert payload("account_changed")["changed"] == ["password"]
    assert actor_of(last_event("account_changed")) == str(boss.pk)


def test_administrators_change_their_own_password_where_the_old_one_is_asked_for(at_admin, boss):
    boss.groups.add(group(Role.REVIEWER))

    answer = at_admin.get(f"/admin/auth/user/{boss.pk}/password/", follow=True)

    assert answer.redirect_chain[-1][0] == "/desk/password/"
    assert "old_password" in answer.content.decode()


@pytest.mark.parametrize("key", ["999", "abc", "9" * 30])
def test_the_password_of_no_account_is_not_found(key, at_admin):
    answer = at_admin.get(f"/admin/auth/user/{key}/password/")

    assert answer.status_code in (400, 404)


@pytest.mark.parametrize("door", ["role", "row"])
def test_a_password_that_an_administrator_knows_is_void_once_its_owner_joins_the_board(door, at_admin, author):
    set_password(at_admin, author)

    if door == "role":
        answer = change(at_admin, author, groups=[group(Role.AUTHOR), group(Role.REVIEWER)])
    else:
        answer = at_admin.post("/admin/reviews/boardmember/add/", board_row(author))

    author.refresh_from_db()
    assert answer.status_code == 302
    assert not author.has_usable_password()
    assert "so it is void now" in said(at_admin.get("/admin/"))


@pytest.mark.parametrize("door", ["role", "row"])
@pytest.mark.parametrize("changed", [False, True])
def test_a_password_of_ones_own_lasts_when_joining_the_board(door, changed, at_admin, author):
    """Earlier releases let an administrator set their own on the page of their account, which left a row in the log."""
    stored = author.password
    if changed:
        LogEntry.objects.create(
            user=author,
            content_type=ContentType.objects.get_for_model(author),
            object_id=str(author.pk),
            object_repr="author",
            action_flag=CHANGE,
            change_message='[{"changed": {"fields": ["password"]}}]',
        )

    if door == "role":
        change(at_admin, author, groups=[group(Role.REVIEWER)])
    else:
        at_admin.post("/admin/reviews/boardmember/add/", board_row(author))

    author.refresh_from_db()
    assert author.password == stored


def board_row(user) -> dict:
    return {
        "user": user.pk,
        "capacities": ["clinical"],
        "specialty_rows-TOTAL_FORMS": 0,
        "specialty_rows-INITIAL_FORMS": 0,
    }


def test_no_page_shows_a_password_hash(at_admin, author):
    page = said(at_admin.get(f"/admin/auth/user/{author.pk}/change/"))

    assert author.password not in page
    assert "Set a password" in page
    assert at_admin.get("/admin/auth/user/?password__exact=x").status_code == 400
    assert at_admin.get("/admin/auth/user/?password__startswith=x").status_code == 400


def test_who_has_no_password_yet_sets_the_first_one_by_mail(at_admin, client, django_capture_on_commit_callbacks):
    fields = {"username": "nina", "email": "nina@example.org", "is_active": "on", "groups": [group(Role.REVIEWER)]}
    at_admin.post("/admin/auth/user/add/", {**of_person(), **fields})
    client.logout()

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/desk/password/reset/", {"email": "nina@example.org"})
    path = re.search(r"https?://[^/]+(/desk/password/\S+)", mail.outbox[-1].body).group(1)
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})

    assert User.objects.get(username="nina").check_password(NEW)
    assert client.login(username="nina", password=NEW)


@pytest.mark.parametrize("address", ["nobody@example.org", "locked@example.org", "n\u0131na@example.org"])
def test_no_mail_goes_to_who_has_no_account_or_a_locked_one(address, client, db):
    person("locked", active=False)
    person("nina")

    answer = client.post("/desk/password/reset/", {"email": address})

    assert answer.status_code == 302
    assert mail.outbox == []


def test_an_accounts_form_does_not_bring_back_a_password_that_was_changed_meanwhile(at_admin, client, db, rf):
    nina = person("nina")
    stale = User.objects.get(pk=nina.pk)
    nina.set_password(NEW)
    nina.save()
    stale.email = "new@example.org"

    admin.site._registry[User].save_model(rf.post("/"), stale, form=None, change=True)

    saved = User.objects.get(pk=nina.pk)
    assert saved.email == "new@example.org"
    assert saved.check_password(NEW)


def test_an_address_that_the_database_takes_for_anothers_gets_no_mail(db, monkeypatch):
    nina = person("nina")
    monkeypatch.setattr(User.objects, "filter", lambda **asked: [nina])  # as PostgreSQL answers for dotless letters

    assert list(PasswordMailForm().get_users("n\u0131na@example.org")) == []
    assert list(PasswordMailForm().get_users("NINA@example.org")) == [nina]

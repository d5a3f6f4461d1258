"""One limit of guesses at a password, at every door that asks for one."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews import workflow
from reviews.models import SecurityRecord
from reviews.workflow import guesses
from tests.factories import PASSWORD, decide, person, submitted, under_review

NEW = "a much longer secret"
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def scene(author, editor, clinical, specialist):
    """A version that the specialist has approved and about which the clinician is asked."""
    asked, other = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(other)
    return asked


def signing(scene, client, password) -> str:
    try:
        digest = scene.review.version.digest
        workflow.decide(scene, actor=scene.reviewer, outcome="approve", password=password, digest=digest)
    except ValidationError as refusal:
        return refusal.error_dict["password"][0].code
    return "open"


def withdrawal(scene, client, password) -> str:
    if scene.review.status != "approved":
        decide(scene)
        scene.review.refresh_from_db()
    try:
        workflow.withdraw_approval(scene.review, actor=scene.reviewer, password=password, reason="A mistake.")
    except ValidationError as refusal:
        return refusal.error_dict["password"][0].code
    return "open"


def password_change(scene, client, password) -> str:
    words = {"old_password": password, "new_password1": NEW, "new_password2": NEW}
    answer = client.post(reverse("password_change"), words)
    if answer.status_code == 302:
        return "open"
    return answer.context["form"].errors.as_data()["old_password"][0].code


def sign_in(scene, client, password) -> str:
    answer = Client().post(reverse("sign_in"), {"username": scene.reviewer.username, "password": password})
    return "open" if answer.status_code == 302 else answer.context["form"].errors.as_data()["__all__"][0].code


DOORS = {
    "signing": (signing, "wrong_password"),
    "withdrawal": (withdrawal, "wrong_password"),
    "password change": (password_change, "password_incorrect"),
    "sign-in": (sign_in, "invalid_login"),
}


@pytest.mark.parametrize("name", DOORS)
def test_five_wrong_passwords_close_the_door_and_a_quarter_of_an_hour_opens_it(name, scene, at):
    door, wrong = DOORS[name]
    client = at(scene.reviewer)

    assert [door(scene, client, "wrong") for _ in range(5)] == [wrong] * 5
    assert door(scene, client, "wrong") == "throttled"
    assert door(scene, client, PASSWORD) == "throttled"

    SecurityRecord.objects.update(at=timezone.now() - guesses.WINDOW + 30 * SECOND)
    assert door(scene, client, PASSWORD) == "throttled"
    SecurityRecord.objects.update(at=timezone.now() - guesses.WINDOW)
    assert door(scene, client, PASSWORD) == "open"


@pytest.mark.parametrize("name", DOORS)
def test_four_wrong_passwords_leave_the_door_open(name, scene, at):
    door, wrong = DOORS[name]
    client = at(scene.reviewer)

    assert [door(scene, client, "wrong") for _ in range(4)] == [wrong] * 4
    assert door(scene, client, PASSWORD) == "open"


def test_signing_and_changing_the_password_are_one_door(scene, at):
    client = at(scene.reviewer)
    for _ in range(5):
        password_change(scene, client, "wrong")

    assert signing(scene, client, PASSWORD) == "throttled"
    assert sign_in(scene, client, PASSWORD) == "open"


def test_the_admin_has_no_door_of_its_own(at, db):
    boss = person("boss", groups=["admin"])
    words = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}

    answer = at(boss).post("/admin/password_change/", words)

    assert (answer.status_code, answer.url) == (302, reverse("password_change"))
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_strangers_fill_no_table(scene):
    for _ in range(12):
        sign_in(scene, None, "wrong")

    assert SecurityRecord.objects.count() == guesses.MOST


def test_a_name_that_nobody_has_is_closed_and_opened_alike(db):
    for _ in range(5):
        guesses.count_for_nobody("nobody")
    with pytest.raises(guesses.TooMany):
        guesses.count_for_nobody("nobody")
    guesses.count_for_nobody("nobody else")

    cache.clear()  # as its entries end by themselves
    guesses.count_for_nobody("nobody")


def test_no_name_that_was_typed_is_in_the_cache(db, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, *rest: kept.append(key) or True)

    guesses.count_for_nobody("secret-name")

    assert len(kept) == 1
    assert "secret" not in kept[0]

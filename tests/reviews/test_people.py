"""Changes of roles, accounts and the board: each an event, told to its owner at the old address."""

import datetime
import json

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Contributor
from articles.models.people import Role, roles_of
from reviews.evidence.ledger import guarded
from reviews.evidence.settings import history_user
from reviews.models import BoardMember, Disclosure, LedgerEvent, Quorum, Specialty
from reviews.verifying import verify
from reviews.workflow.accounts import roles_recorded_once
from tests.factories import (
    PASSWORD,
    actor_of,
    board_member,
    disclose,
    events,
    last_event,
    payload,
    person,
    told,
    topic,
)


def count():
    return LedgerEvent.objects.count()


@pytest.fixture
def mailed(django_capture_on_commit_callbacks):
    """Return a function that makes a change and gives the mails which it sent, as (address, body)."""

    def change(function):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function()
        return [(message.to, message.body) for message in mail.outbox]

    return change


# roles


def test_a_role_given_is_an_event_and_told_to_its_owner(author, mailed):
    before = count()

    sent = mailed(lambda: author.groups.add(Group.objects.get(name=Role.EDITOR.group)))

    assert count() == before + 1
    assert told("roles_changed") == {"account": str(author.pk), "groups": ["Authors", "Editors"]}
    [(to, body)] = sent
    assert to == ["author@example.org"]
    assert "Your roles are now: Authors, Editors." in body


def test_a_role_taken_is_an_event_from_whichever_side(author, editor, mailed):
    editors = Group.objects.get(name=Role.EDITOR.group)

    assert mailed(lambda: editor.groups.remove(editors))[0][0] == ["editor@example.org"]
    assert told("roles_changed") == {"account": str(editor.pk), "groups": []}
    editors.user_set.add(editor, author)
    assert payload("roles_changed")["groups"] in (["Editors"], ["Authors", "Editors"])
    before = count()
    editors.user_set.clear()
    assert [json.loads(event.payload)["groups"] for event in LedgerEvent.objects.filter(position__gt=before)] == [
        ["Authors"], [],
    ]  # fmt: skip


def test_roles_are_told_of_as_they_are_when_the_change_is_refused(author):
    before = count()

    def refused():
        with transaction.atomic(), roles_recorded_once(author):
            author.groups.set([])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()

    author.groups.add(Group.objects.get(name=Role.EDITOR.group))

    assert count() == before + 1, "nothing is held back afterwards"


def test_giving_a_role_that_is_held_already_changes_nothing(author):
    before = count()

    author.groups.add(Group.objects.get(name=Role.AUTHOR.group))
    Group.objects.get(name=Role.AUTHOR.group).user_set.add(author)

    assert count() == before


def test_a_group_that_is_no_role_is_no_role(author, editor):
    Group.objects.create(name="Football").user_set.add(author)

    assert roles_of(author) == ["author"]


def test_a_superuser_has_no_role_by_being_one(db):
    root = person("root")
    root.is_superuser = root.is_staff = True
    root.save()

    assert roles_of(root) == []


def test_a_deactivated_person_has_no_role(author):
    author.is_active = False
    author.save()

    assert roles_of(author) == []


# accounts


def test_a_new_address_is_an_event_and_told_to_the_old_one_too(clinical, mailed):
    clinical.email = "new@example.org"

    sent = mailed(clinical.save)

    assert sorted(to for [to], _ in sent) == ["new@example.org", "reviewer1@example.org"]
    assert all("Changed on your account: email address." in body for _, body in sent)
    assert payload("account_changed")["changed"] == ["email"]
    assert "example.org" not in last_event("account_changed").payload
    assert "example.org" not in last_event("account_changed").private.text


def test_a_new_password_of_a_board_member_is_an_event_and_told(clinical, mailed):
    clinical.set_password("another long password")

    [(to, body)] = mailed(clinical.save)

    assert (to, payload("account_changed")["changed"]) == (["reviewer1@example.org"], ["password"])
    assert "Changed on your account: password." in body
    assert "another long password" not in body
    assert clinical.password not in last_event("account_changed").private.text


def test_deactivating_somebody_is_an_event(clinical):
    clinical.is_active = False
    clinical.save(update_fields=["is_active"])

    assert payload("account_changed")["active"] is False


def test_an_account_that_is_locked_and_opened_again_is_told_so(clinical, mailed):
    clinical.is_active = False
    locked = mailed(clinical.save)
    clinical.is_active, clinical.first_name = True, "Clarissa"
    opened = mailed(clinical.save)

    assert [body.splitlines()[0] for _, body in locked] == ["Your account was locked."]
    words = "Your account was opened again. Changed on your account: first name."
    assert [body.splitlines()[0] for _, body in opened] == [words]


def test_a_member_without_the_group_is_watched_still(clinical):
    clinical.groups.clear()
    clinical = User.objects.get(pk=clinical.pk)
    before = count()
    clinical.set_password("another long password")
    clinical.save()

    assert count() == before + 1


def test_signing_in_or_saving_without_a_change_is_no_event(clinical):
    before = count()

    clinical.last_login = timezone.now()
    clinical.save(update_fields=["last_login"])
    clinical.save()

    assert count() == before


def test_an_account_without_a_role_is_in_the_ledger_too_and_told_nothing(db, mailed):
    reader = person("reader")
    before = count()
    reader.email = "new@example.org"

    assert mailed(reader.save) == []
    assert events(before) == ["account_changed"]


def test_a_new_account_is_an_event_that_holds_no_guessable_word_of_it(db):
    before = count()

    user = User.objects.create_user("nina", "nina@example.org", PASSWORD)

    event = last_event()
    assert events(before)[-1] == "account_made"
    assert json.loads(event.payload).keys() == {"account"}
    held = json.loads(event.private.text)
    assert held["settings"].keys() == {f"auth_user:{user.pk}"}
    assert not {user.password, user.email} & set(held["settings"].values())
    again = guarded.all_commitments()
    assert again["settings"][f"auth_user:{user.pk}"] != held["settings"][f"auth_user:{user.pk}"]  # another salt


def test_an_account_that_is_deleted_after_all_loses_its_roles_in_the_ledger_too(db):
    user = User.objects.create_user("nina", "nina@example.org")
    user.groups.add(Group.objects.get(name=Role.EDITOR.group))
    before = count()

    user.delete()

    assert events(before) == ["roles_changed", "account_deleted"]
    assert verify().problems == []


@pytest.mark.django_db
def test_an_account_changed_outside_any_transaction_is_an_event_as_well():
    user = person("editor", groups=["editor"])
    before = count()

    user.set_password("another long password")
    user.save()

    assert count() == before + 1
    assert payload("account_changed")["changed"] == ["password"]


# who did it


def test_the_event_names_who_made_the_change(client, author, editor):
    author._history_user = editor
    assert history_user(author) == editor
    author.email = "new@example.org"
    author.save()

    assert actor_of(last_event("account_changed")) == str(editor.pk)


def test_a_change_by_nobody_known_says_so(author):
    author.email = "new@example.org"
    author.save()

    assert actor_of(last_event("account_changed")) == ""


# the board


def test_every_row_about_the_board_is_an_event(db):
    before = count()

    board_member("bea", specialties=["Oncology"], conflicts=["Cardiology"])

    assert events(before) == [
        *([] if before else ["ledger_started"]),
        "account_made", "settings_changed", "roles_changed", "board_changed",
        *(["settings_changed", "board_changed"]), "disclosure_changed", *(["settings_changed", "disclosure_changed"]),
    ]  # fmt: skip


def test_a_change_of_the_board_commits_to_row_and_history(clinical):
    member = clinical.board_member
    member.capacities = ["clinical", "lay"]
    member.save()

    event = last_event()
    held = json.loads(event.payload).get("rows") or json.loads(event.private.text).get("rows")
    assert event.action == "board_changed"
    assert {name.split(":")[0] for name in held} == {"reviews_boardmember", "reviews_historicalboardmember"}


def test_taking_a_specialty_away_is_an_event_too(specialist):
    before = count()

    Specialty.objects.get(member__user=specialist).delete()

    assert events(before) == ["board_changed"]
    assert payload("board_changed")["deleted"].startswith("reviews_specialty:")


def test_a_quorum_is_an_event(db):
    Quorum(kind="topic", risk="high", clinical=3).save()

    assert last_event().action == "quorum_changed"


def test_board_rows_are_not_changed_in_bulk(clinical):
    with pytest.raises(TypeError, match="only ever added"):
        BoardMember.objects.update(capacities=["lay"])


def test_what_is_refused_by_a_constraint_is_no_event(clinical):
    member = clinical.board_member
    before = count()
    member.credential_checked_by = clinical

    with pytest.raises(ValidationError, match=r"Someone else must check a board member's credentials\."):
        member.save()

    assert count() == before


def test_the_constraints_of_the_board_say_what_to_do(clinical):
    today = timezone.localdate()
    member = clinical.board_member

    def of_member(**fields):
        fresh = BoardMember.objects.get(pk=member.pk)
        for name, value in fields.items():
            setattr(fresh, name, value)
        return fresh

    def disclosure(**fields):
        given = {"made_on": today, "valid_until": today + datetime.timedelta(days=9), "none_declared": True, **fields}
        return Disclosure(member=member, **given)

    Quorum(kind="topic", risk="high").save()
    for broken, sentence in [
        (of_member(credential_checked_by=clinical), "Someone else must check a board member's credentials."),
        (of_member(credential_valid_until=today), "Credentials must be valid beyond the date of their check."),
        (of_member(credential_checked_on=None), "Credentials must be valid beyond the date of their check."),
        (of_member(capacities=["surgeon"]),
         "Choose from these capacities, each once: clinical, specialist, pharmacist, lay."),
        (of_member(capacities=["lay", "lay"]),
         "Choose from these capacities, each once: clinical, specialist, pharmacist, lay."),
        (disclosure(none_declared=False), "Either state the interests or declare that there are none."),
        (disclosure(statement="Fees."), "Either state the interests or declare that there are none."),
        (disclosure(valid_until=today), "A disclosure must be valid beyond the date it was made."),
        (Quorum(kind="topic", risk="high"), "There is already a quorum for this kind and risk."),
        (Quorum(kind="topic", risk="standard", clinical=0, specialist=0),
         "A quorum needs at least one clinical approval. It cannot need more specialists than clinical approvals."),
        (Quorum(kind="topic", risk="standard", clinical=1, specialist=2),
         "A quorum needs at least one clinical approval. It cannot need more specialists than clinical approvals."),
    ]:  # fmt: skip
        before = count()
        with pytest.raises(ValidationError) as refused:
            broken.save()
        assert sentence in refused.value.messages, sentence
        assert count() == before


def test_a_public_person_has_a_name_and_an_orcid_of_their_own(clinical):
    contributor = clinical.contributor
    contributor.orcid = "0000-0002-1825-0097"
    contributor.save()

    with pytest.raises(ValidationError, match=r"Give the name that readers see\."):
        Contributor(name="").validate_constraints()
    with pytest.raises(ValidationError, match=r"Another contributor has this ORCID iD\."):
        Contributor(name="Other", orcid="0000-0002-1825-0097").validate_constraints()
    with pytest.raises(ValidationError, match="its last character is a check digit"):
        Contributor(name="Other", orcid="0000-0002-1825-0098").full_clean()


def test_a_disclosure_names_the_topics_it_bars(clinical):
    row = disclose(clinical.board_member, conflicts=["Cardiology"])

    assert list(row.conflicts.all()) == [topic("Cardiology")]


def test_a_hash_that_django_renews_at_sign_in_is_an_event_and_not_mailed(clinical, settings, mailed):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = count()

    sent = mailed(lambda: clinical.check_password(PASSWORD))

    clinical.refresh_from_db()
    assert clinical.password.startswith("scrypt$")
    assert events(before) == ["account_changed"]
    assert sent == []


def test_one_event_gives_one_person_one_name(editor):
    """Who changes their own account is told to be the same person, in this event and in no other."""
    editor._history_user = editor
    for address in ("one@example.org", "two@example.org"):
        editor.email = address
        editor.save()
    first, second = LedgerEvent.objects.filter(action="account_changed").order_by("position")

    assert first.actor == json.loads(first.payload)["account"] != second.actor == json.loads(second.payload)["account"]

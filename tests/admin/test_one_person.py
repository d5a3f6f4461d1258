"""Everything about one person in one form, lists by purpose, and people found by any part of a name."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import document_fromstring

from articles.models.people import Role, holds
from config.administration.groups import GROUPS, by_purpose
from reviews.models import BoardMember, Capacity
from tests.admin.accounts import change, group, of_person, posted, said
from tests.admin.registry import OURS, address, label
from tests.factories import actor_of, board_member, events, last_event, rows, topic

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + datetime.timedelta(days=365)
NINA = {"username": "nina", "email": "nina@example.org", "is_active": "on"}
NAME = {"name": "Nina Neuro", "credentials": "MD", "orcid": "", "bio": ""}
NO_TOPIC = "Add the topics in which this person is a specialist, or take the capacity away."


def seat(*topics, capacities=(Capacity.CLINICAL, Capacity.SPECIALIST), **changed) -> dict:
    entered = {"capacities": list(capacities), "topics": [each.pk for each in topics]}
    return {**entered, "credential_checked_on": TODAY, "credential_valid_until": NEXT_YEAR, **changed}


UNCHECKED = seat(capacities=["clinical"], credential_checked_on="", credential_valid_until="")
CLINICIAN = {"name": NAME, "seat": seat(capacities=["clinical"])}


def add(client, *, groups=(Role.REVIEWER,), name=None, seat=None):
    fields = {**NINA, "groups": [group(role) for role in groups], **of_person(name=name, seat=seat)}
    return client.post("/admin/auth/user/add/", fields, follow=True)


def test_a_clinician_is_added_in_one_form(at_admin, boss):
    subjects = [topic("Neurology"), topic("Stroke")]
    before = last_event().position

    answer = add(at_admin, name=NAME, seat=seat(*subjects))

    nina = User.objects.get(username="nina")
    member = nina.board_member
    assert nina.contributor.name == "Nina Neuro"
    assert holds(nina, Role.REVIEWER)
    assert not nina.has_usable_password()
    assert member.capacities == ["clinical", "specialist"]
    assert member.credential_checked_by == boss
    assert {row.topic.name for row in member.specialty_rows.all()} == {"Neurology", "Stroke"}
    assert sorted(events(before)) == ["account_made", *["board_changed"] * 3, "roles_changed", "settings_changed"]
    assert actor_of(last_event("board_changed")) == str(boss.pk)
    assert member.history.latest().history_user == boss
    assert "nobody can ask" not in said(answer)
    assert BoardMember.objects.seated().filter(user=nina).exists()


def test_an_account_without_name_and_seat_makes_neither(at_admin):
    add(at_admin, groups=[Role.EDITOR])

    nina = User.objects.get(username="nina")
    assert not hasattr(nina, "contributor")
    assert not hasattr(nina, "board_member")


@pytest.mark.parametrize(
    ("groups", "entered", "sentence"),
    [
        ([Role.REVIEWER], {"name": NAME}, "has the role of the medical advisory board, but no capacity below"),
        ([Role.EDITOR], {"name": NAME, "seat": seat(capacities=["clinical"])}, "but not the role of the medical"),
        ([Role.REVIEWER], {"seat": seat(capacities=["clinical"])}, "Nina has no public name and credentials to sign"),
        ([Role.REVIEWER], CLINICIAN, "Nina Neuro has no current disclosure of interests."),
        ([Role.REVIEWER], CLINICIAN, "They fill it in on the desk: “Disclose your interests”."),
        ([Role.REVIEWER], {**CLINICIAN, "seat": UNCHECKED}, "credentials of Nina Neuro have not been checked"),
        (
            [Role.REVIEWER],
            {**CLINICIAN, "name": {**NAME, "credentials": ""}},
            "Readers see no credentials after the name of Nina Neuro.",
        ),
    ],
)
def test_what_still_keeps_somebody_from_reviewing_is_said(groups, entered, sentence, at_admin):
    assert sentence in said(add(at_admin, groups=groups, **entered))


def test_of_a_lay_member_neither_a_check_nor_credentials_are_wanted(at_admin):
    lay = {**UNCHECKED, "capacities": ["lay"]}

    page = said(add(at_admin, name={**NAME, "credentials": ""}, seat=lay))

    assert "Nina Neuro has no current disclosure of interests." in page
    assert "have not been checked" not in page
    assert "Readers see no credentials" not in page


def test_nothing_is_said_of_a_member_who_can_be_asked(at_admin, specialist):
    page = said(at_admin.post(address(User, "change", specialist), posted(specialist), follow=True))

    assert document_fromstring(page).find_class("warning") == []
    assert "was changed successfully" in page


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"credential_valid_until": ""}, "Enter until when the check is valid, for example for a year."),
        (
            {"credential_checked_on": NEXT_YEAR, "credential_valid_until": NEXT_YEAR + datetime.timedelta(days=9)},
            "This day has not come yet. Enter the day of the check.",
        ),
    ],
)
def test_a_check_has_happened_and_has_an_end(entered, sentence, at_admin, clinical):
    before = rows()

    new = add(at_admin, name=NAME, seat=seat(capacities=["clinical"], **entered))
    known = change(at_admin, clinical, **of_person(clinical, seat=entered))
    member = {"capacities": ["clinical"], "specialty_rows-TOTAL_FORMS": 0, "specialty_rows-INITIAL_FORMS": 0}
    checked = {"credential_checked_on": TODAY, "credential_valid_until": NEXT_YEAR, **entered}
    alone = at_admin.post(address(BoardMember, "change", clinical.board_member), {**member, **checked})

    assert [sentence in said(answer) for answer in (new, known, alone)] == [True] * 3
    assert rows() == before


def test_the_page_of_a_board_member_says_it_too(at_admin, clinical):
    clinical.contributor.credentials = ""
    clinical.contributor.save()
    member = clinical.board_member
    entered = {"capacities": ["clinical"], "credential_checked_on": "", "credential_valid_until": ""}
    rows_below = {"specialty_rows-TOTAL_FORMS": 0, "specialty_rows-INITIAL_FORMS": 0}

    page = said(at_admin.post(address(BoardMember, "change", member), {**entered, **rows_below}, follow=True))

    assert "The credentials of Clara Clinical have not been checked" in page
    assert "Readers see no credentials after the name of Clara Clinical." in page


def test_a_specialist_has_a_topic_here_too_and_nothing_of_the_form_is_saved(at_admin):
    before = rows()

    answer = add(at_admin, name=NAME, seat=seat())

    assert answer.status_code == 200
    assert NO_TOPIC in said(answer)
    assert "Nina Neuro" in said(answer)
    assert rows() == before


def test_who_has_checked_credentials_is_not_chosen_but_signed_in(at_admin, boss, editor, specialist):
    chosen = specialist.board_member.specialties.all()

    change(at_admin, specialist, **of_person(specialist, seat=seat(*chosen, credential_checked_by=editor.pk)))

    assert BoardMember.objects.get(user=specialist).credential_checked_by in (None, boss)


def test_specialties_come_and_go_one_event_each(at_admin, specialist):
    (old,) = specialist.board_member.specialties.all()
    new = topic("Surgery")
    before = last_event().position

    change(at_admin, specialist, **of_person(specialist, seat={"topics": [new.pk]}))

    assert list(specialist.board_member.specialties.all()) == [new]
    assert events(before) == ["board_changed"] * 3
    gone = specialist.board_member.specialty_rows.model.history.filter(history_type="-").latest()
    assert gone.topic_id == old.pk


def test_saving_a_board_member_as_they_are_records_nothing(at_admin, specialist):
    before = events()

    assert change(at_admin, specialist).status_code == 302

    assert events() == before


def test_a_name_and_a_seat_are_never_taken_away(at_admin, specialist):
    fields = posted(specialist, **{"contributor-0-DELETE": "on", "board_member-0-DELETE": "on"})

    at_admin.post(f"/admin/auth/user/{specialist.pk}/change/", fields)

    assert User.objects.get(pk=specialist.pk).board_member.specialties.count() == 1
    assert User.objects.get(pk=specialist.pk).contributor.name


def test_an_administrator_does_not_check_their_own_credentials(at_admin, boss):
    answer = change(at_admin, boss, **of_person(boss, seat=seat(capacities=["clinical"])))

    assert "Someone else must check a board member's credentials." in said(answer)
    assert not BoardMember.objects.filter(user=boss).exists()


def test_the_page_of_a_person_costs_the_same_with_one_specialty_and_with_many(at_admin):
    few = board_member("few", capacities=["specialist"], specialties=["Surgery"])
    many = board_member("many", capacities=["specialist"], specialties=[f"Topic {number}" for number in range(9)])
    costs = []
    for user in (few, few, many):
        with CaptureQueriesContext(connection) as captured:
            assert at_admin.get(address(User, "change", user)).status_code == 200
        costs.append(len(captured))

    assert costs[1] == costs[2] <= 20


@pytest.mark.parametrize("part", ["Neuro", "euro", "nina", "Nina Neuro", "NEURO"])
def test_people_are_found_by_any_part_of_a_name(part, at_admin):
    nina = board_member("anina", "Nina Neuro")

    for model, row in ((User, nina), (BoardMember, nina.board_member), (type(nina.contributor), nina.contributor)):
        page = at_admin.get(address(model, "changelist"), {"q": part})
        assert list(page.context["cl"].result_list) == [row], label(model)


def test_no_list_asks_for_the_beginning_of_a_name():
    begins = {
        f"{label(model)}: {field}"
        for model, page in OURS.items()
        for field in page.search_fields
        if field.startswith("^") and field.endswith(("name", "title", "heading", "label"))
    }

    assert begins == set()


def test_every_list_stands_in_one_group():
    named = [name for names in GROUPS.values() for name in names]

    assert sorted(named) == sorted(label(model) for model in OURS)


def test_the_first_page_lists_everything_by_purpose(at_admin):
    page = document_fromstring(at_admin.get("/admin/").content)

    tables = page.xpath("//*[@id='content-main']//table")
    groups = {table.findtext("caption"): table.xpath(".//th/a") for table in tables}
    assert list(groups) == [str(name) for name in GROUPS]
    assert [link.text_content() for link in groups["People and the board"]][:3] == [
        "Users",
        "Contributors",
        "Board members",
    ]
    links = {link.get("href") for found in groups.values() for link in found}
    assert links == {address(model, "changelist") for model in OURS}


def test_a_list_of_no_group_is_not_lost():
    entry = {"model": ContentType, "name": "content types"}

    (found,) = by_purpose([{"name": "Other", "app_label": "other", "models": [entry]}])

    assert (found["name"], found["models"]) == ("Other", [entry])


def test_the_only_administrator_changes_what_does_not_take_the_role_away(at_admin, boss):
    answer = change(at_admin, boss, email="elsewhere@example.org")

    assert answer.status_code == 302
    assert User.objects.get(pk=boss.pk).email == "elsewhere@example.org"

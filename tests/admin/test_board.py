"""Board, disclosures and quorums: every save and deletion is an event in the administrator's name."""

import datetime
import json

import pytest
from django.utils import timezone
from lxml.html import document_fromstring

from reviews.models import BoardMember, Conflict, Disclosure, LedgerEvent, LedgerPrivate, Quorum, Specialty
from tests.factories import actor_of, disclose, events, last_event, person, rows, topic

TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
NEXT_YEAR = TODAY + 365 * DAY


def inline(prefix, *, added=(), deleted=(), kept=()):
    """Return what the page posts of its rows below."""
    old = [*kept, *deleted]
    fields = {f"{prefix}-TOTAL_FORMS": len(old) + len(added), f"{prefix}-INITIAL_FORMS": len(old)}
    for number, row in enumerate(old):
        fields[f"{prefix}-{number}-id"] = row.pk
        if row in deleted:
            fields[f"{prefix}-{number}-DELETE"] = "on"
    for number, subject in enumerate(added, start=len(old)):
        fields[f"{prefix}-{number}-topic"] = subject.pk
    return fields


def member_posted(**changed):
    fields = {
        "capacities": ["clinical", "pharmacist"],
        "credential_checked_on": TODAY,
        "credential_valid_until": NEXT_YEAR,
        **inline("specialty_rows"),
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def change_member(client, member, **changed):
    return client.post(f"/admin/reviews/boardmember/{member.pk}/change/", member_posted(**changed))


def disclosure_posted(**changed):
    fields = {"made_on": TODAY, "valid_until": NEXT_YEAR, "none_declared": "on", "statement": ""}
    return {**fields, **inline("conflict_rows"), **changed}


def actors(since: int) -> set[str]:
    return {actor_of(event) for event in LedgerEvent.objects.filter(position__gt=since)}


def test_somebody_joins_the_board_with_specialties_by_events_in_the_administrators_name(at_admin, boss):
    nina = person("nina", groups=["reviewer"])
    specialties = [topic("Oncology"), topic("Surgery")]
    before = last_event().position

    answer = at_admin.post(
        "/admin/reviews/boardmember/add/", member_posted(user=nina.pk, **inline("specialty_rows", added=specialties))
    )

    member = BoardMember.objects.get(user=nina)
    assert answer.status_code == 302
    assert member.capacities == ["clinical", "pharmacist"]
    assert member.credential_checked_by == boss
    assert {row.topic.name for row in member.specialty_rows.all()} == {"Oncology", "Surgery"}
    assert events(before) == ["board_changed"] * 3
    assert actors(before) == {str(boss.pk)}
    assert member.history.latest().history_user == boss


def test_a_change_of_the_board_names_who_made_it(at_admin, boss, clinical):
    answer = change_member(at_admin, clinical.board_member, capacities=["lay"])

    assert answer.status_code == 302
    assert BoardMember.objects.get(user=clinical).capacities == ["lay"]
    assert actor_of(last_event("board_changed")) == str(boss.pk)
    assert json.loads(LedgerPrivate.objects.get(event=last_event("board_changed")).text)["actor_name"] == "Bertha Boss"


def test_a_specialty_is_taken_away_by_an_event(at_admin, boss, specialist):
    (row,) = Specialty.objects.filter(member__user=specialist)
    before = last_event().position

    change_member(at_admin, specialist.board_member, **inline("specialty_rows", deleted=[row]))

    assert not Specialty.objects.filter(pk=row.pk).exists()
    assert events(before) == ["board_changed"] * 2
    assert actors(before) == {str(boss.pk)}


def test_a_specialist_has_a_specialty(at_admin, boss, specialist, clinical):
    (row,) = Specialty.objects.filter(member__user=specialist)
    said = "Add the topics in which this person is a specialist, or take the capacity away."
    before, as_specialist = rows(), {"capacities": ["clinical", "specialist"]}

    none = change_member(at_admin, clinical.board_member, **as_specialist)
    taken = change_member(at_admin, specialist.board_member, **as_specialist, **inline("specialty_rows", deleted=[row]))
    new = member_posted(user=person("nina", groups=["reviewer"]).pk, **as_specialist)
    joining = at_admin.post("/admin/reviews/boardmember/add/", new)

    assert [said in answer.content.decode() for answer in (none, taken, joining)] == [True] * 3
    assert rows()["reviews_boardmember"] == before["reviews_boardmember"]
    assert rows()["reviews_specialty"] == before["reviews_specialty"]
    other = inline("specialty_rows", deleted=[row], added=[topic("Surgery")])
    assert change_member(at_admin, specialist.board_member, **as_specialist, **other).status_code == 302


def test_nobody_checks_their_own_credentials(at_admin, boss):
    member = BoardMember.objects.create(user=boss, capacities=["clinical"])
    before = rows()

    answer = change_member(at_admin, member)

    assert answer.status_code == 200
    assert "Someone else must check a board member&#x27;s credentials." in answer.content.decode()
    assert rows() == before


def test_nobody_checks_credentials_in_the_name_of_another(at_admin, boss, editor, clinical):
    until = NEXT_YEAR + datetime.timedelta(days=1)
    change_member(at_admin, clinical.board_member, credential_checked_on=TODAY - DAY)

    change_member(at_admin, clinical.board_member, credential_checked_by=editor.pk, credential_valid_until=until)

    assert BoardMember.objects.get(user=clinical).credential_checked_by == boss


def test_who_only_prolongs_another_ones_check_has_to_say_when_they_checked(at_admin, boss, editor, clinical):
    member = clinical.board_member
    member.credential_checked_by = editor
    member.save()
    until = NEXT_YEAR + DAY

    refused = change_member(
        at_admin, member, credential_checked_on=member.credential_checked_on, credential_valid_until=until
    )
    kept = BoardMember.objects.get(user=clinical)
    change_member(at_admin, member, credential_checked_on=TODAY - DAY, credential_valid_until=until)

    assert "Give the day on which you checked the credentials again." in refused.content.decode()
    assert (kept.credential_checked_by, kept.credential_valid_until) == (editor, member.credential_valid_until)
    assert BoardMember.objects.get(user=clinical).credential_checked_by == boss


def test_who_adds_themselves_with_a_check_keeps_what_they_typed(at_admin, boss):
    before = rows()

    answer = at_admin.post("/admin/reviews/boardmember/add/", member_posted(user=boss.pk))

    assert answer.status_code == 200
    assert "Someone else must check a board member&#x27;s credentials." in answer.content.decode()
    assert f'value="{NEXT_YEAR}"' in answer.content.decode()
    assert rows() == before


def test_a_row_of_the_board_stays_with_its_person(at_admin, editor, clinical):
    change_member(at_admin, clinical.board_member, user=editor.pk)

    assert BoardMember.objects.get(pk=clinical.board_member.pk).user == clinical


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capacities": None}, "This field is required."),
        ({"capacities": ["surgeon"]}, "Select a valid choice."),
        ({"capacities": ["lay", "lay"]}, "Choose from these capacities, each once"),
        ({"credential_valid_until": TODAY}, "Credentials must be valid beyond the date of their check."),
        ({"credential_checked_on": ""}, "Credentials must be valid beyond the date of their check."),
        ({"credential_checked_on": "yesterday"}, "Enter a valid date."),
        ({"specialty_rows-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
        ({"specialty_rows-TOTAL_FORMS": 1, "specialty_rows-0-topic": 999}, "Select a valid choice."),
    ],
)
def test_a_wrong_row_is_told_in_a_sentence_and_saves_nothing(changed, sentence, at_admin, clinical):
    before = rows()

    answer = change_member(at_admin, clinical.board_member, **changed)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert rows() == before


def test_the_same_specialty_twice_is_told_in_a_sentence(at_admin, specialist):
    (row,) = Specialty.objects.filter(member__user=specialist)
    before = rows()

    unseen = change_member(at_admin, specialist.board_member, **inline("specialty_rows", added=[row.topic]))
    seen = change_member(at_admin, specialist.board_member, **inline("specialty_rows", kept=[row], added=[row.topic]))

    assert "Specialty with this Member and Topic already exists." in unseen.content.decode()
    assert "Please correct the duplicate data for topic." in seen.content.decode()
    assert rows() == before


def test_a_form_that_is_out_of_date_breaks_nothing(at_admin, specialist):
    """Another administrator took the specialty away since the page was opened."""
    (row,) = Specialty.objects.filter(member__user=specialist)
    posted = inline("specialty_rows", kept=[row])
    row.delete()

    answer = change_member(at_admin, specialist.board_member, **posted)

    assert answer.status_code in (200, 302)
    assert not Specialty.objects.exists()


def test_a_disclosure_with_its_topics_is_an_event_in_the_administrators_name(at_admin, boss, clinical):
    before = last_event().position

    answer = at_admin.post(
        "/admin/reviews/disclosure/add/",
        disclosure_posted(
            member=clinical.board_member.pk,
            none_declared="",
            statement="Fees.",
            **inline("conflict_rows", added=[topic("Cardiology")]),
        ),
    )

    assert answer.status_code == 302
    assert [row.topic.name for row in Conflict.objects.all()] == ["Cardiology"]
    assert events(before)[-2:] == ["disclosure_changed"] * 2
    assert actor_of(last_event()) == str(boss.pk)


def test_a_topic_is_taken_from_a_disclosure_by_events_and_nothing_is_deleted(at_admin, boss, clinical):
    disclosure = disclose(clinical.board_member, conflicts=["Cardiology"])
    (row,) = disclosure.conflict_rows.all()
    path = f"/admin/reviews/disclosure/{disclosure.pk}"

    changed = at_admin.post(f"{path}/change/", disclosure_posted(**inline("conflict_rows", deleted=[row])))

    assert changed.status_code == 302
    assert not Conflict.objects.exists()
    assert actor_of(last_event()) == str(boss.pk)
    assert at_admin.post(f"{path}/delete/", {"post": "yes"}).status_code == 403


def test_a_disclosure_that_says_two_things_is_refused(at_admin, clinical):
    both = disclosure_posted(member=clinical.board_member.pk, statement="Fees.")

    page = at_admin.post("/admin/reviews/disclosure/add/", both).content.decode()

    assert "Either state the interests or declare that there are none." in page
    assert not Disclosure.objects.filter(statement="Fees.").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"made_on": "2020-01-01"},
        {"valid_until": "2050-01-01"},
        {"none_declared": "", "statement": "Shares in a maker."},
    ],
)
def test_what_was_disclosed_on_a_day_is_not_said_otherwise_later(at_admin, client, clinical, changed):
    disclosure = disclose(clinical.board_member)
    before = client.get("/board/").content

    at_admin.post(f"/admin/reviews/disclosure/{disclosure.pk}/change/", disclosure_posted(**changed))

    kept = Disclosure.objects.get(pk=disclosure.pk)
    assert (kept.made_on, kept.valid_until) == (disclosure.made_on, disclosure.valid_until)
    assert (kept.none_declared, kept.statement) == (True, "")
    assert client.get("/board/").content == before


def test_nothing_to_declare_and_a_topic_of_conflict_contradict_each_other(at_admin, clinical):
    before = rows()
    added = inline("conflict_rows", added=[topic("Cardiology")])
    made = disclose(clinical.board_member)
    after = rows()

    new = at_admin.post("/admin/reviews/disclosure/add/", disclosure_posted(member=clinical.board_member.pk, **added))
    old = at_admin.post(f"/admin/reviews/disclosure/{made.pk}/change/", disclosure_posted(**added))

    for answer in (new, old):
        assert "Nothing is declared above: state the interests, or remove these topics." in answer.content.decode()
    assert rows() == after != before


def test_a_quorum_is_added_changed_and_deleted_by_events(at_admin, boss):
    numbers = {"clinical": 3, "specialist": 1, "pharmacist": 0}
    at_admin.post("/admin/reviews/quorum/add/", {"kind": "topic", "risk": "high", **numbers})
    quorum = Quorum.objects.get()

    at_admin.post(f"/admin/reviews/quorum/{quorum.pk}/change/", {**numbers, "clinical": 4, "kind": "policy"})
    changed = Quorum.objects.get()
    at_admin.post(f"/admin/reviews/quorum/{quorum.pk}/delete/", {"post": "yes"})

    assert (changed.kind, changed.clinical) == ("topic", 4)
    assert not Quorum.objects.exists()
    assert events()[-3:] == ["quorum_changed"] * 3
    assert {actor_of(event) for event in LedgerEvent.objects.filter(action="quorum_changed")} == {str(boss.pk)}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"clinical": 0, "specialist": 0}, "A quorum needs at least one clinical approval."),
        ({"specialist": 9}, "A quorum needs at least one clinical approval."),
        ({"clinical": 99999}, "No text needs more than nine approvals of a kind."),
        ({"clinical": "two"}, "Enter a whole number."),
        ({"kind": "novel"}, "Select a valid choice."),
        ({"kind": "question", "risk": "standard"}, "There is already a quorum for this kind and risk."),
    ],
)
def test_a_wrong_quorum_is_told_in_a_sentence(changed, sentence, at_admin):
    Quorum.objects.create(kind="question", risk="standard")
    before = rows()

    fields = {"kind": "topic", "risk": "high", "clinical": 2, "specialist": 1, "pharmacist": 0, **changed}
    answer = at_admin.post("/admin/reviews/quorum/add/", fields)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert rows() == before


def test_the_list_of_quorums_shows_what_holds_without_a_row(at_admin):
    Quorum.objects.create(kind="question", risk="standard")

    page = document_fromstring(at_admin.get("/admin/reviews/quorum/").content)

    listed = [
        [cell.text_content() for cell in row] for row in page.xpath("//table[@aria-labelledby='defaults']/tbody/tr")
    ]
    assert listed == [
        ["topic, standard risk", "2", "1", "0"],
        ["topic, high risk", "2", "1", "1"],
        ["question, high risk", "2", "1", "1"],
        ["policy, standard risk", "2", "0", "0"],
        ["policy, high risk", "2", "0", "1"],
    ]

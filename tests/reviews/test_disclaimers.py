"""Disclaimers: numbered per audience, in force once a second editor confirmed them."""

import json

import pytest
from django.core.exceptions import ValidationError

from articles.models import Audience, Disclaimer
from articles.models.rows.append_only import EvidenceIsAppendOnly
from reviews import workflow
from reviews.workflow import NotAllowed, NotNow
from tests.factories import article, evidence, last_event, payload, person, submitted


@pytest.fixture
def public(db):
    return Audience.objects.get(key="public")


def issue(audience, editor, text="Not a substitute for your doctor."):
    return workflow.issue_disclaimer(audience, actor=editor, text=text)


def in_force(audience):
    return Disclaimer.objects.in_force().filter(audience=audience).first()


def test_a_disclaimer_is_in_force_once_a_second_editor_confirmed_it(public, editor, editor2):
    disclaimer = issue(public, editor)
    assert in_force(public) is None

    confirmation = workflow.confirm_disclaimer(disclaimer, actor=editor2)

    assert in_force(public) == disclaimer
    assert (disclaimer.issued_by_name, confirmation.confirmed_by_name) == ("Edith Editor", "Edgar Second")
    assert payload("disclaimer_confirmed") == payload("disclaimer_confirmed") | {
        "audience": "public", "number": 1, "sha256": disclaimer.sha256,
    }  # fmt: skip


def test_nobody_confirms_their_own(public, editor):
    disclaimer = issue(public, editor)
    before = evidence()

    with pytest.raises(NotAllowed, match=r"You wrote this disclaimer. Another editor must confirm it\."):
        workflow.confirm_disclaimer(disclaimer, actor=editor)

    assert evidence() == before


def test_only_editors_issue_and_confirm(public, editor, author, clinical):
    disclaimer = issue(public, editor)
    admin = person("admin", groups=["admin"])
    before = evidence()

    for actor in (author, clinical, admin):
        with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
            issue(public, actor)
        with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
            workflow.confirm_disclaimer(disclaimer, actor=actor)

    assert evidence() == before


def test_a_disclaimer_says_something(public, editor):
    before = evidence()

    with pytest.raises(ValidationError, match=r"Write the text\."):
        issue(public, editor, text=" ")

    assert evidence() == before
    with pytest.raises(ValidationError, match=r"Write the text of the disclaimer\."):
        Disclaimer(audience=public, number=1, text="", issued_by=editor).validate_constraints()


def test_disclaimers_are_numbered_for_each_audience(public, editor):
    carer = Audience.objects.get(key="carer")

    assert [issue(public, editor).number, issue(carer, editor).number] == [1, 1]
    assert issue(public, editor, text="Other words.").number == 2
    assert last_event().action == "disclaimer_issued"


def test_a_disclaimer_is_confirmed_once(public, editor, editor2):
    disclaimer = issue(public, editor)
    workflow.confirm_disclaimer(disclaimer, actor=editor2)
    before = evidence()

    with pytest.raises(NotNow, match=r"This disclaimer is already confirmed\."):
        workflow.confirm_disclaimer(disclaimer, actor=editor2)

    assert evidence() == before


def test_an_older_one_does_not_come_into_force_after_a_newer(public, editor, editor2):
    first, second = issue(public, editor), issue(public, editor, text="Other words.")
    workflow.confirm_disclaimer(second, actor=editor2)
    before = evidence()

    with pytest.raises(NotNow, match=r"A newer disclaimer is already in force\."):
        workflow.confirm_disclaimer(first, actor=editor2)

    assert evidence() == before
    assert in_force(public) == second


def test_the_newest_confirmed_one_is_in_force_while_a_newer_waits(public, editor, editor2):
    first = issue(public, editor)
    workflow.confirm_disclaimer(first, actor=editor2)
    issue(public, editor, text="Other words.")

    assert in_force(public) == first


def test_a_version_names_the_disclaimer_it_was_signed_under(author, public, editor, editor2):
    draft = article(author)
    version = submitted(author, draft)
    old = in_force(public)

    workflow.confirm_disclaimer(issue(public, editor, text="Newer words."), actor=editor2)

    frozen = json.loads(version.frozen.text)["disclaimers"]["public"]
    assert frozen == {"number": old.number, "sha256": old.sha256}
    assert in_force(public).number == old.number + 1


def test_a_disclaimer_is_never_changed(public, editor):
    disclaimer = issue(public, editor)
    disclaimer.text = "Other words."

    with pytest.raises(EvidenceIsAppendOnly):
        disclaimer.save()
    with pytest.raises(EvidenceIsAppendOnly):
        Disclaimer.objects.filter(pk=disclaimer.pk).update(text="Other words.")


def test_a_disclaimer_sent_twice_is_there_once(public, editor, editor2):
    issue(public, editor)
    before = evidence()

    with pytest.raises(
        NotNow, match=r"You have already submitted exactly this text. It is waiting for another editor to confirm it\."
    ):
        issue(public, editor)

    assert evidence() == before
    assert issue(public, editor2).number == 2

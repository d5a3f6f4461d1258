"""Signing at the desk: by its form, with the password, for the text that was shown and for nobody else."""

import pytest
from lxml import html

from reviews import workflow
from reviews.models import Decision, Review
from tests.desk.pages import SIGNED, text, url
from tests.factories import (
    PASSWORD,
    approved,
    decide,
    evidence,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db


def digest(asked) -> str:
    return asked[0].review.version.digest


def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(
        url("decide", asked[0].pk),
        {
            **SIGNED,
            "outcome": "request_changes",
            "reason": "The dose is wrong.",
            "password": "guess",
            "digest": digest(asked),
        },
    )

    assert answer.status_code == 422
    assert "That is not your password. Nothing was signed." in text(answer)
    assert "The dose is wrong." in text(answer)
    assert "guess" not in text(answer)
    assert evidence() == before


def test_the_form_repeats_what_is_signed_and_posts_the_digest_it_showed(at, asked, clinical):
    page = text(at(clinical).get(url("desk_review", asked[0].review_id)))

    assert f"As clinical reviewer I have read version 1 of “{asked[0].review.version.title}”" in page
    assert f'name="digest" value="{digest(asked)}"' in page


def test_another_digest_is_refused(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(url("decide", asked[0].pk), {**SIGNED, "digest": "0" * 64})

    assert answer.status_code == 409
    assert "What you were shown is not the text of version 1. Read version 1 before you sign." in text(answer)
    assert evidence() == before


def test_a_conflict_has_to_be_ruled_out_before_anything_is_signed(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(url("decide", asked[0].pk), {**SIGNED, "no_conflict": "", "digest": digest(asked)})

    assert answer.status_code == 422
    assert "Confirm that you have no conflict of interest, or step back from this review." in text(answer)
    assert evidence() == before


def test_what_nobody_can_mend_here_comes_first_and_all_reasons_at_once(at, asked, clinical, specialist):
    version = asked[0].review.version
    workflow.comment(version, actor=specialist, text="Which dose?", blocking=True)
    form = {**SIGNED, "no_conflict": "", "read_elsewhere": "", "password": "", "digest": digest(asked)}
    before = evidence()

    answer = at(clinical).post(url("decide", asked[0].pk), form)

    assert answer.status_code == 409
    problem = html.document_fromstring(answer.content).xpath("//div[@class='problem']//li")
    assert [" ".join(row.text_content().split()).split(":")[0] for row in problem] == [
        "A blocking comment is not resolved yet.",
        "I have no conflict of interest on this article",
        "You have not opened these texts here. To approve, open each, or tick it if you have read it elsewhere",
        "Your password",
    ]
    assert evidence() == before
    decide(asked[1], "request_changes")
    first, second, *_ = html.document_fromstring(at(clinical).post(url("decide", asked[0].pk), form).content).xpath(
        "//div[@class='problem']//li/text()"
    )
    assert first == "Changes are requested by Simon Specialist: this version can no longer be approved."
    assert second == "A blocking comment is not resolved yet."
    assert (
        at(clinical)
        .post(url("decide", asked[0].pk), {**form, **SIGNED, "outcome": "request_changes", "reason": "The dose."})
        .status_code
        == 302
    )


def test_a_second_click_signs_nothing_twice(at, asked, clinical):
    form = {**SIGNED, "digest": digest(asked)}
    at(clinical).post(url("decide", asked[0].pk), form)

    answer = at(clinical).post(url("decide", asked[0].pk), form)

    assert answer.status_code == 409
    assert "This request has already ended: decided." in text(answer)
    assert Decision.objects.count() == 1


def test_nobody_signs_for_another(at, asked, specialist, editor, author):
    before = evidence()

    for other in (specialist, editor, author):
        answer = at(other).post(url("decide", asked[0].pk), {**SIGNED, "digest": digest(asked)})
        assert answer.status_code == 403
        assert "Only the assigned reviewer can do this." in text(answer)

    assert evidence() == before


def test_five_wrong_passwords_at_signing_close_it_for_a_while(at, asked, clinical):
    client = at(clinical)
    for _ in range(5):
        client.post(url("decide", asked[0].pk), {**SIGNED, "password": "guess", "digest": digest(asked)})

    answer = client.post(url("decide", asked[0].pk), {**SIGNED, "digest": digest(asked)})

    assert "Too many wrong passwords" in text(answer)
    assert not Decision.objects.exists()


def test_an_approval_is_withdrawn_with_a_password(at, author, editor, clinical, specialist):
    review = approved(submitted(author), editor, clinical, specialist)

    wrong = at(clinical).post(url("withdraw_approval", review.pk), {"reason": "New trial.", "password": "guess"})
    done = at(clinical).post(url("withdraw_approval", review.pk), {"reason": "New trial.", "password": PASSWORD})

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert Review.objects.get().status == Review.Status.CHANGES_REQUESTED


def test_who_is_not_counted_in_the_quorum_is_told_so(at, author, editor, clinical, lay, pharmacist):
    said = "Your approval is not counted in the quorum, but your request for changes would stop the approval."
    for risk, counted in (("standard", [clinical]), ("high", [clinical, pharmacist])):
        version = submitted(author, risk=risk)
        people = ((clinical, "clinical"), (lay, "lay"), (pharmacist, "pharmacist"))
        under_review(version, editor, *people)

        for person, _capacity in people:
            shown = text(at(person).get(url("desk_review", version.review.pk)))
            assert (said in shown) == (person not in counted), (risk, person)

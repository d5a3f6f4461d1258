"""The worksheet of a review: kept while a reviewer reads, signed with the decision, shown side by side."""

import pytest
from django.core.exceptions import ValidationError

from articles.frozen.signed_text import frozen_content
from articles.text.canonical import canonical, sha256
from reviews import workflow
from reviews.models import Answer, Decision, DraftAnswer, Quorum, Signature
from reviews.verifying import verify
from reviews.workflow.approval import worksheet
from tests import retractions
from tests.articles.site.pages import parsed, words
from tests.desk.pages import SIGNED, text, url
from tests.factories import (
    PASSWORD,
    article,
    cite,
    decide,
    payload,
    rows,
    save,
    submitted,
    under_review,
    without_interests,
)

pytestmark = pytest.mark.django_db(transaction=True)
ACCURACY = "Is everything that it says right, as far as you can judge?"
SUPPORTS = "You opened [@smith2020], “Work smith2020”: does it support what is said with it?"


@pytest.fixture
def urgent(db):
    return Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, urgent_days=7)


@pytest.fixture
def version(author):
    draft = article(author)
    cite(draft, by=author)
    section = draft.sections.get()
    section.body = '<p>Lymph nodes filter lymph<cite data-ref="smith2020"></cite>.</p>'
    save(section, author)
    return submitted(author, draft)


@pytest.fixture
def pair(version, editor, clinical, specialist):
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def sheet(version, **answers):
    """Return the fields of the worksheet for answers such as accuracy=("not_so", "5 mg is wrong.")."""
    fields = {}
    for name, (answer, note) in answers.items():
        key = f"reference:{name}" if name == "smith2020" else f"criterion:{name}"
        fields |= {f"answer_{key}": answer, f"note_{key}": note}
    return fields


def sign(assignment, answers, outcome="approve"):
    digest = assignment.review.version.digest
    return workflow.decide(
        assignment, actor=assignment.reviewer, outcome=outcome, password=PASSWORD, digest=digest,
        reason="" if outcome == "approve" else "It is wrong.", answers=answers,
    )  # fmt: skip


def test_each_kind_of_text_has_its_questions(version):
    content = frozen_content(version)
    keys = [item.key for item in worksheet.items(content)]

    assert keys[:8] == [f"criterion:{row.name}" for row in worksheet.CRITERIA]
    assert keys[-1] == "reference:smith2020"
    policy = [item.key for item in worksheet.items({**content, "kind": "policy"})]
    assert [key for key in policy if key.startswith("criterion:")] == [
        "criterion:accuracy", "criterion:readability", "criterion:inclusivity",
    ]  # fmt: skip


def test_answers_are_kept_for_their_reviewer_alone_and_sign_nothing(at, version, pair, clinical, specialist, editor):
    fields = sheet(version, accuracy=("not_so", "5 mg is canary wrong."), smith2020=("partly", ""))

    answer = at(clinical).post(url("keep_answers", pair[0].pk), fields, follow=True)

    assert "Answers saved. Nothing is signed yet." in text(answer)
    assert "5 mg is canary wrong." in text(answer)
    assert "Worksheet: 2 of" in text(answer)
    for who in (specialist, editor):
        assert "canary" not in text(at(who).get(url("desk_review", version.review.pk)))
    assert at(specialist).post(url("keep_answers", pair[0].pk), fields).status_code == 403
    assert (DraftAnswer.objects.exclude(answer="").count(), Answer.objects.count()) == (2, 0)
    assert not Decision.objects.exists()
    wrong = at(clinical).post(url("keep_answers", pair[0].pk), sheet(version, accuracy=("perhaps", "Typed.")))
    assert (wrong.status_code, "Typed." in text(wrong)) == (422, True)


def test_the_answers_are_frozen_with_the_decision(at, version, pair, clinical, specialist, editor, author):
    fields = sheet(version, accuracy=("partly", "5 mg is canary wrong."), smith2020=("is_so", ""))

    at(clinical).post(url("decide", pair[0].pk), {**SIGNED, **fields, "digest": version.digest})

    found = [(row.question, row.answer, row.note) for row in Answer.objects.order_by("pk")]
    assert found == [(ACCURACY, "partly", "5 mg is canary wrong."), (SUPPORTS, "is_so", "")]
    signed = [[row.item, row.question, row.answer, row.note] for row in Answer.objects.order_by("pk")]
    sentence = f" With it I sign 2 answers to the worksheet (SHA-256 {sha256(canonical(signed))})."
    assert without_interests(Signature.objects.latest("pk")).endswith(sentence)
    assert {f"reviews_answer:{row.pk}" for row in Answer.objects.all()} <= {*payload("decided")["rows"]}
    assert verify().problems == []

    page = url("desk_review", version.review.pk)
    assert "5 mg is canary wrong." in text(at(editor).get(page))
    for who in (specialist, author):
        assert "canary" not in text(at(who).get(page)), who
    sign(pair[1], {"criterion:accuracy": ("is_so", "")})
    table = text(at(author).get(page))
    assert "5 mg is canary wrong." in table
    assert table.index("Clara Clinical</th>") < table.index("Simon Specialist</th>")


def test_what_cannot_be_signed_is_refused_and_kept_on_the_page(at, version, pair, clinical):
    fields = sheet(version, accuracy=("not_so", ""), safety=("is_so", "Typed."))
    before = rows()

    answer = at(clinical).post(url("decide", pair[0].pk), {**SIGNED, **fields, "digest": version.digest})

    assert answer.status_code == 422
    assert f"Say in a note what is wrong: “{ACCURACY}”" in text(answer)
    assert "Typed." in text(answer)
    assert rows() == before


def test_a_note_that_is_too_long_to_keep_is_named(at, version, pair, clinical):
    fields = sheet(version, accuracy=("partly", "n" * 2001))

    answer = at(clinical).post(url("keep_answers", pair[0].pk), fields)

    assert answer.status_code == 422
    assert f"Keep the note on “{ACCURACY}” under 2,000 characters." in text(answer)


def test_a_note_without_an_answer_is_not_lost_when_the_decision_is_signed(at, version, pair, clinical):
    fields = sheet(version, accuracy=("", "5 mg is canary wrong."))

    answer = at(clinical).post(url("decide", pair[0].pk), {**SIGNED, **fields, "digest": version.digest})

    assert (answer.status_code, "5 mg is canary wrong." in text(answer)) == (422, True)
    assert f"Choose an answer to “{ACCURACY}”, or delete its note" in text(answer)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"criterion:accuracy": ("not_so", " ")}, "Say in a note what is wrong"),
        ({"criterion:accuracy": ("not_opened", "")}, "Choose one of the answers to"),
        ({"criterion:other": ("is_so", "")}, "The worksheet does not ask this: criterion:other."),
        ({"criterion:accuracy": ("is_so", "n" * 2001)}, "under 2,000 characters"),
    ],
)
def test_the_step_refuses_wrong_answers(pair, answers, words):
    before = rows()

    with pytest.raises(ValidationError, match=words):
        sign(pair[0], answers)

    assert rows() == before


def test_a_request_for_changes_is_signed_with_answers_too(version, pair):
    decision = sign(pair[0], {"criterion:doses": ("not_so", "5 mg should be 0.5 mg.")}, "request_changes")

    assert "With it I sign 1 answer to the worksheet" in without_interests(decision.signature)
    assert "worksheet" not in without_interests(decide(pair[1], "request_changes").signature)


def test_while_a_full_review_is_still_due_answers_are_for_editors_alone(
    urgent, at, version, pair, clinical, specialist, editor, author
):
    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")
    fields = sheet(version, accuracy=("partly", "5 mg is canary wrong."))
    at(clinical).post(url("decide", pair[0].pk), {**SIGNED, **fields, "digest": version.digest})
    workflow.publish(version, actor=editor)
    page = url("desk_review", version.review.pk)

    assert "canary" in text(at(editor).get(page))
    assert not any("canary" in text(at(who).get(page)) for who in (author, specialist))

    decide(pair[1])

    assert "canary" in text(at(author).get(page)), "the review has ended"


# References that somebody who approves has to attest

OPENED = {"reference:smith2020": ("is_so", "")}
NOT_ATTESTED = (
    "Nobody who approves has said yet of [@smith2020] that they opened it and that it supports what is said. "
    "Answer for each in the worksheet."
)


@pytest.fixture
def attested(db):
    return Quorum.objects.create(
        kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, attest_references=True, urgent_days=7
    )


def test_the_last_approval_waits_for_each_reference_to_be_attested(attested, pair):
    decide(pair[0])
    before = rows()

    with pytest.raises(ValidationError) as refused:
        decide(pair[1])

    assert refused.value.message_dict == {"answers": [NOT_ATTESTED]}
    assert rows() == before
    decide(pair[1], answers=OPENED)
    assert reviewed(pair).is_approved
    assert payload("submitted")["attest_references"] is True
    assert verify().problems == []


def reviewed(pair):
    return type(pair[0].review).objects.get(pk=pair[0].review_id)


@pytest.mark.parametrize("answer", [("is_so", ""), ("partly", "Only for adults.")])
def test_whoever_of_the_signers_attests_it_suffices(attested, pair, answer):
    decide(pair[0], answers={"reference:smith2020": answer})

    decide(pair[1])

    assert reviewed(pair).is_approved


@pytest.mark.parametrize("answer", [("not_so", "It says the opposite."), ("not_opened", "")])
def test_a_reference_that_was_not_opened_or_does_not_support_it_is_not_attested(attested, pair, answer):
    decide(pair[0], answers={"reference:smith2020": answer})

    with pytest.raises(ValidationError, match="Nobody who approves has said yet"):
        decide(pair[1], answers={"reference:smith2020": answer})


def test_what_a_signer_who_requests_changes_says_attests_nothing(attested, pair):
    decide(pair[0], "request_changes", "Rewrite it.", answers=OPENED)

    sheet_of = worksheet.unattested(reviewed(pair), frozen_content(pair[0].review.version))

    assert sheet_of == ["smith2020"]


def test_an_urgent_approval_does_not_wait_but_its_full_review_does(attested, version, editor, clinical, specialist):
    pair = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.declare_urgent(version.review, actor=editor, reason="A recall.")
    decide(pair[0])
    assert reviewed(pair).is_approved

    with pytest.raises(ValidationError, match="Nobody who approves has said yet"):
        decide(pair[1])
    decide(pair[1], answers=OPENED)
    assert reviewed(pair).completed_at


def test_without_the_setting_and_for_a_text_without_references_nothing_is_asked(pair, attested, author, editor, staff):
    decide(pair[0])
    decide(pair[1])
    assert reviewed(pair).is_approved

    other = submitted(author, article(author, slug="plain", title="Plain"))
    for asked in under_review(other, editor, (staff[0], "clinical"), (staff[1], "specialist")):
        decide(asked)
    other.review.refresh_from_db()
    assert other.review.is_approved


@pytest.fixture
def staff(clinical, specialist):
    return clinical, specialist


def test_a_later_change_of_the_setting_touches_no_open_review(attested, pair):
    attested.attest_references = False
    attested.save()

    decide(pair[0])
    with pytest.raises(ValidationError, match="Nobody who approves has said yet"):
        decide(pair[1])


def test_the_page_says_what_is_not_attested_yet_and_refuses_with_the_sentence(attested, client, pair, specialist):
    decide(pair[0])
    client.force_login(specialist)
    page = url("desk_review", pair[0].review_id)
    assert "Not attested yet: [@smith2020]." in text(client.get(page))

    digest = {"digest": pair[1].review.version.digest}
    refused = client.post(url("decide", pair[1].pk), {**SIGNED, **digest})
    assert refused.status_code == 422
    assert NOT_ATTESTED in text(refused)

    answered = sheet(pair[1].review.version, smith2020=("is_so", ""))
    assert client.post(url("decide", pair[1].pk), {**SIGNED, **digest, **answered}).status_code == 302
    assert "Not attested yet" not in text(client.get(page))


def standing(at, clinical, pair) -> str:
    page = parsed(at(clinical).get(url("desk_review", pair[0].review_id)))
    return words(page.find(".//details[@class='cited']"))


def test_the_worksheet_says_how_each_reference_stands_by_the_list_and_by_the_library(at, version, pair, clinical):
    assert "[@smith2020] Work smith2020: Not checked for retraction" in standing(at, clinical, pair)

    work = version.version_references.get().reference
    work.doi = "10.5555/lymph"
    work.csl = {**work.csl, "DOI": work.doi}
    work.save()
    retractions.load(retractions.row(doi="10.5555/other", nature="Correction"))
    assert "[@smith2020] Work smith2020: Not on the list of retractions" in standing(at, clinical, pair)

    retractions.load(retractions.row(doi="10.5555/lymph", nature="Expression of concern"))
    assert "[@smith2020] Work smith2020: Expression of concern (14 August 2022)" in standing(at, clinical, pair)

    work.csl = {**work.csl, "status": "retracted"}
    work.save()
    assert "[@smith2020] Work smith2020: Retracted" in standing(at, clinical, pair)

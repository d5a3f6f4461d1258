"""What a reviewer has read: the page begins with what changed, ticks are kept, and an approval says what was opened."""

import pytest
from lxml import html

from reviews import workflow
from reviews.models import Decision, Opening, Quorum, ReadChange
from tests.desk.pages import SIGNED, text, url
from tests.factories import PASSWORD, article, decide, edit, published, save, submitted, under_review, without_interests

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = (
    "<p>Take it as you are told:</p><ul><li>Swallow it whole.</li></ul>"
    "<table><thead><tr><th>Who</th><th>Dose</th></tr></thead><tbody><tr><th>Adults</th><td>5 mg</td></tr>"
    "<tr><th>Children</th><td>2 mg</td></tr></tbody></table><p>It helps most people.</p>"
)
AFTER = BEFORE.replace("5 mg", "10 mg").replace("It helps most people.", "It helps some people.")


@pytest.fixture
def second_round(author, editor, clinical, specialist):
    """A version under review whose first one is public, and the requests to its reviewers."""
    draft = article(author, body=BEFORE)
    draft.sections.create(role="body", heading="Unchanged", body="<p>As it was.</p>", position=2)
    published(submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get(position=1)
    section.body = AFTER
    save(section, author)
    version = submitted(author, draft, change="minor", note="Dose")
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def page_of(client, assignment, **asked):
    return html.document_fromstring(client.get(url("desk_review", assignment.review_id), asked).content)


def said(row):
    return " ".join(row.text_content().split())


def test_who_is_asked_lands_on_the_list_of_all_changes(at, second_round, clinical, author):
    page = page_of(at(clinical), second_round[0])

    rows = page.xpath("//ol[@class='changes']/li")
    assert said(page.xpath("//h2[@id='all-changes-heading']")[0]) == "2 changes: 1 dose, 1 phrase"
    assert [
        said(row).removeprefix(f"I have read what changed in place {n} ") for n, row in enumerate(rows, start=1)
    ] == [
        "Dose What they do › Take it as you are told: › Dose › Adults 5 mg 10 mg",
        "Words What they do most some",
    ]
    for row in rows:
        (link,) = row.xpath(".//a/@href")
        assert page.xpath(f"//*[@id='{link[1:]}']//ins"), "each leads to its change"
    (folded,) = page.xpath("//details[@class='unchanged']")
    assert "1 section unchanged: Unchanged" in said(folded)
    assert "The sections without a change stand as in version 1, approved by Clara Clinical on" in said(page)
    author_sees = page_of(at(author), second_round[0])
    assert not author_sees.xpath("//ol[@class='changes']"), "whoever is not asked begins with the text"


def test_who_commented_or_read_in_a_round_that_ended_begins_with_what_changed_since(
    at, author, editor, clinical, specialist, pharmacist
):
    draft = article(author, body=BEFORE)
    people = (clinical, "clinical"), (specialist, "specialist"), (pharmacist, "pharmacist")
    first = submitted(author, draft)
    asked = under_review(first, editor, *people)
    workflow.comment(first, actor=clinical, text="So much?")
    page_of(at(specialist), asked[1])
    workflow.recall(first.review, actor=author, reason="More to do.")
    edit(draft, AFTER, by=author)
    later = under_review(submitted(author, draft), editor, *people)

    shown = [page_of(at(person), row) for (person, _), row in zip(people, later, strict=True)]
    heads = [page.xpath("//p[@class='legend small']") for page in shown]

    begins = [said(head[0]).split(".")[0] if head else "" for head in heads]
    assert begins == [
        "Compared with version 1 (your last comment, previous)", "Compared with version 1 (previous)", ""]  # fmt: skip


def test_any_earlier_version_can_be_compared_with_by_its_number(at, second_round, clinical):
    client, address = at(clinical), url("desk_review", second_round[0].review_id)

    assert "10 mg" in text(client.get(address, {"changes": "1"}))
    for number in ("0", "2", "3", "99999999999999999999", "one"):
        assert client.get(address, {"changes": number}).status_code == 404, number


def test_ticks_are_kept_each_for_the_person_who_made_it(at, second_round, clinical, specialist):
    client, review = at(clinical), second_round[0].review_id
    keys = page_of(client, second_round[0]).xpath("//input[@name='shown']/@value")

    answer = client.post(url("read_changes", review, 1), {"shown": keys, "read": [keys[0], "nonsense"]})

    assert answer.status_code == 302
    kept = html.document_fromstring(client.get(answer["Location"]).content).xpath("//*[@role='status']")
    assert [said(each) for each in kept] == ["Your ticks are kept. You have ticked 1 of 2 places as read."]
    checked = page_of(client, second_round[0]).xpath("//input[@name='read'][@checked]/@value")
    assert checked == [keys[0]]
    assert not page_of(at(specialist), second_round[1]).xpath("//input[@name='read'][@checked]")
    client.post(url("read_changes", review, 1), {"shown": keys, "read": [keys[1]]})
    assert [*ReadChange.objects.values_list("change", flat=True)] == [keys[1]]


def test_who_opened_which_text_is_noted_once(at, second_round, clinical):
    client = at(clinical)
    for _ in range(2):
        page_of(client, second_round[0])
        page_of(client, second_round[0], audience="public")

    opened = Opening.objects.filter(user=clinical, version=second_round[0].review.version_id)
    assert sorted(opened.values_list("audience", "since__number"), key=str) == [("", 1), ("public", None)]


def test_an_approval_needs_each_changed_text_to_be_opened_or_read_elsewhere(at, second_round, clinical):
    client, asked = at(clinical), second_round[0]
    form = {**SIGNED, "digest": asked.review.version.digest, "read_elsewhere": []}

    unasked = client.post(url("decide", asked.pk), {**form, "offered": ""})
    assert (unasked.status_code, "You have not opened the text for" in text(unasked)) == (422, True)
    refused = client.post(url("decide", asked.pk), form)

    assert refused.status_code == 422
    assert "You had not opened the text for patient or member of the public." in text(refused)
    assert not Decision.objects.filter(assignment=asked).exists()
    assert client.post(url("decide", asked.pk), {**form, "read_elsewhere": ["public"]}).status_code == 302
    assert without_interests(Decision.objects.get(assignment=asked).signature).endswith(
        "and approve it for publication. I have read the text for “patient or member of the public” elsewhere."
    )


def test_what_was_opened_is_signed_as_opened(at, second_round, clinical):
    client, asked = at(clinical), second_round[0]
    page = page_of(client, asked)
    assert not page_of(client, asked).xpath("//input[@name='read_elsewhere']"), "the list of changes was opened"

    form = {**SIGNED, "offered": "", "read_elsewhere": [], "digest": asked.review.version.digest}
    assert client.post(url("decide", asked.pk), form).status_code == 302

    statement = without_interests(Decision.objects.get(assignment=asked).signature)
    read = "I have read what changed since version 1 in the text for “patient or member of the public” here."
    assert statement.endswith(read)
    assert " ".join(page_statement(page)).count("approve it for publication") == 2


def page_statement(page):
    return [said(each) for each in page.xpath("//dl[@class='statements']//dd")]


def test_changes_since_a_version_that_the_signer_does_not_know_do_not_count_as_read(
    at, author, editor, clinical, specialist
):
    draft = article(author, body=BEFORE)
    draft.sections.create(role="body", heading="Unchanged", body="<p>As it was.</p>", position=2)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Another word.", by=author)
    other = submitted(author, draft, change="minor", note="Word")
    workflow.decline(other.review, actor=editor, reason="Not now.")
    edit(draft, "A third word.", by=author)
    (asked,) = under_review(submitted(author, draft, change="minor", note="Word"), editor, (clinical, "clinical"))

    page_of(at(clinical), asked, changes="2")

    assert page_of(at(clinical), asked, changes="2").xpath("//input[@name='read_elsewhere']/@value") == ["public"]


def test_whoever_never_approved_the_text_has_to_read_it_whole(at, second_round, editor, pharmacist):
    (asked,) = under_review(second_round[0].review.version, editor, (pharmacist, "pharmacist"))
    client = at(pharmacist)

    page = page_of(client, asked)
    assert page.xpath("//ol[@class='changes']"), "they begin with the changes since the approved version"
    assert page_of(client, asked).xpath("//input[@name='read_elsewhere']/@value") == ["public"]
    client.head(url("desk_review", asked.review_id), {"audience": "public"})
    assert page_of(client, asked).xpath("//input[@name='read_elsewhere']/@value") == ["public"]
    page_of(client, asked, audience="public")

    client.post(url("decide", asked.pk), {**SIGNED, "digest": asked.review.version.digest, "offered": ""})

    statement = without_interests(Decision.objects.get(assignment=asked).signature)
    assert statement.endswith("I have read the text for “patient or member of the public” here.")


def test_what_is_signed_is_what_was_shown(at, second_round, clinical):
    client, asked = at(clinical), second_round[0]
    form = {**SIGNED, "digest": asked.review.version.digest, "offered": "public", "read_elsewhere": []}
    page_of(client, asked)  # in another window, after the form was shown

    assert client.post(url("decide", asked.pk), form).status_code == 422
    client.post(url("decide", asked.pk), {**form, "read_elsewhere": ["public"]})

    statement = without_interests(Decision.objects.get(assignment=asked).signature)
    assert statement.endswith("I have read the text for “patient or member of the public” elsewhere.")


def test_a_request_for_changes_needs_no_text_to_be_opened(at, second_round, clinical):
    form = {**SIGNED, "outcome": "request_changes", "reason": "Wrong.", "read_elsewhere": []}

    answer = at(clinical).post(
        url("decide", second_round[0].pk), {**form, "digest": second_round[0].review.version.digest}
    )

    assert answer.status_code == 302
    assert "I have read the text" not in without_interests(Decision.objects.get(assignment=second_round[0]).signature)


def test_an_approval_can_have_remarks(at, second_round, clinical, author):
    client, asked = at(clinical), second_round[0]
    form = {**SIGNED, "outcome": "remarks", "digest": asked.review.version.digest}

    refused = client.post(url("decide", asked.pk), form)
    assert (refused.status_code, "Write your remarks, or choose “Approve”." in text(refused)) == (422, True)
    assert client.post(url("decide", asked.pk), {**form, "reason": "Say when to stop."}).status_code == 302

    decision = Decision.objects.get(assignment=asked)
    assert (decision.outcome, decision.reason) == ("approve", "Say when to stop.")
    assert "Say when to stop." in text(at(author).get(url("desk_review", asked.review_id)))


def test_a_program_that_signs_for_somebody_vouches_that_they_read_elsewhere(second_round, clinical):
    decision = workflow.decide(
        second_round[0],
        actor=clinical,
        outcome="approve",
        password=PASSWORD,
        digest=second_round[0].review.version.digest,
    )

    assert without_interests(decision.signature).endswith("“patient or member of the public” elsewhere.")


def test_the_stepper_says_where_the_review_stands(at, second_round, clinical):
    said = " ".join(page_of(at(clinical), second_round[0]).text_content().split())

    assert "This page: under review." in said
    assert "This page: approved." not in said


def test_the_next_request_may_be_for_a_text_whose_full_review_is_due(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, urgent_days=7)
    urgent = submitted(author, title="A recalled medicine", slug="recalled")
    asked = under_review(urgent, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.declare_urgent(urgent.review, actor=editor, reason="It was recalled.")
    decide(asked[0])
    other = submitted(author, slug="other")
    under_review(other, editor, (specialist, "specialist"))

    page = html.fromstring(at(specialist).get(url("desk_review", other.review.pk)).content)

    assert page.xpath("//p[@class='next']/a/@href") == [url("desk_review", urgent.review.pk)]

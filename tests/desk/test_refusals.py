"""What a clumsy or a hostile person meets at the desk: a sentence, nothing of others', and nothing lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Authorship
from reviews import workflow
from reviews.desk.sign_in import signing_in
from reviews.models import SecurityRecord
from tests.desk.pages import text, url
from tests.desk.test_drafts import SAMPLE, fields
from tests.factories import (
    PASSWORD,
    article,
    board_member,
    decide,
    edit,
    evidence,
    person,
    save,
    submitted,
    topic,
    under_review,
)

pytestmark = pytest.mark.django_db


def test_who_is_signed_in_is_not_sent_round_in_a_circle(at, author):
    assert at(author).get(url("sign_in"), {"next": url("sign_in")}).url == url("desk")


def test_a_sign_in_counts_its_guess_before_it_is_checked(author, monkeypatch):
    counted = []
    check = signing_in.AuthenticationForm.clean
    monkeypatch.setattr(
        signing_in.AuthenticationForm,
        "clean",
        lambda form: counted.append(SecurityRecord.objects.count()) or check(form),
    )

    Client().post(url("sign_in"), {"username": "author", "password": "guess"})
    Client().post(url("sign_in"), {"username": "author", "password": PASSWORD})

    assert counted == [1, 2]
    assert SecurityRecord.objects.count() == 1


def test_the_place_in_a_list_tells_nothing_of_a_hidden_title(at, author):
    hidden = article(person("other", groups=["author"]), title="M hidden")
    article(author, title="A mine")

    assert "A mine" in text(at(author).get(url("desk_articles"), {"after": hidden.pk}))


def test_disclaimers_are_not_shown_to_who_may_not_write_them(at, author, editor):
    article(author)
    before = evidence()

    issued = at(author).post(url("issue_disclaimer", "public"), {"text": "Mine."})
    confirmed = at(author).post(url("confirm_disclaimer", 1))

    assert (issued.status_code, confirmed.status_code) == (403, 403)
    assert "For information only" not in text(issued) + text(confirmed)
    assert evidence() == before


def test_an_import_tells_no_title_of_another_persons_article(at, author):
    article(person("other", groups=["author"]), title="Secret title", slug="swollen-nodes")

    for update in ({}, {"update": "on"}):
        answer = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("n.md", SAMPLE.encode()), **update})
        assert answer.status_code == 422
        assert "Another article has this address" in text(answer)
        assert "Secret title" not in text(answer)


def test_an_address_left_empty_stays(at, author):
    draft = article(author, slug="nodes")

    at(author).post(url("draft", draft.pk), fields(draft, title="Another title", slug=""))

    draft.refresh_from_db()
    assert (draft.title, draft.slug) == ("Another title", "nodes")


@pytest.mark.parametrize("typed", ["\u202e", "\ufb2c" * 200], ids=["nothing visible", "longer once it is stored"])
def test_a_title_and_a_heading_are_judged_as_they_are_stored(at, author, typed):
    draft = article(author)
    before = evidence()

    title = at(author).post(url("draft", draft.pk), fields(draft, title=typed))
    form = {"role": "body", "heading": typed, "body": "x", "position": 2}
    heading = at(author).post(url("section_create", draft.pk), form)

    assert (title.status_code, heading.status_code) == (422, 422)
    assert evidence() == before


def test_a_wording_that_somebody_began_meanwhile_is_not_overwritten(at, author, editor):
    draft = article(author)
    page = url("wording", draft.pk, draft.sections.get().pk, "carer")
    at(editor).post(page, {"body": "Theirs.", "seen": ""})

    answer = at(author).post(page, {"body": "Mine.", "seen": ""})

    assert answer.status_code == 409
    assert draft.sections.get().wordings.get().body == "<p>Theirs.</p>"


def test_who_takes_themself_off_an_article_is_led_to_a_page_they_may_see(at, author):
    draft = article(author)
    other = person("other", groups=["author"])
    save(Authorship(article=draft, contributor=other.contributor), author)

    row = draft.authorships.get(contributor=author.contributor)
    answer = at(author).post(url("person_remove", draft.pk, row.pk), follow=True)

    assert answer.status_code == 200
    assert "is no longer named as author" in text(answer)


def test_a_member_of_the_board_reads_nothing_for_the_board_on_their_own_text(at, editor, clinical):
    both = board_member("both", "Bo Both", ["clinical"], groups=["reviewer", "author"])
    version = submitted(both)
    under_review(version, editor, (clinical, "clinical"))
    thread = workflow.comment(version, actor=clinical, text="Among ourselves.", board_only=True)

    assert "Among ourselves." not in text(at(both).get(url("desk_review", version.review.pk)))
    assert at(both).post(url("answer", thread.pk), {"text": "What?"}).status_code == 404
    assert "Among ourselves." in text(at(clinical).get(url("desk_review", version.review.pk)))


def test_a_request_to_review_is_refused_for_its_own_reason(at, author, editor, clinical):
    review = submitted(author).review
    form = {"ask": clinical.pk}
    before = evidence()

    not_them = at(author).post(url("assign", review.pk), form)
    nobody = at(editor).post(url("assign", review.pk), {"ask": "9" * 5000})
    no_member = at(editor).post(url("assign", review.pk), {"ask": author.pk})

    assert evidence() == before
    workflow.recall(review, actor=author, reason="A figure is missing.")
    too_late = at(editor).post(url("assign", review.pk), form)
    answers = (not_them, nobody, no_member, too_late)
    assert [answer.status_code for answer in answers] == [403, 422, 403, 409]
    assert "is recalled" in text(too_late)


def test_what_was_typed_is_there_though_its_form_is_gone(at, author, editor, clinical):
    assignment = under_review(submitted(author), editor, (clinical, "clinical"))[0]
    digest = assignment.review.version.digest
    workflow.recall(assignment.review, actor=author, reason="A figure is missing.")
    form = {"no_conflict": "on", "outcome": "request_changes", "digest": digest, "password": PASSWORD}

    answer = at(clinical).post(url("decide", assignment.pk), {**form, "reason": "A long and careful reason."})

    assert answer.status_code == 409
    assert "A long and careful reason." in text(answer)
    assert PASSWORD not in text(answer)


def test_a_refused_submission_keeps_its_note(at, author):
    draft = article(author, ai_use="")

    answer = at(author).post(url("submit", draft.pk), {"change": "major", "note": "A note to keep"})

    assert "A note to keep" in text(answer)
    assert Article.objects.get().latest_version is None


def test_earlier_reviewers_cost_the_same_for_one_and_for_many(at, author, editor):
    def cost(number):
        draft = article(author)
        version = submitted(author, draft)
        members = [board_member(f"m{number}-{each}", f"M {each}", ["clinical"]) for each in range(number)]
        for assignment in under_review(version, editor, *((member, "clinical") for member in members)):
            decide(assignment, "request_changes")
        edit(draft, "Otherwise.", by=author)
        page = url("assign", submitted(author, draft).review.pk)
        client = at(editor)
        assert "decided on it as clinical" in text(client.get(page))
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    topic()
    assert cost(1) == cost(6)


def test_the_old_password_cannot_be_guessed_where_it_is_changed(at, author):
    new = "a much longer secret"
    client = at(author)
    for _ in range(5):
        client.post(url("password_change"), {"old_password": "guess", "new_password1": new, "new_password2": new})

    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = client.post(url("password_change"), form)

    assert "Too many wrong passwords" in text(answer)
    author.refresh_from_db()
    assert author.check_password(PASSWORD)

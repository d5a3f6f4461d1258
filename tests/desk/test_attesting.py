"""Reading a public text again at the desk, and signing that it needs no change."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Article, Audience, Wording
from reviews import workflow
from reviews.models import Attestation
from tests.desk.pages import text
from tests.factories import PASSWORD, article, board_member, cite, edit, published, save, submitted

NURSE = "doctor, nurse or other healthcare professional"
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(author, editor, clinical, specialist):
    draft = article(author, title="Lymph nodes")
    section = draft.sections.get()
    audience = Audience.objects.get(key="professional")
    save(Wording(section=section, audience=audience, body="<p>Nodi lymphatici.</p>"), author)
    return published(submitted(author, draft), editor, clinical, specialist)


def form(version, **fields):
    read = ["public", "professional"]
    given = {"capacity": "clinical", "read": read, "no_conflict": "on", "digest": version.digest, "password": PASSWORD}
    return {**given, **fields}


def address(version):
    return reverse("attestations", args=[version.article_id])


def test_a_member_reads_and_signs_and_the_page_says_what_is_missing(at, version, clinical, specialist, editor):
    page = text(at(specialist).get(address(version)))
    assert "Lymph nodes filter lymph." in page
    assert "Nodi lymphatici." in text(at(specialist).get(address(version) + "?audience=professional"))
    assert "As specialist reviewer I have read version 1" in page
    assert f"I have read the texts for “patient or member of the public” and “{NURSE}”" in page

    answer = at(clinical).post(address(version), form(version), follow=True)
    assert "Signed. “Last reviewed” changes when the other signatures are there." in text(answer)
    shown = text(at(editor).get(reverse("desk_article", args=[version.article_id])))
    assert "Clara Clinical, MD, clinical reviewer, on" in shown
    assert "1 more approval by a specialist" in shown

    answer = at(specialist).post(address(version), form(version, capacity="specialist"), follow=True)
    today = date_format(timezone.now())
    assert f"Signed. This was the last signature needed: the page is now “last reviewed” on {today}." in text(answer)
    assert Article.objects.get(pk=version.article_id).last_reviewed == timezone.now().date()
    story = text(at(editor).get(reverse("desk_article", args=[version.article_id])))
    assert "Simon Specialist read version 1 again as specialist reviewer: no change needed." in story


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"password": "guess"}, 422, "That is not your password. Nothing was signed."),
        ({"read": ["public"]}, 422, f"Read the text for {NURSE}, then tick that you have read it."),
        ({"read": []}, 422, "Read each text, then tick that you have read it."),
        ({"no_conflict": ""}, 422, "Confirm that you have no conflict of interest, or do not sign."),
        ({"capacity": "lay"}, 422, "lay is not one of the available choices."),
        ({"digest": "0" * 64}, 409, "The public text is not the one that you were shown."),
        ({"digest": "\0"}, 422, "Null characters are not allowed."),
    ],
)
def test_a_wrong_form_signs_nothing_and_keeps_what_was_ticked(at, version, clinical, wrong, status, words):
    answer = at(clinical).post(address(version), form(version, **wrong))

    assert (answer.status_code, words in text(answer)) == (status, True)
    assert not Attestation.objects.exists()
    assert ("checked" in answer.content.decode()) == (wrong.get("read") != [] or "no_conflict" not in wrong)


def test_who_may_open_the_page(at, version, author, editor, clinical, lay):
    stranger = board_member("stranger", "Sam Stranger")
    for who in (author, editor, stranger, lay, clinical):
        assert at(who).get(address(version)).status_code == 200
    assert "Only a member of the medical advisory board can do this." in text(at(editor).get(address(version)))
    assert "Your capacity on the board counts towards no quorum" in text(at(lay).get(address(version)))
    assert at(editor).post(address(version), form(version)).status_code == 403
    assert at(clinical).get(address(version) + "?audience=nobody").status_code == 404
    assert at(clinical).get(reverse("attestations", args=[9999])).status_code == 404
    workflow.issue_notice(version.article, actor=editor, kind="concern", reason="A figure is doubted.")
    assert "A notice forbids it: expression of concern." in text(at(clinical).get(address(version)))
    assert at(clinical).post(address(version), form(version)).status_code == 409
    workflow.issue_notice(version.article, actor=editor, kind="removal", reason="A court ordered it.")
    assert at(clinical).get(address(version)).status_code == 404


def test_my_work_lists_what_is_due_to_those_who_can_sign_it(at, version, author, clinical, specialist):
    other = board_member("other", "Olga Other", specialties=["Surgery"])
    far = board_member("far", "Fay Far", ["specialist"], specialties=["Oncology"])
    Article.objects.filter(pk=version.article_id).update(next_review_due=timezone.localdate())
    listed = "To read again: next review due"

    assert [listed in text(at(who).get(reverse("desk"))) for who in (clinical, specialist, far, other)] == [
        True, True, True, False,
    ]  # fmt: skip
    at(clinical).post(address(version), form(version))
    assert listed not in text(at(clinical).get(reverse("desk")))
    edit(version.article, "Another text.", by=author)
    submitted(author, version.article)
    assert listed not in text(at(specialist).get(reverse("desk")))


def test_the_pages_cost_a_constant_number_of_queries(at, version, clinical, django_assert_num_queries):
    browser = at(clinical)
    browser.get(address(version))
    with django_assert_num_queries(20):
        browser.get(address(version))


def test_who_reads_again_is_told_how_each_reference_stands_today(at, author, editor, clinical, specialist):
    draft = article(author)
    cite(draft, by=author)
    edit(draft, 'Nodes filter lymph<cite data-ref="smith2020"></cite>.', by=author)
    version = published(submitted(author, draft), editor, clinical, specialist)
    work = version.version_references.get().reference
    work.csl = {**work.csl, "status": "retracted"}
    work.save()

    page = text(at(clinical).get(address(version)))

    assert "How the references stand today" in page
    assert "[@smith2020] Work smith2020: <strong>Retracted</strong>" in page

"""References at the desk: works in plain fields, the library's details, and what is said of them."""

import pytest

from articles.models import Reference
from articles.text.canonical import sha256
from tests.desk.pages import text, url
from tests.factories import article, cite, evidence, submitted

pytestmark = pytest.mark.django_db(transaction=True)


KNOWN = {"type": "book", "title": "Nodse", "DOI": "10.1000/xyz", "publisher": "P"}


TYPED = {"key": "okoro2021", "type": "book", "title": "Nodes", "doi": "https://doi.org/10.1000/XYZ"}


@pytest.fixture
def known():
    return Reference.objects.create(csl=KNOWN, doi="10.1000/xyz")


def seen(answer) -> str:
    return answer.context["form"].data["seen"]


def test_a_reference_with_a_known_doi_brings_the_librarys_work(at, author, known):
    draft = article(author)
    form = {**TYPED, "title": "Nodse"}

    at(author).post(url("references", draft.pk), form)
    again = at(author).post(url("references", draft.pk), {**form, "key": "other"})

    assert draft.article_references.get().reference == known
    assert again.status_code == 422
    assert "already cites this work" in text(again)


def test_other_details_of_a_known_work_are_shown_beside_the_librarys_and_change_nothing(at, author, known):
    draft = article(author)
    before = evidence()

    answer = at(author).post(url("references", draft.pk), TYPED)

    assert answer.status_code == 422
    assert "Title: the library has “Nodse”, you typed “Nodes”." in text(answer)
    assert "Correct the library’s details" in text(answer)
    assert "Which details are right?" in text(answer)
    assert "count as a writer of every draft that cites the work" in text(answer)
    assert (Reference.objects.get().csl, draft.article_references.count()) == (KNOWN, 0)
    assert evidence() == before


def test_the_librarys_details_can_be_kept(at, author, known):
    draft = article(author)

    at(author).post(url("references", draft.pk), {**TYPED, "details": "keep"})

    assert draft.article_references.get().reference.csl == KNOWN


def test_a_typing_error_is_mended_and_the_history_keeps_it(at, author, known):
    draft = article(author)
    cite(draft, "other", by=author)
    at(author).post(url("references", draft.pk), {**TYPED, "details": "keep"})
    asked = at(author).post(url("references", draft.pk), TYPED)

    form = {**TYPED, "details": "correct", "seen": seen(asked)}
    answer = at(author).post(url("references", draft.pk), form, follow=True)

    known.refresh_from_db()
    assert "The library’s details are corrected." in text(answer)
    assert known.csl == {**KNOWN, "title": "Nodes"}
    assert [(row.csl["title"], row.history_user) for row in known.history.all()] == [("Nodes", author), ("Nodse", None)]
    assert draft.article_references.filter(reference=known).count() == 1


def test_a_signed_version_keeps_the_details_it_was_signed_with(at, author, known):
    draft = article(author, body="<p>Nodes swell.<cite data-ref='okoro2021'>[okoro2021]</cite></p>")
    at(author).post(url("references", draft.pk), {**TYPED, "details": "keep"})
    version = submitted(author, draft)
    asked = at(author).post(url("references", draft.pk), TYPED)

    at(author).post(url("references", draft.pk), {**TYPED, "details": "correct", "seen": seen(asked)})

    version.refresh_from_db()
    known.refresh_from_db()
    assert known.csl["title"] == "Nodes"
    assert "Nodse" in version.frozen.text
    assert sha256(version.frozen.text) == version.digest


def test_a_correction_of_details_that_have_changed_meanwhile_is_refused(at, author, known):
    draft = article(author)
    asked = at(author).post(url("references", draft.pk), TYPED)
    known.csl = {**KNOWN, "title": "Lymph nodes"}
    known.save()

    form = {**TYPED, "details": "correct", "seen": seen(asked)}
    answer = at(author).post(url("references", draft.pk), form)

    assert answer.status_code == 409
    assert "have changed since you saw them" in text(answer)
    assert "the library has “Lymph nodes”, you typed “Nodes”." in text(answer)
    assert Reference.objects.get().csl["title"] == "Lymph nodes"
    assert not draft.article_references.exists()


def test_a_reference_in_plain_fields_is_csl(at, author):
    draft = article(author)

    at(author).post(
        url("references", draft.pk),
        {
            "key": "smith2020",
            "type": "article-journal",
            "title": "On nodes",
            "authors": "Smith, Jane A\nLee, Kim",
            "container": "Lancet",
            "issued": "2020-03",
            "page": "1023-31",
        },
    )

    assert draft.article_references.get().reference.csl == {
        "type": "article-journal",
        "title": "On nodes",
        "author": [{"family": "Smith", "given": "Jane A"}, {"family": "Lee", "given": "Kim"}],
        "container-title": "Lancet",
        "issued": {"date-parts": [[2020, 3]]},
        "page": "1023-31",
    }


@pytest.mark.parametrize(("field", "typed"), [("issued", "soon"), ("doi", "x"), ("key", "a b"), ("pmid", "0")])
def test_a_reference_that_cannot_be_read_is_refused_with_a_sentence(at, author, field, typed):
    draft = article(author)
    before = evidence()

    answer = at(author).post(url("references", draft.pk), {"key": "k", "type": "book", "title": "T", **{field: typed}})

    assert answer.status_code == 422
    assert "Line 0" not in text(answer)
    assert evidence() == before


@pytest.mark.parametrize("page", ["references", "draft"])
def test_the_desk_says_that_a_reference_is_retracted(at, author, page):
    draft = article(author)
    cite(draft, "a", by=author, status="retracted")
    cite(draft, "b", by=author)

    shown = text(at(author).get(url(page, draft.pk)))

    assert "<strong>[Retracted]</strong> Work a" in shown
    assert shown.count("[Retracted]") == 1


def test_the_desk_names_the_fields_that_are_not_printed(at, author):
    draft = article(author)
    form = {"key": "a", "type": "article-journal", "title": "T", "edition": "2", "editors": "Ng, Li"}

    answer = at(author).post(url("references", draft.pk), form, follow=True)

    assert "These fields are kept but not printed: edition, editor." in text(answer)


@pytest.mark.parametrize(
    ("field", "typed"), [("title", "H~2~O"), ("container", "The *Lancet*"), ("publisher", "<i>P</i>"), ("page", "5^2^")]
)
def test_a_reference_with_a_mark_in_a_printed_field_is_refused(at, author, field, typed):
    draft = article(author)
    before = evidence()

    answer = at(author).post(url("references", draft.pk), {**TYPED, field: typed})

    assert answer.status_code == 422
    assert "as it is typed; " in text(answer)
    assert evidence() == before


def test_an_allele_in_a_title_is_kept(at, author):
    draft = article(author)

    at(author).post(url("references", draft.pk), {**TYPED, "title": "HLA-B*57:01 at p < 0.05 and p > 0.01"})

    assert draft.article_references.get().reference.csl["title"] == "HLA-B*57:01 at p < 0.05 and p > 0.01"

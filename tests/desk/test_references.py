"""References at the desk: works in plain fields, the library's details, and what is said of them."""

import pytest

from articles.desk.references.form import FIELDS
from articles.models import ArticleReference, Reference
from articles.text.canonical import sha256
from tests.desk.pages import text, url
from tests.factories import article, cite, evidence, save, submitted

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("page", "said"), [("references", "<strong>Retracted</strong>"), ("draft", "[Retracted]")])
def test_the_desk_says_that_a_reference_is_retracted(at, author, page, said):
    draft = article(author)
    cite(draft, "a", by=author, status="retracted")
    cite(draft, "b", by=author)

    shown = text(at(author).get(url(page, draft.pk)))

    assert said in shown
    assert shown.count(said) == 1


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


# changed in place

WHOLE = {
    "type": "chapter", "title": "On nodes", "author": [{"family": "Smith", "given": "Jane A"}, {"literal": "WHO"}],
    "editor": [{"family": "Berg", "given": "Ann", "non-dropping-particle": "van den", "suffix": "Jr"}],
    "container-title": "Lymph", "issued": {"date-parts": [[2020, 3]]}, "volume": "2", "issue": "1", "page": "1-9",
    "edition": "3", "publisher": "P", "publisher-place": "Bonn", "URL": "https://example.org/x",
    "accessed": {"date-parts": [[2026, 11, 2]]}, "DOI": "10.1000/xyz", "PMID": "123", "ISBN": "9",
}  # fmt: skip


@pytest.fixture
def cited(author):
    work = Reference.objects.create(csl=WHOLE, doi="10.1000/xyz", pmid="123")
    draft = article(author, body="<p>Nodes swell.<cite data-ref='smith2020'>[smith2020]</cite></p>")
    return save(ArticleReference(article=draft, key="smith2020", reference=work), author)


def page_of(cited):
    return url("reference", cited.article_id, cited.pk)


def shown(answer) -> dict:
    """Return the entries of the form that the page shows."""
    form = answer.context["form"]
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_a_reference_is_changed_in_place_and_keeps_what_was_not_touched(at, author, cited):
    client = at(author)
    assert f'href="{page_of(cited)}"' in text(client.get(url("references", cited.article_id)))
    typed = shown(client.get(page_of(cited)))
    assert (typed["authors"], typed["editors"]) == ("Smith, Jane A\nWHO", "van den Berg, Ann, Jr")
    assert (typed["issued"], typed["accessed"], typed["doi"]) == ("2020-03", "2026-11-02", "10.1000/xyz")
    assert set(typed) == {*FIELDS, "key", "seen"}

    answer = client.post(
        page_of(cited),
        {**typed, "title": "On lymph nodes", "volume": "", "editors": typed["editors"] + "\nLee, Kim"},
        follow=True,
    )

    work = Reference.objects.get()
    assert "Reference saved." in text(answer)
    changed = {"title": "On lymph nodes", "editor": [*WHOLE["editor"], {"family": "Lee", "given": "Kim"}]}
    assert work.csl == {name: value for name, value in {**WHOLE, **changed}.items() if name != "volume"}
    assert (work.doi, work.pmid, work.history.first().history_user) == ("10.1000/xyz", "123", author)


def test_saving_a_reference_without_a_change_leaves_no_trace(at, author, cited):
    before, client = evidence(), at(author)

    assert client.post(page_of(cited), shown(client.get(page_of(cited)))).status_code == 302

    assert evidence() == before


def test_a_detail_that_no_field_can_say_is_left_out_and_stays(at, author, cited):
    work = cited.reference
    work.csl = {**WHOLE, "issued": {"literal": "Spring 2020"}, "type": "patent", "title": "x" * 1200}
    work.save()
    client = at(author)
    first = client.get(page_of(cited))
    typed = shown(first)
    assert not {"issued", "title"} & set(typed)
    assert "Details that these fields cannot show in full are left out" in text(first)

    client.post(page_of(cited), {**typed, "page": "7"})

    assert Reference.objects.get().csl == {**work.csl, "page": "7"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"key": "other"}, "The draft cites [@smith2020] in “What they do”. Keep the key"),
        ({"key": "lee2021"}, "This article already has a reference with this key."),
        ({"doi": "10.1000/other"}, "This belongs to another work in the library."),
        ({"pmid": "77"}, "This belongs to another work in the library."),
        ({"issued": "soon"}, "must be written as 2020, 2020-03 or 2020-03-12"),
        ({"title": ""}, "This field is required."),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_its_reason(at, author, cited, typed, sentence):
    other = Reference.objects.create(csl={"type": "book", "title": "Other"}, doi="10.1000/other", pmid="77")
    save(ArticleReference(article=cited.article, key="lee2021", reference=other), author)
    before, client = evidence(), at(author)

    answer = client.post(page_of(cited), {**shown(client.get(page_of(cited))), **typed})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert evidence() == before


def test_a_reference_that_is_not_cited_yet_gets_another_key(at, author, cited):
    section = cited.article.sections.get()
    section.body = "<p>Nodes swell.</p>"
    save(section, author)
    client = at(author)

    client.post(page_of(cited), {**shown(client.get(page_of(cited))), "key": "jane2020"})

    cited.refresh_from_db()
    assert (cited.key, cited.reference.csl) == ("jane2020", WHOLE)


def test_a_reference_saved_by_somebody_meanwhile_is_not_overwritten(at, author, cited):
    client = at(author)
    typed = shown(client.get(page_of(cited)))
    work = cited.reference
    work.csl = {**WHOLE, "title": "Theirs"}
    work.save()

    refused = client.post(page_of(cited), {**typed, "title": "Mine"})

    assert refused.status_code == 409
    assert "Someone else saved this after you opened it." in text(refused)
    assert shown(refused)["title"] == "Mine"
    assert Reference.objects.get().csl["title"] == "Theirs"
    assert client.post(page_of(cited), shown(refused)).status_code == 302
    assert Reference.objects.get().csl["title"] == "Mine"


def test_a_reference_removed_by_somebody_meanwhile_can_be_added_again(at, author, cited):
    client = at(author)
    typed = shown(client.get(page_of(cited)))
    page, draft = page_of(cited), cited.article
    client.post(url("reference_remove", draft.pk, cited.pk))

    refused = client.post(page, {**typed, "title": "On nodes"})

    assert (refused.status_code, client.get(page).status_code) == (409, 404)
    assert "Someone else removed this after you opened it." in text(refused)
    again = {**shown(refused), "editors": "", "details": "keep"}
    assert client.post(url("references", draft.pk), again).status_code == 302
    assert draft.article_references.get().key == "smith2020"


def test_who_corrects_a_work_that_other_articles_cite_is_told_what_that_means(at, author, cited):
    said = "Other articles cite this work too."
    assert said not in text(at(author).get(page_of(cited)))
    save(ArticleReference(article=article(author), key="s", reference=cited.reference), author)

    assert said in text(at(author).get(page_of(cited)))

"""Works of the library are found by DOI or PMID, never by title, and never changed by an import."""

import pytest

from articles.files.drafts.store import NotImported
from articles.models import Reference
from articles.text.citations.identifiers import normal_doi
from tests.articles.importing.drafts import TEXT, everything, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("identifier", ["DOI: 10.1000/SHARED", "PMID: 123", "DOI: 10.1000/shared, PMID: 123"])
def test_a_work_of_the_library_is_found_by_doi_or_pmid(author, identifier):
    work = Reference.objects.create(csl={"title": "As in the library"}, doi="10.1000/shared", pmid="123")

    article, report = stored(author, TEXT.replace("DOI: 10.1000/Trial", identifier))

    assert article.article_references.get(key="trial").reference == work
    work.refresh_from_db()
    assert work.csl == {"title": "As in the library"}
    assert (report.references_matched, report.references_new) == (1, 1)
    assert report.warnings == [
        "Line 7: The library and the file have different details of the reference “trial”. "
        "The library’s details are kept."
    ]


def test_a_work_is_never_found_by_its_title(author):
    Reference.objects.create(csl={"title": "A report"})

    _, report = stored(author)

    assert (report.references_matched, report.references_new) == (0, 2)


@pytest.mark.parametrize(
    ("library", "fields", "words"),
    [
        ([("10.1000/a", "1"), ("10.1000/b", "2")], "DOI: 10.1000/a, PMID: 2", "belong to two works"),
        ([("10.1000/a", "1")], "DOI: 10.1000/a, PMID: 2", "with another PMID: 1"),
        ([("10.1000/a", "1")], "DOI: 10.1000/b, PMID: 1", "with another DOI: 10.1000/a"),
    ],
)
def test_identifiers_that_contradict_the_library_are_refused(author, library, fields, words):
    for doi, pmid in library:
        Reference.objects.create(csl={"title": doi}, doi=doi, pmid=pmid)
    before = everything()

    with pytest.raises(NotImported, match=words):
        stored(author, TEXT.replace("DOI: 10.1000/Trial", fields))

    assert everything() == before


def test_two_keys_for_one_work_of_the_library_are_refused(author):
    Reference.objects.create(csl={"title": "Both"}, doi="10.1000/trial", pmid="5")
    before = everything()

    with pytest.raises(NotImported, match="“trial” and “report” are the same work"):
        stored(author, TEXT.replace("volume: 12.5", "PMID: 5"))

    assert everything() == before


def test_a_reference_whose_details_change_becomes_a_new_work(author):
    article, _ = stored(author)
    work = article.article_references.get(key="report").reference

    _, report = stored(author, TEXT.replace("12.5", "12.6"), update=True)

    assert report.references_new == 1
    assert article.article_references.get(key="report").reference.csl["volume"] == "12.6"
    work.refresh_from_db()
    assert work.csl["volume"] == "12.5"


@pytest.mark.parametrize("doi", ["10.1000/A", "doi: 10.1000/A", "https://dx.doi.org/10.1000/A", "doi.org/10.1000/A"])
def test_a_doi_has_one_normal_form(doi):
    assert normal_doi(doi) == "10.1000/a"

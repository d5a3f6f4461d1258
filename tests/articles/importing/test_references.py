"""The references of a file become works in CSL: numbers, dates, names and identifiers."""

import pytest

from tests.articles.importing.files import article, csl_of


def test_numbers_in_a_reference_keep_their_digits():
    csl = csl_of("type: book, volume: 12.50, issue: 007, page: 12:30, edition: 2, number: 1e3, section: yes")

    assert csl == {
        "type": "book",
        "volume": "12.50",
        "issue": "007",
        "page": "12:30",
        "edition": "2",
        "number": "1e3",
        "section": "yes",
    }


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2020", [[2020]]),
        ("2020-03", [[2020, 3]]),
        ("2020-03-12", [[2020, 3, 12]]),
        ("{date-parts: [[2020, 3]]}", [[2020, 3]]),
        ("{date-parts: [['2020', 3], [2021]]}", [[2020, 3], [2021]]),
    ],
)
def test_dates_become_date_parts(written, parts):
    assert csl_of(f"issued: {written}")["issued"] == {"date-parts": parts}


def test_names_become_csl_names():
    csl = csl_of(
        "author: ['Smith, Ann B', WHO, {family: Roe, given: J}], editor: {literal: Board}, translator: 'Doe, A'"
    )

    assert csl["author"] == [{"family": "Smith", "given": "Ann B"}, {"literal": "WHO"}, {"family": "Roe", "given": "J"}]
    assert csl["editor"] == [{"literal": "Board"}]
    assert csl["translator"] == [{"family": "Doe", "given": "A"}]


@pytest.mark.parametrize(
    "doi", ["10.1000/ABC", "doi:10.1000/abc", "https://doi.org/10.1000/Abc", "dx.doi.org/10.1000/abc"]
)
def test_identifiers_are_brought_to_one_form(doi):
    reference = article("A [@x].", f"references:\n  - {{id: x, doi: '{doi}', pmid: 'PMID: 123'}}\n").references[0]

    assert (reference.doi, reference.pmid) == ("10.1000/abc", "123")
    assert (reference.csl["DOI"], reference.csl["PMID"]) == ("10.1000/abc", "123")


def test_fields_unknown_to_csl_and_empty_references_are_noted():
    read = article("A [@x].", "references:\n  - {id: x, jounal: Lancet, volume: }\n")

    assert read.references[0].csl == {"jounal": "Lancet", "type": "document"}
    assert read.warnings == [
        "Line 6: CSL has no field “jounal” (reference “x”).",
        "Line 6: The reference “x” has no title, container-title, DOI, PMID or URL.",
    ]

"""The references of a file become works in CSL: numbers, dates, names and identifiers."""

import json
import re

import pytest

from articles.files.markdown.front_matter import references
from articles.files.markdown.front_matter.references import DATES, FIELDS, NAMES
from articles.text.citations import BESIDE_CSL, format_reference
from articles.text.plain.markup import in_work
from tests.articles.importing.files import HEAD, article, csl_of, refusal


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
        "Line 5: These fields of references are not printed, but they are signed with the text: jounal.",
    ]


# Left out where the journal, the DOI or the whole title says the same, or where there is no address to have read.
SAID_OTHERWISE = {
    "accessed",
    "page-first",
    "container-title-short",
    "journalAbbreviation",
    "publisher",
    "publisher-place",
    "URL",
}
NUMBERS = {"DOI": "10.1000/abc", "PMID": "123", "PMCID": "PMC123", "URL": "https://example.org/"}
BARE = {"title": "A title"}
ONLINE = {"title": "A title", "URL": "https://example.org/"}
FULL = {
    **{"author": "['Smith, A']", "title": "A title", "container-title": "A journal", "issued": "2020", "volume": "3"},
    **{"issue": "4", "page": "5-6", "publisher": "A publisher", "collection-title": "A series"},
}
TYPES = ["article-journal", "article", "book", "chapter", "webpage", "report", "thesis", "paper-conference", "patent"]


def value_of(name):
    if name in references.NAMES:
        return "['Zuckerberg, Q']"
    return "2019-03-12" if name in (*references.DATES, "updated") else NUMBERS.get(name, "Zzz")


@pytest.mark.parametrize("name", sorted(references.FIELDS.values()))
def test_each_field_is_either_printed_or_warned_of(name):
    seen = set()
    for kind in TYPES:
        for around in (BARE, ONLINE, FULL):
            fields = {"type": kind, **around, name: value_of(name)}
            written = ", ".join(f"{field}: {value}" for field, value in fields.items())
            read = article("A [@x].", f"references:\n  - {{id: x, {written}}}\n")
            csl = read.references[0].csl

            is_printed = format_reference({**csl, name: ""}) != format_reference(csl)
            is_warned_of = name in {word for line in read.warnings for word in re.findall(r"[\w-]+", line)}

            assert not any("CSL has no field" in warning for warning in read.warnings)
            assert not (is_printed and is_warned_of), (kind, around)
            assert is_printed or is_warned_of or name in {"type"} | SAID_OTHERWISE, (kind, around)
            seen.add(is_printed)
    assert name not in {*BESIDE_CSL, *SAID_OTHERWISE} or True in seen or name == "page-first"


def test_a_field_that_csl_does_not_know_and_we_do_not_print_is_warned_of():
    read = article("A [@x].", "references:\n  - {id: x, title: T, e-location: e12}\n")

    assert read.warnings == [
        "Line 6: CSL has no field “e-location” (reference “x”).",
        "Line 5: These fields of references are not printed, but they are signed with the text: e-location.",
    ]


def test_a_group_author_with_a_comma_stays_an_organisation():
    name = "Centers for Disease Control and Prevention, National Center for Health Statistics"

    assert csl_of(f'author: ["{name}", "van der Berg, Ann", "de la Cruz, M"]')["author"] == [
        {"literal": name},
        {"family": "van der Berg", "given": "Ann"},
        {"family": "de la Cruz", "given": "M"},
    ]


@pytest.mark.parametrize(
    "written", ["'Smith A, Jones B'", "['Smith A, Jones B']", "'Smith A , Jones B'", "['Smith, A', 'Jones, B']"]
)
def test_people_in_the_style_of_pubmed_are_each_a_person(written):
    assert csl_of(f"author: {written}")["author"] == [
        {"family": "Smith", "given": "A"},
        {"family": "Jones", "given": "B"},
    ]


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Smith A., Jones B.", [("Smith", "A."), ("Jones", "B.")]),
        ("Smith J.-P., Lee B.", [("Smith", "J.-P."), ("Lee", "B.")]),
    ],
)
def test_initials_with_full_stops_are_those_of_each_person(written, people):
    assert csl_of(f"author: ['{written}']")["author"] == [{"family": one, "given": two} for one, two in people]


@pytest.mark.parametrize("degree", ["PhD", "Ph.D.", "MSc", "DPhil", "MBBS", "FRCP"])
def test_a_degree_is_no_given_name(degree):
    said = refusal(f"{HEAD}references:\n  - {{id: x, author: ['Smith, {degree}']}}\n---\nText [@x].\n")

    assert f"“{degree}” is no given name: leave it out of “Smith, {degree}”." in said


def test_names_in_capitals_and_with_particles_are_of_one_person():
    for initials in ("DP", "D.P.", "MA", "MD", "RN", "BS"):
        assert csl_of(f"author: ['Patel, {initials}']")["author"] == [{"family": "Patel", "given": initials}]
    assert csl_of('author: ["LEE, Bruce", "van der Aa, Rik", "Li, M", "Ng, PH", "O, Jun"]')["author"] == [
        {"family": "LEE", "given": "Bruce"},
        {"family": "van der Aa", "given": "Rik"},
        {"family": "Li", "given": "M"},
        {"family": "Ng", "given": "PH"},
        {"family": "O", "given": "Jun"},
    ]


def test_a_whole_list_in_the_style_of_pubmed_is_read_and_printed_as_it_stands():
    names = "de la Cruz MJ, O’Neil J-P, Ångström Ö, Lee C Jr, King AB 3rd"

    csl = csl_of(f'author: "{names}", title: T')

    assert format_reference(csl).startswith(f"{names}. T.".replace("J-P", "JP"))


@pytest.mark.parametrize(
    "written",
    [
        "Smith A, Jane",
        "Smith, Ann and Jones, Bob",
        "Smith, Ann and Bob Jones",
        "A B; C D",
        "King III, Martin L",
        "A. Smith, B. Jones",
        "A Smith, B Jones",
        "Smith A., Jane",
        "AB Smith, CD Jones",
    ],
)
def test_what_may_be_several_people_never_becomes_one(written):
    assert "Write the names of “author” as a list: [“Family, Given”, …], or each as {family: …, given: …}." in refusal(
        f"{HEAD}references:\n  - {{id: x, author: ['{written}']}}\n---\nText [@x].\n"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("author: ['Smith, Ann et al.']", "ends with “et al.”"),
        ("author: ['Smith, et al.']", "ends with “et al.”"),
        ("title: 'Salt &amp; water'", "would be printed with “&amp;”"),
        ("title: '<span>Salt</span>'", "would be printed with “<span>”"),
        ("title: '<jats:italic>E. coli</jats:italic>'", "would be printed with “<jats:italic>”"),
        ("title: '{HIV} in adults'", "would be printed with “{HIV}”"),
        ("title: 'Outcome of {HIV, AIDS} in adults'", "would be printed with “{HIV, AIDS}”"),
        ("title: '{COVID-19 (SARS-CoV-2)} in adults'", "would be printed with “{COVID-19 (SARS-CoV-2)}”"),
        (r"title: 'Use of $\beta$-blockers'", r"would be printed with “$\beta$”"),
        (r"title: 'Use of \beta blockers'", r"would be printed with “\beta”"),
        ("title: \"On ``quoted'' words\"", "would be printed with “``quoted''”"),
        ("title: '**Salt**'", "would be printed with “**Salt**” as it is typed; remove it."),
        ("title: 'H~2~O'", "would be printed with “~2~” as it is typed; write <sub>…</sub> or <sup>…</sup>."),
        (
            "title: 'A count of 10^9^'",
            "would be printed with “^9^” as it is typed; write <sub>…</sub> or <sup>…</sup>.",
        ),
        ("title: 'Growth of *E. coli*'", "would be printed with “*E. coli*” as it is typed; write <i>…</i>."),
        ("title: 'Growth of <i>E. coli'", "would be printed with “<i>” as it is typed; remove it."),
        ("container-title: 'The [Lancet](https://thelancet.com)'", "would be printed with “[Lancet](https:"),
        ("publisher: '<i>Elsevier</i>'", "would be printed with “<i>” as it is typed; remove it."),
        ("publisher: '*Elsevier*'", "would be printed with “*Elsevier*” as it is typed; remove it."),
        ("note: 'From `PubMed`'", "would be printed with “`PubMed`” as it is typed; remove it."),
        ("updated: '*May* 2020'", "would be printed with “*May*” as it is typed; remove it."),
        ("custom: {updated: '*May* 2020'}", "would be printed with “*May*” as it is typed; remove it."),
        ("issued: {literal: 'May ^2^'}", "would be printed with “^2^” as it is typed; remove it."),
        ("author: ['*Smith*, Jane']", "would be printed with “*Smith*” as it is typed; remove it."),
        ("URL: 'https://a.example https://b.example'", "two addresses"),
    ],
)
def test_what_would_be_printed_wrongly_in_a_reference_is_refused(fields, words):
    assert words in refusal(f"{HEAD}references:\n  - {{id: x, {fields}}}\n---\nText [@x].\n")


@pytest.mark.parametrize(
    "title",
    [
        "HLA-B*57:01 screening for hypersensitivity to abacavir",
        "CYP2C19*2 and *3 alleles, and the *1/*1 and *1/*2 genotypes",
        "Salt <5 g and >2 g a day: p < 0.05 but p > 0.01",
        "Patients of age <a and weight >b, or <LOD>",
        "50~60 years ~ 70~80 years, ~100 of them",
        "NF-_B, 5-HT_1A and 5-HT_2A",
        "A count of 10^9 and of 10^12",
        "The role of R&D; what is next?",
        "2-{[4-(dimethylamino)phenyl]azo}benzoic acid and {0,1}",
        "[Growth of CO<sub>2</sub>] #1 in <i>E. coli</i>*",
    ],
)
def test_signs_that_stand_in_titles_of_works_are_no_marks(title):
    assert csl_of(f"title: {json.dumps(title)}")["title"] == title
    assert list(in_work({"title": title})) == []


@pytest.mark.parametrize("field", [name for name in sorted({*FIELDS.values()}) if name not in ("URL", "DOI", "custom")])
def test_a_tag_is_refused_in_each_field_that_would_print_it(field):
    """The list of fields that keep no tag is compared with what is printed of each kind of work."""
    value = [{"literal": "<i>x</i>"}] if field in NAMES else {"literal": "<i>x</i>"} if field in DATES else "<i>x</i>"
    around = {"title": "T", "container-title": "C", "collection-title": "S", "volume": "1", "URL": "https://a.org"}
    works = [{"type": kind, **(around if full else {}), field: value} for kind in TYPES for full in (True, False)]

    is_printed_so = any("&lt;i&gt;" in format_reference(work) for work in works)

    assert is_printed_so == any("<i>" in sentence for work in works for sentence in in_work({field: work[field]}))


def test_an_address_without_its_beginning_is_kept_and_marks_that_print_right_stay():
    csl = csl_of("URL: www.who.int/a, title: '<i>E. coli</i> and CO<sub>2</sub> < 5'")

    assert csl["URL"] == "https://www.who.int/a"
    assert csl["title"] == "<i>E. coli</i> and CO<sub>2</sub> < 5"


def test_fields_that_are_not_printed_are_noted():
    read = article("A [@x].", "references:\n  - {id: x, type: thesis, title: T, genre: PhD thesis, medium: Print}\n")

    assert read.warnings == ["Line 6: The reference “x” has fields that are not printed: medium."]


def test_fields_that_tell_nothing_of_the_work_are_noted_once_for_all():
    one = "{id: x, title: T, ISSN: 1, abstract: 'Give 50 mg daily', custom: {dose: 50 mg}}"
    read = article("A [@x; @y].", f"references:\n  - {one}\n  - {{id: y, title: U, ISSN: 2, annote: N}}\n")

    assert read.warnings == [
        "Line 5: These fields of references are not printed, but they are signed with the text: "
        "ISSN, abstract, annote, custom."
    ]

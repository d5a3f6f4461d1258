"""References in NLM style and the numbers of citations."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from articles.text.citations import format_reference, number_keys, ranges

GOLDEN = Path(__file__).parent / "golden" / "references"
ENTRIES = sorted(path.stem for path in GOLDEN.glob("*.json"))
SAFE_ADDRESSES = ("https://", "http://")


def person(family="Smith", given="John A.", **more):
    return {"family": family, "given": given, **more}


def article(**fields):
    return {"type": "article-journal", "title": "Title", "container-title": "Lancet", **fields}


def tags(entry):
    return {element.tag for element in html.fragment_fromstring(entry, create_parent="li").iterdescendants()}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_reference_reads_as_its_golden_file(name):
    csl = json.loads((GOLDEN / f"{name}.json").read_text())

    assert format_reference(csl) == (GOLDEN / f"{name}.html").read_text().rstrip("\n")


def test_the_source_of_each_golden_line_is_named():
    sources = json.loads((GOLDEN.parent / "sources.json").read_text())

    assert sorted(sources) == ENTRIES
    assert all("Citing Medicine" in source or "NLM samples" in source for source in sources.values())
    kinds = {json.loads((GOLDEN / f"{name}.json").read_text())["type"] for name in ENTRIES}
    assert len(kinds) >= 14, kinds


def test_every_golden_kind_of_work_has_two_files_at_least():
    for kind in ("article-journal", "book", "chapter", "webpage", "report", "guideline"):
        assert sum(name == kind or name.startswith(f"{kind}-") for name in ENTRIES) >= 2


@pytest.mark.parametrize(
    ("author", "printed"),
    [
        (person(), "Smith JA."),
        (person(given="Jean-Paul"), "Smith JP."),
        (person(given="J.-P."), "Smith JP."),
        (person(given="JA"), "Smith JA."),
        (person(given="John Adam Basil"), "Smith JA."),
        (person("Berg", "Peter van der"), "van der Berg P."),
        (person("Berg", "Peter", **{"dropping-particle": "van der"}), "van der Berg P."),
        (person("St. James", "Charles"), "St James C."),
        (person(suffix="Jr."), "Smith JA Jr."),
        (person(suffix="IV"), "Smith JA 4th."),
        ({"given": "Plato"}, "Plato."),
        ({"family": "Plato"}, "Plato."),
        ("Cochrane Collaboration", "Cochrane Collaboration."),
        ([person(), {"literal": "et al."}], "Smith JA, et al."),
        ([{"literal": "A Group"}, {"literal": "B Group"}], "A Group; B Group."),
        ([person("A"), {}, None, 7.5, person("B")], "A JA, B JA."),
        ([person(c) for c in "ABCDEF"], "A JA, B JA, C JA, D JA, E JA, F JA."),
        ([person(c) for c in "ABCDEFG"], "A JA, B JA, C JA, D JA, E JA, F JA, et al."),
    ],
)
def test_names_are_printed_as_citing_medicine_prints_them(author, printed):
    assert format_reference({"author": author}) == printed


@pytest.mark.parametrize(
    ("issued", "printed"),
    [
        ({"date-parts": [[2020, 3, 12]]}, "2020 Mar 12"),
        ({"date-parts": [["2020", "03"]]}, "2020 Mar"),
        ({"date-parts": [[2020, 13, 12]]}, "2020 Spring"),
        ({"date-parts": [[2020, 99, 12]]}, "2020"),
        ({"date-parts": [[2020, "March", 12]]}, "2020 Mar 12"),
        ({"date-parts": [[2019], [2020]]}, "2019-2020"),
        ({"date-parts": [[2020, 3, 12], [2020, 3, 15]]}, "2020 Mar 12-15"),
        ({"date-parts": [[2020, 3, 30], [2020, 4, 2]]}, "2020 Mar 30-Apr 2"),
        ({"date-parts": [[2019, 12], [2020, 1]]}, "2019 Dec-2020 Jan"),
        ({"date-parts": [2020, 3]}, "2020 Mar"),
        ({"date-parts": [[2020]], "season": "2"}, "2020 Summer"),
        ({"date-parts": [[2020]], "season": "Michaelmas"}, "2020 Michaelmas"),
        ({"raw": "2020-03-12"}, "2020 Mar 12"),
        ({"raw": "2019/2020"}, "2019-2020"),
        ({"raw": "in the spring"}, "in the spring"),
        ({"literal": "<b>1 May</b>"}, "&lt;b&gt;1 May&lt;/b&gt;"),
        ("2020-03", "2020 Mar"),
        (2020, "2020"),
    ],
)
def test_dates_are_printed_year_first(issued, printed):
    assert format_reference(article(issued=issued)) == f"Title. Lancet. {printed}."


@pytest.mark.parametrize(
    "issued", [None, [], {}, {"date-parts": []}, {"date-parts": [[None]]}, {"date-parts": 5}, True]
)
def test_a_date_that_says_nothing_is_left_out(issued):
    assert format_reference(article(issued=issued)) == "Title. Lancet."


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("1023-1031", "1023-31"),
        ("1023–1031", "1023-31"),
        ("284-287", "284-7"),
        ("998-1003", "998-1003"),
        ("S93-S99", "S93-9"),
        ("S93-T99", "S93-T99"),
        ("60-61, 68-70", "60-1, 68-70"),
        ("12-12", "12"),
        ("iii–v", "iii-v"),
        ("e1000123", "e1000123"),
        (77, "77"),
    ],
)
def test_page_ranges_leave_out_repeated_digits(page, printed):
    assert format_reference(article(volume="3", page=page)) == f"Title. Lancet. 3:{printed}."


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ({"volume": "3", "issue": "4"}, "3(4)."),
        ({"issue": "401", "issued": 2002, "page": "230-238"}, "2002;(401):230-8."),
        ({"issued": {"raw": "2002-06"}, "page": "1-6"}, "2002 Jun:1-6."),
        ({"page": "1-6"}, "p. 1-6."),
        ({"volume": "42", "issue": "Suppl 2", "page": "S93"}, "42 Suppl 2:S93."),
        ({"volume": "9", "number": "e55"}, "9:e55."),
    ],
)
def test_what_a_journal_article_lacks_leaves_no_punctuation_behind(fields, printed):
    assert format_reference(article(**fields)) == f"Title. Lancet. {printed}"


@pytest.mark.parametrize(
    ("edition", "printed"),
    [(2, "2nd ed."), ("3rd", "3rd ed."), ("11", "11th ed."), ("22nd edition", "22nd ed."), ("Rev. ed.", "Rev. ed.")],
)
def test_editions_are_ordinal(edition, printed):
    assert format_reference({"type": "book", "title": "Book", "edition": edition}) == f"Book. {printed}"


@pytest.mark.parametrize(
    ("csl", "printed"),
    [
        ({"type": "article-journal", "container-title": "Annals of Surgical Oncology"}, "Annals of Surgical Oncology."),
        ({"type": "book", "container-title": "Gray's Anatomy"}, "Gray's Anatomy."),
        ({"type": "chapter", "title": "Bones", "page": "3-9"}, "Bones. p. 3-9."),
        ({"type": "chapter", "container-title": "Anatomy"}, "In: Anatomy."),
        ({"type": "unheard-of", "title": "What?"}, "What?"),
        (
            {"type": "dataset", "title": "Cases", "container-title": "Zenodo", "issued": 2021},
            "Cases [dataset]. Zenodo; 2021.",
        ),
        ({"type": "review", "title": "R", "container-title": "BMJ", "volume": 4, "page": "1"}, "R. BMJ. 4:1."),
        ({"title": ["One", "Two"]}, "One."),
        ({"title": "O\x00n\ud800e\ufffe"}, "One."),
        ({}, "Details of this work are missing."),
        ([], "Details of this work are missing."),
        (None, "Details of this work are missing."),
    ],
)
def test_a_meagre_or_unknown_work_still_reads_well(csl, printed):
    assert format_reference(csl) == printed


def test_an_address_is_left_out_where_a_doi_leads_to_the_article():
    assert "example.org" not in format_reference(article(DOI="10.5555/x", URL="https://example.org/"))
    assert "example.org" in format_reference(article(DOI="not a DOI", URL="https://example.org/"))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://example.org/", "//example.org", "https://", "http://[", "https://a@b.org", "/a", 7],
)
def test_only_web_addresses_become_links(address):
    assert format_reference({"type": "webpage", "title": "Page", "URL": address}) == "Page."


def test_a_doi_is_a_link_to_its_resolver_whatever_is_in_it():
    entry = format_reference({"title": "T", "DOI": 'doi:10.1002/(SICI)1097<1::AID>3.0"onclick=x'})

    link = html.fragment_fromstring(entry, create_parent="li").find("a")
    assert link.get("href").startswith("https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0%22onclick")
    assert set(link.attrib) == {"href", "rel"}


def test_titles_keep_italics_and_scripts_and_nothing_else():
    entry = format_reference({"title": '<i>E. coli</i>, H<sub>2</sub>O, <b>b</b>, <i onclick="x">y</sup>'})

    assert entry.startswith("<i>E. coli</i>, H<sub>2</sub>O, &lt;b&gt;b&lt;/b&gt;, &lt;i onclick=")
    assert tags(entry) == {"i", "sub"}


def test_a_tag_that_is_not_closed_is_text():
    assert format_reference({"title": "p <i> 0.05"}) == "p &lt;i&gt; 0.05."
    assert format_reference({"title": "<i>a<sub>b</i>c</sub>"}) == "&lt;i&gt;a<sub>b&lt;/i&gt;c</sub>."


# fmt: off
FIELDS = [
    "title", "container-title", "volume", "issue", "page", "edition", "number", "URL", "DOI", "PMID", "PMCID", "genre",
]
# fmt: on
HOSTILE = "<img src=x onerror=alert(1)>\"'&<script>"


@pytest.mark.parametrize("kind", ["article-journal", "book", "chapter", "webpage", "report", "guideline", "thesis"])
def test_no_field_comes_through_as_markup(kind):
    csl = dict.fromkeys([*FIELDS, "publisher", "publisher-place", "collection-title", "collection-number"], HOSTILE)
    csl |= dict.fromkeys(["container-title-short", "issued", "accessed", "updated"], HOSTILE)
    csl |= {"type": kind, "URL": f"https://example.org/{HOSTILE}"}
    csl |= {"author": [person(HOSTILE, HOSTILE, suffix=HOSTILE)], "editor": HOSTILE, "translator": {"literal": HOSTILE}}

    entry = format_reference(csl)

    assert tags(entry) <= {"a"}
    links = html.fragment_fromstring(entry, create_parent="li").findall("a")
    assert all(link.get("href").startswith(SAFE_ADDRESSES) and set(link.attrib) == {"href", "rel"} for link in links)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
dates = json_values | st.fixed_dictionaries({"date-parts": json_values, "season": json_values, "raw": json_values})
people = json_values | st.lists(st.dictionaries(st.sampled_from(["family", "given", "suffix", "literal"]), json_values))
fields = {
    "type": st.sampled_from(["article-journal", "book", "chapter", "webpage", "report", "guideline", "x"])
    | json_values,
    **dict.fromkeys(["author", "editor", "translator", "container-author"], people),
    **dict.fromkeys(["issued", "accessed", "updated", "custom"], dates),
    **dict.fromkeys(FIELDS, json_values),
}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=fields))
def test_no_work_however_malformed_raises_or_brings_markup(csl):
    entry = format_reference(csl)

    assert entry
    assert tags(entry) <= {"a", "i", "sub", "sup"}


@pytest.mark.parametrize(
    ("numbers", "pairs"),
    [
        ([], []),
        ([2], [(2, 2)]),
        ([4, 5], [(4, 4), (5, 5)]),
        ([5, 3, 1, 4, 3], [(1, 1), (3, 5)]),
        ([1, 2, 3, 5, 6, 8, 9, 10, 11], [(1, 3), (5, 5), (6, 6), (8, 11)]),
    ],
)
def test_three_numbers_in_a_row_make_a_range_and_two_do_not(numbers, pairs):
    assert ranges(numbers) == pairs


def test_keys_are_numbered_by_first_use():
    assert number_keys(["x", "y", "y", "a", "x"]) == {"x": 1, "y": 2, "a": 3}


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ({"type": "article-journal", "status": "retracted"}, "[Retracted]"),
        ({"type": "article-journal", "genre": "preprint"}, "[Preprint]"),
        ({"type": "report", "genre": "guideline", "number": "12"}, "Guideline No.: 12"),
        ({"type": "standard", "number": "12"}, "Standard No.: 12"),
        ({"type": "book", "author": [{"literal": "Lee K"}, {"literal": "et al."}]}, "Lee K, et al."),
    ],
)
def test_a_word_that_decides_what_is_printed_is_known_in_capitals_too(fields, printed):
    work = {"title": "T", "container-title": "medRxiv", "volume": "", **fields}
    capitals = {name: value.upper() if name in ("status", "genre", "type") else value for name, value in work.items()}
    if "author" in capitals:
        capitals["author"] = [{"literal": "Lee K"}, {"literal": "Et Al."}]

    assert printed in format_reference(work)
    assert format_reference(capitals) == format_reference(work)

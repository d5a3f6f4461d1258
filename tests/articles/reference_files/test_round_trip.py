"""What is exported and imported again is the same: any record, in each of the three formats."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles.files.exporting.references import FORMATS
from articles.files.imported import BadFile
from articles.files.markdown.front_matter.references import DATES, NAMES, TEXTS
from articles.files.references import read_text
from articles.files.references.record import NOT_KEPT, NotRead, tidied
from articles.text.citations import BESIDE_CSL
from articles.text.citations.standing import NOTICES, STATUSES
from articles.text.plain import markup

SIGNS = "abcdeXYZ éüßøłαβ ≥±–—’“” 0123456789 ⁹₂ .,;:!?&%#$_~^<>=+-*/'\"()[]{}\\`@|"


def is_stored_so(text) -> bool:
    try:
        return bool(text) and tidied(text) == text and not markup.in_reference("title", text) and not text.isdigit()
    except NotRead:
        return False


TEXT = st.text(SIGNS, min_size=1, max_size=40).map(str.strip).filter(is_stored_so)
WORDS = st.lists(
    st.sampled_from(
        ["Node", "Trial", "Group", "UK", "Ltd", "&", "A,", "Health", "Society", "of", "and", "van", "Å", "9th"]
    ),
    min_size=1,
    max_size=5,
)
ORGANISATION = st.one_of(
    WORDS.map(" ".join).map(lambda text: text.strip(", ")),
    st.sampled_from(
        ["World Health Organization", "Ministry of Health, Utopia", "Smith, Jr.", "Trial Unit UK", "Smith JA"]
    ),
).filter(lambda text: is_stored_so(text) and text.lower() not in ("and",) and ",," not in text)
FAMILY = st.sampled_from(["Okoro", "O'Neil", "Müller", "St John", "Østergård-Ruiz", "D’Árcy", "Li", "Ng"])
GIVEN = st.sampled_from(["", "Ada", "A. B.", "Jean-Paul", "JP", "Søren K", "Martin Luther", "I", "V. A."])
PARTICLE = st.sampled_from(["", "", "", "van der", "de", "von", "dos"])
SUFFIX = st.sampled_from(["", "", "", "Jr.", "Jr", "III", "3rd"])


@st.composite
def person(draw):
    if draw(st.integers(0, 3)) == 0:
        return {"literal": draw(ORGANISATION)}
    given = draw(GIVEN)
    named = {
        "family": draw(FAMILY),
        "given": given,
        "non-dropping-particle": draw(PARTICLE) if given else "",
        "suffix": draw(SUFFIX) if given else "",
    }
    if not given:
        return {"literal": named["family"]}  # one name alone is read as an organisation, and printed the same
    return {name: text for name, text in named.items() if text}


PEOPLE = st.builds(
    lambda people, others: people + [{"literal": "et al."}] * (others and bool(people)),
    st.lists(person(), max_size=8),
    st.booleans(),
)
POINT = st.one_of(
    st.tuples(st.integers(1000, 2100)),
    st.tuples(st.integers(1000, 2100), st.integers(1, 12)),
    st.tuples(st.integers(1000, 2100), st.integers(1, 12), st.integers(1, 28)),
).map(list)
DATE = st.one_of(
    POINT.map(lambda point: {"date-parts": [point]}),
    st.tuples(POINT, POINT)
    .filter(lambda two: len(two[0]) == len(two[1]) and two[0] != two[1])
    .map(lambda two: {"date-parts": list(two)}),
    st.tuples(st.integers(1000, 2100), st.sampled_from("1234")).map(
        lambda one: {"date-parts": [[one[0]]], "season": one[1]}
    ),
)
DOI = st.sampled_from(
    [
        "10.1000/xyz",
        "10.1002/(sici)1097-0142(19960815)78:4<1661::aid-cncr1>3.0.co;2-2",
        "10.1016/s0140-6736(19)30041-8",
        "10.1000/a_b#c%d&e",
        "10.1000/a--b",
    ]
)
NOTICE = st.fixed_dictionaries({"kind": st.sampled_from(sorted(NOTICES)), "text": st.just("Node J. 2021 Mar;4(1):9.")})
PAGE = st.sampled_from(["1023-1031", "S93-S99", "e12", "60-61, 68-70", "5", "iii-v", "1023-31"])
TYPES = [
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "article",
    "book",
    "chapter",
    "dataset",
    "document",
    "entry-dictionary",
    "entry-encyclopedia",
    "guideline",
    "paper-conference",
    "patent",
    "post",
    "post-weblog",
    "report",
    "software",
    "standard",
    "thesis",
    "webpage",
]


@st.composite
def work(draw):
    kind = draw(st.sampled_from(TYPES))
    optional = {
        "author": PEOPLE,
        "editor": PEOPLE,
        "translator": PEOPLE,
        "container-title": TEXT,
        "publisher": TEXT,
        "publisher-place": TEXT,
        "collection-title": TEXT,
        "issued": DATE,
        "accessed": POINT.map(lambda point: {"date-parts": [point]}),
        "DOI": DOI,
        "PMID": st.integers(1, 99_999_999).map(str),
        "PMCID": st.just("PMC123456"),
        "URL": st.just("https://example.org/a_b%20c?x=1&y=~z#d"),
        "language": st.just("de"),
    }
    if kind.startswith("article"):
        optional |= {
            "volume": TEXT,
            "issue": st.just("4 Suppl 2"),
            "page": PAGE,
            "container-title-short": TEXT,
            "article-number": st.just("e123"),
            "ISSN": st.just("0140-6736"),
        }
    elif kind in ("book", "chapter", "report"):
        optional |= {"edition": st.just("2"), "number": st.just("12"), "ISBN": st.just("978-3-16-148410-0")}
    csl = {
        name: values for name, values in ((name, draw(st.none() | each)) for name, each in optional.items()) if values
    }
    csl |= {"type": kind, "title": draw(TEXT)}
    if draw(st.booleans()):
        csl["status"] = draw(st.sampled_from(STATUSES))
    notices = draw(st.lists(NOTICE, max_size=2, unique_by=lambda one: one["kind"]))
    if notices:
        csl["custom"] = {"notices": notices}
        standing = {"retraction in": 0, "expression of concern in": 1, "partial retraction in": 2}
        standing |= {"corrected and republished in": 3, "erratum in": 4, "republished in": 5, "update in": 6}
        found = [standing[one["kind"]] for one in notices if one["kind"] in standing]
        found += [STATUSES.index(csl["status"])] if "status" in csl else []
        csl |= {"status": STATUSES[min(found)]} if found else {}
    if draw(st.booleans()) and is_plain_note(note := draw(TEXT)):
        csl["note"] = note
    return csl


def is_plain_note(note) -> bool:
    return note.lower() not in STATUSES and ": " not in note and not note.endswith(";") and note[0] != ";"


def again(form, csl):
    reading = read_text(FORMATS[form].write({"key2020": csl}))

    assert reading.unread == []
    (found,) = reading.found
    assert found.reference.key == "key2020"
    return found.reference.csl


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(csl=work())
def test_a_record_is_the_same_after_export_and_import(form, csl):
    assert again(form, csl) == csl


def is_kept(name) -> bool:
    """Tell whether the library stores the variable as any text, date or people."""
    return name not in (*NOT_KEPT, "type", "categories", "custom", "DOI", "PMID", "PMCID", "URL", "status", "title")


@st.composite
def whole_work(draw):
    """Return a work with any of the variables that the library keeps, as it stores them."""
    texts = draw(st.dictionaries(st.sampled_from(sorted(filter(is_kept, (*TEXTS, *BESIDE_CSL)))), TEXT, max_size=6))
    people = draw(st.dictionaries(st.sampled_from(NAMES), PEOPLE.filter(bool), max_size=3))
    days = draw(st.dictionaries(st.sampled_from(DATES), DATE, max_size=3))
    custom = draw(st.fixed_dictionaries({}, optional={"updated": TEXT, "own": st.lists(st.integers(0, 9), max_size=2)}))
    item = {**texts, **people, **days, "type": draw(st.sampled_from([*TYPES, "map", "hearing", "Own type"]))}
    item |= {"title": draw(TEXT), **({"custom": custom} if custom else {})}
    try:
        return read_text(json.dumps(item)).found[0].reference.csl
    except (BadFile, IndexError):
        assume(False)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(csl=whole_work())
def test_no_variable_that_the_library_keeps_is_lost(form, csl):
    assert again(form, csl) == csl


@pytest.mark.parametrize("form", FORMATS)
def test_what_another_program_changed_is_not_changed_back(form):
    csl = {"type": "book", "title": "Nodes", "author": [{"family": "Okoro", "static-ordering": "true"}], "scale": "1:5"}
    written = FORMATS[form].write({"key2020": csl})

    whole, (changed,) = read_text(written).found[0], read_text(written.replace("Okoro", "Ruiz")).found

    assert whole.reference.csl == csl
    assert "Ruiz" in str(changed.reference.csl["author"])
    assert "Okoro" not in str(changed.reference.csl)
    if form != "json":  # there the people stand whole in their own field
        assert changed.remarks == ["The work was changed since it was exported: only what the file shows is read."]


@pytest.mark.parametrize("damage", ['{"of": 5}', "[", '{"of": "x", "csl": {"title": 5}}'])
def test_an_own_field_that_is_damaged_is_said_and_left_out(damage):
    (found,) = read_text(f"TY  - BOOK\nTI  - Nodes\nU5  - CSL {damage}\nER  - \n").found

    assert found.reference.csl == {"type": "book", "title": "Nodes"}
    assert len(found.remarks) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_letters_of_other_programs_in_a_title_stay(form):
    csl = {"type": "book", "title": "10⁹/L of CO₂ -- 5 % & ~ ^ $ _ #"}

    assert again(form, csl)["title"] == csl["title"]

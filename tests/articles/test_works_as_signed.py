"""What is said of a work wherever it stands, and versions signed before it was said."""

import json

import pytest

from articles import checks
from articles.checks.document import Document
from articles.checks.families.citations.works import RULES
from articles.files.markdown.front_matter.references import NAME
from articles.files.references import read_text
from articles.frozen.content import freeze, visible_digests
from articles.text.canonical import sha256
from articles.text.citations import as_first_printed, as_second_printed, format_reference, not_printed
from articles.text.citations.reference import AS_PRINTED
from articles.text.rendering import render, visible_text
from tests.articles.frozen import cite as mark
from tests.articles.frozen import lead, version
from tests.factories import article, cite

RETRACTED = {"type": "article-journal", "title": "T", "container-title": "Lancet", "status": "retracted"}


def content(csl, **more):
    return version(lead(f"<p>x{mark('a')}</p>"), references=[{"key": "a", "csl": json.dumps(csl)}], **more)


def without(csl, *names):
    return {name: value for name, value in csl.items() if name not in names}


def test_the_list_of_references_says_that_a_work_is_retracted():
    assert "<strong>[Retracted]</strong> T. Lancet." in render(content(RETRACTED), "public").html
    assert "Retracted" not in render(content({**RETRACTED, "status": "published"}), "public").html


def test_a_version_signed_before_is_rendered_as_it_was_signed():
    signed = visible_digests(content(without(RETRACTED, "status")))
    old = content(RETRACTED, visible=signed)

    html = render(old, "public").html

    assert sha256(visible_text(html)) == signed["public"]
    assert "Retracted" not in html


def test_a_version_frozen_now_is_rendered_as_it_is_signed():
    signed = visible_digests(content(RETRACTED))

    html = render(content(RETRACTED, visible=signed), "public").html

    assert sha256(visible_text(html)) == signed["public"]
    assert "Retracted" in html


def test_a_text_that_is_neither_is_not_made_to_look_signed():
    html = render(content(RETRACTED, visible={"public": sha256("another text")}), "public").html

    assert "Retracted" in html


@pytest.mark.django_db
def test_the_checks_warn_of_a_retracted_work_and_stop_nothing(author):
    draft = article(author, body=f"<p>x{mark('a')}</p>")
    cite(draft, "a", by=author, **RETRACTED)

    frozen = freeze(draft)

    found = [one for one in checks.run(frozen.content) if one.rule == "CIT-002"]
    assert [(one.rule, one.message, one.blocks) for one in found] == [
        ("CIT-002", "The reference [@a] is retracted: cite another work, or say so in the text.", False)
    ]
    assert checks.blockers(frozen.text) == ()


NAMELESS = {"type": "article-journal", "container-title": "Lancet", "issued": {"date-parts": [[2020]]}}
NAMED = {"type": "article-journal", "title": "T", "container-title": "Lancet"}
CELL = "<table><tbody><tr><td>Dose</td><td>5 mg</td></tr><tr><td>{}</td><td>x</td></tr></tbody></table>"


def findings(body, **works):
    references = [{"key": key, "csl": json.dumps(csl)} for key, csl in works.items()]
    return [
        (one.rule, one.message, one.section, one.blocks)
        for rule in RULES[1:]
        for one in rule.findings(Document(version(lead(body), references=references)))
    ]


@pytest.mark.parametrize(
    ("body", "figures"),
    [
        (f"<p>It helps.{mark('a')}</p>", False),
        (f"<p>5 of 10 got well.{mark('a')}</p>", True),
        (f"<ul><li>5 of 10 got well.{mark('a')}</li></ul>", True),
        (f"<p>5 of 10 got well.{mark('a', 'b')}</p>", False),
        (f"<p>5 of 10 got well.{mark('b')}</p><p>It helps.{mark('a')}</p>", False),
        (CELL.format(mark("a")), True),
        (CELL.format(mark("a") + "y" + mark("b")), False),
    ],
)
def test_a_reference_without_a_title_is_warned_of_and_figures_that_rest_on_it(body, figures):
    found = findings(body, a=NAMELESS, b=NAMED)

    assert found[0] == ("CIT-003", "The reference [@a] has no title. Name the work.", "", False)
    assert found[1:] == figures * [
        ("CIT-004", "The lead has numbers that are supported only by a reference without a title: [@a].", "lead", False)
    ]


@pytest.mark.parametrize("name", ["title", "DOI", "PMID"])
def test_a_work_with_a_title_or_a_number_is_not_warned_of(name):
    assert findings(f"<p>5 mg.{mark('a')}</p>", a={**NAMELESS, name: "10.1000/x"}) == []


def test_a_journal_with_its_web_address_is_no_more_than_its_name():
    found = findings(f"<p>x{mark('a')}</p>", a={**NAMELESS, "URL": "https://example.org/"})

    assert [one[0] for one in found] == ["CIT-003"]


PREPRINT = {"type": "article", "title": "T", "publisher": "medRxiv", "issued": {"date-parts": [[2020, 3, 12]]}}
JOURNAL = {**NAMED, "volume": "3", "issued": {"date-parts": [[2020]]}}
PRINTED = [
    (PREPRINT, "T. medRxiv [Preprint]. 2020 Mar 12."),
    ({**PREPRINT, "number": "069187", "version": "v2"}, "T. medRxiv 069187 [Preprint]. Version 2. 2020 Mar 12."),
    (
        {**PREPRINT, "publisher": "", "container-title": "bioRxiv", "DOI": "10.1101/069187"},
        'T. bioRxiv [Preprint]. 2020 Mar 12. doi: <a href="https://doi.org/10.1101/069187" '
        'rel="noopener noreferrer">10.1101/069187</a>.',
    ),
    ({**PREPRINT, "type": "article-journal", "genre": "Preprint"}, "T. medRxiv [Preprint]. 2020 Mar 12."),
    ({**JOURNAL, "article-number": "e12345"}, "T. Lancet. 2020;3:e12345."),
    ({**JOURNAL, "eid": "104"}, "T. Lancet. 2020;3:104."),
    ({**JOURNAL, "supplement": "2", "page": "S93-S99"}, "T. Lancet. 2020;3 Suppl 2:S93-9."),
    ({**JOURNAL, "issue": "4", "supplement": "Suppl 1"}, "T. Lancet. 2020;3(4 Suppl 1)."),
    ({"type": "software", "title": "T", "version": "2.1", "publisher": "P"}, "T [software]. Version 2.1. P."),
]


@pytest.mark.parametrize(("csl", "printed"), PRINTED)
def test_preprints_and_lesser_fields_are_printed(csl, printed):
    assert format_reference(csl) == printed
    assert not_printed(csl) == []


@pytest.mark.parametrize("csl", [csl for csl, _ in PRINTED])
def test_a_work_that_was_printed_otherwise_is_rendered_as_it_was_signed(csl):
    first = as_first_printed(csl)
    signed = visible_digests(content(first))

    assert format_reference(first) != format_reference(csl)
    assert sha256(visible_text(render(content(csl, visible=signed), "public").html)) == signed["public"]


SECOND = [  # (work, how the second form of the entries printed it)
    ({"type": "thesis", "title": "T", "publisher": "P"}, "T. P."),
    ({"type": "dataset", "title": "T", "publisher": "P"}, "T. P."),
    ({"type": "document", "title": "T", "genre": "Package leaflet"}, "T."),
    ({"type": "patent", "title": "T", "number": "US 7", "publisher": "P"}, "T. P."),
    ({**JOURNAL, "language": "de"}, "T. Lancet. 2020;3."),
    ({**JOURNAL, "volume": "", "status": "ahead of print"}, "T. Lancet. 2020."),
    ({**JOURNAL, "available-date": {"date-parts": [[2019, 5]]}}, "T. Lancet. 2020;3."),
    ({**JOURNAL, "type": "article-newspaper", "section": "A", "page": "2"}, "T. Lancet. 2020;3:2."),
    (
        {"type": "paper-conference", "title": "T", "container-title": "B", "event-title": "E", "event-place": "P"},
        "T. In: B.",
    ),
    (
        {"type": "webpage", "title": "T", "publisher": "P", "URL": "https://e.example/"},
        'T [Internet]. P. Available from: <a href="https://e.example/" rel="noopener noreferrer">https://e.example/</a>.',
    ),
]


@pytest.mark.parametrize(("csl", "printed"), SECOND)
def test_a_version_signed_with_the_second_form_of_the_entries_is_rendered_so(csl, printed):
    second = as_second_printed(csl)
    signed = visible_digests(content(second))

    assert format_reference(second) == printed != format_reference(csl)
    assert visible_digests(content(csl)) != signed
    assert sha256(visible_text(render(content(csl, visible=signed), "public").html)) == signed["public"]


def test_no_work_of_a_file_says_by_itself_how_it_is_printed():
    """The mark of an earlier form is no name that a file can have, and the form that is signed is the newest."""
    assert not NAME.fullmatch(AS_PRINTED)
    assert (
        AS_PRINTED
        not in read_text(json.dumps([{"type": "thesis", "title": "T", AS_PRINTED: 1}])).found[0].reference.csl
    )


@pytest.mark.parametrize(
    ("csl", "names"),
    [
        ({"type": "thesis", "title": "T", "genre": "PhD thesis"}, []),
        ({"type": "report", "title": "T", "genre": "White paper"}, ["genre"]),
        ({"type": "patent", "title": "T", "number": "US 7"}, []),
        ({"type": "book", "title": "T", "event-title": "E", "event-place": "P"}, ["event-place", "event-title"]),
        ({**JOURNAL, "editor": [{"family": "Ng"}], "version": "2"}, ["editor", "version"]),
        ({"type": "report", "title": "T", "genre": "guideline"}, []),
        (
            {**JOURNAL, "note": "N", "abstract": "A", "annote": "A", "title-short": "S", "archive": "A", "ISSN": "1"},
            ["ISSN", "abstract", "annote", "archive", "note", "title-short"],
        ),
        ({**JOURNAL, "custom": {"dose": "50 mg"}}, ["custom"]),
        ({"type": "webpage", "title": "T", "custom": {"updated": "2022"}}, []),
        ({"type": "webpage", "title": "T", "custom": {"updated": "2022", "dose": "50 mg"}}, ["custom"]),
        ({**JOURNAL, "dose": "50 mg"}, ["dose"]),
        (JOURNAL, []),
    ],
)
def test_fields_that_are_not_printed_are_named(csl, names):
    assert not_printed(csl) == names

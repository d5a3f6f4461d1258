"""References as files: read back by programs of others, each field is what it was."""

import json
import re
from pathlib import Path

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from hypothesis import given
from hypothesis import strategies as st

from articles.files.exporting.references import FORMATS
from articles.files.exporting.references.parts import title

GOLDEN = Path(__file__).parent / "golden" / "references"
WORKS = {path.stem: json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json"))}
HARD = {
    "signs": {
        "type": "article-journal",
        "title": "A & b: 5 % of #3_$2 {x} \\y ~z^w <5 mg",
        "container-title": "Science & Art",
        "author": [{"literal": "Trial Group, A & B"}, {"family": "O'Neil and Sons", "given": "J.", "suffix": "Jr."}],
        "DOI": "10.1002/(SICI)1097-0142(19960815)78:4<661::AID-CNCR1>3.0.CO;2-2",
        "URL": "https://example.org/a_b%20c?x={1}&y=~z#d",
        "page": "S93-S99",
        "issued": {"date-parts": [[2020, 3, 12]]},
        "PMID": "12345678",
        "PMCID": "1234567",
    },
    "raised": {
        "type": "article-journal",
        "title": "10<sup>9</sup>/L of CO<sub>2</sub> <i>in vivo</i>, 2<sup>x</sup>",
        "container-title": "Blood",
        "issued": {"date-parts": [["2019", "13"]]},
    },
    "brace": {"type": "book", "title": "One { brace", "publisher": "A } B", "status": "retracted", "note": "See {1}."},
    "others": {"type": "article-journal", "title": "Many", "author": [{"family": "Poe"}, {"literal": "et al."}]},
    "words": {"type": "webpage", "title": "A page", "issued": {"literal": "in press"}, "custom": {"updated": "2020"}},
}
ALL = {**WORKS, **HARD}
TYPES = {"article-journal": "JOUR", "book": "BOOK", "chapter": "CHAP", "webpage": "ELEC", "thesis": "THES"}


def ris(works=ALL) -> dict[str, dict]:
    return {record["id"]: record for record in rispy.loads(FORMATS["ris"].write(works))}


def bibtex(works=ALL) -> dict[str, dict]:
    read = [middlewares.MonthIntMiddleware(), middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(FORMATS["bib"].write(works), append_middleware=read)
    assert library.failed_blocks == []
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def typeset(text: str) -> str:
    """Return what TeX would print of a field."""
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~"}
    names |= {"textasciicircum": "^"}
    text = re.sub(
        r"\\(?:emph|textsuperscript|textsubscript)\{([^{}]*)\}", r"\1", text.removeprefix("{").removesuffix("}")
    )
    return re.sub(r"\\(?:([a-z]+)\{\}|(.))", lambda found: names[found[1]] if found[1] else found[2], text)


def date_of(csl) -> list[str]:
    parts = [str(part) for part in (csl.get("issued") or {}).get("date-parts", [[]])[0]]
    return parts if len(parts) < 2 or parts[1].isdigit() else []


def names_of(csl, role="author") -> list[dict]:
    return [one for one in csl.get(role, []) if "et al" not in one.get("literal", "")]


def test_both_formats_hold_every_work_in_its_order():
    assert [*ris()] == [*bibtex()] == [*ALL]


@pytest.mark.parametrize("key", ALL)
def test_ris_is_read_back_by_rispy(key):
    csl, record = ALL[key], ris()[key]

    if csl["type"] in TYPES:
        assert record["type_of_reference"] == TYPES[csl["type"]]
    if csl.get("title") and key != "raised":
        assert record["title"] == re.sub(r"</?(?:i|sub)>", "", csl["title"]).replace("CO2", "CO₂")
    for csl_name, name in (("volume", "volume"), ("publisher", "publisher"), ("publisher-place", "place_published")):
        assert record.get(name, "") == str(csl.get(csl_name, ""))
    assert record.get("secondary_title", "") == csl.get("container-title", "")
    assert record.get("doi", "") == csl.get("DOI", "").removeprefix("https://doi.org/")
    assert record.get("accession_number", "") == str(csl.get("PMID", ""))
    if "URL" in csl:
        assert record["urls"] == [csl["URL"]]
    if "page" in csl:
        assert "-".join(filter(None, (record["start_page"], record.get("end_page")))) == csl["page"].replace("–", "-")
    if parts := date_of(csl):
        assert record["year"] == parts[0]
        assert [part.lstrip("0") for part in record["date"].split("/")[:3]] == [
            *parts[: 1 if key == "raised" else 3],
            "",
            "",
        ][:3]
    for person, read in zip(names_of(csl), [one for one in record.get("authors", []) if one != "et al."], strict=True):
        whole = [person.get("literal"), person.get("family"), person.get("given"), person.get("suffix")]
        said = ", ".join(filter(None, whole))
        assert (
            read in (said, f"{said.replace(',', ',,')},")  # so EndNote tells an organisation from a person
            or person.get("non-dropping-particle")
            or person.get("dropping-particle")
        )


@pytest.mark.parametrize("key", ALL)
def test_bibtex_is_read_back_by_bibtexparser(key):
    csl, entry = ALL[key], bibtex()[key]

    if csl.get("title") and key != "raised":
        assert typeset(entry["title"]) == re.sub(r"</?(?:i|sub)>", "", csl["title"]).replace("CO2", "CO₂")
    assert typeset(entry.get("publisher") or entry.get("institution") or entry.get("school") or "") == csl.get(
        "publisher", ""
    )
    container = entry.get("journal") or entry.get("booktitle") or entry.get("howpublished") or ""
    assert typeset(container) == csl.get("container-title", "")
    assert entry.get("doi", "") == csl.get("DOI", "").removeprefix("https://doi.org/")
    assert entry.get("pmid", "") == str(csl.get("PMID", ""))
    assert entry.get("url", "") == csl.get("URL", "").replace("{", "%7B").replace("}", "%7D")
    if "page" in csl:
        assert entry["pages"] == "--".join(re.split("[-–]", csl["page"]))
    if (parts := date_of(csl)) and key != "raised":
        season = isinstance(entry.get("month"), str)
        read = [str(entry.get(name, "")) for name in ("year", "day" if season else "month", "day")]
        assert read == [*parts, "", ""][:3]
    for role in ("author", "editor"):
        for person, read in zip(names_of(csl, role), entry.get(role, []), strict=False):
            if "literal" in person:
                assert typeset(" ".join(read.last)) == person["literal"]
            else:
                assert typeset(" ".join(read.last)).split()[-1] == person["family"].split()[-1]
                assert " ".join(read.first) == person.get("given", "")
                assert " ".join(read.jr) == person.get("suffix", "")
        assert len(entry.get(role, [])) == len(csl.get(role, []))


@pytest.mark.parametrize("key", ALL)
def test_csl_json_is_the_very_record_with_what_csl_does_not_know_in_custom(key):
    (item,) = json.loads(FORMATS["json"].write({key: ALL[key]}))

    custom = item.pop("custom", {})
    assert item.pop("id") == key
    record = {**item, **({"custom": ALL[key]["custom"]} if "custom" in ALL[key] else {})}
    beside = {name: value for name, value in ALL[key].items() if name not in record and name != "id"}
    assert {**record, **beside} == {name: value for name, value in ALL[key].items() if name != "id"}
    assert beside.items() <= custom.items()


def test_raised_digits_stay_raised_in_every_format():
    assert ris()["raised"]["title"] == "10⁹/L of CO₂ <i>in vivo</i>, 2<sup>x</sup>"
    assert bibtex()["raised"]["title"] == r"{10⁹/L of CO₂ \emph{in vivo}, 2\textsuperscript{x}}"
    assert title("10<sup>9</sup> <i>in vivo</i>") == "10⁹ in vivo"


def test_a_retracted_work_says_so_and_a_date_in_words_is_kept():
    assert ris()["brace"]["notes"] == ["Retracted", "See {1}."]
    assert typeset(bibtex()["brace"]["note"]) == "Retracted; See {1}."
    assert ris()["words"]["notes"] == ["in press"]
    assert ris()["raised"]["date"] == "2019///Spring"


letters = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(letters, letters)
def test_any_text_is_read_back_whole(one, two):
    works = {"a": {"type": "book", "title": one, "author": [{"literal": two}]}, "b": {"type": "book", "title": "Next"}}

    record, entry = ris(works), bibtex(works)

    shown = title(one)
    assert [*record] == [*entry] == ["a", "b"]
    assert record["a"].get("title", "") == shown
    assert typeset(entry["a"].get("title", "")) == shown or "<" in one


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "csl", [{}, {"title": ["x"]}, {"author": "Poe"}, {"issued": 5, "page": {}}, {"author": [None, 3]}]
)
def test_a_malformed_work_is_written_without_an_error(form, csl):
    assert FORMATS[form].write({"key": csl})

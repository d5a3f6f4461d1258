"""Changes counted by sort, and each place with changes led to."""

import copy
import json
import re

import pytest
from lxml import html

from articles.site.versions.changes import changes_of
from articles.text.redline import counting
from articles.text.redline.contents import compare
from tests.articles.frozen import LABELS, section
from tests.articles.redline import test_contents as every

pytestmark = pytest.mark.once

TABLE = (
    "<table><thead><tr><th>Who</th><th>Dose</th></tr></thead>"
    "<tbody><tr><td>Adults</td><td>5 mg</td></tr><tr><td>Children</td><td>Ask a doctor</td></tr></tbody></table>"
)


def counted(old: str, new: str) -> dict[str, int]:
    return changes_of(with_body(old), with_body(new), "public").counts


def content(**parts) -> dict:
    """Return a frozen content with one section, and no references unless given."""
    return {**every.content(), "sections": [section(body="<p>One.</p>")], "references": [], **parts}


def with_body(body: str) -> dict:
    return content(sections=[section(body=body)])


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("<p>Take 5 mg daily.</p>", "<p>Take 0.5 mg daily.</p>", {"dose": 1}),
        ("<p>Take 5 mg daily.</p>", "<p>Take 5 mg at night.</p>", {"dose": 1}),
        ("<p>Take it twice a day.</p>", "<p>Take it once a day.</p>", {"dose": 1}),
        ("<p>Take it every 4 hours.</p>", "<p>Take it every 6 hours.</p>", {"dose": 1}),
        ("<p>Take it daily.</p>", "<p>Take it weekly.</p>", {"dose": 1}),
        ("<p>Take it orally.</p>", "<p>Take it intravenously.</p>", {"dose": 1}),
        ("<p>Take 5 mg for two weeks.</p>", "<p>Take 5 mg for six weeks.</p>", {"dose": 1}),
        ("<p>Take it twice a day.</p>", "<p>Use it twice a day.</p>", {"phrase": 1}),
        ("<p>Nehmen Sie es zweimal täglich.</p>", "<p>Nehmen Sie es einmal täglich.</p>", {"dose": 1}),
        ("<p>The oral cavity.</p>", "<p>The nasal cavity.</p>", {"phrase": 1}),
        (TABLE, TABLE.replace("5 mg", "twice a day"), {"dose": 1}),
        (TABLE.replace("Ask a doctor", "twice a day"), TABLE.replace("Ask a doctor", "once a day"), {"dose": 1}),
        (TABLE.replace("5 mg", "5"), TABLE.replace("5 mg", "50"), {"dose": 1}),
        ("<p>One and two and three.</p>", "<p>Won and two and free.</p>", {"phrase": 2}),
        ("<p>One.</p>", "<p>One.</p><p>A whole new paragraph.</p>", {"paragraph": 1}),
        ("<ul><li>One</li></ul>", "<ul><li>One</li><li>Another one</li></ul>", {"item": 1}),
        ("<h3>Dosing</h3><p>x</p>", "<h3>Dosage</h3><p>x</p>", {"heading": 2}),
        (TABLE, TABLE.replace("5 mg", "0.5 mg"), {"dose": 1}),
        (TABLE, TABLE.replace("Ask a doctor", "Ask a nurse"), {"cell": 1}),
        (TABLE, TABLE.replace("<tr><td>Children</td><td>Ask a doctor</td></tr>", ""), {"row": 1}),
        (TABLE, TABLE.replace("5 mg", "0.5 mg").replace("Ask a doctor", "Ask a nurse"), {"dose": 1, "cell": 1}),
        (TABLE, "<p>Gone.</p>", {"table": 1, "paragraph": 1}),
        ("<p>One.</p>", "<p>One.</p>", {}),
    ],
)
def test_each_change_is_of_one_sort(old, new, counts):
    assert counted(old, new) == counts


def test_what_stands_beside_the_text_is_counted_too():
    old = content()
    new = copy.deepcopy(old)
    new["title"] = "Another title"
    new["ai_use"] = {"level": "assisted", "note": "For grammar."}
    new["topics"] = [{"name": "Surgery", "slug": "surgery"}]
    new["contributors"] = [{"name": "A. Other", "credentials": "MD", "orcid": "", "role": "author"}]
    new["risk"] = "standard"

    found = changes_of(old, new, "public").counts

    assert found["title"] >= 1
    assert {sort: found[sort] for sort in ("people", "ai", "topics", "fact")} == {
        "people": 1, "ai": 1, "topics": 1, "fact": 1,
    }  # fmt: skip


def test_a_reference_is_counted_once_although_the_list_and_its_details_show_it():
    cited = '<p>It filters <cite data-ref="one"></cite>.</p>'
    works = [{"key": "one", "csl": json.dumps({"title": "The first", "type": "book"})}]
    other = [{"key": "one", "csl": json.dumps({"title": "Another", "type": "book"})}]
    unprinted = [{"key": "one", "csl": json.dumps({"title": "The first", "type": "book", "note": "Read it."})}]
    old = content(sections=[section(body=cited)], references=works)

    for references in (other, unprinted):
        new = content(sections=[section(body=cited)], references=references)
        assert changes_of(old, new, "public").counts == {"reference": 1}


def test_sections_that_came_went_and_moved_are_one_change_each():
    first, second, third = (section(key=key, heading=key.title(), body=f"<p>{key}</p>") for key in ("a1", "b2", "c3"))
    old = content(sections=[first, second])

    assert changes_of(old, content(sections=[first]), "public").counts == {"section": 1}
    assert changes_of(old, content(sections=[first, second, third]), "public").counts == {"section": 1}
    swapped = changes_of(old, content(sections=[second, first]), "public")
    assert swapped.counts == {"section": 1}
    said = " ".join(html.fragment_fromstring(swapped.html, create_parent="div").text_content().split())
    assert "Moved from place 2 to place 1, now the first." in said


def test_a_move_says_from_where_to_where_and_the_order_is_marked():
    sections = [section(key=key, heading=key.upper(), body=f"<p>{key}</p>") for key in ("a1", "b2", "c3", "d4", "e5")]
    one, two, three, four, five = sections

    found = compare(content(sections=sections), content(sections=[one, three, four, two, five]), "public")

    assert [(row.key, row.moved) for row in found.sections if row.moved] == [
        ("b2", "Moved from place 2 to place 4, now after “D4”")
    ]
    (order,) = (fact.html for fact in found.facts if fact.name == "Order of the sections")
    assert re.sub(r"<span[^>]*>[^<]*</span>", "", order) == "A1; <del>B2</del>; C3; D4; <ins>B2</ins>; E5"


def reordered(path) -> dict:
    new = copy.deepcopy(every.CONTENT)
    every.at(new, path).reverse()
    return new


def shortened(path) -> dict:
    new = copy.deepcopy(every.CONTENT)
    every.at(new, path).pop()
    return new


OTHERS = {
    **{
        f"leaf {path}": every.changed(path, lambda value, path=path: every.another(value, path))
        for path in every.LEAVES
    },
    **{f"order {path}": reordered(path) for path in every.LISTS},
    **{f"less {path}": shortened(path) for path in every.LISTS if every.at(every.CONTENT, path)},
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_changed_is_counted_and_can_be_reached(what):
    """One signed thing at a time: there is never a change without a number, nor a number without a change."""
    for audience in LABELS:
        found = changes_of(every.CONTENT, OTHERS[what], audience)
        assert found.same == (OTHERS[what] == every.CONTENT)
        assert bool(found.counts) == (not found.same) == ('id="change-1"' in found.html), (audience, found.counts)


def test_words_for_the_counts():
    assert counting.in_words({"dose": 1, "cell": 1, "reference": 1}) == "3 changes: 1 dose, 1 table cell, 1 reference"
    assert counting.in_words({"phrase": 1}) == "1 change: 1 phrase"
    assert counting.in_words({"phrase": 2}) == "2 changes: 2 phrases"
    assert counting.in_words({}) == "No changes"
    assert counting.in_words({"phrase": 2}, 2) == "2 changes: 2 phrases"
    assert counting.in_words({"dose": 2, "phrase": 1}, 2) == "3 changes in 2 places: 2 doses, 1 phrase"
    assert counting.in_words({"dose": 2}, 1) == "2 changes in 1 place: 2 doses"


def test_a_table_with_changes_keeps_its_name_and_its_headings():
    captioned = TABLE.replace("<thead>", "<caption>Doses</caption><thead>")
    for before, name in ((TABLE, "Table 1 on this page. Heading"), (captioned, None)):
        found = changes_of(with_body(before), with_body(before.replace("5 mg", "6 mg")), "public")

        (table,) = html.fragment_fromstring(found.html, create_parent="div").iter("table")

        assert table.get("aria-label") == name
        assert [each.text_content() for each in table.iter("caption")] == ([] if name else ["Doses"])
        assert [(head.text_content(), head.get("scope")) for head in table.iter("th")] == [
            ("Who", "col"), ("Dose", "col"), ("Adults", "row"), ("Children", "row")]  # fmt: skip


def test_a_table_keeps_its_headings_beside_a_row_that_came_and_one_that_went():
    new = TABLE.replace("<td>Children</td><td>Ask a doctor</td>", "<td>Babies</td><td>None</td>")

    page = html.fragment_fromstring(changes_of(with_body(TABLE), with_body(new), "public").html, create_parent="div")

    scopes = [[cell.get("scope") for cell in row] for row in page.iter("tr")]
    assert scopes == [["col", "col"], ["row", None], ["row", None], ["row", None]]


def test_each_place_leads_to_its_neighbours():
    found = changes_of(with_body(f"<p>One two.</p>{TABLE}<p>Three.</p>"),
                       with_body(f"<p>Won two.</p>{TABLE.replace('5 mg', '6 mg')}<p>Three.</p><p>A fourth.</p>"),
                       "public")  # fmt: skip

    page = html.fragment_fromstring(found.html, create_parent="div")
    places = page.find_class("changed-here")
    assert [place.get("id") for place in places] == ["change-1", "change-2", "change-3"]
    assert [place.tag for place in places] == ["p", "td", "p"]
    assert [[(link.get("class"), link.get("href")) for link in place.iter("a")] for place in places] == [
        [("next", "#change-2")],
        [("previous", "#change-1"), ("next", "#change-3")],
        [("previous", "#change-2")],
    ]
    assert [link.text_content() for link in page.iter("a")] == [""] * 4, "the text has no words that nobody signed"
    assert {link.get("aria-label") for link in page.iter("a")} == {
        "Previous place with changes",
        "Next place with changes",
    }

"""Tables that a screen reader can read."""

import pytest
from lxml import html

from articles.text.rendering import visible_text
from tests.articles.frozen import DRUGS, cite, lead, page, row, section, table


def test_a_table_is_named_and_has_headings_for_columns_and_rows():
    article = page(section(heading="Doses", body=table(DRUGS) + table(DRUGS, caption="For <em>children</em>")))

    first, second = article.iter("table")
    assert dict(first.getparent().attrib) == {"class": "table-scroll"}  # two columns fit a phone
    assert [part.tag for part in first] == ["caption", "thead", "tbody"]
    assert (first[0].text_content(), first[0].get("id")) == ("Table 1. Doses", "table-1")
    assert (second[0].text_content(), second[0].get("id")) == ("Table 2. For children", "table-2")
    assert first.xpath("thead/tr/th/@scope") == ["col", "col"]
    assert first.xpath("tbody/tr/th[@scope='row']/text()") == ["Aspirin", "Warfarin"]
    assert first.xpath("tbody/tr/td/text()") == ["75 mg", "1 mg"]


@pytest.mark.parametrize("caption", ["", "Doses"])
def test_a_caption_repeats_the_heading_over_it_for_screen_readers_only(caption):
    article = page(section(heading="Doses", body=table(DRUGS, caption=caption) if caption else table(DRUGS)))

    (shown,) = article.iter("caption")
    assert (shown.text, shown.find("span").get("class"), shown.text_content()) == (
        "Table 1", "visually-hidden", "Table 1. Doses",
    )  # fmt: skip
    assert "Table 1. Doses" in visible_text(html.tostring(article, encoding="unicode"))


@pytest.mark.parametrize("caption", ["CO<sub>2</sub>", f"Doses {cite('a')}", cite("a")])
def test_a_caption_with_marks_or_citations_is_kept_whole(caption):
    article = page(section(heading="CO2", body=table(DRUGS, caption=caption)), a={})

    (shown,) = article.iter("caption")
    assert not shown.xpath(".//span")
    assert shown.xpath(".//sub | .//sup")


HEADS = row("th", "Drug", "Adult", "Child")


def test_rows_that_stand_alone_can_be_cards_with_the_headings_of_their_columns():
    heads = row("th", "Drug", f"Adult {cite('a')}", "<em>Child</em>")
    (box,) = page(lead(table(heads + row("td", "Aspirin", "75 mg", "no"))), a={}).find_class("table-scroll")

    assert dict(box.attrib) == {"class": "table-scroll cards"}
    assert box.xpath(".//td/@data-label") == ["Adult", "Child"]
    parts = [(part.tag, part.get("role")) for part in box.iter("table", "thead", "tbody", "tr", "th", "td")]
    assert parts == [
        ("table", "table"), ("thead", "rowgroup"), ("tr", "row"), *[("th", "columnheader")] * 3,
        ("tbody", "rowgroup"), ("tr", "row"), ("th", "rowheader"), *[("td", "cell")] * 2,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        row("th", "Drug", "Adult", "×10<sup>9</sup>/L") + row("td", "A", "1", "2"),  # a label has no raised letters
        row("th", "Drug", "Adult", "") + row("td", "A", "1", "2"),
        HEADS + row("td", "A", "1"),
        HEADS + row("td", "", "1", "2"),
        HEADS + '<tr><td>A</td><td colspan="2">1</td></tr>' + row("td", "B", "1", "2"),
        '<tr><th rowspan="2">Drug</th><th colspan="2">Dose</th></tr>' + row("th", "A", "C") + row("td", "A", "1", "2"),
        row("td", "A", "1", "2") + row("td", "B", "3", "4"),
    ],
)
def test_another_wide_table_scrolls_in_a_box_that_the_tab_key_reaches(rows):
    (box,) = page(lead(table(rows))).find_class("table-scroll")

    stop = {"role": "region", "tabindex": "0", "aria-labelledby": "table-1"}
    assert dict(box.attrib) == {"class": "table-scroll", **stop}
    assert not box.xpath(".//@data-label")


def test_a_word_too_long_for_a_phone_makes_the_box_a_stop_of_the_tab_key():
    (box,) = page(lead(table(row("th", "A", "B") + row("td", "x" * 30, "y")))).find_class("table-scroll")

    assert box.get("tabindex") == "0"


def test_only_cells_of_the_first_column_stay_in_place():
    rows = (
        HEADS
        + '<tr><td rowspan="2">Aspirin</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>'
        + '<tr><td colspan="3">Not in pregnancy</td></tr>'
        + row("td", "Warfarin", "5", "6")
    )
    article = page(lead(table(rows)))

    assert [cell.text_content() for cell in article.find_class("first")] == ["Drug", "Aspirin", "Warfarin"]


def test_a_table_without_any_name_has_its_number():
    assert page(lead(table(DRUGS))).xpath("string(//caption)") == "Table 1"


def test_headings_of_columns_that_reach_down_stay_together():
    rows = (
        '<tr><th rowspan="2">Drug</th><th colspan="2">Dose</th></tr>'
        + row("th", "Adult", "Child")
        + row("td", "A", "1", "2")
    )
    article = page(lead(table(rows)))

    assert [len(part) for part in article.xpath("//table/thead | //table/tbody")] == [2, 1]
    assert set(article.xpath("//thead//th/@scope")) == {"col"}


def test_a_heading_cell_that_reaches_into_the_text_keeps_the_rows_together():
    article = page(lead(table('<tr><th rowspan="2">A</th><th>B</th></tr>' + row("td", "1"))))

    assert not article.xpath("//thead")


@pytest.mark.parametrize(
    "rows",
    [
        row("td", "Aspirin", "75 mg") + row("td", "", "1 mg"),
        '<tr><td rowspan="2">Aspirin</td><td>1</td></tr><tr><td>2</td></tr>',
        row("td", "one column") + row("td", "only"),
    ],
)
def test_a_first_column_that_may_not_name_its_rows_stays_as_it_is(rows):
    assert not page(lead(table(row("th", "Drug", "Dose") + rows))).xpath("//tbody//th")


def test_a_table_without_headings_gets_none():
    assert not page(lead(table(row("td", "a", "b") + row("td", "c", "d")))).xpath("//th")


def test_a_row_that_names_itself_needs_no_column_headings():
    article = page(lead(table(row("td", "Age", "7", first="th"))))

    assert article.xpath("//tbody/tr/th/@scope") == ["row"]

"""Tables that a screen reader can read."""

import pytest

from tests.articles.frozen import DRUGS, lead, page, row, section, table


def test_a_table_is_named_scrolls_and_has_headings_for_columns_and_rows():
    article = page(section(heading="Doses", body=table(DRUGS) + table(DRUGS, caption="For <em>children</em>")))

    first, second = article.iter("table")
    box = first.getparent()
    assert dict(box.attrib) == {
        "class": "table-scroll", "role": "region", "tabindex": "0", "aria-labelledby": "table-1",
    }  # fmt: skip
    assert [part.tag for part in first] == ["caption", "thead", "tbody"]
    assert (first[0].text_content(), first[0].get("id")) == ("Table 1. Doses", "table-1")
    assert (second[0].text_content(), second[0].get("id")) == ("Table 2. For children", "table-2")
    assert first.xpath("thead/tr/th/@scope") == ["col", "col"]
    assert first.xpath("tbody/tr/th[@scope='row']/text()") == ["Aspirin", "Warfarin"]
    assert first.xpath("tbody/tr/td/text()") == ["75 mg", "1 mg"]


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

"""
Tables on narrow screens.

A table whose rows can each stand alone becomes cards there: one for each row, with the column's heading before each
cell. Any other table with three columns or more scrolls, and its first column stays in place.
"""

from lxml import html

WIDE_FROM = 3  # columns; a table with fewer fits a phone
ON_A_PHONE = 28  # characters side by side that fit a screen of 320 px
AS_A_TABLE = 55  # characters side by side that fit 34rem, from which width on cards are a table
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def fit(table: html.HtmlElement, number: int) -> None:
    """
    Put the table into a box, and mark what its style needs to fit a phone.

    Only a box that may scroll is a stop of the Tab key. Whether it does depends on the screen, so a script adds the
    stop or takes it away; this is the choice for readers without scripts.
    """
    columns = max((len(row) for row in table.iter("tr")), default=0)
    fits = ON_A_PHONE
    box = html.Element("div", {"class": "table-scroll"})
    if columns >= WIDE_FROM:
        fits = 0
        _mark_first_column(table)
        if _has_rows_that_stand_alone(table):
            fits = AS_A_TABLE
            box.set("class", "table-scroll cards")
            _make_cards(table)
    if _width(table) > fits:
        for name, value in (("role", "region"), ("tabindex", "0"), ("aria-labelledby", f"table-{number}")):
            box.set(name, value)
    box.tail, table.tail = table.tail, None
    table.getparent().replace(table, box)
    box.append(table)


def _has_rows_that_stand_alone(table: html.HtmlElement) -> bool:
    """
    Tell whether each row has a name, and each other cell exactly one heading in plain letters.

    A heading with a raised or lowered sign is not repeated in cards, which could not show the sign.
    """
    heads, rows = table.findall("thead/tr"), table.findall("tbody/tr")
    if len(heads) != 1 or not rows:
        return False
    headings = list(heads[0])
    cells = [cell for row in (*heads, *rows) for cell in row]
    return (
        all(len(row) == len(headings) and row[0].get("scope") == "row" for row in rows)
        and not any(cell.get("colspan") or cell.get("rowspan") for cell in cells)
        and not any(cell.xpath(".//sup | .//sub") for cell in headings)
        and all(_label(cell) for cell in headings[1:])
    )


def _label(cell: html.HtmlElement) -> str:
    """Return the words of a column's heading, without citations."""
    return " ".join("".join(cell.xpath(".//text()[not(ancestor::cite)]")).split())


def _make_cards(table: html.HtmlElement) -> None:
    """Give each cell its column's heading, and each part its role, which browsers may forget when rows are cards."""
    labels = [_label(cell) for cell in table.find("thead/tr")]
    for row in table.iterfind("tbody/tr"):
        for cell, label in list(zip(row, labels, strict=True))[1:]:
            cell.set("data-label", label)
    for part in table.iter(*ROLES):
        part.set("role", ROLES[part.tag])
    for heading in table.iter("th"):
        heading.set("role", "rowheader" if heading.get("scope") == "row" else "columnheader")


def _mark_first_column(table: html.HtmlElement) -> None:
    for group in table.iter("thead", "tbody"):
        covered = 0  # rows into which a cell of the first column still reaches
        for row in group.iterfind("tr"):
            if covered:
                covered -= 1
            elif len(row):
                covered = int(row[0].get("rowspan", "1")) - 1
                if row[0].get("colspan") is None:
                    row[0].set("class", "first")


def _width(table: html.HtmlElement) -> int:
    """Return how many characters the table needs side by side: the longest word of each column, and a gap."""
    widths: dict[int, int] = {}
    for row in table.iter("tr"):
        for place, cell in enumerate(row):
            longest = max(map(len, "".join(cell.itertext()).split()), default=0)
            widths[place] = max(widths.get(place, 0), longest + 2)
    return sum(widths.values())

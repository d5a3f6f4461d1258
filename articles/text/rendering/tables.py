"""Accessible tables: a name, column and row headings, and a box that scrolls."""

from collections.abc import Iterable

from lxml import html


def finish_tables(sections: Iterable[tuple[html.HtmlElement, str]]) -> None:
    """Finish every table of the (section, heading) pairs, and number them through the article."""
    number = 0
    for section, heading in sections:
        for table in list(section.iter("table")):
            number += 1
            _make_head(table)
            _scope(table)
            _name(table, number, heading)
            _wrap(table, number)


def _make_head(table: html.HtmlElement) -> None:
    """Move the first rows into a thead if the table has none and they hold only headings."""
    body = table.find("tbody")
    if body is None or table.find("thead") is not None:
        return
    rows = _heading_rows(body.findall("tr"))
    if rows:
        head = html.Element("thead")
        head.tail = "\n"
        body.addprevious(head)
        head.extend(rows)
        if not len(body):
            table.remove(body)


def _heading_rows(rows: list[html.HtmlElement]) -> list[html.HtmlElement]:
    """Return the first row, and the rows that its cells span, if they hold only th."""
    needed = 1
    found: list[html.HtmlElement] = []
    for row in rows:
        if len(found) == needed:
            break
        if not len(row) or any(cell.tag != "th" for cell in row):
            return []
        found.append(row)
        needed = max(needed, len(found) - 1 + max(_rowspan(cell) for cell in row))
    return found if len(found) == needed else []


def _rowspan(cell: html.HtmlElement) -> int:
    return int(cell.get("rowspan", "1"))  # the sanitiser leaves small numbers only


def _scope(table: html.HtmlElement) -> None:
    for cell in table.iterfind("thead/tr/th"):
        cell.set("scope", "col")
    rows = [row for row in table.iterfind("tbody/tr") if len(row)]
    promote = _has_row_names(table, rows)
    for first, *others in rows:
        if promote and others and first.tag == "td":
            first.tag = "th"
        if first.tag == "th" and any(cell.tag == "td" for cell in others):
            first.set("scope", "row")


def _has_row_names(table: html.HtmlElement, rows: list[html.HtmlElement]) -> bool:
    """Tell whether the first column names the rows: columns have headings, no name is empty, no cell spans rows."""
    return (
        table.find("thead") is not None
        and all(_rowspan(cell) == 1 for row in rows for cell in row)
        and all("".join(row[0].itertext()).strip() for row in rows)
    )


def _name(table: html.HtmlElement, number: int, heading: str) -> None:
    caption = table.find("caption")
    if caption is None:
        caption = html.Element("caption")
        caption.tail = "\n"
        table.insert(0, caption)
    if not "".join(caption.itertext()).strip():
        caption.text = heading
    name = f"Table {number}. "
    caption.text = name + (caption.text or "") if len(caption) or caption.text else name.rstrip(". ")
    caption.set("id", f"table-{number}")


def _wrap(table: html.HtmlElement, number: int) -> None:
    box = html.Element(
        "div",
        {"class": "table-scroll", "role": "region", "tabindex": "0", "aria-labelledby": f"table-{number}"},
    )
    box.tail, table.tail = table.tail, None
    table.getparent().replace(table, box)
    box.append(table)

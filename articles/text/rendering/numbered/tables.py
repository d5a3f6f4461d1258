"""Accessible tables: a name, column and row headings, and a box."""

from collections.abc import Iterable

from lxml import html

from articles.text.rendering.numbered.narrow_tables import fit
from articles.text.rendering.our_words import Words


def finish_tables(sections: Iterable[tuple[html.HtmlElement, str]], words: Words) -> None:
    """Finish every table of the (section, heading) pairs, and number them through the article."""
    number = 0
    for section, heading in sections:
        for table in list(section.iter("table")):
            number += 1
            mark_headings(table)
            _name(table, number, heading, words)
            fit(table, number)


def mark_headings(table: html.HtmlElement) -> None:
    """Say of each heading whether it is one of a column or of a row."""
    _make_head(table)
    _scope(table)


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


def _name(table: html.HtmlElement, number: int, heading: str, words: Words) -> None:
    """
    Number the table. Without a caption of its own, its name is the section's heading.

    That heading is in sight over the table, so the caption repeats it for screen readers only.
    """
    caption = table.find("caption")
    if caption is None:
        caption = html.Element("caption")
        caption.tail = "\n"
        table.insert(0, caption)
    caption.set("id", f"table-{number}")
    own, name = caption.text or "", words.table.format(number=number)
    if len(caption) or own.strip() not in ("", heading):
        caption.text = f"{name}. {own if ''.join(caption.itertext()).strip() else heading}"
        return
    caption.text = name
    if heading:
        hidden = html.Element("span", {"class": "visually-hidden"})
        hidden.text = f". {heading}"
        caption.append(hidden)

"""A table as a file for spreadsheets, none of whose cells is a formula."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

Cell = str | int | float | None
BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and full-width ones


def safe(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet takes its text for a formula: with an apostrophe before it."""
    if isinstance(cell, str) and (cell.startswith(BEGIN_A_FORMULA) or cell.lstrip().startswith(BEGIN_A_FORMULA)):
        return f"'{cell}"
    return cell


def as_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Return the table as comma-separated values in UTF-8, with the mark by which spreadsheets know that it is."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return response

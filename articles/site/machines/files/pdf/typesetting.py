"""The PDF of a page: set by typst from data alone, accessible (PDF/UA-1) and for archives (PDF/A-2b)."""

import io
import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

TEMPLATES = settings.BASE_DIR / "templates" / "site"
FONTS = Path("/usr/share/fonts/truetype/dejavu")  # Debian's fonts-dejavu-core; typst brings along its own fonts
NAME = "article.typ"
NO_LETTER = "could not be displayed with"


class NoFont(Exception):
    """Raised if no font has a letter of the text. It would be printed as an empty box."""


def typeset(data: dict[str, Any], row_headers: list[list[bool]], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """
    Return the PDF of the data; the same bytes for the same data and fonts. Raise NoFont for letters that no font has.

    The data is read as JSON by the template. Nothing is fetched, and no file is read but these pictures.
    """
    with TemporaryDirectory() as root:
        shutil.copy(TEMPLATES / NAME, root)
        for name, content in (pictures or {}).items():
            Path(root, name).write_bytes(content)
        made = _compiled(Path(root), json.dumps(data, ensure_ascii=False))
    return with_row_headers(made, row_headers) if any(map(any, row_headers)) else made


def _compiled(root: Path, data: str) -> bytes:
    try:
        return bytes(
            typst.compile(
                str(root / NAME),
                root=str(root),
                font_paths=fonts(),
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards=["a-2b", "ua-1"],  # for archives, and to be heard; a-2a refuses letters for private use
            )
        )
    except typst.TypstError as error:
        if NO_LETTER in str(error):
            raise NoFont(str(error)) from None
        raise


@cache
def fonts() -> typst.Fonts:
    paths = [str(FONTS)] if FONTS.is_dir() else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


def with_row_headers(made: bytes, row_headers: list[list[bool]]) -> bytes:
    """
    Return the PDF with the headings of rows marked as such: typst marks those of columns alone.

    For each other cell typst names the headings of its column, which would hide those of its row. So in such a table
    they are found by their scope.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    root = writer.root_object["/StructTreeRoot"]
    tables = [element for element in _elements(root) if element.get("/S") == "/Table"]
    for table, marks in zip(tables, row_headers, strict=True):
        cells = [cell for cell in _elements(table) if cell.get("/S") in ("/TD", "/TH")]
        for cell, is_header in zip(cells, marks, strict=True):
            if is_header:
                _mark(cell)
            elif any(marks) and cell["/S"] == "/TD":
                _attributes(cell).pop("/Headers", None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _mark(cell: DictionaryObject) -> None:
    """Make a cell the heading of its row."""
    attributes = _attributes(cell)
    attributes[NameObject("/Scope")] = NameObject("/Row")
    attributes.pop("/Headers", None)
    cell[NameObject("/S")] = NameObject("/TH")


def _attributes(cell: DictionaryObject) -> DictionaryObject:
    """Return the cell's attributes as a cell of a table, for a change."""
    known: Any = cell.get("/A", ArrayObject()).get_object()
    rows: list[Any] = [row.get_object() for row in (known if isinstance(known, ArrayObject) else [known])]
    found: DictionaryObject | None = next((row for row in rows if row.get("/O") == "/Table"), None)
    if found is None:
        found = DictionaryObject({NameObject("/O"): NameObject("/Table")})
        cell[NameObject("/A")] = ArrayObject([*rows, found])
    return found


def _elements(parent: Any) -> list[DictionaryObject]:
    """Return all structure elements below this one, in reading order."""
    below: Any = parent.get_object().get("/K", ArrayObject())
    found: list[DictionaryObject] = []
    for child in below.get_object() if isinstance(below.get_object(), list) else [below]:
        element = child.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            found += [element, *_elements(element)]
    return found

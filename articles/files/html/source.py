"""The text of an HTML file: its bytes decoded as a browser would, and its pieces with their lines."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from articles.files.imported import BadFile
from articles.files.markdown.source import wrong_in
from articles.text.plain import characters
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

MOST_BYTES = 5 * 1024 * 1024
MOST_TAGS, MOST_CELLS = 60_000, 20_000
BEGINS = re.compile(
    r"\s*(?:<\?xml\b[^>]*>\s*|<!--(?:(?!-->).){0,4000}-->\s*)*<(?:!doctype\s+html|(?:html|head|title|meta|body|main"
    r"|article|section|div|h[1-6]|p|table|ul|ol)(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_CELL = re.compile(r"<t[dh][\s>]", re.IGNORECASE)
_LATIN = {"ascii", "iso8859-1"}  # browsers read these as Windows-1252
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RAW = "script|style|noscript|template|title|iframe|textarea"
_PIECE = re.compile(
    rf"(?P<comment><!--.*?(?:-->|\Z))|(?P<declared><[!?][^>]*>)"
    rf"|(?P<raw><(?P<of>{_RAW})(?=[\s>/])(?P<with>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>(?P<inside>.*?)(?:</(?P=of)\s*>|\Z))"
    r"|(?P<tag><(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)"
    r"|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)


class Piece(NamedTuple):
    """
    A piece of the source, and the line on which it begins.

    `kind` is comment, declared, raw, tag or text. A raw one is an element whose content is no HTML, with its `inside`.
    """

    kind: str
    text: str
    line: int
    name: str = ""
    closes: bool = False
    inside: str = ""


def is_html(data: bytes) -> bool:
    """Tell whether a file begins as a page does, whatever its name is."""
    mark = next((code for mark, code in _MARKS if data.startswith(mark)), "latin-1")
    return BEGINS.match(data[:8192].decode(mark, errors="replace").lstrip("\ufeffï»¿")) is not None


def decoded(data: bytes) -> str:
    """
    Return the text of a file, with its characters normalised.

    Its encoding is that of its first bytes, else the one that it names, else UTF-8. Raise BadFile for another byte, and
    for each character that no text may have.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(1, _("The file is larger than {most} MB.").format(most=MOST_BYTES // 1024**2))
    text = _decoded(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("<") > MOST_TAGS:
        said = _("The file has more than {most} tags. Divide it into several articles.")
        raise BadFile(1, said.format(most=digits(MOST_TAGS)))
    if len(cells := list(_CELL.finditer(text))) > MOST_CELLS:
        said = _("At this line the text has more than {most} cells of tables; divide it into several articles.")
        line = text.count("\n", 0, cells[MOST_CELLS].start()) + 1
        raise BadFile(line, said.format(most=digits(MOST_CELLS)))
    return unicodedata.normalize("NFC", characters.without_invisible(text))


def _decoded(data: bytes) -> str:
    code = next((code for mark, code in _MARKS if data.startswith(mark)), "") or _named(data)
    try:
        return data.decode(code)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = _("The byte 0x{typed} is not {encoding}; save the file as UTF-8.")
        raise BadFile(line, said.format(typed=f"{data[error.start]:02X}", encoding=code.upper())) from None


def _named(data: bytes) -> str:
    found = _CHARSET.search(data[:1024])
    if not found:
        return "utf-8"
    label = found[1].decode().lower()
    try:
        code = codecs.lookup(label).name
        "".encode(code)  # an encoding of text, and none of bytes
    except LookupError:
        said = _("The encoding {label} is not known; save the file as UTF-8.")
        raise BadFile(1, said.format(label=label)) from None
    if code in _LATIN:
        return "cp1252"
    return "utf-8" if code.startswith("utf-16") else code


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of the text, in order and without a gap."""
    line = 1
    for found in _PIECE.finditer(text):
        kind = str(found.lastgroup) if found["raw"] is None else "raw"
        kind = next(one for one in ("comment", "declared", "raw", "tag", "text") if found[one] is not None)
        name = (found["of"] or found["name"] or "").lower()
        yield Piece(kind, found.group(), line, name, bool(found["slash"]), found["inside"] or "")
        line += found.group().count("\n")


def faults_of(pieces: list[Piece]) -> Iterator[tuple[int, str]]:
    """Yield (line, sentence) for each character of the words that no text may have."""
    for piece in pieces:
        if piece.kind == "text":
            for number, line in enumerate(piece.text.split("\n"), start=piece.line):
                yield from ((number, sentence) for sentence in wrong_in(line))

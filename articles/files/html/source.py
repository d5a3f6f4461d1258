"""The text of an HTML file: its bytes decoded as a browser would, and its pieces with their lines."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from articles.desk.typed.attributes import Tag
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
_NO_META = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|title|noscript)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_META = re.compile(r"<meta(?=[\s/])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_OF_CONTENT = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"']+)", re.IGNORECASE)
_LABEL = re.compile(  # the names that browsers know (WHATWG, Encoding), as far as Python knows them
    r"utf-?8|(?:us-)?ascii|latin[1-6]|l[1-6]|iso[-_]?8859-?(?:[1-9]|1[0134568])|(?:x-)?cp125[0-8]|windows-(?:125[0-8]|874)"
    r"|koi8-[ru]|(?:cp|ibm)?866|gbk|gb2312|gb18030|big5|euc-(?:jp|kr)|shift[-_]jis|sjis|iso-2022-jp|macintosh"
    r"|tis-620|utf-16(?:le|be)?"
)
_CELL = re.compile(r"<t[dh][\s>]", re.IGNORECASE)
_AS_BROWSERS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gbk", "shift_jis": "cp932", "euc_kr": "cp949",
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
}  # fmt: skip
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RAW = "script|style|noscript|template|title|iframe|textarea"
_PIECE = re.compile(
    rf"(?P<comment><!--.*?(?:-->|\Z))|(?P<declared><[!?][^>]*>)"
    rf"|(?P<raw><(?P<of>{_RAW})(?=[\s>/])(?P<with>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>(?P<inside>.*?)(?:</(?P=of)\s*>|\Z))"
    r"|(?P<tag><(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)"
    r"|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?P<attributes>.*)>", re.DOTALL)


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
    """Return the encoding that the page names, anywhere, as browsers read it; UTF-8 if it names none."""
    typed = _META.findall(_NO_META.sub("", data.decode("latin-1")))
    labels = {label.lower() for tag in typed if (label := _label(tag))}
    if not labels:
        return "utf-8"
    codes = {_code(label) for label in sorted(labels)}
    if len(codes) > 1:
        said = _("The page names several encodings ({labels}). Save it as UTF-8, and name this one alone.")
        raise BadFile(1, said.format(labels=", ".join(sorted(labels))))
    return codes.pop()


def _label(typed: str) -> str:
    """Return the encoding that a <meta> names; empty if it names none."""
    tag = tag_of(typed)
    if tag["charset"]:
        return tag["charset"]
    found = _OF_CONTENT.search(tag["content"]) if tag["http-equiv"].lower() == "content-type" else None
    return found[1] if found else ""


def _code(label: str) -> str:
    try:
        if _LABEL.fullmatch(label):
            code = codecs.lookup(label).name
            return _AS_BROWSERS.get(code, code)
    except LookupError:
        pass
    raise BadFile(1, _("The encoding {label} is not known; save the file as UTF-8.").format(label=label[:40]))


def tag_of(typed: str) -> Tag:
    """Return the tag that is typed so, with its attributes."""
    found = _WHOLE_TAG.fullmatch(typed)
    if found is None:
        raise AssertionError(typed[:80])
    return Tag(found)


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

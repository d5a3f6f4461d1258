"""Decode the bytes of a file, check its characters, and separate front matter and body."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from articles.files.imported import BadFile, Faults
from articles.text.plain import characters
from articles.text.plain.damaged import damage_sentence, damages
from articles.text.plain.translated import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_IN_A_LINE = 20  # faults reported per line
FENCE = re.compile(r"---[ \t]*\Z")
FENCE_END = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")


@dataclass(frozen=True)
class Source:
    """The two parts of a file. Lines count from 1. The front matter begins on line 2, the body after `closing_line`."""

    front_matter: str
    body: str
    closing_line: int


def read(data: bytes) -> Source:
    """Return the parts of the file. Raise BadFile if it is too large, is not text, or has no front matter."""
    if len(data) > MOST_BYTES:
        raise BadFile(data.count(b"\n", 0, MOST_BYTES) + 1, _("The file is larger than 5 MB."))
    text = _decoded(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", characters.without_invisible(text))
    faults = Faults()
    for number, line in enumerate(text.split("\n"), start=1):
        for sentence in islice(wrong_in(line), MOST_IN_A_LINE):
            faults.note(BadFile(number, sentence))
    faults.stop()
    return _halves(text)


def wrong_in(text: str) -> Iterator[str]:
    """Yield an error message for each sign of damage, and for each character that is not allowed."""
    if text.isascii() and text.isprintable():
        return
    damaged: set[int] = set()
    for place, shown, was in damages(text):
        damaged |= {*range(place, place + len(shown))}
        yield damage_sentence(shown, was)
    yield from (fault.sentence for fault in characters.faults(text) if fault.start not in damaged)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        raise BadFile(
            before.count("\n") + 1,
            _("The byte 0x{typed} is not UTF-8; save the file as UTF-8.").format(typed=f"{data[error.start]:02X}"),
        ) from None


def _halves(text: str) -> Source:
    lines = text.split("\n")
    if not FENCE.match(lines[0]):
        raise BadFile(1, _("The file must begin with its front matter, between two lines of ---."))
    for number, line in enumerate(lines[1:], start=2):
        if FENCE_END.match(line):
            return Source("\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number)
    raise BadFile(1, _("The front matter that begins here is not closed by a line of ---."))

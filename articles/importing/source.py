"""The bytes of a file: decoded, checked for characters that no text has, and parted at the front matter."""

import re
import unicodedata
from dataclasses import dataclass

from articles.importing.imported import BadFile

MOST_BYTES = 5 * 1024 * 1024
FENCE = re.compile(r"---[ \t]*\Z")
FENCE_END = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
# Control characters, bidirectional overrides (they show a text in another order than the one signed), the line ends
# that only some programs know, and what is no character at all.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """The two halves of a file. Lines count from 1; the front matter begins on 2, the body after `closing_line`."""

    front_matter: str
    body: str
    closing_line: int


def read(data: bytes) -> Source:
    """Return the halves of the file, or raise BadFile where it is too large, not text or has no front matter."""
    if len(data) > MOST_BYTES:
        raise BadFile(data.count(b"\n", 0, MOST_BYTES) + 1, "The file is larger than 5 MB.")
    text = _decoded(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := UNSEEN.search(text):
        raise BadFile(text.count("\n", 0, found.start()) + 1, unseen_sentence(found.group()))
    return _halves(unicodedata.normalize("NFC", text))


def unseen_sentence(character: str) -> str:
    """Return why a text with this character is refused."""
    name = "a NUL character" if character == "\0" else f"the invisible character U+{ord(character):04X}"
    return f"The text contains {name}; remove it."


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        raise BadFile(
            before.count("\n") + 1, f"The byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8."
        ) from None


def _halves(text: str) -> Source:
    lines = text.split("\n")
    if not FENCE.match(lines[0]):
        raise BadFile(1, "The file has to begin with its front matter, between two lines of ---.")
    for number, line in enumerate(lines[1:], start=2):
        if FENCE_END.match(line):
            return Source("\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number)
    raise BadFile(1, "The front matter that begins here is not closed by a line of ---.")

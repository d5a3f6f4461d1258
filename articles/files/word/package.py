"""The package of a Word file: a zip archive of XML parts, opened within limits and without a look outside of it."""

import io
import re
import zipfile
import zlib
from functools import cached_property
from typing import Any

from lxml import etree

from articles.files.imported import BadFile
from articles.text.plain.plaintext import tidy
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

MOST_BYTES = 10 * 1024 * 1024  # as `articles.files.apart` has it, which does not load this
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024  # of all parts together
MOST_IN_A_PART = 6_000_000  # bytes of a part of XML that is read: a text of 20 pages has 300,000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
STRICT = b"http://purl.oclc.org/ooxml/"
MAIN = "officeDocument"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
KINDS = {DOCUMENT, TEMPLATE}
_DOCTYPE = re.compile(rb"<!DOCTYPE")

Element = Any  # lxml's stubs know no type for an element that is public


def refused(sentence: str) -> BadFile:
    """Return the refusal of a Word file: it has places instead of lines, so the sentence stands alone."""
    return BadFile(0, sentence)


class Package:
    """The parts of a Word file that are read. Raise BadFile for anything that is not a whole Word file."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise refused(_("The file is larger than {most} MB.").format(most=MOST_BYTES // 1024 // 1024))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
            raise refused(_("This is not a whole Word file. Open it in Word, and save it again as .docx.")) from None
        self._sizes = {entry.filename: entry.file_size for entry in entries}
        if len(entries) > MOST_PARTS or sum(self._sizes.values()) > MOST_UNPACKED:
            raise refused(_("The file unpacks to more than a Word file of text and pictures needs."))
        if any(entry.flag_bits & 1 for entry in entries):
            raise refused(_("The file is encrypted. Save it without a password."))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a part; None if there is none."""
        if name not in self._sizes:
            return None
        if self._sizes[name] > MOST_IN_A_PART:
            raise refused(
                _("The text of the file takes more than {most} bytes; divide it into several articles.").format(
                    most=digits(MOST_IN_A_PART)
                )
            )
        try:
            with self._zip.open(name) as part:
                data = part.read(MOST_IN_A_PART + 1)  # its own size may not be what the archive says
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError, RuntimeError):
            raise refused(_("This is not a whole Word file. Open it in Word, and save it again as .docx.")) from None
        if len(data) > MOST_IN_A_PART:
            raise refused(_("The file unpacks to more than a Word file of text and pictures needs."))
        return data

    def size(self, name: str) -> int:
        """Return how many bytes a part says it has; 0 if there is none."""
        return self._sizes.get(name, 0)

    def tree(self, name: str) -> Element | None:
        """Return the root of a part of XML; None if there is none. Entities are never expanded, and none is fetched."""
        data = self.read(name)
        if data is None:
            return None
        if STRICT in data:
            raise refused(_("The file is “Strict Open XML”. Save it in Word as “Word Document (.docx)”."))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise refused(
                _("The part {name} of the file is damaged. Open it in Word, and save it again.").format(name=name)
            ) from None
        if root.getroottree().docinfo.internalDTD is not None or _DOCTYPE.search(data[:2000]):
            raise refused(_("The part {name} of the file has a DTD, which no Word file has.").format(name=name))
        return root

    @cached_property
    def main(self) -> str:
        """The name of the part that holds the text."""
        found = [path for kind, path, _mode in self.relations("_rels/.rels", "").values() if kind == MAIN]
        if len(found) != 1 or found[0] not in self._sizes:
            raise refused(_("This is not a Word file: it has no text part."))
        if self._type_of(found[0]) not in KINDS:
            raise refused(_("Only Word files without macros can be imported. Save it as “Word Document (.docx)”."))
        return found[0]

    @cached_property
    def title(self) -> str:
        """The title in the properties of the file, or ""."""
        named = [path for kind, path, _mode in self.relations("_rels/.rels", "").values() if kind == "core-properties"]
        root = self.tree(named[0]) if named else None
        found = root.find(TITLE) if root is not None else None
        return tidy(found.text or "") if found is not None else ""

    def _type_of(self, name: str) -> str:
        types = self.tree("[Content_Types].xml")
        for entry in types if types is not None else ():
            if entry.get("PartName") == f"/{name}":
                return str(entry.get("ContentType"))
        return ""

    @cached_property
    def of_text(self) -> dict[str, tuple[str, str, str]]:
        """The relations of the text part: kind, target and mode by their ids."""
        folder, _slash, name = self.main.rpartition("/")
        return self.relations(f"{folder}/_rels/{name}.rels", folder)

    def relations(self, name: str, folder: str) -> dict[str, tuple[str, str, str]]:
        root = self.tree(name)
        found = {}
        for row in root if root is not None else ():
            mode, target = row.get("TargetMode", "Internal"), row.get("Target", "")
            if mode == "Internal":
                target = target[1:] if target.startswith("/") else f"{folder}/{target}" if folder else target
            found[row.get("Id", "")] = (row.get("Type", "").rpartition("/")[2], target, mode)
        return found

    def related(self, kind: str) -> Element | None:
        """Return the root of the part of this kind that the text names: styles, numbering, footnotes, endnotes."""
        for found, target, mode in self.of_text.values():
            if found == kind and mode == "Internal":
                return self.tree(target)
        return None

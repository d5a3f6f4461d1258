"""The citations that Zotero and Mendeley left in a Word file, with the details of the cited works."""

import json
from collections.abc import Iterable
from dataclasses import replace

from articles.files.imported import BadFile, Faults, ImportedReference
from articles.files.references import csl
from articles.files.references.record import NotRead
from articles.files.word.cited.fields import CITATION, Field
from articles.files.word.package import Element
from articles.text.citations.identifiers import free_key
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

LONGEST_KEY = 40


class Works:
    """
    The works that the citations of a text name, each once, and the keys of each citation by its first run.

    `given` are works that the file lists with their keys, which keep these.
    """

    def __init__(self, found: list[Field], faults: Faults, given: Iterable[ImportedReference] = ()) -> None:
        self.references: list[ImportedReference] = list(given)
        self.keys: dict[Element, list[str]] = {}
        self.remarks: list[str] = []
        self._known = {_same(one.csl): one.key for one in self.references}
        self._given = {one.key: _same(one.csl) for one in self.references}
        for one in found:
            if one.result and CITATION.search(one.code):
                shown = quoted("".join(run.xpath("string()") for run in one.result))
                if not one.works:
                    said = _(
                        "The citation {words} has no details of its works. Insert it again with Zotero or Mendeley."
                    )
                    faults.note(BadFile(0, said.format(words=shown)))
                    continue
                if one.has_more:
                    said = _(
                        "The citation {words} names pages, or has words around it: the page prints its number alone."
                    )
                    self.remarks.append(said.format(words=shown))
                keys = [faults.tried("", self._key, work, shown) for work in one.works]
                self.keys[one.result[0]] = [key for key in keys if key]

    def _key(self, work: dict[str, object], shown: str) -> str:
        same, named = _same(work), str(work.get("id", ""))
        if named in self._given:  # a work of a file of ours, whose details stand in its list
            if self._given[named] != same:
                said = _("The work {key} has other details where it is cited as {words}: those of the list were taken.")
                self.remarks.append(said.format(key=quoted(named), words=shown))
            return named
        if same in self._known:
            return self._known[same]
        try:
            record = csl.read(0, {**work, "id": ""})
            reference = record.finished()
        except NotRead as error:
            raise BadFile(0, _("A work cited as {words}: {why}").format(words=shown, why=str(error))) from None
        self.remarks += record.remarks
        twin = next((row for row in self.references if _is_same(row, reference)), None)
        key = twin.key if twin else free_key(reference.csl, {*self._known.values(), *self._given})
        self._known[same] = key
        if twin is None:
            self.references.append(replace(reference, key=key, line=0))
        return key


def _same(work: dict[str, object]) -> str:
    return json.dumps({**work, "id": ""}, sort_keys=True)


def _is_same(one: ImportedReference, other: ImportedReference) -> bool:
    return bool(one.doi and one.doi == other.doi) or bool(one.pmid and one.pmid == other.pmid)

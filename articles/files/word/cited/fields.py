"""The fields of a text whose result the page makes by itself: citations, the list of references, tables of contents."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from articles.files.word.package import Element, W

CITATION = re.compile(r"ADDIN\s+(?:ZOTERO_ITEM\s+)?CSL_CITATION\s*(\{.*)", re.DOTALL)
LIST = re.compile(r"ADDIN\s+(?:ZOTERO_BIBL|Mendeley\s+Bibliography\s+CSL_BIBLIOGRAPHY|CSL_BIBLIOGRAPHY)")
CONTENTS = re.compile(r"\s*TOC\b")


@dataclass
class Field:
    """A field from its beginning to its end, with the runs that show its result."""

    code: str = ""
    result: list[Element] = field(default_factory=list)
    is_shown: bool = False  # what follows is its result

    @property
    def is_contents(self) -> bool:
        return bool(CONTENTS.match(self.code))

    @property
    def is_list(self) -> bool:
        return bool(LIST.search(self.code))

    @cached_property
    def _items(self) -> list[dict[str, Any]]:
        found = CITATION.search(self.code)
        if not found:
            return []
        try:
            data, _end = json.JSONDecoder(parse_float=str).raw_decode(found[1])
            items = data["citationItems"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return []
        return items if all(isinstance(item, dict) for item in items) else []

    @property
    def works(self) -> list[dict[str, Any]]:
        """The cited works as CSL-JSON; [] if it is no citation, or if a program left no details of a work in it."""
        found = [item.get("itemData") for item in self._items]
        works = [work for work in found if isinstance(work, dict)]
        return works if len(works) == len(found) else []

    @property
    def has_more(self) -> bool:
        """Tell whether the citation names pages, or has words before or after it."""
        return any(item.get(name) for item in self._items for name in ("locator", "prefix", "suffix"))


def fields(body: Element) -> list[Field]:
    """Return the complex fields of a text, in the order of their ends."""
    opened: list[Field] = []
    found: list[Field] = []
    for run in body.iter(f"{W}r"):
        for child in run:
            if child.tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                if kind == "begin":
                    opened.append(Field())
                elif kind == "separate" and opened:
                    opened[-1].is_shown = True
                elif kind == "end" and opened:
                    found.append(opened.pop())
            elif child.tag == f"{W}instrText" and opened and not opened[-1].is_shown:
                opened[-1].code += child.text or ""
            else:
                for one in opened:
                    if one.is_shown and (not one.result or one.result[-1] is not run):
                        one.result.append(run)
    return found

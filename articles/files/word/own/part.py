"""The part of a Word file of ours that holds what its text does not say: its front matter, and what else is no text."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from articles.files.imported import BadFile, Faults
from articles.files.markdown.front_matter import front_matter
from articles.files.markdown.limits import MOST_FRONT_MATTER
from articles.files.word.own.names import DETAILS, OWN, labels_for
from articles.files.word.package import Element, Package, refused
from articles.files.word.styles import Styles
from articles.text.plain.translated import gettext as _

ITEM = "customXml"
PROPERTIES = "docProps/custom.xml"


@dataclass
class Part:
    """
    `front` is the front matter. `wordings` are the audiences by the lines, in lower case, that begin their wordings.

    `site` is where the addresses of the site begin. `said` has the digest of each paragraph that is no text. `figures`
    has the name of each picture's original file in the package, by the key of its figure; empty for the file shown.
    `has_empty_lead`: the article begins with a lead without words. `exported` has the digests of its parts.
    """

    front: front_matter.FrontMatter
    site: str
    wordings: dict[str, str]
    said: frozenset[str]
    figures: dict[str, str] = field(default_factory=dict)
    has_empty_lead: bool = False
    exported: dict[str, str] = field(default_factory=dict)


def part_of(package: Package, styles: Styles, audiences: frozenset[str]) -> Part | None:
    """
    Return the own part of a file; None if the file is not one of ours.

    Raise BadFile if the part is not as it was written, or if a program has dropped it.
    """
    for kind, target, mode in package.of_text.values():
        if kind == ITEM and mode == "Internal":
            root = package.tree(target.replace("word/../", ""))
            if root is not None and root.tag == f"{OWN}article":
                return _read(root, audiences)
    if DETAILS.lower() in styles.names and any(row.startswith("closing ") for row in styles.names):
        raise refused(
            _(
                "This file was exported here, but the program that saved it has dropped the part that tells text from "
                "information. Export it again, and edit it in Word."
            )
        )
    return None


def digest_of(words: str) -> str:
    """Return by what a paragraph of information is known again."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:16]


def _read(root: Element, audiences: frozenset[str]) -> Part:
    text, faults = root.findtext(f"{OWN}front-matter") or "", Faults()
    if len(text) <= MOST_FRONT_MATTER:
        front = front_matter.read(text, faults, first_line=1, audiences=audiences)
    else:
        front = None
    if faults.found or front is None:
        why = " ".join(dict.fromkeys(sentence for _line, sentence in faults.found))
        said = _("The part of the file that holds its front matter is damaged. Export the article again. {why}")
        raise BadFile(0, said.format(why=why).strip())
    wordings: dict[str, str] = {}
    language = labels_for(front.language)
    for row in root.iterfind(f"{OWN}audience"):
        key, label = row.get("key", ""), row.get("label", "")
        wordings |= dict.fromkeys(
            (key.casefold(), label.casefold(), language.wording.format(label=label).casefold()), key
        )
    figures = {row.get("key", ""): row.get("original", "") for row in root.iterfind(f"{OWN}figure")}
    known = frozenset((root.findtext(f"{OWN}said") or "").split())
    exported = {row.get("path", ""): row.get("digest", "") for row in root.iterfind(f"{OWN}part")}
    return Part(front, root.get("site", ""), wordings, known, figures, root.get("begins") == "empty", exported)


def written(
    front: str,
    *,
    site: str,
    audiences: list[dict[str, Any]],
    said: list[str],
    figures: dict[str, str],
    has_empty_lead: bool,
    exported: dict[str, str],
) -> Element:
    """Return the part as an element, from the front matter as YAML, and as `Part` has it."""
    root = etree.Element(f"{OWN}article", {"site": site}, nsmap={None: OWN[1:-1]})  # type: ignore[dict-item]
    etree.SubElement(root, f"{OWN}front-matter").text = front
    if has_empty_lead:
        root.set("begins", "empty")
    for row in audiences:
        etree.SubElement(root, f"{OWN}audience", {"key": row["key"], "label": row["label"]})
    for key, original in figures.items():
        etree.SubElement(root, f"{OWN}figure", {"key": key, "original": original})
    for path, known in exported.items():
        etree.SubElement(root, f"{OWN}part", {"path": path, "digest": known})
    etree.SubElement(root, f"{OWN}said").text = " ".join(sorted({*map(digest_of, said)}))
    return root

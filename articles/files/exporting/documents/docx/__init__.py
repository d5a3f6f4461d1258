"""
An article as a Word file, which the importer reads as the same article.

Its text has the styles of Word, so it can be edited there. Lines of information have styles of their own, by which the
importer leaves them out; the front matter stands in a part of its own. Each file is read again before it is returned,
so nothing is lost silently.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from articles.files.drafts.as_content import of_file
from articles.files.drafts.merging import digests
from articles.files.exporting.documents.docx import around, packing, pictures
from articles.files.exporting.documents.docx.styles import key_of, styles, tag_of
from articles.files.exporting.documents.docx.texts import Relations, Texts, place_of
from articles.files.exporting.documents.docx.xml import Element, element, paragraph, run
from articles.files.exporting.documents.markdown import AS_THEY_ARE, SAID, CannotBeWritten, front_matter
from articles.files.imported import BadFile, ImportedArticle
from articles.files.markdown.body.reading import ROLE_BY_HEADING
from articles.files.word.own import names
from articles.files.word.own.part import written
from articles.files.word.parsing import parse
from articles.models import Section
from articles.text.citations import number_keys
from articles.text.languages import direction
from articles.text.plain.characters import normalised
from articles.text.plain.translated import gettext as _
from articles.text.rendering.our_words import words_of
from articles.text.rendering.sections import choose
from articles.text.richtext import cited_keys, storable

__all__ = ["Beside", "CannotBeWritten", "docx"]


@dataclass(frozen=True)
class Beside:
    """
    What a file says beside its text: the status on each page, and (name, value) of what stands around the text.

    `details` and `advice` stand below the title, `facts` and `disclaimers` on the last page. `original` is the path of
    the version that was translated.
    """

    status: str
    details: list[tuple[str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    disclaimers: list[tuple[str, str]] = field(default_factory=list)
    original: str = ""
    advice: str = ""


def docx(content: dict[str, Any], *, slug: str, site: str, beside: Beside, files: dict[str, bytes]) -> bytes:
    """
    Return the article as a Word file: the same bytes for the same content and words beside it.

    `site` is where the addresses of the site begin, `files` are those of the pictures by their SHA-256. Raise
    CannotBeWritten with a sentence for each part that the importer would not read as it is.
    """
    again = _check(content, _Writing(content, slug, site, beside, files).file(), beside.original)
    return _Writing(content, slug, site, beside, files, exported=digests(again)).file()


class _Writing:
    """Writes one file."""

    def __init__(
        self,
        content: dict[str, Any],
        slug: str,
        site: str,
        beside: Beside,
        files: dict[str, bytes],
        *,
        exported: dict[str, str] | None = None,
    ) -> None:
        self.exported = exported or {}
        self.content, self.slug, self.site, self.beside = content, slug, site, beside
        self.labels = names.labels_for(content["language"])
        self.relations = Relations()
        found = {row["key"]: pictures.shown(row, files) for row in content["figures"]}
        self.shown = {key: picture for key, picture in found.items() if picture}
        figures = {
            row["key"]: pictures.paragraphs(row, self.shown[row["key"]], number, self.relations)
            for number, row in enumerate(content["figures"], start=1)
            if row["key"] in self.shown
        }
        works = {row["key"]: json.loads(row["csl"]) for row in content["references"]}
        self.numbers = numbers_of(content)
        anchors = [section["key"] for section in content["sections"]]
        self.texts = Texts(
            works, self.numbers, anchors, figures, site, self.relations, turned=bool(direction(content["language"]))
        )

    def file(self) -> bytes:
        """Return the bytes of the file."""
        content = self.content
        details = around.details(self.beside.details, self.beside.advice)
        sections = self._sections()
        silent = around.references(content, self.numbers, self.texts.lists, words_of(content))
        silent += around.closing(self.beside.facts, self.beside.disclaimers, self.labels)
        title = paragraph("Title", run(content["title"]))
        body = element("w:body", None, title, *details, *sections, *silent, around.page())
        parts = {
            "document.xml": element("w:document", None, body),
            "styles.xml": styles(content["language"]),
            "numbering.xml": self.texts.lists.part(),
            "settings.xml": packing.settings(tag_of(content["language"])),
            "header1.xml": around.head(content["title"], self.beside.status),
            "footer1.xml": around.foot(f"{self.site}/articles/{self.slug}/"),
        }
        files = {picture.name: picture.data for picture in self.shown.values()}
        files |= {picture.original: picture.original_data for picture in self.shown.values() if picture.original}
        return packing.packed(
            parts,
            self.relations,
            self._own(around.said_in([*details, *silent])),
            files,
            title=content["title"],
            authors="; ".join(row["name"] for row in content["contributors"]),
            language=content["language"],
        )

    def _own(self, said: list[str]) -> Element:
        front = front_matter(self.content, self.slug, self.beside.status, self.beside.original, with_headings=False)
        return written(
            front.removeprefix("---\n").removesuffix("\n---"),
            site=self.site,
            audiences=self.content["audiences"],
            said=said,
            figures={key: picture.original for key, picture in self.shown.items()},
            has_empty_lead=any(_is_empty(section) for section in self.content["sections"][:1]),
            exported=self.exported,
        )

    def _sections(self) -> list[Element]:
        made: list[Element] = []
        faults = []
        for section in self.content["sections"]:
            try:
                made += self._section(section)
            except CannotBeWritten as error:
                faults.append(f"{_name_of(section)}: {error}")
        if faults:
            raise CannotBeWritten(" ".join(faults))
        return made

    def _section(self, section: dict[str, Any]) -> Iterator[Element]:
        """Yield a section: its heading, its role if the heading does not say that, its text, and its wordings."""
        heading, role = section["heading"], section["role"]
        if heading:
            number = str(self.content["sections"].index(section) + 1)
            begin = element("w:bookmarkStart", {"w:id": number, "w:name": place_of(section["key"])})
            yield paragraph("Heading1", begin, run(heading), element("w:bookmarkEnd", {"w:id": number}))
            if role != ROLE_BY_HEADING.get(heading.casefold(), Section.Role.BODY):
                said = self.labels.role.format(role=self.labels.roles[role])
                yield paragraph(key_of(names.ROLE), run(said))
        yield from self.texts.write(section["body"])
        labels = {row["key"]: row["label"] for row in self.content["audiences"]}
        for audience, wording in section["wordings"].items():
            yield paragraph(key_of(names.WORDING), run(self.labels.wording.format(label=labels[audience])))
            if wording["heading"]:
                yield paragraph(key_of(names.WORDING_HEADING), run(wording["heading"]))
            yield from self.texts.write(wording["body"], worded=True)


def numbers_of(content: dict[str, Any]) -> dict[str, int]:
    """Return the number of each cited work as the page of the general text has it; others follow."""
    shown = [one.body for one in choose(content, content["written_for"])]
    wordings = [wording["body"] for section in content["sections"] for wording in section["wordings"].values()]
    return number_keys(key for body in (*shown, *wordings) for key in cited_keys(body))


def _name_of(section: dict[str, Any]) -> str:
    return _("The section “{heading}”").format(heading=section["heading"]) if section["heading"] else _("The lead")


def _check(content: dict[str, Any], data: bytes, original: str) -> ImportedArticle:
    """Read the file again, and return the article. Raise CannotBeWritten if it is another one."""
    audiences = {audience["key"]: audience["label"] for audience in content["audiences"]}
    try:
        imported = parse(data, audiences=frozenset(audiences))
    except BadFile as error:
        why = " ".join(error.sentences)
        raise CannotBeWritten(_("Word cannot hold this text as it is. {why}").format(why=why)) from None
    again = of_file(imported, audiences)
    changed = [SAID.get(name, name) for name in AS_THEY_ARE if again.get(name) != content.get(name)]
    if imported.translation_of != original:
        changed.append("translated version")
    if imported.topics != [topic["name"] for topic in content["topics"]]:
        changed.append("topics")
    changed += _changed_sections(again["sections"], content["sections"])
    if _works(again) != _works(content):
        changed.append("references")
    changed += _changed_figures(imported, content)
    if changed:
        said = _("Word cannot hold this article as it is: {what}.")
        raise CannotBeWritten(said.format(what=", ".join(changed)))
    return imported


def _works(content: dict[str, Any]) -> dict[str, Any]:
    return {row["key"]: (json.loads(row["csl"]), row.get("although_retracted", "")) for row in content["references"]}


def _changed_sections(again: list[dict[str, Any]], sections: list[dict[str, Any]]) -> list[str]:
    one, other = ([_in_stored_form(row) for row in rows] for rows in (again, sections))
    if one == other:
        return []
    pairs = zip(one, other, strict=False)
    return [f"section “{two['heading']}”" for first, two in pairs if first != two] or ["sections"]


def _is_empty(section: dict[str, Any]) -> bool:
    return not (section["heading"] or section["body"] or section["wordings"])


def _in_stored_form(section: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a section; texts of earlier releases with their characters as they are stored today."""
    wordings = {
        key: {"heading": wording["heading"], "body": storable(wording["body"])}
        for key, wording in section["wordings"].items()
    }
    fields = {name: normalised(section[name]) for name in ("role", "heading")}
    topic = normalised(section.get("topic", ""))
    return {**fields, "body": storable(section["body"]), "wordings": wordings, "topic": topic}


def _changed_figures(imported: ImportedArticle, content: dict[str, Any]) -> list[str]:
    found = {row.key: row for row in imported.figures or ()}
    if found.keys() != {row["key"] for row in content["figures"]}:
        return ["figures"]
    return [
        f"figure “{row['key']}”"
        for row in content["figures"]
        if any(getattr(found[row["key"]], name) != row[name] for name in ("alt", "caption", "source", "licence"))
        or sha256(b64decode(found[row["key"]].data)).hexdigest() not in {file["sha256"] for file in row["files"]}
    ]

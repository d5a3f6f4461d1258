"""
An article as a Markdown file with front matter, which the importer reads as the same article.

Each file is read again before it is returned, so nothing is lost silently. Contributors are not in it: the importer
names the author.
"""

import json
from typing import Any

from articles.files.drafts.as_content import of_file
from articles.files.exporting.documents.markdown.blocks import CannotBeWritten, blocks, escaped
from articles.files.imported import BadFile
from articles.files.markdown.body.reading import ROLE_BY_HEADING
from articles.files.markdown.front_matter.beside import rows_of
from articles.files.markdown.parsing import parse
from articles.text.plain.translated import gettext as _

__all__ = ["CannotBeWritten", "front_matter", "markdown"]

AS_THEY_ARE = ("title", "kind", "language", "risk", "written_for", "ai_use", "evidence_current_to")
SAID = {
    "written_for": "audience",
    "ai_use": "use of artificial intelligence",
    "evidence_current_to": "day of the last search",
}


def markdown(content: dict[str, Any], *, slug: str, status: str, original: str = "") -> str:
    """
    Return the article as Markdown. `status` stands as a comment in its first lines.

    `original` is the path of the version that was translated. Raise CannotBeWritten with a sentence for each part that
    the importer would not read as it is, such as figures and merged cells.
    """
    faults = [sentence for section in content["sections"] for sentence in _unwritable(section)]
    if faults:
        raise CannotBeWritten(" ".join(faults))
    parts = [front_matter(content, slug, status, original), *map(_section, content["sections"])]
    text = "\n\n".join(part for part in parts if part) + "\n"
    _check(content, text, original)
    return text


def _unwritable(section: dict[str, Any]) -> list[str]:
    name = _("The section “{heading}”").format(heading=section["heading"]) if section["heading"] else _("The lead")
    faults = []
    for body in (section["body"], *(wording["body"] for wording in section["wordings"].values())):
        try:
            blocks(body)
        except CannotBeWritten as error:
            faults.append(f"{name}: {error}")
    return faults


def front_matter(content: dict[str, Any], slug: str, status: str, original: str, *, with_headings: bool = True) -> str:
    """Return the front matter of an article between its two lines of ---, with the headings of wordings or without."""
    facts = {
        "title": content["title"],
        "kind": content["kind"],
        "slug": slug,
        "language": content["language"],
        "topics": [topic["name"] for topic in content["topics"]],
        "audience": content["written_for"],
        "risk": content["risk"],
        "ai_use": content["ai_use"]["level"],
        "ai_note": content["ai_use"]["note"],
        "evidence_current_to": content.get("evidence_current_to", ""),
        "translation_of": original,
    }
    lines = ["---", f"# {status}", *(f"{key}: {_yaml(value)}" for key, value in facts.items() if value)]
    if beside := list(rows_of(content["sections"], with_headings=with_headings)):
        lines += ["sections:", *(f"  - {_yaml(row)}" for row in beside)]
    if content["references"]:
        lines += ["references:", *(f"  - {_yaml(_reference(row))}" for row in content["references"])]
    return "\n".join([*lines, "---"])


def _reference(row: dict[str, Any]) -> dict[str, Any]:
    reason = {"although_retracted": row["although_retracted"]} if row.get("although_retracted") else {}
    return {"id": row["key"], **json.loads(row["csl"]), **reason}


def _yaml(value: Any) -> str:
    """Return the value as JSON, which YAML reads alike."""
    return json.dumps(value, ensure_ascii=False)


def _section(section: dict[str, Any]) -> str:
    heading = section["heading"]
    parts = []
    if heading:
        implied = ROLE_BY_HEADING.get(heading.casefold(), "body")
        role = "" if section["role"] == implied and not heading.endswith("}") else f" {{{section['role']}}}"
        parts.append(f"## {escaped(heading)}{role}")
    parts += blocks(section["body"])
    for audience, wording in section["wordings"].items():
        parts += [f"::: {audience}", *blocks(wording["body"]), ":::"]
    return "\n\n".join(parts)


def _check(content: dict[str, Any], text: str, original: str) -> None:
    """Read the file again. Raise CannotBeWritten if it gives another article."""
    audiences = {audience["key"]: audience["label"] for audience in content["audiences"]}
    try:
        imported = parse(text.encode(), audiences=frozenset(audiences))
    except BadFile as error:
        why = " ".join(error.sentences)
        raise CannotBeWritten(_("Markdown cannot hold this text as it is. {why}").format(why=why)) from None
    again = of_file(imported, audiences)
    changed = [SAID.get(name, name) for name in AS_THEY_ARE if again.get(name) != content.get(name)]
    if imported.translation_of != original:
        changed.append("translated version")
    if imported.topics != [topic["name"] for topic in content["topics"]]:
        changed.append("topics")
    if [_words(section) for section in again["sections"]] != [_words(section) for section in content["sections"]]:
        pairs = zip(again["sections"], content["sections"], strict=False)
        changed += [f"section “{two['heading']}”" for one, two in pairs if _words(one) != _words(two)] or ["sections"]
    if _works(again) != _works(content):
        changed.append("references")
    if changed:
        said = _("Markdown cannot hold this article as it is: {what}.")
        raise CannotBeWritten(said.format(what=", ".join(changed)))


def _words(section: dict[str, Any]) -> dict[str, Any]:
    return {name: section.get(name, "") for name in ("role", "heading", "body", "wordings", "topic")}


def _works(content: dict[str, Any]) -> dict[str, Any]:
    return {row["key"]: (json.loads(row["csl"]), row.get("although_retracted", "")) for row in content["references"]}

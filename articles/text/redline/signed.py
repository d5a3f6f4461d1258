"""The signed facts beside the text, in words: one line for each field of the frozen content outside the sections."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.text.canonical import canonical
from articles.text.citations import not_printed
from articles.text.redline import figures
from articles.text.redline.plain_strings import plain_redline

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Fact(NamedTuple):
    """A signed fact in words, with its change marked if it changed; `part`, the part of the content that it is of."""

    name: str
    html: str
    part: str = ""


def _topics(rows: list[dict[str, Any]]) -> str:
    return "; ".join(gettext("{name} (address: {slug})").format(name=row["name"], slug=row["slug"]) for row in rows)


def _people(rows: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{number}. "
        + ", ".join(filter(None, [row["name"], row["credentials"], row["orcid"] and f"ORCID {row['orcid']}"]))
        + f" ({ROLES.get(row['role'], row['role'])})"
        for number, row in enumerate(rows, start=1)
    )


# The labels of the models' choices. Models are not imported here; a test compares the labels.
AI_USES = {
    "": _("Not declared"),
    "none": _("No artificial intelligence was used"),
    "assisted": _("Written by people with the help of artificial intelligence"),
    "generated": _("Drafted by artificial intelligence, edited by people"),
}
KINDS = {"topic": _("Topic"), "question": _("Question and answer"), "policy": _("Editorial policy")}
RISKS = {"standard": _("Standard"), "high": _("High: doses, emergencies or other text that can harm")}


ROLES = {
    "author": _("author"),
    "editor": _("editor"),
    "illustrator": _("illustrator"),
    "translator": _("translator"),
}


def _ai_use(declared: dict[str, Any]) -> str:
    return ". ".join(filter(None, [str(AI_USES.get(declared["level"], declared["level"])), declared["note"]]))


def _disclaimers(rows: dict[str, Any]) -> str:
    return "; ".join(
        gettext("for {audience}: number {number} (SHA-256 {digest})").format(
            audience=audience, number=row["number"], digest=row["sha256"]
        )
        for audience, row in sorted(rows.items())
    )


def _audiences(rows: list[dict[str, Any]]) -> str:
    return "; ".join(f"{row['label']} ({row['key']})" for row in rows)


def _original(source: dict[str, Any]) -> str:
    return gettext("“{title}” ({language}), version {version} (SHA-256 {sha256})").format(**source)


FACTS: "dict[str, tuple[StrOrPromise, Callable[[Any], str]]]" = {
    "contributors": (_("Authors and others named"), _people),
    "ai_use": (_("Use of artificial intelligence"), _ai_use),
    "evidence_current_to": (_("Evidence current to"), str),
    "translation_of": (_("Translated from"), _original),
    "topics": (_("Topics"), _topics),
    "kind": (_("Kind of article"), lambda value: str(KINDS.get(value, value))),
    "language": (_("Language code"), str),
    "words": (_("Language of “Contents”, “Table” and “References”"), str),
    "risk": (_("Risk"), lambda value: str(RISKS.get(value, value))),
    "written_for": (_("Written for"), str),
    "audiences": (_("Audiences"), _audiences),
    "disclaimers": (_("Disclaimers"), _disclaimers),
    "figures": (_("Figures"), figures.said),
    "article": (_("Article"), str),
    "format": (_("Format of the frozen text"), str),
}
IN_THE_TEXT = {"title", "sections", "references", "visible"}  # compared in `contents`
SECTION = {"key", "role", "heading", "body", "wordings", "topic"}
WORDING = {"heading", "body"}
REFERENCE = {"key", "csl", "although_retracted"}
NAME = {"given", "family", "literal", "suffix"}  # of a person or an organisation in a work


def facts(content: dict[str, Any]) -> list[Fact]:
    """Return the signed facts beside the text, for the reviewer who signs them."""
    return [
        Fact(str(name), plain_redline(said := words(content.get(key)), said))
        for key, (name, words) in FACTS.items()
        if content.get(key) and key not in ("article", "format", "disclaimers")
    ]


def unprinted(content: dict[str, Any]) -> list[Fact]:
    """Return for each cited work the signed details that its entry in the reference list does not show."""
    found: list[Fact] = []
    for key, work in _works(content):
        if names := _not_printed(canonical(work)):
            named = gettext("Reference [@{key}]: details that readers are not shown").format(key=key)
            found.append(_listed(named, {name: work[name] for name in names}))
    return found


def details(content: dict[str, Any]) -> list[Fact]:
    """Return for each cited work all signed details: its entry shows less, such as initials for given names."""
    return [_listed(gettext("Reference [@{key}]").format(key=key), work) for key, work in _works(content)]


def _listed(name: str, details: dict[str, Any]) -> Fact:
    said = "; ".join(f"{field}: {_value(value)}" for field, value in details.items())
    return Fact(name, plain_redline(said, said))


def _works(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in content["references"]:
        work = json.loads(row["csl"])
        yield row["key"], work if isinstance(work, dict) else {"CSL-JSON": work}


@lru_cache(maxsize=2048)
def _not_printed(csl: str) -> tuple[str, ...]:
    return tuple(not_printed(json.loads(csl)))


def changed_facts(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fact]:
    """Yield each changed fact, both values in one. A field without a label here gets its own name."""
    for key in sorted((old.keys() | new.keys()) - IN_THE_TEXT, key=[*FACTS, *sorted(old.keys() | new.keys())].index):
        before, after = old.get(key), new.get(key)
        if before != after:
            name, words = FACTS.get(key, (key.replace("_", " ").capitalize(), canonical))
            yield Fact(str(name), marked(words, before, after), key)


def marked(words: Callable[[Any], str], before: Any, after: Any) -> str:
    """Return both values in one line; as JSON if their words are the same."""
    one, other = ("" if value is None else words(value) for value in (before, after))
    if one == other:
        one, other = ("" if value is None else canonical(value) for value in (before, after))
    return plain_redline(one, other)


def unknown_parts(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fact]:
    """Yield changes in parts of a section, wording or reference that the comparison shows nowhere else."""
    for name, parts in (("sections", SECTION), ("references", REFERENCE)):
        before, after = ({row["key"]: row for row in content.get(name, [])} for content in (old, new))
        for key in before.keys() & after.keys():
            yield from _unknown(before[key], after[key], parts, f"{name[:-1]} {key}")
            one, other = (row[key].get("wordings", {}) for row in (before, after))
            for audience in one.keys() & other.keys():
                yield from _unknown(
                    one[audience], other[audience], WORDING, f"{name[:-1]} {key}, wording for {audience}"
                )


def _unknown(before: dict[str, Any], after: dict[str, Any], known: set[str], where: str) -> Iterator[Fact]:
    for name in sorted((before.keys() | after.keys()) - known):
        if before.get(name) != after.get(name):
            yield Fact(f"{name.replace('_', ' ').capitalize()} of the {where}",
                       marked(canonical, before.get(name), after.get(name)))  # fmt: skip


def reference_details(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fact]:
    """Yield each work whose signed details changed, field by field. Not all of them are printed."""
    before, after = ({row["key"]: row["csl"] for row in content["references"]} for content in (old, new))
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            yield Fact(
                f"Reference [@{key}]", plain_redline(*_both(before.get(key), after.get(key))), f"reference {key}"
            )
    orders = [[key for key in side if key in before and key in after] for side in (before, after)]
    if orders[0] != orders[1]:
        yield Fact("Order of the references", marked("; ".join, *orders))


def _both(before: str | None, after: str | None) -> tuple[str, str]:
    """Return both works field by field. A changed field whose words are the same is given as JSON."""
    one, other = (json.loads(csl) if csl else {} for csl in (before, after))
    said: tuple[list[str], list[str]] = ([], [])
    for name in [*other, *(name for name in one if name not in other)]:
        sides = one.get(name), other.get(name)
        alike = sides[0] != sides[1] and _value(sides[0]) == _value(sides[1])
        for side, value in zip(said, sides, strict=True):
            if value is not None:
                side.append(f"{name}: {canonical(value) if alike else _value(value)}")
    return "; ".join(said[0]), "; ".join(said[1])


def _value(value: Any) -> str:
    """Return a field of a work in words: names, dates and texts; anything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(row, dict) and row.keys() <= NAME for row in value):
        return ", ".join(
            " ".join(row[part] for part in ("given", "family", "literal", "suffix") if part in row) for row in value
        )
    if isinstance(value, dict) and value.keys() == {"date-parts"} and len(value["date-parts"]) == 1:
        return "-".join(str(part) for part in value["date-parts"][0])
    return canonical(value)

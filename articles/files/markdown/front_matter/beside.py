"""What the front matter says of single sections: a topic of their own, and other headings of their wordings."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from articles.files.imported import BadFile, Faults, ImportedSection, at_line
from articles.files.markdown.front_matter.yamltext import Value
from articles.text.plain.markup import in_plain_text
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _

KEYS = ("heading", "topic", "headings")
LONGEST = {"heading": 200, "topic": 100}


@dataclass(frozen=True)
class Beside:
    """What is said of the section with this heading; of several with it, of the first that nothing was said of yet."""

    heading: str
    topic: str
    headings: dict[str, str]
    line: int


def read(value: Value | None, faults: Faults) -> list[Beside]:
    """Return what the value of `sections` says, and note its faults."""
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list):
        raise BadFile(value.line, _("The value of sections must be a list: [{heading: Doses, topic: Oncology}]."))
    found = (faults.tried(None, _row, item) for item in value.data)
    return [one for one in found if one]


def _row(item: Value) -> Beside:
    if not isinstance(item.data, dict):
        raise BadFile(item.line, _("A section must be a mapping: {heading: Doses, topic: Oncology}."))
    for key, value in item.data.items():
        if key not in KEYS:
            said = _("The key {key} is not known. Choose one of {choices}.")
            raise BadFile(value.line, said.format(key=quoted(key), choices=", ".join(KEYS)))
    headings = item.data.get("headings")
    if headings is not None and not isinstance(headings.data, dict):
        raise BadFile(headings.line, _("The value of headings must be a mapping: {professional: Dosing}."))
    worded = headings.data if headings is not None and isinstance(headings.data, dict) else {}
    return Beside(
        heading=_text(item.data.get("heading"), "heading"),
        topic=_text(item.data.get("topic"), "topic"),
        headings={audience: said for audience, value in worded.items() if (said := _text(value, "heading"))},
        line=item.line,
    )


def _text(value: Value | None, key: str) -> str:
    if value is None or value.data is None:
        return ""
    if not isinstance(value.data, str):
        raise BadFile(value.line, _("The value of {key} must be text.").format(key=key))
    text = tidy(value.data)
    if sentence := in_plain_text(text):
        raise BadFile(value.line, sentence)
    if len(text) > LONGEST[key]:
        said = _("The {key} has {number} characters, more than the {most} allowed.")
        raise BadFile(value.line, said.format(key=key, number=len(text), most=LONGEST[key]))
    return text


def with_beside(sections: list[ImportedSection], rows: list[Beside]) -> tuple[list[ImportedSection], list[str]]:
    """Return the sections with what is said of them, and a warning for each row that is about none of them."""
    waiting: defaultdict[str, list[Beside]] = defaultdict(list)
    for row in rows:
        waiting[row.heading].append(row)
    found: list[ImportedSection] = []
    warnings: list[str] = []
    for section in sections:
        if not waiting[section.heading]:
            found.append(section)
            continue
        row = waiting[section.heading].pop(0)
        headings = {key: text for key, text in row.headings.items() if key in section.wordings}
        found.append(replace(section, topic=row.topic, headings={**headings, **section.headings}))
        warnings += [
            at_line(row.line, _("The section {heading} has no wording for {audience}.").format(
                heading=quoted(section.heading), audience=quoted(audience)))
            for audience in row.headings.keys() - section.wordings.keys()
        ]  # fmt: skip
    left = [row for rows_left in waiting.values() for row in rows_left]
    said = _("The text has no section {heading}, of which the front matter says something.")
    return found, warnings + [at_line(row.line, said.format(heading=quoted(row.heading))) for row in left]


def rows_of(sections: list[dict[str, object]], *, with_headings: bool) -> Iterator[dict[str, object]]:
    """Yield what a front matter has to say of the sections of a content, so that each row finds its section again."""
    told = [_said_of(section, with_headings=with_headings) for section in sections]
    last = {section["heading"]: number for number, section in enumerate(sections) if told[number]}
    for number, (section, row) in enumerate(zip(sections, told, strict=True)):
        if row or number < last.get(section["heading"], -1):  # an empty row keeps the place of its section
            yield {"heading": section["heading"], **row}


def _said_of(section: dict[str, object], *, with_headings: bool) -> dict[str, object]:
    wordings = section["wordings"] if with_headings else {}
    assert isinstance(wordings, dict)  # noqa: S101 (as contents have it)
    headings = {audience: one["heading"] for audience, one in wordings.items() if one["heading"]}
    return {
        **({"topic": section["topic"]} if section.get("topic") else {}),
        **({"headings": headings} if headings else {}),
    }

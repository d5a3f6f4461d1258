import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.text import richtext
from articles.text.citations import is_named, is_retracted
from articles.text.plain import characters
from articles.text.richtext.blocks import Block, List, paragraphs

PLACEHOLDER = re.compile(r"\bFIXME\b|\bXXX?\s?(?:mg|mcg|g|ml|units)\b|lorem ipsum|\[citation needed\]", re.IGNORECASE)
IN_ENGLISH = re.compile(r"\b(?:TODO|TBC|TBD)\b")  # words in other languages: Spanish todo, Italian TBC
SMALL = re.compile(r"\b(?:todo|tbc|tbd)\b", re.IGNORECASE)
_MODEL = (
    r"(?i:as an? (?:(?:large |AI |artificial intelligence )*language model"
    r"|(?:AI|artificial intelligence)[ -](?:based )?(?:assistant|model|system|chatbot|program)))\b"
)
_BARE = r"(?i:as an? (?:AI|artificial intelligence))"  # AI alone may mean aromatase inhibitor
_I = r" (?:I|I['’]\w+|[Mm]y)\b"
MACHINE = re.compile(rf"(?<!such )\b(?:(?=A){_MODEL}(?=,)|{_MODEL}(?=(?:[^.!?\n]{{0,60}},)?{_I})|{_BARE}(?=,?{_I}))")
OF_MACHINES = re.compile(rf"(?<!such )\b{_MODEL}")


def has_text(content: dict[str, Any]) -> Iterator[Finding]:
    if not any(shows_anything(section["body"]) for section in content["sections"]):
        yield Finding("STR-001", _("Write the text of the article. All its sections are empty."))
    for section in content["sections"]:
        if not shows_anything(section["body"]):
            yield Finding(
                "STR-001", _("{place} is empty: write it or remove it.").format(place=place(section)), section["key"]
            )


def shows_anything(body: str) -> bool:
    """Tell whether a text has words or a figure."""
    return bool(richtext.text(body).strip() or richtext.figure_keys(body))


def has_authors_and_topics(content: dict[str, Any]) -> Iterator[Finding]:
    if not any(person["role"] == "author" for person in content["contributors"]):
        yield Finding("GOV-010", _("Name at least one author."))
    if not content["topics"]:
        yield Finding("GOV-011", _("Add at least one topic. Specialist reviewers are found by topic."))


def declares_ai_use(content: dict[str, Any]) -> Iterator[Finding]:
    if not content["ai_use"]["level"]:
        yield Finding("GOV-005", _("Declare whether artificial intelligence was used, even if it was not."))


def has_disclaimers(content: dict[str, Any]) -> Iterator[Finding]:
    for audience in content["audiences"]:
        if audience["key"] not in content["disclaimers"]:
            yield Finding(
                "STR-003",
                _("No disclaimer is in force for this audience: {audience}.").format(audience=audience["label"]),
            )


def cites_known_works(content: dict[str, Any]) -> Iterator[Finding]:
    known = {reference["key"] for reference in content["references"]}
    for section, body in bodies(content):
        for key in richtext.cited_keys(body):
            if key not in known:
                message = _("{place} cites [@{key}], but the article has no reference with that key.").format(
                    place=place(section), key=key
                )
                yield Finding("CIT-001", message, section["key"])


def cites_no_retracted_work(content: dict[str, Any]) -> Iterator[Finding]:
    for key, work in works(content):
        if is_retracted(work):
            message = _("The reference [@{key}] is retracted: cite another work, or say so in the text.").format(
                key=key
            )
            yield Finding("CIT-002", message, blocks=False)


def cites_named_works(content: dict[str, Any]) -> Iterator[Finding]:
    """Warn of works without a title, and of numbers that are supported only by such works."""
    nameless = {key for key, work in works(content) if not is_named(work)}
    for key in sorted(nameless):
        yield Finding("CIT-003", _("The reference [@{key}] has no title. Name the work.").format(key=key), blocks=False)
    for section, body in bodies(content) if nameless else ():
        for text, cited in statements(richtext.parse(body)):
            if cited and cited <= nameless and re.search(r"\d", text):
                keys = ", ".join(f"[@{key}]" for key in sorted(cited))
                message = _(
                    "{place} has numbers that are supported only by a reference without a title: {keys}."
                ).format(place=place(section), keys=keys)
                yield Finding("CIT-004", message, section["key"], blocks=False)


def statements(blocks: list[Block]) -> Iterator[tuple[str, set[str]]]:
    """Yield the text and cited keys of each paragraph, and of each table as a whole."""
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                yield from statements(item)
        else:
            runs = [run for each in paragraphs([block]) for run in each]
            text = "".join(run.text for run in runs if run.kind == "text")
            yield text, {run.text for run in runs if run.kind == "cite"}


def works(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the CSL-JSON of each reference."""
    for reference in content["references"]:
        work = json.loads(reference["csl"])
        yield reference["key"], work if isinstance(work, dict) else {}


def has_no_placeholders(content: dict[str, Any]) -> Iterator[Finding]:
    language = content["language"]
    yield from unfinished(_("The title"), content["title"], language)
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            words = f"{text['heading']}\n{richtext.text(text['body'])}"
            yield from unfinished(place(section), words, language, section["key"])


def unfinished(where: str, text: str, language: str, key: str = "") -> Iterator[Finding]:
    """Block certain placeholders and phrases of AI systems. Warn of possible ones."""
    english = language.partition("-")[0] == "en"
    for found in chain(PLACEHOLDER.findall(text), IN_ENGLISH.findall(text) if english else ()):
        yield Finding(
            "LANG-014", _("{where} still holds a placeholder: “{found}”.").format(where=where, found=found), key
        )
    for found in (SMALL if english else IN_ENGLISH).findall(text):
        if not (english and IN_ENGLISH.fullmatch(found)):
            yield Finding(
                "LANG-014",
                _("{where} may still hold a placeholder: “{found}”.").format(where=where, found=found),
                key,
                blocks=False,
            )
    spoken = {found.start(): found[0] for found in MACHINE.finditer(text)}
    for words in spoken.values():
        yield Finding(
            "LANG-013", _("{where} contains wording of an AI system: “{words}”.").format(where=where, words=words), key
        )
    for found in OF_MACHINES.finditer(text):
        if found.start() not in spoken:
            yield Finding(
                "LANG-013",
                _("{where} may contain wording of an AI system: “{found}”.").format(where=where, found=found[0]),
                key,
                blocks=False,
            )


def has_allowed_characters(content: dict[str, Any]) -> Iterator[Finding]:
    """New texts with such characters are refused, but a draft saved by an earlier release may hold one."""
    for key, where, text in texts(content):
        if fault := characters.first_fault(text):
            yield Finding("TXT-001", f"{where}: {fault.sentence}", key)
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            yield from lookalikes(
                place(section), f"{text['heading']}\n{richtext.text(text['body'])}", content, section["key"]
            )
    yield from lookalikes(_("The title"), content["title"], content)


def lookalikes(where: str, text: str, content: dict[str, Any], key: str = "") -> Iterator[Finding]:
    for word in characters.lookalike_words(text, content["language"]):
        named = characters.named(word[0])
        yield Finding(
            "TXT-002",
            _("{where} has “{word}” in letters that only look like Latin ones ({named}). Type it again.").format(
                where=where, word=word, named=named
            ),
            key,
        )


def texts(content: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (section key, place, text) for every text of the content."""
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            yield section["key"], place(section), text["heading"]
            yield section["key"], place(section), text["body"]
    for name, value in content.items():
        if name != "sections":
            yield from (("", _("In the {part}").format(part=name.replace("_", " ")), text) for text in leaves(value))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)


def opens_with_its_lead(content: dict[str, Any]) -> Iterator[Finding]:
    roles = [section["role"] for section in content["sections"]]
    if roles.count("lead") > 1 or "lead" in roles[1:]:
        yield Finding("STR-005", _("An article has one lead, and it must come first."))


def words_for_readers(content: dict[str, Any]) -> Iterator[Finding]:
    """Refuse wordings that no reader sees: they would be signed unread."""
    labels = {audience["key"]: audience["label"] for audience in content["audiences"]}
    for section in content["sections"]:
        for audience, wording in section["wordings"].items():
            has = _("{place} has a wording for these readers: {audience}.").format(
                place=place(section), audience=labels.get(audience, audience)
            )
            if audience == content["written_for"]:
                never = _(
                    "The main text is already written for these readers, so this wording is never shown. Move "
                    "its text to the section. Then delete the wording’s text and save."
                )
                yield Finding("STR-006", f"{has} {never}", section["key"])
            elif not shows_anything(wording["body"]):
                empty = _("This wording is empty. Write its text. To remove the wording, open it and save it empty.")
                yield Finding("STR-006", f"{has} {empty}", section["key"])


def bodies(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (section, body) for every section and wording."""
    for section in content["sections"]:
        yield section, section["body"]
        for wording in section["wordings"].values():
            yield section, wording["body"]


def place(section: dict[str, Any]) -> str:
    """Return the name of a section for a sentence."""
    return _("The section “{heading}”").format(heading=section["heading"]) if section["heading"] else _("The lead")


RULES = [
    has_text,
    has_authors_and_topics,
    declares_ai_use,
    has_disclaimers,
    cites_known_works,
    cites_no_retracted_work,
    cites_named_works,
    has_no_placeholders,
    opens_with_its_lead,
    words_for_readers,
    has_allowed_characters,
]

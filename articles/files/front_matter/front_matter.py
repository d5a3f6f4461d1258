"""The front matter of a file: the facts about the whole article."""

import datetime
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from articles.files.front_matter import references, yamltext
from articles.files.front_matter.yamltext import Value
from articles.files.imported import BadFile, Faults, ImportedReference
from articles.text.addresses import address_of, version_at
from articles.text.plain.markup import in_plain_text
from articles.text.plain.plaintext import quoted, tidy, tidy_lines

SHOWN_AS_TYPED = ("title", "ai_note")
KEYS = (
    "title", "kind", "topics", "audience", "ai_use", "ai_note", "evidence_current_to", "language", "translation_of",
    "risk", "slug", "references",
)  # fmt: skip
KINDS = ("topic", "question", "policy")
RISKS = ("standard", "high")
AI_USES = ("none", "assisted", "generated")
WRITTEN_FOR, RISK = "public", "standard"  # the defaults
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class FrontMatter:
    title: str
    kind: str
    slug: str
    topics: list[str]
    written_for: str
    ai_use: str
    ai_note: str
    evidence_current_to: str
    translation_of: str
    language: str
    risk: str
    references: list[ImportedReference]
    warnings: list[str]


def read(text: str, faults: Faults, *, first_line: int, audiences: frozenset[str]) -> FrontMatter | None:
    """Return the front matter and note its faults; return None if it cannot be read at all."""
    entries = faults.tried(None, yamltext.load, text, first_line)
    if entries is None:
        return None
    for key, value in entries.items():
        if key not in KEYS:
            sentence = f"The key {quoted(key)} is not known. Choose one of {', '.join(KEYS)}."
            faults.note(BadFile(value.line, sentence))
    warnings: list[str] = []
    tried = faults.tried
    return FrontMatter(
        title=tried("", _title, entries),
        kind=tried("", _kind, entries),
        slug=tried("", _matching, entries, "slug", SLUG, 100, "made of lower-case letters, digits and single hyphens"),
        topics=tried([], _topics, entries),
        written_for=tried("", _choice, entries, "audience", sorted(audiences)) or WRITTEN_FOR,
        ai_use=tried("", _ai_use, entries, warnings),
        ai_note=tried("", _text, entries, "ai_note", most=2000, lines=True),
        evidence_current_to=tried("", _searched_until, entries),
        translation_of=tried("", _original, entries),
        language=tried("", _matching, entries, "language", LANGUAGE, 10, "a code such as en or pt-BR") or "en",
        risk=tried("", _choice, entries, "risk", RISKS) or RISK,
        references=tried([], references.read, entries.get("references"), warnings, faults),
        warnings=warnings,
    )


def _missing(key: str, example: str) -> NoReturn:
    raise BadFile(1, f"The front matter has no {key}: give {example}.")


def _kind(entries: dict[str, Value]) -> str:
    return _choice(entries, "kind", KINDS) or _missing("kind", "one of " + ", ".join(KINDS))


def _title(entries: dict[str, Value]) -> str:
    if "title" not in entries:
        _missing("title", "the title of the article")
    title = _text(entries, "title", most=300)
    if not title:
        raise BadFile(entries["title"].line, "The title is empty.")
    return title


def _text(entries: dict[str, Value], key: str, *, most: int, lines: bool = False) -> str:
    value = entries.get(key)
    if value is None or value.data is None:
        return ""
    if not isinstance(value.data, str):
        raise BadFile(value.line, f"The value of {key} must be text.")
    text = tidy_lines(value.data) if lines else tidy(" ".join(value.data.split("\n")))
    if key in SHOWN_AS_TYPED and (sentence := in_plain_text(text)):
        raise BadFile(value.line, f"The {key}: {sentence}")
    if len(text) > most:
        raise BadFile(value.line, f"The {key} has {len(text)} characters, more than the {most} allowed.")
    return text


def _choice(entries: dict[str, Value], key: str, choices: Collection[str]) -> str:
    text = _text(entries, key, most=1000)
    if text and text not in choices:
        raise BadFile(entries[key].line, f"The {key} {quoted(text)} is not known. Choose one of {', '.join(choices)}.")
    return text


def _matching(entries: dict[str, Value], key: str, pattern: re.Pattern[str], most: int, advice: str) -> str:
    text = _text(entries, key, most=most)
    if text and not pattern.fullmatch(text):
        raise BadFile(entries[key].line, f"The {key} {quoted(text)} must be {advice}.")
    return text


def _ai_use(entries: dict[str, Value], warnings: list[str]) -> str:
    use = _choice(entries, "ai_use", AI_USES)
    if not use:
        warnings.append("Line 1: The file does not say whether artificial intelligence was used (ai_use).")
    return use


def _searched_until(entries: dict[str, Value]) -> str:
    """Return the day to which the evidence is current, as YYYY-MM-DD; empty if the file does not give it."""
    text = _text(entries, "evidence_current_to", most=100)
    if not text:
        return ""
    try:
        day = datetime.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadFile(entries["evidence_current_to"].line, f"{quoted(text)} is not a day. Write it as 2026-03-31.")
    return text


def _original(entries: dict[str, Value]) -> str:
    """Return the path of the version that was translated; empty if the file does not give it."""
    text = _text(entries, "translation_of", most=300)
    if text and version_at(text) is None:
        sentence = f"{quoted(text)} is not the address of a version. Write it as /articles/aspirin/versions/2/."
        raise BadFile(entries["translation_of"].line, sentence)
    return address_of(*found) if (found := version_at(text)) else ""


def _topics(entries: dict[str, Value]) -> list[str]:
    value = entries.get("topics")
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list):
        raise BadFile(value.line, "The value of topics must be a list of names: [Oncology, Surgery].")
    topics: dict[str, str] = {}
    for item in value.data:
        name = tidy(item.data) if isinstance(item.data, str) else ""
        if not name or len(name) > 100:
            raise BadFile(item.line, "A topic must be a name of 1 to 100 characters.")
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in topics:
            raise BadFile(item.line, f"The topic {quoted(name)} is given twice.")
        topics[folded] = name
    return list(topics.values())

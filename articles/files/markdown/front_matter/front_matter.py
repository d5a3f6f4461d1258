"""The front matter of a file: the facts about the whole article."""

import datetime
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from articles.files.imported import BadFile, Faults, ImportedReference, at_line
from articles.files.markdown.front_matter import beside, references, yamltext
from articles.files.markdown.front_matter.beside import Beside
from articles.files.markdown.front_matter.yamltext import Value
from articles.text.addresses import address_of, version_at
from articles.text.plain.markup import in_plain_text
from articles.text.plain.plaintext import quoted, tidy, tidy_lines
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

SHOWN_AS_TYPED = ("title", "ai_note")
KEYS = (
    "title", "kind", "topics", "audience", "ai_use", "ai_note", "evidence_current_to", "language", "translation_of",
    "risk", "slug", "references", "sections",
)  # fmt: skip
KINDS = ("topic", "question", "policy")
RISKS = ("standard", "high")
AI_USES = ("none", "assisted", "generated")
WRITTEN_FOR, RISK = "public", "standard"  # the defaults
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
BAD_SLUG = gettext_noop("The slug {typed} must be made of lower-case letters, digits and single hyphens.")
BAD_LANGUAGE = gettext_noop("The language {typed} must be a code such as en or pt-BR.")


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
    beside: list[Beside] = field(default_factory=list)

    @property
    def of_article(self) -> dict[str, Any]:
        """What `ImportedArticle` has too: all but what is said of single sections, and the warnings."""
        return {name: value for name, value in vars(self).items() if name not in ("beside", "warnings")}


def read(text: str, faults: Faults, *, first_line: int, audiences: frozenset[str]) -> FrontMatter | None:
    """Return the front matter and note its faults; return None if it cannot be read at all."""
    entries = faults.tried(None, yamltext.load, text, first_line)
    if entries is None:
        return None
    for key, value in entries.items():
        if key not in KEYS:
            sentence = _("The key {key} is not known. Choose one of {choices}.").format(
                key=quoted(key), choices=", ".join(KEYS)
            )
            faults.note(BadFile(value.line, sentence))
    warnings: list[str] = []
    tried = faults.tried
    return FrontMatter(
        title=tried("", _title, entries),
        kind=tried("", _kind, entries),
        slug=tried("", _matching, entries, "slug", SLUG, 100, BAD_SLUG),
        topics=tried([], _topics, entries),
        written_for=tried("", _choice, entries, "audience", sorted(audiences)) or WRITTEN_FOR,
        ai_use=tried("", _ai_use, entries, warnings),
        ai_note=tried("", _text, entries, "ai_note", most=2000, lines=True),
        evidence_current_to=tried("", _searched_until, entries),
        translation_of=tried("", _original, entries),
        language=tried("", _matching, entries, "language", LANGUAGE, 10, BAD_LANGUAGE) or "en",
        risk=tried("", _choice, entries, "risk", RISKS) or RISK,
        references=tried([], references.read, entries.get("references"), warnings, faults),
        warnings=warnings,
        beside=tried([], beside.read, entries.get("sections"), faults),
    )


def _kind(entries: dict[str, Value]) -> str:
    if kind := _choice(entries, "kind", KINDS):
        return kind
    raise BadFile(1, _("The front matter has no kind: give one of {choices}.").format(choices=", ".join(KINDS)))


def _title(entries: dict[str, Value]) -> str:
    if "title" not in entries:
        raise BadFile(1, _("The front matter has no title: give the title of the article."))
    title = _text(entries, "title", most=300)
    if not title:
        raise BadFile(entries["title"].line, _("The title is empty."))
    return title


def _text(entries: dict[str, Value], key: str, *, most: int, lines: bool = False) -> str:
    value = entries.get(key)
    if value is None or value.data is None:
        return ""
    if not isinstance(value.data, str):
        raise BadFile(value.line, _("The value of {key} must be text.").format(key=key))
    text = tidy_lines(value.data) if lines else tidy(" ".join(value.data.split("\n")))
    if key in SHOWN_AS_TYPED and (sentence := in_plain_text(text)):
        raise BadFile(value.line, f"The {key}: {sentence}")
    if len(text) > most:
        raise BadFile(
            value.line,
            _("The {key} has {number} characters, more than the {most} allowed.").format(
                key=key, number=len(text), most=most
            ),
        )
    return text


def _choice(entries: dict[str, Value], key: str, choices: Collection[str]) -> str:
    text = _text(entries, key, most=1000)
    if text and text not in choices:
        raise BadFile(
            entries[key].line,
            _("The {key} {text} is not known. Choose one of {choices}.").format(
                key=key, text=quoted(text), choices=", ".join(choices)
            ),
        )
    return text


def _matching(entries: dict[str, Value], key: str, pattern: re.Pattern[str], most: int, sentence: str) -> str:
    text = _text(entries, key, most=most)
    if text and not pattern.fullmatch(text):
        raise BadFile(entries[key].line, _(sentence).format(typed=quoted(text)))
    return text


def _ai_use(entries: dict[str, Value], warnings: list[str]) -> str:
    use = _choice(entries, "ai_use", AI_USES)
    if not use:
        warnings.append(at_line(1, _("The file does not say whether artificial intelligence was used (ai_use).")))
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
        raise BadFile(
            entries["evidence_current_to"].line,
            _("{text} is not a day. Write it as 2026-03-31.").format(text=quoted(text)),
        )
    return text


def _original(entries: dict[str, Value]) -> str:
    """Return the path of the version that was translated; empty if the file does not give it."""
    text = _text(entries, "translation_of", most=300)
    if text and version_at(text) is None:
        sentence = _("{text} is not the address of a version. Write it as /articles/aspirin/versions/2/.").format(
            text=quoted(text)
        )
        raise BadFile(entries["translation_of"].line, sentence)
    return address_of(*found) if (found := version_at(text)) else ""


def _topics(entries: dict[str, Value]) -> list[str]:
    value = entries.get("topics")
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list):
        raise BadFile(value.line, _("The value of topics must be a list of names: [Oncology, Surgery]."))
    topics: dict[str, str] = {}
    for item in value.data:
        name = tidy(item.data) if isinstance(item.data, str) else ""
        if not name or len(name) > 100:
            raise BadFile(item.line, _("A topic must be a name of 1 to 100 characters."))
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in topics:
            raise BadFile(item.line, _("The topic {name} is given twice.").format(name=quoted(name)))
        topics[folded] = name
    return list(topics.values())

"""Marks of Markdown and HTML in texts that do not support them: readers would see them as typed."""

import html
import re
from collections.abc import Iterator
from typing import Any

from articles.text.citations import PRINTED_PLAIN
from articles.text.citations.fields import without_kept_tags
from articles.text.plain.marks import LIKE_A_CITATION, NARRATIVE, SUBSCRIPT, SUPERSCRIPT
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

_ADDRESS = r"(?:https?://|mailto:|tel:|www\.|/\w[\w-]*/|#\w)[^\s()]*"
_EDGE = r"[\w\"'“‘(≤≥<>±~]"  # the first character of a word in bold or italic
_BOLD = gettext_noop(
    "{mark} would be shown as it is typed. For bold text, write <strong>. If the * or _ "
    "belongs to the text, write &#42; or &#95;."
)
_SLANTED = gettext_noop(
    "{mark} would be shown as it is typed. For italic text, write <em>. If the * or _ belongs "
    "to the text, write &#42; or &#95;."
)
_HEADING = gettext_noop(
    "{mark} would be shown as it is typed. For a heading, write <h3> or <h4>. If the # "
    "belongs to the text, write &#35;."
)
_LINK = gettext_noop('{mark} would be shown as it is typed. For a link, write <a href="…">…</a>.')
_TABLE = gettext_noop("{mark} would be shown as it is typed. For a table, write <table><tr><td>…</td></tr></table>.")
_SCRIPT = gettext_noop(
    "{mark} would be shown as it is typed. For raised or lowered text, write <sup> or <sub>. "
    "If the ^ or ~ belongs to the text, write &#94; or &#126;."
)
_CITATION = gettext_noop("{mark} is no citation; write [@key] or [@one; @two], with nothing else between the brackets.")
_SHOWN = gettext_noop("{mark} would be shown as it is typed; remove it.")
_WORDING = gettext_noop(
    "{mark} would be shown as it is typed. Each wording for other readers has its own page: write the text there."
)
_STRUCK = gettext_noop("{mark} would be shown as it is typed. Keep only the text that is to be published.")
_NOTE = gettext_noop("{mark} is no note; cite a reference with [@key].")
_BACKSLASH = gettext_noop("{mark} would be shown with its backslash; remove it.")
FORMS = [
    (re.compile(rf"(?<![\w*])(?:\*\*|\*\*\*)(?={_EDGE})[^*\n]*?(?<=\S)\*\*+"), _BOLD),
    (re.compile(rf"(?<![\w_])__(?={_EDGE})[^_\n]*[^\W_][^_\n]*(?<=\S)__(?!\w)"), _BOLD),
    (re.compile(rf"(?<![\w*/])\*(?={_EDGE})(?=[^*\n]*[^\W\d_])[^*\n]{{0,80}}[^\s*(/]\*(?![\w*/])"), _SLANTED),
    (re.compile(r"(?<!\w)_(?=[^\W_])(?=[^_\n]*[^\W\d_])[^_\n]*[^\s_]_(?!\w)"), _SLANTED),
    (re.compile(r"^[ \t]*#{2,6}[ \t]*[^\s#][^\n]*", re.MULTILINE), _HEADING),
    (re.compile(r"^[ \t]*#[ \t]+(?!of\b)[^\W\d][^\n]*", re.MULTILINE), _HEADING),
    (re.compile(r"^[ \t]*(?:={3,}|-{3,}|\*{3,}|`{3,}|~{3,})[ \t]*$", re.MULTILINE), _SHOWN),
    (re.compile(r"^[ \t]*:::[^\n]*", re.MULTILINE), _WORDING),
    (re.compile(rf"!?\[[^\[\]\n]*\]\([ \t]*<?{_ADDRESS}[^()\n]*\)"), _LINK),
    (re.compile(r"^[ \t]*\[[^\[\]\n]+\]:[ \t]+\S+://\S*", re.MULTILINE), _LINK),
    (re.compile(r"^[ \t]*\|(?:[^|\n]*\|){2,}[ \t]*$", re.MULTILINE), _TABLE),
    (re.compile(r"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*$", re.MULTILINE), _TABLE),
    (SUPERSCRIPT, _SCRIPT),
    (SUBSCRIPT, _SCRIPT),
    (re.compile(r"(?<!~)~~(?=[^\s~])[^~\n]*~~(?!~)"), _STRUCK),
    (re.compile(r"(?<![`\w])`(?=[^`\s])[^`\n]*`(?![`\w])"), _SHOWN),
    (re.compile(LIKE_A_CITATION.format(r"\n") + "?"), _CITATION),
    (re.compile(r"\^\[[^\[\]\n]*\]|\[\^[^\]\s^]+\]"), _NOTE),
    (re.compile(r"\\[*_#<>\[\]~^|`]"), _BACKSLASH),
]


def faults(text: str, keys: frozenset[str] = frozenset()) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, mark, error message) for each mark that readers would see as typed."""
    for pattern, sentence in FORMS:
        for found in pattern.finditer(text):
            yield found.start(), found.group(), _(sentence).format(mark=quoted(found.group()))
    for found in NARRATIVE.finditer(text):
        if found[1] in keys:
            yield (
                found.start(),
                found.group(),
                _("{mark} cites nothing; write [@{key}].").format(mark=quoted(found.group()), key=found[1]),
            )


_TAG = re.compile(
    r"</?(?:a|b|big|br|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|mark|mml:\w+|jats:\w+|ol|p|q|s|script|small|span"
    r"|strike|strong|style|sub|sup|table|td|th|tr|tt|u|ul)(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")


def in_plain_text(text: str) -> str:
    """Return the error message for the first mark in a plain text; empty if it has none."""
    found = [(at, mark) for at, mark, _sentence in faults(text)]
    found += [(tag.start(), tag.group()) for tag in _TAG.finditer(text)]
    found += [
        (sign.start(), sign.group()) for sign in _ENTITY.finditer(text) if html.unescape(sign.group()) != sign.group()
    ]
    if not found:
        return ""
    sentence = _("{mark} would be shown as it is typed; write plain text, with signs such as ², ≥ and &.")
    return sentence.format(mark=quoted(min(found)[1]))


_ANY_TAG = re.compile(  # of HTML or JATS; “CD4 <LOD>” and “age <a and weight >b” hold no tag
    rf"{_TAG.pattern}|</[a-z][\w:-]*\s*>|<[a-z][\w:-]*\s*/>|<[a-z][\w-]*:[\w-]+>|<[a-z][\w:-]*\s+[\w:-]+\s*=[^<>]*>"
    r"|<(?:bold|break|inf|italic|monospace|roman|sans-serif|sc|scp|title|underline|xref)>",
    re.IGNORECASE,
)
# Braces of BibTeX. Those of chemical names hold other braces or commas, and no space.
_BRACES = re.compile(r"\{(?:\\[^{}]*|[^{}()\[\],]*|[^{}]*\s[^{}]*)\}")
_TEX = re.compile(r"\$[^$\n]*\\[A-Za-z]+[^$\n]*\$|(?<!\w)\\[A-Za-z]{2,}|``[^`\n]*''")
LONG_TEXTS = ("abstract", "annote", "keyword")  # not printed, and of several lines
_REMOVE = gettext_noop("The field {field} would be printed with {mark} as it is typed; remove it.")
_WRITE = gettext_noop("The field {field} would be printed with {mark} as it is typed; write {instead}.")
_OF_A_WORK = {
    _SLANTED: gettext_noop("The field {field} would be printed with {mark} as it is typed; write <i>…</i>."),
    _SCRIPT: gettext_noop(
        "The field {field} would be printed with {mark} as it is typed; write <sub>…</sub> or <sup>…</sup>."
    ),
}


def in_reference(field: str, text: str) -> str:
    """
    Return the error message for the first mark that would be printed as typed in a field of a work; else empty.

    Balanced <i>, <sub> and <sup> are allowed, except in fields that are printed without them.
    """
    seen = text if field in PRINTED_PLAIN else without_kept_tags(text)
    found = [(tag.start(), tag.group(), _REMOVE, "") for tag in _ANY_TAG.finditer(seen)]
    for of_bibtex in (_BRACES, _TEX):
        found += [(mark.start(), mark.group(), _REMOVE, "") for mark in of_bibtex.finditer(seen)]
    for sign in _ENTITY.finditer(seen):
        if (meant := html.unescape(sign.group())) != sign.group():
            found.append((sign.start(), sign.group(), _WRITE if meant.strip() else _REMOVE, meant))
    if field not in LONG_TEXTS:
        for pattern, of_a_text in FORMS:
            sentence = _REMOVE if field in PRINTED_PLAIN else _OF_A_WORK.get(of_a_text, _REMOVE)
            found += [(mark.start(), mark.group(), sentence, "") for mark in pattern.finditer(seen)]
    if not found:
        return ""
    _at, mark, sentence, instead = min(found, key=lambda one: one[:2])
    return _(sentence).format(field=quoted(field), mark=quoted(mark), instead=instead)


def in_work(value: Any, field: str = "") -> Iterator[str]:
    """Yield an error message for each text of the CSL-JSON that would be printed with a mark."""
    if isinstance(value, dict):
        inner = {"updated": value.get("updated")} if field == "custom" else value
        for name, one in inner.items():
            yield from in_work(one, name if field in ("", "custom") else field)
    elif isinstance(value, list):
        for one in value:
            yield from in_work(one, field)
    elif isinstance(value, str) and field not in ("URL", "DOI") and (sentence := in_reference(field, value)):
        yield sentence

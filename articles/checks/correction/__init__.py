"""
Prove that a correction makes only the harmless changes of a short list. Any other change is at least minor.

A correction may replace an unknown word by a known one at most two letters away, one word at a time. It may remove a
doubled word or space. It may change a comma, quotation mark, dash or capital, away from numbers and negations. It may
not change table cells, links, citations or the order of blocks. Of cited works it may only correct titles in this way.
"""

import html as entities
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import html

from articles.checks.correction.surroundings import AROUND, changed_around, used_elsewhere
from articles.checks.correction.texts import CITE, MARK, judge, moved_comma, places
from articles.checks.correction.words import distance
from articles.checks.correction.works import changed_titles, titles
from articles.text import richtext
from articles.text.plain.characters import unseen
from articles.text.richtext.blocks import paragraphs
from articles.text.richtext.runs import Run

__all__ = ["AROUND", "Judgement", "changed_around", "differences", "distance", "judgement", "used_elsewhere"]

FACTS = [
    (gettext_lazy("The kind of article"), "kind"),
    (gettext_lazy("The language"), "language"),
    (gettext_lazy("The language of “Contents”, “Table” and “References”"), "words"),
    (gettext_lazy("The risk"), "risk"),
    (gettext_lazy("The audience it is written for"), "written_for"),
    (gettext_lazy("The declared use of AI"), "ai_use"),
    (gettext_lazy("The day to which the evidence is current"), "evidence_current_to"),
    (gettext_lazy("The text that it was translated from"), "translation_of"),
    (gettext_lazy("The list of topics"), "topics"),
    (gettext_lazy("The list of contributors"), "contributors"),
    (gettext_lazy("A figure"), "figures"),
    (gettext_lazy("A disclaimer"), "disclaimers"),
    (gettext_lazy("The list of audiences"), "audiences"),
]


class Judgement(NamedTuple):
    """In sentences: the differences that a correction may not make, and the changes proved harmless."""

    differences: list[str]
    proved: list[str]


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return in sentences the differences that a correction may not make; empty if the change is a correction."""
    return judgement(old, new).differences


def judgement(
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    around: frozenset[str] = frozenset(),
    used_elsewhere: Callable[[str], bool] = lambda word: False,
) -> Judgement:
    """
    Judge the change from one content to the other.

    `around` names facts that may change outside of the draft, such as a topic's name: these changes are allowed.
    `used_elsewhere` tells whether a word is used in another article.
    """
    found = Judgement([], [])
    for name, key in FACTS:
        if old.get(key) != new.get(key):
            if key in around:
                elsewhere = _("{fact} was changed elsewhere, not in this draft. A correction may include this change.")
                found.proved.append(elsewhere.format(fact=name))
            else:
                found.differences.append(_("{fact} is different.").format(fact=name))
    if [section["key"] for section in old["sections"]] != [section["key"] for section in new["sections"]]:
        found.differences.append(_("Sections were added, removed or moved."))
        return found
    found.differences.extend(_topics_of_sections(old, new))
    known = _Known(old, used_elsewhere)
    for where, one, other, language in [
        *changed_titles(old, new, found.differences),
        *((*text, old["language"]) for text in _texts(old, new, found.differences)),
    ]:
        here = list(places(one, other))
        if moved := moved_comma(here):
            found.differences.append(_("In {where}: {moved}.").format(where=where, moved=moved))
        for place in here:
            proved, refused = judge(place, language.split("-")[0] == "en", known)
            if refused:
                found.differences.append(_("In {where}: {refused}.").format(where=where, refused=refused))
            else:
                found.proved.append(_("In {where}: {proved}.").format(where=where, proved=proved))
    return found


class _Known:
    """Tells whether a word is used in another place of this text, or in another article."""

    def __init__(self, old: dict[str, Any], used_elsewhere: Callable[[str], bool]) -> None:
        self.old, self.used_elsewhere = old, used_elsewhere
        self.often: Counter[str] | None = None

    def __call__(self, word: str) -> bool:
        if self.often is None:
            self.often = Counter(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", "\n".join(_all_texts(self.old)).casefold()))
        return self.often[word.casefold()] > 1 or self.used_elsewhere(word)


def _all_texts(content: dict[str, Any]) -> Iterator[str]:
    yield content["title"]
    yield from titles(content)
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            yield text["heading"]
            yield entities.unescape(re.sub(r"<[^<>]*>", " ", text["body"]))


def _texts(old: dict[str, Any], new: dict[str, Any], refused: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (where, old, new) for each title, heading and paragraph; add changes of structure to `refused`."""
    yield _("the title"), old["title"], new["title"]
    for one, other in zip(old["sections"], new["sections"], strict=True):
        name = _("“{heading}”").format(heading=one["heading"] or _("The lead"))
        if one["role"] != other["role"] or set(one["wordings"]) != set(other["wordings"]):
            refused.append(_("The role or the wordings of {name} are different.").format(name=name))
            continue
        pairs = [(one, other), *((one["wordings"][key], other["wordings"][key]) for key in sorted(one["wordings"]))]
        for before, after in pairs:
            yield _("the heading of {name}").format(name=name), before["heading"], after["heading"]
            yield from _bodies(name, before["body"], after["body"], refused)


def _topics_of_sections(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each section that is about another topic. A topic's new name is no change of the section."""
    before, after = ({row["name"]: row["slug"] for row in content["topics"]} for content in (old, new))
    for one, other in zip(old["sections"], new["sections"], strict=True):
        if before.get(one.get("topic")) != after.get(other.get("topic")):
            name = _("“{heading}”").format(heading=one["heading"] or _("The lead"))
            yield _("The topic of {name} is different.").format(name=name)


def _bodies(name: str, old: str, new: str, refused: list[str]) -> Iterator[tuple[str, str, str]]:
    if old == new:
        return
    before, after = html.fragment_fromstring(old, "div"), html.fragment_fromstring(new, "div")
    if unseen(old) != unseen(new):
        refused.append(
            _("An invisible character, or one that changes the reading direction, is different in {name}.").format(
                name=name
            )
        )
    elif _structure(before) != _structure(after):
        refused.append(_("Paragraphs, lists, tables, links or citations of {name} are different.").format(name=name))
    elif _cells(before) != _cells(after):
        refused.append(_("A table cell of {name} is different.").format(name=name))
    else:
        runs = (list(paragraphs(richtext.parse(body))) for body in (old, new))
        for one, other in zip(*runs, strict=True):
            yield name, _written(one), _written(other)


def _written(runs: list[Run]) -> str:
    """Return a paragraph as text, with private characters for emphasis, links and citations."""
    written: list[str] = []
    marks: tuple[str, ...] = ()
    for run in runs:
        if run.marks != marks:
            written.append(MARK)
            marks = run.marks
        written.append({"cite": CITE, "br": "\n"}.get(run.kind, run.text))
    return "".join([*written, MARK if marks else ""])


def _structure(element: html.HtmlElement) -> list[Any]:
    """Return depths, tags and attributes in order, which include every link and citation."""
    return [(len(list(each.iterancestors())), each.tag, sorted(each.attrib.items())) for each in element.iter()]


def _cells(element: html.HtmlElement) -> list[str]:
    return [cell.text_content() for cell in element.iter("td", "th", "caption")]

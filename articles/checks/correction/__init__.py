"""
The proof that a correction is no more than one: only what is on a short list of harmless changes.

The list: a word that is known nowhere becomes a known one, at most two letters away, one word at a time; a doubled word
or space goes; a comma, quotation mark, dash or capital is set otherwise, away from numbers and negations. All else is
minor. Table cells, links, citations and the order of blocks stay as they are. So do the details of the works that are
cited, but for their titles, which are held to the same list.
"""

import html as entities
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import html

from articles.checks.correction.surroundings import AROUND, changed_around, used_elsewhere
from articles.checks.correction.texts import CITE, MARK, judge, moved_comma, places
from articles.checks.correction.words import distance
from articles.checks.correction.works import changed_titles, titles
from articles.text import richtext
from articles.text.plain.characters import unseen
from articles.text.richtext.blocks import paragraphs

__all__ = ["AROUND", "Judgement", "changed_around", "differences", "distance", "judgement", "used_elsewhere"]

FACTS = [
    ("The kind of article", "kind"),
    ("The language", "language"),
    ("The risk", "risk"),
    ("The audience it is written for", "written_for"),
    ("The declared use of AI", "ai_use"),
    ("The list of topics", "topics"),
    ("The list of contributors", "contributors"),
    ("A figure", "figures"),
    ("A disclaimer", "disclaimers"),
    ("The list of audiences", "audiences"),
]


class Judgement(NamedTuple):
    """In sentences: what makes it more than a correction; else all that was proved, and what changed around it."""

    differences: list[str]
    proved: list[str]


def differences(old: dict, new: dict) -> list[str]:
    """Return in sentences all that makes the new content more than a correction of the old; empty when it is one."""
    return judgement(old, new).differences


def judgement(
    old: dict,
    new: dict,
    *,
    around: frozenset[str] = frozenset(),
    used_elsewhere: Callable[[str], bool] = lambda word: False,
) -> Judgement:
    """
    Judge the change from one content to the other.

    `around` names facts that changed around the draft, such as a renamed topic: they are told and refuse nothing.
    `used_elsewhere` says whether a word stands in another article.
    """
    found = Judgement([], [])
    for name, key in FACTS:
        if old.get(key) != new.get(key):
            if key in around:
                found.proved.append(f"{name} changed around the text, not in its draft.")
            else:
                found.differences.append(f"{name} is different.")
    if [section["key"] for section in old["sections"]] != [section["key"] for section in new["sections"]]:
        found.differences.append("Sections were added, removed or moved.")
        return found
    known = _Known(old, used_elsewhere)
    for where, one, other, language in [
        *changed_titles(old, new, found.differences),
        *((*text, old["language"]) for text in _texts(old, new, found.differences)),
    ]:
        here = list(places(one, other))
        if moved := moved_comma(here):
            found.differences.append(f"In {where}: {moved}.")
        for place in here:
            proved, refused = judge(place, language.split("-")[0] == "en", known)
            if refused:
                found.differences.append(f"In {where}: {refused}.")
            else:
                found.proved.append(f"In {where}: {proved}.")
    return found


class _Known:
    """Tell whether a word stands in another place than the one that changed: in this text, or in another article."""

    def __init__(self, old: dict, used_elsewhere: Callable[[str], bool]):
        self.old, self.used_elsewhere = old, used_elsewhere
        self.often: Counter | None = None

    def __call__(self, word: str) -> bool:
        if self.often is None:
            self.often = Counter(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", "\n".join(_all_texts(self.old)).casefold()))
        return self.often[word.casefold()] > 1 or self.used_elsewhere(word)


def _all_texts(content: dict) -> Iterator[str]:
    yield content["title"]
    yield from titles(content)
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            yield text["heading"]
            yield entities.unescape(re.sub(r"<[^<>]*>", " ", text["body"]))


def _texts(old: dict, new: dict, refused: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (where, old, new) of each title, heading and paragraph; add to `refused` what is built otherwise."""
    yield "the title", old["title"], new["title"]
    for one, other in zip(old["sections"], new["sections"], strict=True):
        name = f"“{one['heading'] or 'The lead'}”"
        if one["role"] != other["role"] or set(one["wordings"]) != set(other["wordings"]):
            refused.append(f"The role or the wordings of {name} are different.")
            continue
        pairs = [(one, other), *((one["wordings"][key], other["wordings"][key]) for key in sorted(one["wordings"]))]
        for before, after in pairs:
            yield f"the heading of {name}", before["heading"], after["heading"]
            yield from _bodies(name, before["body"], after["body"], refused)


def _bodies(name: str, old: str, new: str, refused: list[str]) -> Iterator[tuple[str, str, str]]:
    if old == new:
        return
    before, after = html.fragment_fromstring(old, "div"), html.fragment_fromstring(new, "div")
    if unseen(old) != unseen(new):
        refused.append(f"A character that cannot be seen, or that turns the order round, is different in {name}.")
    elif _structure(before) != _structure(after):
        refused.append(f"Paragraphs, lists, tables, links or citations of {name} are different.")
    elif _cells(before) != _cells(after):
        refused.append(f"A table cell of {name} is different.")
    else:
        runs = (list(paragraphs(richtext.parse(body))) for body in (old, new))
        for one, other in zip(*runs, strict=True):
            yield name, _written(one), _written(other)


def _written(runs: list) -> str:
    """Return a paragraph as text in which emphasis, links and citations are signs that no text holds."""
    written, marks = [], ()
    for run in runs:
        if run.marks != marks:
            written.append(MARK)
            marks = run.marks
        written.append({"cite": CITE, "br": "\n"}.get(run.kind, run.text))
    return "".join([*written, MARK if marks else ""])


def _structure(element) -> list:
    """Return depths, tags and attributes in order: this holds every link and citation."""
    return [(len(list(each.iterancestors())), each.tag, sorted(each.attrib.items())) for each in element.iter()]


def _cells(element) -> list[str]:
    return [cell.text_content() for cell in element.iter("td", "th", "caption")]

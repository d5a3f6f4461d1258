"""
The sections of the text on which a question was asked, by how much of the question they say something about.

Whoever asks below a text seldom repeats what it is about. So the words of its title count for nothing here. A section
answers if it has most of the others; if there are none, its heading has to give the kind of answer that is asked for.
A short question is not answered by its lesser words: the section must have the one that says most, or be of its kind.
"""

from collections.abc import Callable
from typing import NamedTuple

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Version
from articles.search.analysis import index_terms
from articles.search.analysis.common import STOP
from articles.search.ranking import kinds
from articles.search.ranking.asking import Asked, Matter
from articles.search.ranking.order import RIGHT_KIND
from articles.search.words import fold
from articles.text import richtext
from articles.text.rendering.sections import Shown, choose

COVERED = 0.5  # of the weight of what was asked, besides the title
HEADED = 0.6  # of that suffices if the heading says that the section is about what was asked
FEW = 3  # things that a short question asks for, besides the title


class Found(NamedTuple):
    """A section of a version by its key, with a score that compares it with others of the same search."""

    version: int
    section: str
    score: float


def sections_for(question: str, asked: Asked, version: Version, audience: str) -> list[Found]:
    """Return the sections of the version's page for this audience that answer what was asked, the best first."""
    try:
        content = frozen_content(version)
    except DamagedText:
        return []
    keys = {known["key"] for known in content["audiences"]}
    shown = choose(content, audience if audience in keys else content["written_for"])
    title = set(index_terms(content["title"]))
    matters = [matter for matter in asked.matters if not title & matter.terms.keys()]
    said = kinds.said_by(question)
    besides = [matter for matter in matters if fold(matter.wanted.typed) not in said]
    scored = [Found(version.pk, one.key, _score(one, content["title"], asked, matters, besides)) for one in shown]
    return sorted((each for each in scored if each.score), key=lambda each: -each.score)


def how_close(asked: Asked) -> Callable[[str], float]:
    """Return a function that tells how much of what was asked a text says something about."""
    return lambda text: _had(list(asked.matters), set(index_terms(text)))


def _score(section: Shown, title: str, asked: Asked, matters: list[Matter], besides: list[Matter]) -> float:
    """
    Return the weight of what the section has, more for the kind that was asked for; 0 if it has too little.

    A section of the right kind need not have the words that ask for the kind, only those `besides` them.
    """
    terms = set(index_terms(f"{section.heading}\n{richtext.plain(section.body)}"))
    is_right = bool(kinds.told(section.heading, title) & (asked.kinds - {kinds.OVERVIEW} or asked.kinds))
    others = besides if is_right else matters
    if not _has_the_main_thing(matters, others, terms):
        return 0
    had, total = _had(others, terms), sum(matter.weight for matter in others)
    above = _had(matters, set(index_terms(section.heading)))
    needed = COVERED * total * (HEADED if is_right or above else 1)
    is_enough = had >= needed if total else is_right
    return (had + above + 1) * (1 + RIGHT_KIND * is_right) if is_enough and (had or is_right) else 0


def _has_the_main_thing(matters: list[Matter], needed: list[Matter], terms: set[str]) -> bool:
    """Tell whether a section has what a short question asks for most, unless that is not `needed`."""
    known = [matter for matter in matters if not matter.terms.keys() <= STOP]
    if not known or len(known) > FEW:
        return True
    main = max(known, key=lambda matter: matter.weight)
    return main not in needed or not terms.isdisjoint(main.terms)


def _had(matters: list[Matter], terms: set[str]) -> float:
    return sum(
        matter.weight * max((weight for term, weight in matter.terms.items() if term in terms), default=0)
        for matter in matters
    )

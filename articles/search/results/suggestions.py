"""What may be typed on: titles of articles that may be found, and topics."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from articles.models import Article, Topic
from articles.search.analysis import Wanted, query_terms
from articles.search.analysis.common import STOP
from articles.search.analysis.splitting import folded
from articles.search.index.entries import LIMITING
from articles.search.index.reading import Reading, beginning_with
from articles.search.ranking.impacts import NAMES
from articles.search.results.searched import rows_of
from articles.search.words import fold

MOST = 8
COMPLETIONS = 12  # of the word that is being typed
SHORTEST = 2  # letters
NEAR = 75.0  # of 100: how like a word of the query one of a topic's name must be
MANY = 12
LOOKED_AT = 300  # titles
_BRITISH = re.compile("[ao]e")  # of haemorrhage and oesophagus
_HALF = re.compile("(?<=...)[ao]$")  # of hypoglycaemia, before its e is typed
_ONE_LETTER = re.compile(r"ou(?=r|$)")  # of tumour


def suggestions(typed: str, most: int = MOST) -> list[str]:
    """
    Return the titles that have the typed words, the last of them perhaps unfinished; the shortest first. Four queries.

    Only titles of texts that may be listed now are offered. Without a word of two letters there are none.
    """
    asked = _words(typed)
    wanted = [{f"{NAMES}{term}": weight for term, weight in each.terms.items()} for each in asked]
    if not asked or (len(asked) == 1 and len(max(asked[0].terms, key=len)) < SHORTEST):
        return []
    starts = [f"{NAMES}{start}" for start in _starts(typed.split()[-1], asked[-1].best)]
    wanted[-1] |= dict.fromkeys(beginning_with(starts, COMPLETIONS), 1.0)
    reading = Reading(wanted)
    found = reading.best(LOOKED_AT)
    had = reading.had_by(number for number, _ in found)
    rows = rows_of(pk__in=[number for number, _ in found])
    whole = [row for row in rows if len(had[row.number]) == len(wanted)]
    whole.sort(key=lambda row: (not _shows(row.title, typed), len(row.title), row.title))
    listed = Article.objects.listed().filter(published_version__in=[row.version for row in whole])
    public = set(listed.values_list("published_version", flat=True))
    return list(dict.fromkeys(row.title for row in whole if row.version in public))[:most]


def _starts(last: str, best: str) -> set[str]:
    """
    Return what terms begin with if the last word is unfinished: haemor and hemor, diarrho and diarrhe, tumou and tumo.

    A number says nothing without the word before it: type2, where “type 2” was typed.
    """
    if last.isdigit():
        return {best}
    american = _ONE_LETTER.sub("o", _BRITISH.sub("e", folded(last)))
    starts = {folded(last), american, _HALF.sub("e", american)}
    return {best, *(start for start in starts if start == folded(last) or len(start) >= SHORTEST)}


def _shows(title: str, typed: str) -> bool:
    """Tell whether the title itself has the typed words, and not another name of the article."""
    words = fold(title).split()
    return all(any(word.startswith(start) for word in words) for start in fold(typed).split())


def _words(typed: str) -> list[Wanted]:
    """Return what is typed, without common words before the last one: no name is counted by them."""
    wanted = query_terms(typed)
    return [each for each in wanted[:-1] if each.terms.keys() - STOP] + wanted[-1:]


def topics() -> list[Topic]:
    """Return the topics of the articles that may be found, by name."""
    start = f"{LIMITING}topic:"
    numbers = [int(term.removeprefix(start)) for term in beginning_with([start], 1000)]
    return list(Topic.objects.filter(pk__in=numbers).order_by("name"))


def nearest(query: str, among: Sequence[Topic]) -> list[Topic]:
    """Return the topics with a word that is most like one of the query."""
    typed = query.casefold().split()
    return [topic for topic in among if _is_like(topic.name.casefold().split(), typed)][:MANY]


def _is_like(name: list[str], typed: list[str]) -> bool:
    return any(fuzz.ratio(one, other) >= NEAR for one in name for other in typed if len(other) > SHORTEST)

"""
How much each term counts in a passage, from 0 to 15, worked out when the passage is put into the index.

As in BM25F, the fields of a passage have weights of their own. In the text a term counts more the oftener it stands
there, up to a limit, and less in a long text. In a name of the article it counts more the fewer words the name has:
“diabetes” is all of “Diabetes”, and a quarter of “Neurohypophyseal diabetes insipidus, familial”.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from articles.search.analysis import index_terms
from articles.search.analysis.common import STOP

MOST_IMPACT = 15
STEP = 0.425  # impact 0 is one step, impact 15 is 16: all that the fields together can give
AVERAGE = 200.0  # terms of a passage: a constant, so that no passage's numbers depend on the others
SATURATION, LENGTH = 1.2, 0.75  # BM25's k1 and b
NAME, SHORTNESS, HEADING = 4.0, 0.75, 0.6
NAMES = "#"  # begins the terms that count the articles that a word names; no term of a text begins like this


def impacts(title: str, heading: str, text: str, names: Iterable[str] = ()) -> dict[str, int]:
    """Return the terms of a passage with the impact of each. `names` are what else its article is called."""
    counts = Counter(index_terms(text))
    length = 1 - LENGTH + LENGTH * sum(counts.values()) / AVERAGE
    values = {term: count * (SATURATION + 1) / (count + SATURATION * length) for term, count in counts.items()}
    in_names = _in_names([title, *names])
    for term in {*index_terms(heading)} - in_names.keys():
        values[term] = values.get(term, 0.0) + HEADING
    for term, value in in_names.items():
        values[term] = values.get(term, 0.0) + value
    return {term: max(0, min(MOST_IMPACT, round(value / STEP) - 1)) for term, value in values.items()}


def naming_terms(title: str, names: Iterable[str] = ()) -> set[str]:
    """Return the terms that count, for each word of an article's names, how many articles have it in a name."""
    return {f"{NAMES}{term}" for term, value in _in_names([title, *names]).items() if value}


def _in_names(names: Sequence[str]) -> dict[str, float]:
    """Return the value of each term of the names: that of the shortest name with it. Common words have none."""
    values: dict[str, float] = {}
    for name in names:
        every = {*index_terms(name)}
        terms = every - STOP or every
        values |= {term: values.get(term, 0.0) for term in every}
        for term in terms:
            values[term] = max(values.get(term, 0.0), NAME / len(terms) ** SHORTNESS)
    return values

"""One search from the typed words to the results that readers are shown."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from articles.frozen.content import thaw
from articles.models import Article, VersionText
from articles.review_process import review_process
from articles.search.index.texts import TEXT, TITLE, audiences_of, body_of, lines_of
from articles.search.ranking.asking import Asked
from articles.search.ranking.order import rank
from articles.search.ranking.stored import synonyms
from articles.search.results.limits import Limits
from articles.search.results.searched import Row, Searched, rows_of
from articles.search.results.snippets import excerpt
from articles.text.canonical import sha256
from articles.text.richtext.statements import Statement, statements

LONGEST = 200  # characters of a query; the rest is ignored
ON_A_PAGE = 10
PAGES = 10
FEW = 4  # words
MOST_PASSAGES = 400  # from which the articles on these pages are taken


@dataclass(frozen=True)
class Hit:
    """
    A found article. `why` is an excerpt as safe HTML, with the words in <mark>; `part` is the part that it is from.

    `audience` and `readers` are key and label of the audience whose page has the words; empty if all pages have them.
    `anchor` is the place of the excerpt on that page. `missing` are the typed words that the page does not have.
    """

    title: str
    slug: str
    language: str
    approved: datetime.datetime
    full_review_due: datetime.date | None
    has_concern: bool
    has_correction: bool
    is_overdue: bool
    why: str = ""
    part: str = TEXT
    heading: str = ""
    anchor: str = ""
    audience: str = ""
    readers: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """One page of results. `number` is that of all found articles; with `more` there are others beyond all pages."""

    hits: list[Hit] = field(default_factory=list)
    number: int = 0
    more: bool = False
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    meant: dict[str, str] = field(default_factory=dict)


class _Listed(NamedTuple):
    version: int
    digest: str
    title: str
    slug: str
    language: str
    approved: datetime.datetime
    full_review_due: datetime.date | None
    has_concern: bool
    has_correction: bool
    due: datetime.date | None


def search(query: str, limits: Limits = Limits(), page: int = 1) -> Results:  # noqa: B008 (it cannot be changed)
    """
    Return a page of the articles that have most of what was typed, best first.

    Every article is looked up among those that may be listed now, and every excerpt is cut from the signed text. The
    number of queries does not depend on the size of the library.
    """
    index = Searched()
    ranking = rank(
        query[:LONGEST],
        index,
        synonyms=synonyms(),
        most=MOST_PASSAGES,
        within=limits.terms(timezone.localdate()),
    )
    versions = _in_order(ranking.passages, index, ranking.asked)
    listed = {row.version: row for row in _listed(versions, limits)}
    found = [listed[version] for version in versions if version in listed]
    most = ON_A_PAGE * PAGES
    shown = found[:most][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return Results(
        _hits(shown, index, ranking.asked, limits.audience),
        min(len(found), most),
        len(found) > most or len(ranking.passages) == MOST_PASSAGES,
        tuple(_words(ranking.asked)),
        tuple(dict.fromkeys(matter.wanted.typed for matter in ranking.asked.matters if not matter.is_known)),
        dict(ranking.asked.meant),
    )


def _words(asked: Asked) -> dict[str, set[int]]:
    """Return each typed word with the places of its things: low, blood and sugar are all of hypoglycaemia."""
    words: dict[str, set[int]] = {}
    for place, matter in enumerate(asked.matters):
        words.setdefault(matter.wanted.typed, set()).add(place)
    return words


def _in_order(passages: list[tuple[int, float]], index: Searched, asked: Asked) -> list[int]:
    """
    Return the versions of the passages, each at the place of its best one; of equals in the order of titles.

    Of a few words, those come first that have all of them. A version that has no typed word whole is left out.
    """
    best: dict[int, tuple[float, str, int]] = {}
    had: defaultdict[int, set[int]] = defaultdict(set)
    things = index.reading.had_by(number for number, _ in passages) if index.reading else {}
    for number, score in passages:
        if row := index.rows.get(number):
            best.setdefault(row.version, (-score, row.title, number))
            had[row.version] |= things[number].keys()
    words = _words(asked).values()
    whole = {version: sum(places <= things for places in words) for version, things in had.items()}
    most = max(whole.values(), default=0)
    found = [version for version in best if whole[version]]
    return sorted(found, key=lambda version: (most <= FEW and whole[version] < most, *best[version]))


def _listed(versions: Sequence[int], limits: Limits) -> list[_Listed]:
    """Return those of the versions that may be listed now, as plain values."""
    if not versions:
        return []
    version = "published_version"
    columns = [f"{version}__{column}" for column in ("digest", "title", "article__slug", "language")]
    rows = limits.applied(Article.objects.in_lists(policies=True).filter(published_version__in=versions))
    review: list[Any] = [review_process().approved_at(version), review_process().full_review_due(version)]
    found = rows.values_list(version, *columns, *review, "has_concern", "has_correction", "next_review_due")
    return [_Listed(*row) for row in found]


def _hits(shown: list[_Listed], index: Searched, asked: Asked, audience: str) -> list[Hit]:
    """
    Return the results for these articles, in two queries, and more if a review date has passed.

    A damaged text is not shown at all.
    """
    if not shown or index.reading is None:
        return []
    versions = [row.version for row in shown]
    parts: dict[int, list[Row]] = {version: [] for version in versions}
    for row in rows_of(version__in=versions):
        parts[row.version].append(row)
    had = index.reading.had_by(row.number for rows in parts.values() for row in rows)
    overdue = _overdue(shown)
    texts = dict(VersionText.objects.filter(version__in=versions).values_list("version", "text"))
    return [
        _hit(row, parts[row.version], had, thaw(text), asked, audience, is_overdue=row.version in overdue)
        for row in shown
        if sha256(text := texts.get(row.version, "")) == row.digest
    ]


def _overdue(shown: list[_Listed]) -> set[int]:
    """Return the versions that are past their review date; no query if no date has passed."""
    past = [row.version for row in shown if row.due and row.due < timezone.localdate()]
    if not past:
        return set()
    rows = Article.objects.filter(published_version__in=past).select_related("published_version")
    found = review_process().as_reviewed(review_process().with_state(rows, "published_version"))
    return {row.published_version_id for row in found if row.published_version_id and row.is_overdue}


def _hit(
    row: _Listed,
    parts: list[Row],
    had: dict[int, dict[int, float]],
    content: dict[str, Any],
    asked: Asked,
    audience: str,
    *,
    is_overdue: bool,
) -> Hit:
    labels = audiences_of(content)
    page = audience or _page_with_most(parts, had, [*labels])
    there = [part for part in parts if not part.readers or page in part.audiences]
    covered = {thing for part in there for thing in had[part.number]}
    best = max(
        (part for part in there if part.part != TITLE),
        key=lambda part: (sum(had[part.number].values()), part.part == TEXT, -part.position),
        default=None,
    )
    things = [{term: weight * matter.weight for term, weight in matter.terms.items()} for matter in asked.matters]
    whose = page if page != audience or audience else ""
    return Hit(
        *row[2:-1],
        is_overdue,
        why=excerpt(_statements(best, content), things) if best else "",
        part=best.part if best else TEXT,
        heading=best.heading if best else "",
        anchor=f"s-{best.section}" if best and best.section else "",
        audience=whose,
        readers=labels.get(whose, ""),
        missing=tuple(word for word, places in _words(asked).items() if not places <= covered),
    )


def _page_with_most(parts: list[Row], had: dict[int, dict[int, float]], audiences: list[str]) -> str:
    """
    Return the audience whose page has most of what was asked for; empty if what all pages have in common has it.

    The audience that the text is written for comes first.
    """

    def worth(those: Iterable[Row]) -> float:
        best: dict[int, float] = {}
        for part in those:
            for thing, score in had[part.number].items():
                best[thing] = max(best.get(thing, 0.0), score)
        return len(best)

    common = worth(part for part in parts if not part.readers)
    by_audience = {key: worth(part for part in parts if not part.readers or key in part.audiences) for key in audiences}
    best = max(audiences, key=lambda key: by_audience[key])
    return best if by_audience[best] > common else ""


def _statements(part: Row, content: dict[str, Any]) -> list[Statement]:
    if part.part == TEXT:
        return statements(body_of(content, part.section, part.audiences))
    return [Statement(line) for line in lines_of(content, part.part, part.audiences)]

"""
The best passages of approved texts for a reader's question, in the words that were signed.

Nothing is generated: an answer is a list of quotes. Only texts that lists may name at this moment are quoted. The text
that the question was asked on comes first, if it answers at all.
"""

from dataclasses import dataclass
from typing import Any

from articles.models import Article, ArticleName, Passage, Version
from articles.review_process import review_process
from articles.search.index.texts import TEXT
from articles.search.meaning.order import by_meaning
from articles.search.quotes import Quote, intact
from articles.search.ranking.answered import is_answered
from articles.search.ranking.asking import Asked
from articles.search.ranking.opposite import is_opposite
from articles.search.ranking.order import Ranking
from articles.search.ranking.stored import StoredIndex, found
from articles.search.sections import Found, how_close, sections_for

MOST_FOUND = 30
FAR_WORSE = 0.5  # a passage with less of the best one's score is not shown


@dataclass(frozen=True)
class Quoted:
    """A quote that may answer the question, and how well its section fits. The article has `has_concern`."""

    quote: Quote
    article: Article
    score: float


@dataclass(frozen=True)
class Answers:
    """The passages, best first. Unless the question is `answered`, they are only on a near subject."""

    passages: list[Quoted]
    answered: bool


def best_passages(question: str, *, first: Version | None, audience: str, most: int = 3) -> Answers:
    """
    Return at most `most` passages for the question, from the pages for this audience; those of `first` come first.

    If nothing answers, they are those on a near subject. The number of queries does not depend on the library's size.
    """
    ranking, own, others = _found(question, first, audience)
    sections = [*own, *others] if is_answered(ranking, StoredIndex()) else own
    if answers := _quoted(sections, audience, ranking.asked, most):
        return Answers(answers, answered=True)
    return Answers(_quoted(others, audience, ranking.asked, most), answered=False)


def all_passages(question: str, *, first: Version, audience: str, most: int) -> list[Quoted]:
    """Return the passages as `best_passages` does, with those on a near subject behind the answers."""
    ranking, own, others = _found(question, first, audience)
    return _quoted([*own, *others], audience, ranking.asked, most)


def _found(question: str, first: Version | None, audience: str) -> tuple[Ranking, list[Found], list[Found]]:
    """
    Return the ranking, the sections of the `first` text that answer, and those found everywhere.

    An encoder of meaning changes the order of the last, and neither the ranking nor which they are.
    """
    ranking = _without_opposites(question, found(question, most=MOST_FOUND, within=[[f"for:{audience}"]]))
    is_on_it = first and not is_opposite(_names_of(first), question, ranking.asked.meant)
    own = sections_for(question, ranking.asked, first, audience) if first and is_on_it else []
    sections = _sections(ranking)
    near = [number for number, one in sections.items() if one.score >= _enough([*sections.values()])]
    others = [sections[number] for number in by_meaning(question, near)]
    others.sort(key=lambda one: first is None or one.version != first.pk)
    return ranking, [one for one in own if one.score >= _enough(own)], others


def _without_opposites(question: str, ranking: Ranking) -> Ranking:
    """Return the ranking without passages of articles whose name is the opposite of what was asked."""
    names = StoredIndex().names([number for number, _ in ranking.passages])
    meant = ranking.asked.meant
    kept = [each for each in ranking.passages if not is_opposite(names.get(each[0], ()), question, meant)]
    return Ranking(kept, ranking.asked)


def _names_of(version: Version) -> list[str]:
    return [version.title, *ArticleName.objects.filter(article=version.article_id).values_list("name", flat=True)]


def _sections(ranking: Ranking) -> dict[int, Found]:
    """Return the sections that were found by passage, in order; other passages and policies are not quoted."""
    numbers = [number for number, _ in ranking.passages]
    passages = Passage.objects.filter(pk__in=numbers, part=TEXT).exclude(version__kind=Article.Kind.POLICY)
    rows = passages.values_list("pk", "version", "section")
    known = {number: (version, section) for number, version, section in rows}
    return {number: Found(*known[number], score) for number, score in ranking.passages if number in known}


def _enough(sections: list[Found]) -> float:
    """Return the score that a section needs: the others fit far worse than the best, which comes first."""
    return FAR_WORSE * sections[0].score if sections else 0.0


def _quoted(sections: list[Found], audience: str, asked: Asked, most: int) -> list[Quoted]:
    """Return quotes of the first `most` of these sections that may be quoted now, each once."""
    versions = {one.version for one in sections}
    articles = {row.published_version_id: row for row in listed(published_version__in=versions)}
    quoted: dict[tuple[int, str], Quoted] = {}
    for one in sections:
        article = articles.get(one.version)
        if len(quoted) == most or article is None or article.published_version is None:
            continue
        quote = intact(article.published_version, one.section, audience, how_close(asked))
        if quote and (one.version, one.section) not in quoted:
            quoted[one.version, one.section] = Quoted(quote, article, one.score)
    return [*quoted.values()]


def listed(**lookups: Any) -> list[Article]:
    """Return the articles that lists may name at this moment, each with its public version, in one query."""
    rows = Article.objects.in_lists(policies=True).filter(**lookups)
    with_versions = rows.select_related("published_version", "latest_version")
    shown = list(review_process().with_state(with_versions, "published_version", "latest_version"))
    for article in shown:
        if article.published_version:
            article.published_version.article = article
    return shown

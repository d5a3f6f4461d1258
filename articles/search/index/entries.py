"""The entries of versions in the index: each passage with its terms, made from the signed texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from articles.frozen.content import thaw
from articles.models import Article, ArticleName, VersionText, VersionTopic
from articles.models.rows.found import Passage
from articles.search.index.texts import PEOPLE, REFERENCES, TITLE, PassageText, audiences_of, passages_of
from articles.search.ranking.impacts import impacts, naming_terms
from articles.text.canonical import sha256
from articles.text.rendering.renderer import name_of

ANALYZER = name_of(Path(__file__).resolve().parents[1])
BESIDE = 3  # the impacts of people and references are divided by it: an article is not about what it cites
LIMITING = "="  # begins the terms that limit a search, such as “=kind:question”: no word begins like this


class Listed(NamedTuple):
    """A version that may be listed. `year` is that of its article's last full review."""

    version: int
    kind: str
    year: int


@dataclass(frozen=True)
class Entry:
    """One passage of a version, and the impact of each of its terms. Only the first passage has `facets`."""

    text: PassageText
    impacts: dict[str, int]
    facets: str = ""

    def row(self, number: int, version: int) -> Passage:
        return Passage(
            id=number,
            version_id=version,
            part=self.text.part,
            section=self.text.section,
            readers=" ".join(self.text.readers),
            heading=self.text.heading,
            position=self.text.position,
            terms=len(self.impacts),
            facets=self.facets,
        )


def facets_of(listed: Sequence[Listed]) -> dict[int, str]:
    """Return what a search can be limited to, for each version: its kind, the year of its review and its topics."""
    rows = VersionTopic.objects.filter(version__in=[each.version for each in listed])
    return facets_from(listed, rows.values_list("version", "topic"))


def facets_from(listed: Sequence[Listed], filed: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Return what `facets_of` does, given the (version, topic) of these versions."""
    facets = {each.version: [f"kind:{each.kind}", f"year:{each.year}"] for each in listed}
    on_topics = {each.version for each in listed if each.kind != Article.Kind.POLICY}  # policies are on no topic's page
    for version, topic in sorted(filed):
        if version in on_topics:
            facets[version].append(f"topic:{topic}")
    return {version: " ".join(each) for version, each in facets.items()}


def entries_of(facets: dict[int, str]) -> dict[int, list[Entry]]:
    """
    Return the entries of each version, given its facets, in two queries.

    A damaged or erased text has none: no page shows it either. The analysis takes some milliseconds for a version, so
    it should not be done while others wait for a lock.
    """
    if not facets:
        return {}
    texts = VersionText.objects.filter(version__in=[*facets]).values_list("version", "text", "version__digest")
    names = ArticleName.objects.filter(article__versions__in=[*facets]).values_list("article__versions", "name")
    return entries_from(facets, texts, names)


def entries_from(
    facets: dict[int, str], texts: Iterable[tuple[int, str, str]], names: Iterable[tuple[int, str]]
) -> dict[int, list[Entry]]:
    """Return what `entries_of` does, given (version, text, digest) and (version, other name of its article)."""
    called: dict[int, list[str]] = {}
    for version, name in sorted(names):
        called.setdefault(version, []).append(name)
    return {
        version: _entries(thaw(text), facets[version], called.get(version, []))
        for version, text, digest in texts
        if version in facets and sha256(text) == digest
    }


def _entries(content: dict[str, Any], facets: str, names: list[str]) -> list[Entry]:
    everybody = tuple(audiences_of(content))
    result = []
    for passage in passages_of(content):
        limits = [*facets.split(), *(f"for:{key}" for key in passage.readers or everybody)]
        if passage.part in (PEOPLE, REFERENCES):
            terms = {term: impact // BESIDE for term, impact in impacts("", "", passage.text).items()}
        else:
            terms = impacts(passage.title, passage.heading, passage.text, names)
        if passage.part == TITLE:
            limits.append("title")
            terms |= dict.fromkeys(naming_terms(passage.title, names), 0)
        terms |= {LIMITING + limit: 0 for limit in limits}
        result.append(Entry(passage, terms, "" if passage.position else facets))
    return result

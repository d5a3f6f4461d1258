"""An index of a few texts, without a database: what ranking asks of the real one, in the plainest way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from articles.search.ranking.impacts import impacts, naming_terms
from articles.search.ranking.order import Headed


class Text(NamedTuple):
    title: str
    heading: str
    text: str
    names: tuple[str, ...] = ()


class InMemory:
    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = [*texts]
        self.postings: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for number, text in enumerate(self.texts):
            for term, impact in impacts(*text).items():
                self.postings[term][number] = impact
        for title, names in {(text.title, text.names): number for number, text in enumerate(self.texts)}:
            for term in naming_terms(title, names):
                self.postings[term][len(self.postings[term])] = 0

    def passages(self) -> int:
        return len(self.texts)

    def counts(self, terms: Iterable[str]) -> Mapping[str, int]:
        return {term: len(self.postings[term]) for term in terms if term in self.postings}

    def like(self, beginnings: Sequence[tuple[str, int, int]]) -> Mapping[str, int]:
        return {
            term: len(found)
            for term, found in self.postings.items()
            for start, least, most in beginnings
            if term.startswith(start) and least <= len(term) <= most
        }

    def beginning(self, starts: Sequence[str]) -> Mapping[str, int]:
        return {term: len(found) for term, found in self.postings.items() if term.startswith(tuple(starts))}

    def candidates(
        self, wanted: Sequence[dict[str, float]], most: int, within: Sequence[Iterable[str]] = ()
    ) -> list[tuple[int, float]]:
        scores: defaultdict[int, float] = defaultdict(float)
        for alternatives in wanted:
            best: defaultdict[int, float] = defaultdict(float)
            for term, weight in alternatives.items():
                for number, impact in self.postings.get(term, {}).items():
                    best[number] = max(best[number], weight * (impact + 1))
            for number, score in best.items():
                scores[number] += score
        return sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:most]

    def headed(self, passages: Sequence[int]) -> Mapping[int, Headed]:
        return {number: Headed(self.texts[number].heading, self.texts[number].title) for number in passages}

    def names(self, passages: Sequence[int]) -> Mapping[int, Sequence[str]]:
        return {number: (self.texts[number].title, *self.texts[number].names) for number in passages}

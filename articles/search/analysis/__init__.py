"""The analyzer of our own: the same terms for a text and a query, on both databases."""

from articles.search.analysis.queries import query_terms
from articles.search.analysis.synonyms import Synonyms
from articles.search.analysis.terms import Word, words
from articles.search.analysis.wanted import Wanted

VERSION = 1  # of the terms; an index with another one has to be built again

__all__ = ["VERSION", "Synonyms", "Wanted", "Word", "index_terms", "query_terms", "words"]


def index_terms(text: str) -> list[str]:
    """Return the terms of a text in order, as often as they stand there."""
    return [term for word in words(text) for term in word.terms]

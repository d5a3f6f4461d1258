"""Comparing the index with the signed texts of what may be listed."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from django.db.models import Exists, OuterRef

from articles.models import Article, Version
from articles.models.rows.found import Passage, Postings, SearchIndex, Term
from articles.models.rows.one_state import one_state
from articles.search.index.entries import ANALYZER, Entry, entries_of, facets_of
from articles.search.index.postings import BLOCK_BITS, IMPACT_BITS, MOST_IMPACT, term_and_block, unpack
from articles.search.index.writing import AT_ONCE, listed_versions

TOGETHER = 50  # articles read at once
OTHER_ANALYZER = "The search index was made by another release, or is not finished."


def behind() -> str:
    """Return in a sentence why the index cannot be relied on; empty if it can. Three queries."""
    state = SearchIndex.objects.filter(pk=1).first()
    if state is None or state.analyzer != ANALYZER:
        return f"{OTHER_ANALYZER} Run “manage.py search_index”."
    listed = Article.objects.listed()
    missing = listed.filter(~Exists(Passage.objects.filter(version=OuterRef("published_version")))).count()
    others = Passage.objects.filter(position=0).exclude(version__in=listed.values("published_version")).count()
    if not missing and not others:
        return ""
    return (
        f"The search index lacks {missing} articles, and has {others} texts that may not be found. "
        "Run “manage.py search_index”."
    )


def differences() -> list[str]:
    """
    Return a sentence for each difference between the index and the signed texts, read from one snapshot.

    The index is read once and summed up for each passage, so the memory needed is some hundred bytes for each.
    """
    with one_state():
        if SearchIndex.objects.get(pk=1).analyzer != ANALYZER:
            return [OTHER_ANALYZER]
        stored = _Stored.read()
        return [*_of_articles(stored), *_superfluous(stored), *_wrong_counts(stored)]


@dataclass
class _Stored:
    """The index, summed up. `compared` are the passages of what may be listed."""

    names: dict[int, str]
    sums: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    counts: Counter[int] = field(default_factory=Counter)
    compared: set[int] = field(default_factory=set)

    @classmethod
    def read(cls) -> "_Stored":
        stored = cls(dict(Term.objects.values_list("pk", "term")))
        for key, data in Postings.objects.values_list("pk", "data").iterator(chunk_size=AT_ONCE):
            stored.add(key, data)
        return stored

    def add(self, key: int, data: bytes | memoryview) -> None:
        """Add a hash of each posting to the sum of its passage."""
        term, block = term_and_block(key)
        hashes = [hash((self.names.get(term), impact)) for impact in range(MOST_IMPACT + 1)]
        values = unpack(data)
        for value in values:
            self.sums[block << BLOCK_BITS | value >> IMPACT_BITS] += hashes[value & MOST_IMPACT]
        self.counts[term] += len(values)

    def has(self, row: Passage | None, entry: Entry | None) -> bool:
        """Tell whether the passage and its postings are what the entry says."""
        if row is None or entry is None:
            return False
        made = entry.row(row.pk, row.version_id)
        same = all(getattr(row, name.attname) == getattr(made, name.attname) for name in Passage._meta.concrete_fields)
        return same and self.sums.get(row.pk, 0) == sum(map(hash, entry.impacts.items()))


def _of_articles(stored: _Stored) -> Iterator[str]:
    """Yield a sentence for each article whose entries are missing or differ."""
    articles = list(Article.objects.filter(published_version__isnull=False).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(articles), TOGETHER):
        some = listed_versions(articles[start : start + TOGETHER])
        listed = [each.version for each in some]
        rows: dict[int, list[Passage]] = {version: [] for version in listed}
        for row in Passage.objects.filter(version__in=listed).order_by("pk"):
            rows[row.version_id].append(row)
            stored.compared.add(row.pk)
        entries = entries_of(facets_of(some))
        for version in listed:
            pairs = list(zip_longest(rows[version], entries.get(version, [])))
            if not rows[version] and pairs:
                yield f"Missing: {_named(version)}."
            elif not all(stored.has(*pair) for pair in pairs):
                yield f"Different from its signed text: {_named(version)}."


def _superfluous(stored: _Stored) -> Iterator[str]:
    there = dict(Passage.objects.values_list("pk", "version"))
    for version in sorted({version for passage, version in there.items() if passage not in stored.compared}):
        yield f"Found, but it may not be: {_named(version)}."
    if left := len(stored.sums.keys() - there.keys()):
        yield f"Entries of {left} passages that do not exist."
    if (counted := SearchIndex.objects.get(pk=1).passages) != len(there):
        yield f"The index counts {counted} passages, but there are {len(there)}."


def _wrong_counts(stored: _Stored) -> Iterator[str]:
    counted = dict(Term.objects.values_list("pk", "passages"))
    wrong = [term for term in {*counted, *stored.counts} if counted.get(term) != stored.counts[term]]
    if wrong:
        yield f"The numbers of passages of {len(wrong)} terms are wrong."


def _named(version: int) -> str:
    return str(Version.objects.get(pk=version))

"""
Keeping the index: the entries of an article are those of the version that may be listed, or none.

Every writer holds the locks of its articles, and then takes the lock of the one row of state as the last of all. So no
two writers can wait for each other.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from articles.models import Article, ArticleName, VersionText, VersionTopic
from articles.models.rows.found import Passage, Postings, SearchIndex, Term
from articles.models.rows.together import Together
from articles.search.index.entries import (
    ANALYZER,
    Entry,
    Listed,
    entries_from,
    entries_of,
    facets_from,
    facets_of,
)
from articles.search.index.postings import BLOCK_BITS, IN_BLOCK, NUMBER_OF_BLOCKS, key_of, pack, without

AT_ONCE = 5000  # rows of one statement: SQLite takes 32,766 values
MIXED = "mixed"  # the name of the analyzer if entries of several are present
CONCATENATED = {"sqlite": "CAST({0} AS BLOB)", "postgresql": "{0}"}  # SQLite makes a text of two joined blobs


@dataclass
class Change:
    """What has to be changed in the index for some articles: passages that go, and versions whose entries come."""

    going: list[Passage] = field(default_factory=list)
    gone: dict[int, list[Entry]] = field(default_factory=dict)
    coming: dict[int, list[Entry]] = field(default_factory=dict)

    def apply(self) -> None:
        """Write the change, within the transaction of what caused it."""
        if self.going or self.coming:
            with transaction.atomic(savepoint=False):
                _write(self)


@contextmanager
def kept_in_step(article: Article) -> Iterator[None]:
    """
    Let the index hold, when the block ends, exactly the version of the article that may be listed, if any.

    Enter under the article's lock, after the rows that decide what is listed were written. The texts are analysed
    before the block, and the index is locked after it: so the block can take a lock that other writers wait for.
    """
    change = _prepared(article)
    yield
    change.apply()


@contextmanager
def made_anew(article: Article) -> Iterator[None]:
    """Make the entries of the article again after the block, which changes what they are made of: its other names."""
    going = list(Passage.objects.filter(version__article=article.pk).order_by("pk"))
    gone = made_of(going)
    yield
    Change(going, gone, entries_of(facets_of(listed_versions([article.pk])))).apply()


def _prepared(article: Article) -> Change:
    found = _of_article.read(article=article.pk)
    listed = [_listed(row) for row in found["listed"]]
    present = sorted(found["passages"], key=lambda row: row.pk)
    wanted = [each for each in listed if each.version not in {row.version_id for row in present}]
    going = [row for row in present if row.version_id not in {each.version for each in listed}]
    facets = facets_from(wanted, found["topics"])
    return Change(going, made_of(going), entries_from(facets, found["texts"], found["names"]))


def _querysets(article: int) -> dict[str, Any]:
    """Return what the entries of the article's published version are made of, and those that it has."""
    articles = Article.objects.filter(pk=article, published_version__isnull=False)
    public = articles.values("published_version")
    names = ArticleName.objects.filter(article__in=articles.values("pk"))
    return {
        "listed": _facts(Article.objects.listed().filter(pk=article)),
        "passages": Passage.objects.filter(version__article=article),
        "topics": VersionTopic.objects.filter(version__in=public).values_list("version", "topic"),
        "texts": VersionText.objects.filter(version__in=public).values_list("version", "text", "version__digest"),
        "names": names.values_list("article__published_version", "name"),
    }


_of_article = Together(_querysets)


def listed_versions(articles: Sequence[int]) -> list[Listed]:
    """Return the versions of these articles that may be listed, by article."""
    return [_listed(row) for row in _facts(Article.objects.listed().filter(pk__in=articles).order_by("pk"))]


def _facts(articles: Any) -> Any:
    return articles.values_list("published_version", "published_version__kind", "last_reviewed")


def _listed(row: tuple[int, str, datetime.date | None]) -> Listed:
    version, kind, day = row
    return Listed(version, kind, day.year if day else 0)


def made_of(rows: Iterable[Passage]) -> dict[int, list[Entry]]:
    """Return the entries of the versions of these passages as they were made; none of a text that was erased."""
    return entries_of({row.version_id: row.facets for row in rows if row.position == 0})


def locked_state() -> SearchIndex:
    """Return the state of the index, its row locked until the transaction ends."""
    return SearchIndex.objects.select_for_update(no_key=True).get(pk=1)


def _write(change: Change) -> None:
    state = locked_state()
    counts = _take_out(change, state)
    postings: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    rows = []
    for version, entries in change.coming.items():
        for entry in entries:
            number = state.next_passage
            state.next_passage += 1
            rows.append(entry.row(number, version))
            for term, impact in entry.impacts.items():
                postings[term, number >> BLOCK_BITS].append((number, impact))
                counts[term] += 1
    Passage.objects.bulk_create(rows, batch_size=AT_ONCE // 10)
    numbers = _count_terms(counts)
    _append({key_of(numbers[term], found[0][0]): pack(found) for (term, _), found in postings.items()})
    state.passages += len(rows) - len(change.going)
    if state.analyzer != ANALYZER and not state.new_from:
        state.analyzer = MIXED
    state.save()


def _take_out(change: Change, state: SearchIndex) -> Counter[str]:
    """
    Delete the passages that go, and every posting of them. Return the terms with the numbers of deleted postings, < 0.

    While the index is made anew, the postings from before are left: the end of that deletes them all.
    """
    going = [row for row in change.going if row.pk >= (state.new_from or 0)]
    Passage.objects.filter(pk__in=[row.pk for row in change.going]).delete()
    if not going:
        return Counter()
    deleted = _delete_postings({row.pk for row in going}, _keys_of(change, going))
    if deleted.total() != sum(row.terms for row in going):  # of an erased text, or made by another analyzer
        deleted += _delete_postings({row.pk for row in going}, _keys_in_blocks({row.pk >> BLOCK_BITS for row in going}))
    names = _names_of([*deleted])
    return Counter({names[term]: -number for term, number in deleted.items()})


def _keys_of(change: Change, going: list[Passage]) -> set[int]:
    """Return the keys of the rows that have postings of these passages, as far as the entries tell."""
    wanted = [
        (term, row.pk)
        for row in going
        for entry in change.gone.get(row.version_id, [])[row.position : row.position + 1]
        for term in entry.impacts
    ]
    numbers = _numbers_of({term for term, _ in wanted})
    return {key_of(numbers[term], passage) for term, passage in wanted if term in numbers}


def _keys_in_blocks(blocks: set[int]) -> set[int]:
    rows = Postings.objects.annotate(block=F("id").bitand(NUMBER_OF_BLOCKS - 1)).filter(block__in=blocks)
    return set(rows.values_list("pk", flat=True))


def _delete_postings(passages: set[int], keys: set[int]) -> Counter[int]:
    """Delete the postings of these passages from the rows with these keys. Return the number deleted for each term."""
    within: defaultdict[int, set[int]] = defaultdict(set)
    for passage in passages:
        within[passage >> BLOCK_BITS].add(passage & IN_BLOCK)
    deleted: Counter[int] = Counter()
    for some in batches(sorted(keys)):
        changed, emptied = {}, []
        for key, data in Postings.objects.filter(pk__in=some).values_list("pk", "data"):
            term, block = divmod(key, NUMBER_OF_BLOCKS)
            left = without(data, within[block])
            deleted[term] += (len(data) - len(left)) // 2
            if not left:
                emptied.append(key)
            elif len(left) < len(data):
                changed[key] = left
        _replace(changed)
        Postings.objects.filter(pk__in=emptied).delete()
    return +deleted


def _numbers_of(terms: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batches(sorted(terms)):
        found |= dict(Term.objects.filter(term__in=some).values_list("term", "pk"))
    return found


def _names_of(terms: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(terms):
        found |= dict(Term.objects.filter(pk__in=some).values_list("pk", "term"))
    return found


def _count_terms(counts: Counter[str]) -> dict[str, int]:
    """Add these numbers, which may be negative, to the terms' passages. Return the numbers of the terms."""
    numbers: dict[str, int] = {}
    table = Term._meta.db_table
    change = f"passages = {table}.passages + excluded.passages RETURNING term, id"
    for some in batches(sorted(counts.items())):
        numbers |= dict(_upsert(table, ("term", "passages"), some, change))
    for some in batches([numbers[term] for term, number in counts.items() if number < 0]):
        Term.objects.filter(pk__in=some, passages__lte=0).delete()
    return numbers


def _append(rows: dict[int, bytes]) -> None:
    """Append the data to the rows with these keys; its passages are newer than those that are there."""
    table = Postings._meta.db_table
    joined = CONCATENATED[connection.vendor].format(f"{table}.data || excluded.data")
    for some in batches(sorted(rows.items())):
        _upsert(table, ("id", "data"), some, f"data = {joined}")


def _replace(rows: dict[int, bytes]) -> None:
    for some in batches(sorted(rows.items())):
        _upsert(Postings._meta.db_table, ("id", "data"), some, "data = excluded.data")


def _upsert(
    table: str, columns: tuple[str, str], rows: Sequence[tuple[Any, Any]], change: str
) -> list[tuple[Any, Any]]:
    """Insert the rows, or change those with the same first column, in one statement that both databases know."""
    if not rows:
        return []
    first, second = columns
    values = ", ".join(["(%s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({first}, {second}) VALUES {values} "  # noqa: S608 (names and signs of our own)
            f"ON CONFLICT ({first}) DO UPDATE SET {change}",
            [value for row in rows for value in row],
        )
        return cursor.fetchall() if cursor.description else []


def batches(items: Sequence[Any]) -> Iterator[Any]:
    """Yield the items in parts that one statement can take."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]

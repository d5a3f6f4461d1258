"""Making the whole index anew, while the site is in use and the former index still answers."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from articles.models import Article
from articles.models.rows.found import Passage, Postings, SearchIndex, Term
from articles.search.index.entries import ANALYZER, entries_of, facets_of
from articles.search.index.postings import BLOCK_BITS, NUMBER_OF_BLOCKS
from articles.search.index.writing import Change, listed_versions, locked_state

TOGETHER = 10  # articles in one transaction: steps on them wait for its end


def rebuild(report: Callable[[int], None] = lambda done: None) -> int:
    """
    Make all entries anew from the signed texts, and return the number of indexed articles.

    New passages get new numbers in new blocks. An article is found by its former entries until its new ones are
    committed. At the end, all blocks from before are deleted. It can be interrupted and started again.
    """
    start = _begin()
    done = 0
    for some in _batches():
        done += _make_anew(some, start)
        report(done)
    _end(start)
    return done


def fill_after_migration(using: str = "default", verbosity: int = 1, stdout: Any = None, **kwargs: Any) -> None:
    """Make the index if it is missing or was made by another analyzer; runs after each migrate."""
    if using != "default" or SearchIndex._meta.db_table not in connection.introspection.table_names():
        return
    state, _ = SearchIndex.objects.get_or_create(pk=1)
    done = rebuild() if state.analyzer != ANALYZER else 0
    if done and verbosity and stdout:
        stdout.write(f"  The search index was made anew: {done} articles.\n")


@transaction.atomic
def _begin() -> int:
    """Let all passages from now on have numbers in new, empty blocks, and return the first of these numbers."""
    state = locked_state()
    block = (state.next_passage >> BLOCK_BITS) + 1
    start = state.next_passage = state.new_from = block << BLOCK_BITS
    Passage.objects.filter(pk__gte=start).delete()
    _in_blocks(block__gte=block).delete()
    state.save()
    return start


def _batches() -> Iterator[list[int]]:
    """Yield the keys of all published articles, a few at a time."""
    last = 0
    rows = Article.objects.filter(published_version__isnull=False).order_by("pk").values_list("pk", flat=True)
    while some := list(rows.filter(pk__gt=last)[:TOGETHER]):
        yield some
        last = some[-1]


@transaction.atomic
def _make_anew(articles: list[int], start: int) -> int:
    """Make the entries of these articles; those made since the beginning stay. Return the number of those listed."""
    locked = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=articles).order_by("pk")
    listed = listed_versions([article.pk for article in locked])
    rows = list(Passage.objects.filter(version__article__in=articles).order_by("pk"))
    new = {row.version_id for row in rows if row.pk >= start}
    coming = entries_of(facets_of([each for each in listed if each.version not in new]))
    Change(going=[row for row in rows if row.pk < start], coming=coming).apply()
    return len(listed)


@transaction.atomic
def _end(start: int) -> None:
    """Delete everything from before, count each term's passages, and name the analyzer."""
    state = locked_state()
    Passage.objects.filter(pk__lt=start).delete()
    _in_blocks(block__lt=start >> BLOCK_BITS).delete()
    _count_all()
    state.passages = Passage.objects.count()
    state.analyzer, state.new_from = ANALYZER, None
    state.save()


def _in_blocks(**those: int) -> QuerySet[Postings]:
    return Postings.objects.annotate(block=F("id").bitand(NUMBER_OF_BLOCKS - 1)).filter(**those)


def _count_all() -> None:
    term, postings = Term._meta.db_table, Postings._meta.db_table
    of_term = f"id BETWEEN {term}.id * {NUMBER_OF_BLOCKS} AND {term}.id * {NUMBER_OF_BLOCKS} + {NUMBER_OF_BLOCKS - 1}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {term} SET passages = "  # noqa: S608 (names and numbers of our own)
            f"(SELECT COALESCE(SUM(LENGTH(data)) / 2, 0) FROM {postings} WHERE {of_term})"
        )
    Term.objects.filter(passages=0).delete()

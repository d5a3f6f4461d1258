"""Changing what things are called: groups of synonyms, and articles with their entries in the index."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from articles.models import Article, SynonymGroup
from articles.search import index


@contextmanager
def names_change(article: int) -> Iterator[None]:
    """Let the block change the article's other names, under its lock; the index has the new ones when it ends."""
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article)
        with index.made_anew(locked):
            yield


def groups_in(text: str) -> Iterator[list[str]]:
    """Yield the groups of a list of synonyms: one on each line, its names parted by equal signs, # before a remark."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield [name.strip() for name in line.split("=")]


def add_synonyms(groups: Iterable[Iterable[str]], *, actor: User) -> int:
    """Add those groups that are not there yet, each with its history, and return their number."""
    there = set(SynonymGroup.objects.values_list("names", flat=True))
    new = [SynonymGroup(names="\n".join(names)) for names in groups]
    for group in new:
        group.full_clean()
    missing = [group for group in new if group.names not in there]
    bulk_create_with_history(missing, SynonymGroup, default_user=actor)
    return len(missing)

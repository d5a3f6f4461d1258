"""
The rows of the search index. All of them can be made anew from the signed texts, and none is evidence.

`articles.search.index` is the only code that reads or writes them, and `articles.search.meaning` the vectors.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}  # the order of terms is the same on both databases


class BytewiseField(models.CharField[Any, Any]):
    """A text that both databases sort and compare by its bytes, so that a range of it is a range of its index."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        return {**super().db_parameters(connection), "collation": BYTEWISE[connection.vendor]}


class NumberField(models.BigIntegerField[Any, Any]):
    """A primary key that is given by us. On SQLite it is the row's number, so it needs no index of its own."""

    def db_type(self, connection: BaseDatabaseWrapper) -> Any:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Derived(models.Model):
    """A row made from signed texts. It can be deleted and made again at any time."""

    class Meta:
        abstract = True


class Passage(Derived):
    """
    A part of a published version that search can find: its title, a section, its people or its references.

    `part` is one of those named in `articles.search.index.texts`. `id` is given once and never again: the entries of
    the index name it. `readers` are the keys of the audiences whose pages show the passage, the article's own first;
    empty if all pages do. The text itself stays in the version.
    """

    id = NumberField(primary_key=True)
    version = models.ForeignKey("articles.Version", on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=10)
    section = models.CharField(max_length=10, blank=True)
    readers = models.CharField(max_length=1000, blank=True)
    heading = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField()
    terms = models.PositiveIntegerField(help_text="How many different terms it has.")
    facets = models.CharField(max_length=2000, blank=True, help_text="Of the first passage: what limits a search.")

    def __str__(self) -> str:
        return f"{self.part} of version {self.version_id}"


class Meaning(Derived):
    """The vector of a passage, by the encoder of this name, if the site has one: see `articles.search.meaning`."""

    passage = models.OneToOneField(Passage, primary_key=True, on_delete=models.CASCADE, related_name="meaning")
    encoder = models.CharField(max_length=64)
    vector = models.BinaryField()

    def __str__(self) -> str:
        return f"Meaning of passage {self.passage_id}"


class Term(Derived):
    """A term of the index, with the number of passages that have it."""

    term = BytewiseField(max_length=100)
    passages = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term"], name="term_once_in_the_index")]

    def __str__(self) -> str:
        return self.term


class Postings(Derived):
    """
    The passages of one block that have one term: see `articles.search.index.postings` for `id` and `data`.
    """

    id = NumberField(primary_key=True)
    data = models.BinaryField()

    class Meta:
        verbose_name_plural = "postings"

    def __str__(self) -> str:
        return str(self.id)


class SearchIndex(Derived):
    """
    The state of the whole index: one row, which everyone who writes the index locks.

    `analyzer` is the name of the code that made the entries. `next_passage` is the number of the next passage,
    `passages` counts the present ones. `new_from` is set while the index is made anew: older passages still have to go.
    """

    analyzer = models.CharField(max_length=64, blank=True)
    next_passage = models.BigIntegerField(default=1)
    passages = models.BigIntegerField(default=0)
    new_from = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "state of the search index"
        verbose_name_plural = "states of the search index"

    def __str__(self) -> str:
        return self.analyzer

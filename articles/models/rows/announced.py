"""
Rows that are shown beside the signed texts: each change of one is announced by a signal, in its own transaction.

Readers see the names of topics, audiences and people, and find articles by their addresses. None of these is part of a
signed text. `changed` is sent after a row was saved or deleted, by whatever code. Within `announced_together` it is
sent once for all rows, just before the commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, TypeAlias, TypeVar

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.signals import class_prepared, post_delete, post_save
from django.dispatch import Signal, receiver

# By model and primary key of each row: the person who changed it, None if the row does not name one
Changes: TypeAlias = dict[tuple[type[models.Model], Any], User | None]

Row = TypeVar("Row", bound=models.Model, covariant=True)

changed = Signal()  # sent with `rows`, the Changes

_waiting: ContextVar[Changes | None] = ContextVar("changes not announced yet", default=None)


class BulkChangeRefused(TypeError):
    """Raised when code tries to change announced rows in bulk, which would send no signal."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"Save each {model._meta.verbose_name} on its own, so that its change is recorded.")


class AnnouncedQuerySet(models.QuerySet[Row]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise BulkChangeRefused(self.model)

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BulkChangeRefused(self.model)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BulkChangeRefused(self.model)


class Announced(models.Model):
    """A row whose every save and deletion is announced in the same transaction. Bulk updates are refused."""

    objects = AnnouncedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)


def announce(row: models.Model, by: User | None = None) -> None:
    """Announce a change of the row, made `by` this person. Call it within the transaction of the change."""
    rows = {(type(row), row.pk): by or getattr(row, "_history_user", None)}
    waiting = _waiting.get()
    if waiting is None:
        changed.send(Announced, rows=rows)
    else:
        waiting.update(rows)


@contextmanager
def announced_together() -> Iterator[None]:
    """Run the block in one transaction and announce all its changes at the end. If it fails, announce none."""
    if _waiting.get() is not None:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        token = _waiting.set({})
        try:
            yield
            rows = _waiting.get()
        finally:
            _waiting.reset(token)
        if rows:
            changed.send(Announced, rows=rows)


@receiver(class_prepared)
def _listen(sender: type[models.Model], **kwargs: Any) -> None:
    """Connect to models of announced rows only: with a receiver, Django can no longer delete rows by one statement."""
    if issubclass(sender, Announced):
        post_save.connect(_announce, sender=sender)
        post_delete.connect(_announce, sender=sender)


def _announce(instance: models.Model, **kwargs: Any) -> None:
    announce(instance)

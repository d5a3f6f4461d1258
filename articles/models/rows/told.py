"""
Rows that stand beside the signed texts: each change is told, in its own transaction, to whoever keeps account of it.

Readers see the names of topics, audiences and people, and find articles by their addresses, without any of it being
part of a text that was signed. `changed` is sent after a row was saved or deleted, whatever the door; within `together`
once for all of them, as the last thing before the commit.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction
from django.db.models.signals import class_prepared, post_delete, post_save
from django.dispatch import Signal, receiver

changed = Signal()  # `rows`: {(model, primary key): who changed it, where the row names that person}

_waiting: ContextVar[dict | None] = ContextVar("changes that wait to be told", default=None)


class PastTheLedger(TypeError):
    """Raised when code tries to change such rows in bulk, which tells nobody."""

    def __init__(self, model):
        super().__init__(f"Save each {model._meta.verbose_name} on its own, so that its change is recorded.")


class ToldQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise PastTheLedger(self.model)

    def bulk_create(self, *args, **kwargs):
        raise PastTheLedger(self.model)

    def bulk_update(self, *args, **kwargs):
        raise PastTheLedger(self.model)


class Told(models.Model):
    """A row each save and deletion of which is told, in the same transaction. Bulk updates are refused."""

    objects = ToldQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)


def tell(row: models.Model, by=None):
    """Tell of a change of the row, made `by` this person; call within the transaction of the change."""
    rows = {(type(row), row.pk): by or getattr(row, "_history_user", None)}
    waiting = _waiting.get()
    if waiting is None:
        changed.send(Told, rows=rows)
    else:
        waiting.update(rows)


@contextmanager
def together():
    """Make the changes within one transaction, and tell of all of them at its end; of none if it fails."""
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
            changed.send(Told, rows=rows)


@receiver(class_prepared)
def _listen(sender, **kwargs):
    """Listen to each model of such rows, and to no other: a listener makes every deletion of its rows a slow one."""
    if issubclass(sender, Told):
        post_save.connect(_tell, sender=sender)
        post_delete.connect(_tell, sender=sender)


def _tell(instance, **kwargs):
    tell(instance)

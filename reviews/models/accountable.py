"""Rows of settings and of the board, each change of which has to be recorded in the ledger."""

from django.db import models, transaction
from django.dispatch import Signal

from articles.models.rows.append_only import AppendOnlyQuerySet
from reviews.models.actions import Action

changed = Signal()  # `row`, and `deleted_key`: its primary key if it was deleted, else None


class NotRecorded(RuntimeError):
    """Raised when a change of such a row would leave no event; the change is rolled back."""


class Accountable(models.Model):
    """
    A row whose every save and deletion appends an event to the ledger, in the same transaction.

    Bulk updates are refused: they would leave neither history nor event. `ledger_action` names the event, which
    `reviews.evidence.settings` appends. Raise NotRecorded, and change nothing, when nobody records the change.
    """

    ledger_action: Action

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.full_clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            _record(self)

    def delete(self, *args, **kwargs):
        key = self.pk
        with transaction.atomic():
            super().delete(*args, **kwargs)
            _record(self, deleted_key=key)


def _record(row: Accountable, deleted_key=None):
    if not changed.send(type(row), row=row, deleted_key=deleted_key):
        raise NotRecorded(f"Nobody records this change of a row of {row._meta.db_table}.")

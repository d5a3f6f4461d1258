"""Settings and board rows: the ledger records each of their changes."""

from typing import Any

from django.db import models, transaction
from django.dispatch import Signal

from articles.models.rows.append_only import AppendOnlyQuerySet
from reviews.models.actions import Action

changed = Signal()  # `row`, and `deleted_key`: its primary key if it was deleted, else None


class NotRecorded(RuntimeError):
    """Raised when a change would leave no event; the change is rolled back."""


class Accountable(models.Model):
    """
    A row of which each save and each deletion appends an event to the ledger, in the same transaction.

    Bulk updates are refused: they would leave neither history nor event. `ledger_action` names the event, which
    `reviews.evidence.settings` appends. Raise NotRecorded, and roll back, if no receiver records the change.
    """

    ledger_action: Action

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            _record(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        key = self.pk
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            _record(self, deleted_key=key)
        return deleted


def _record(row: Accountable, deleted_key: int | None = None) -> None:
    if not changed.send(type(row), row=row, deleted_key=deleted_key):
        raise NotRecorded(f"No receiver recorded this change to a row of {row._meta.db_table}.")

"""Settings and board rows, every change of which is an event in the ledger."""

from django.db import models, transaction
from simple_history.models import HistoricalRecords

from articles.append_only import AppendOnlyQuerySet
from reviews import ledger


def history_user(row: models.Model):
    """Return who is making this change: named on the row, or signed in to the request; None where nobody is known."""
    if (user := getattr(row, "_history_user", None)) is not None:
        return user
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


class Accountable(models.Model):
    """
    A row whose every save and deletion appends an event to the ledger, in the same transaction.

    Bulk updates are refused: they would leave neither history nor event. `ledger_action` names the event.
    """

    ledger_action = ""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.full_clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            ledger.append(self.ledger_action, actor=history_user(self), rows=[self], rows_private=True)

    def delete(self, *args, **kwargs):
        name = ledger.row_name(self)
        with transaction.atomic():
            actor = history_user(self)
            super().delete(*args, **kwargs)
            ledger.append(
                self.ledger_action,
                actor=actor,
                payload={"deleted": name},
                rows=ledger.history_of(self),
                rows_private=True,
            )

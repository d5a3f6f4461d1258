"""Settings and board rows, every change of which is an event in the ledger."""

from django.db import models, transaction
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from articles.models.rows import told
from articles.models.rows.append_only import AppendOnlyQuerySet
from reviews.evidence import ledger
from reviews.evidence.ledger import guarded
from reviews.models.ledger import LedgerHead


def history_user(row: models.Model):
    """Return who is making this change: named on the row, or signed in to the request; None where nobody is known."""
    if (user := getattr(row, "_history_user", None)) is not None:
        return user
    return signed_in()


def signed_in():
    """Return the person whose request this is; None where nobody is signed in."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@receiver(told.changed)
def record_settings(rows, **kwargs):
    """Append one event for all these rows; none for those a migration makes: the ledger begins with them."""
    if LedgerHead.objects.exists() and (settings := guarded.counted(rows)):
        actor = next(filter(None, rows.values()), None) or signed_in()
        ledger.append("settings_changed", actor=actor, settings=settings)


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

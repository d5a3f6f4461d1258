"""Settings, board rows and rows beside the texts: every change is an event in the ledger."""

from django.db import models
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from articles.models.rows import told
from reviews.evidence import ledger
from reviews.evidence.ledger import guarded
from reviews.models import accountable
from reviews.models.actions import Action
from reviews.models.ledger import LedgerHead


def history_user(row: models.Model):
    """Return who is making this change: named on the row, or signed in to the request; None if nobody is known."""
    if (user := getattr(row, "_history_user", None)) is not None:
        return user
    return signed_in()


def signed_in():
    """Return the person whose request this is; None if nobody is signed in."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@receiver(told.changed)
def record_settings(rows, **kwargs):
    """Append one event for all these rows; none for those a migration makes: the ledger begins with them."""
    if LedgerHead.objects.exists() and (settings := guarded.counted(rows)):
        actor = next(filter(None, rows.values()), None) or signed_in()
        ledger.append(Action.SETTINGS_CHANGED, actor=actor, settings=settings)


@receiver(accountable.changed)
def record_row(row: accountable.Accountable, deleted_key, **kwargs):
    """Append the event of a saved row; of a deleted one, whose row is gone, with its name and its history rows."""
    saved = deleted_key is None
    ledger.append(
        row.ledger_action,
        actor=history_user(row),
        payload=None if saved else {"deleted": f"{row._meta.db_table}:{deleted_key}"},
        rows=[row] if saved else ledger.history_of(row),
        rows_private=True,
    )

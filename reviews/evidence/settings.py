"""Settings, board rows and rows beside the texts: every change is an event in the ledger."""

from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from articles.models.rows import announced
from reviews.evidence import ledger
from reviews.evidence.ledger import guarded
from reviews.models import accountable
from reviews.models.actions import Action
from reviews.models.ledger import LedgerHead


def history_user(row: models.Model) -> User | None:
    """Return the user who makes this change: set on the row, or signed in to the request; None if unknown."""
    if (user := getattr(row, "_history_user", None)) is not None:
        return user
    return signed_in()


def signed_in() -> User | None:
    """Return the signed-in user of the current request, or None."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@receiver(announced.changed)
def record_settings(rows: dict[tuple[type[models.Model], int], User | None], **kwargs: Any) -> None:
    """Append one event for all these rows; none for those of the first migration, which the first event records."""
    if LedgerHead.objects.exists() and (settings := guarded.counted(rows)):
        actor = next(filter(None, rows.values()), None) or signed_in()
        ledger.append(Action.SETTINGS_CHANGED, actor=actor, settings=settings)


@receiver(accountable.changed)
def record_row(row: accountable.Accountable, deleted_key: int | None, **kwargs: Any) -> None:
    """Append the event of a saved row, or of a deleted row with its name and its history rows."""
    saved = deleted_key is None
    ledger.append(
        row.ledger_action,
        actor=history_user(row),
        payload=None if saved else {"deleted": f"{row._meta.db_table}:{deleted_key}"},
        rows=[row] if saved else ledger.history_of(row),
        rows_private=True,
    )

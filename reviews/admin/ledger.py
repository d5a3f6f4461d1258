"""The ledger, read only. Lists load no payload; a search for a number finds the event at that position."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.admin.base import ViewOnly
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate


@admin.register(LedgerEvent)
class LedgerEventPage(ViewOnly):
    list_display = ["position", "at", "action", "article", "hash"]
    list_filter = [("article", admin.EmptyFieldListFilter), ("actor", admin.EmptyFieldListFilter)]
    search_fields = ["^action", "=article", "=hash"]
    search_help_text = gettext_lazy("Position, beginning of the action, public id of an article, or hash")
    number = "position"
    deferred = ["payload", "signature"]


@admin.register(LedgerPrivate)
class LedgerPrivatePage(ViewOnly):
    """Names and reasons: shown one at a time."""

    list_display = ["event"]
    list_filter = [("event__article", admin.EmptyFieldListFilter)]
    search_fields = ["^event__action", "=event__article"]
    number = "event"
    list_select_related = ["event"]
    deferred = ["salt", "text", "event__payload", "event__signature"]


@admin.register(LedgerHead)
class LedgerHeadPage(ViewOnly):
    list_display = ["__str__", "ledger_id", "key_id", "hash"]
    list_filter = ["key_id"]
    search_fields = ["=ledger_id", "=hash"]


@admin.register(Checkpoint)
class CheckpointPage(ViewOnly):
    list_display = ["size", "ledger_id", "root"]
    list_filter = ["ledger_id"]
    search_fields = ["=ledger_id", "=root"]
    number = "size"
    deferred = ["note"]

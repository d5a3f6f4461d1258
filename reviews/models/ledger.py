from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.rows.append_only import AppendOnly
from articles.text.canonical import CanonicalJSONField
from reviews.models.actions import Action


class LedgerEvent(AppendOnly):
    """
    One step in the gap-free, hash-chained, signed list of all steps.

    `hash` covers the exact text of every column but `hash` and `signature`. `actor` is a random pseudonym, new in each
    event, or empty if no person acted; before release 0.3 it was the account's primary key. Primary keys, names and
    reasons are in LedgerPrivate; `private_commitment` commits to them.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    ledger_id = models.CharField(max_length=32)
    at = models.CharField("time (RFC 3339, UTC)", max_length=27)
    action = models.CharField(max_length=40)
    article = models.CharField("article's public id", max_length=36, blank=True)
    actor = models.CharField(max_length=20, blank=True)
    payload = models.TextField("canonical JSON")
    private_commitment = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True)
    signature = models.CharField("Ed25519 signature of the hash", max_length=88)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="ledger_positions_begin_at_one"),
        ]
        indexes = [
            models.Index(fields=["article", "position"], name="ledger_of_article"),  # an article's timeline
            models.Index(  # the readers' page of the ledger lists the restores
                fields=["position"], condition=Q(action=Action.RESTORE_ACCEPTED.value), name="ledger_of_restores"
            ),
            models.Index(  # each proof of a text names the keys that signed it
                fields=["position"], condition=Q(action=Action.KEY_ROTATED.value), name="ledger_of_keys"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.action}"


class LedgerPrivate(AppendOnly):
    """The names and reasons of an event. The public export omits them and can be verified without them."""

    event = models.OneToOneField(LedgerEvent, primary_key=True, on_delete=models.PROTECT, related_name="private")
    salt = models.CharField(max_length=64)
    text = models.TextField("canonical JSON")

    class Meta:
        verbose_name = "confidential record of an event"
        verbose_name_plural = "confidential records of events"

    def __str__(self) -> str:
        return _("Confidential record of event {event_id}").format(event_id=self.event_id)


class LedgerHead(models.Model):
    """
    The one row with the end of the ledger. Its lock serialises all appends.

    `frontier` holds the roots of the perfect subtrees of the Merkle tree over all event hashes (RFC 6962), largest
    first. So the cost of a checkpoint is logarithmic in the ledger's length.
    """

    position = models.PositiveBigIntegerField(default=0)
    ledger_id = models.CharField(max_length=32, blank=True)
    hash = models.CharField(max_length=64, default="0" * 64)
    key_id = models.CharField(max_length=16, blank=True)
    frontier = CanonicalJSONField(default=list)

    class Meta:
        verbose_name = "head of the ledger"
        verbose_name_plural = "head of the ledger"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="ledger_has_one_head")]

    def __str__(self) -> str:
        return _("Ledger ends at {position}").format(position=self.position)


class Checkpoint(AppendOnly):
    """The signed head of the ledger at one size: a C2SP tlog-checkpoint note, also kept outside the database."""

    size = models.PositiveBigIntegerField("number of events", primary_key=True)
    ledger_id = models.CharField(max_length=32)
    root = models.CharField("Merkle root (RFC 6962), hexadecimal", max_length=64)
    note = models.TextField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return _("Checkpoint at {size}").format(size=self.size)

    @property
    def short_root(self) -> str:
        """The start of the root: it differs from that of a checkpoint of the same size in a lost history."""
        return self.root[:16]

    def get_absolute_url(self) -> str:
        return reverse("ledger_checkpoint", args=[self.size, self.short_root])

    @property
    def export_address(self) -> str:
        """The address of the ledger's export up to this checkpoint."""
        return reverse("ledger_export", args=[self.size, self.short_root])

"""What people have read of a version at the desk: the texts that they opened, and the changes that they ticked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Version


class Opening(models.Model):
    """
    The first time that somebody opened a text of an unpublished version at the desk.

    They opened the text for an audience as a whole, or what changed in all texts since another version. It is the only
    row that is written when a page is opened. An approval says which of the texts its signer had opened.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="openings")
    audience = models.CharField(_("readers"), max_length=30, blank=True)
    since = models.ForeignKey(
        Version,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("changes since"),
    )
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("opened text")
        verbose_name_plural = _("opened texts")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user", "audience"], condition=Q(since__isnull=True), name="opening_once_of_a_text"
            ),
            models.UniqueConstraint(
                fields=["version", "user", "since"], condition=Q(since__isnull=False), name="opening_once_of_changes"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) & ~Q(audience="") | Q(since__isnull=False, audience=""),
                name="opening_of_a_text_or_of_changes",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.version_id} opened by {self.user_id}"


class ReadChange(models.Model):
    """A change between two versions that somebody ticked as read, by its name. Only that person sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    since = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", verbose_name=_("changes since"))
    change = models.CharField(_("change"), max_length=24)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change ticked as read")
        verbose_name_plural = _("changes ticked as read")
        constraints = [
            models.UniqueConstraint(fields=["version", "since", "user", "change"], name="readchange_once"),
        ]

    def __str__(self) -> str:
        return f"Change {self.change} read by {self.user_id}"

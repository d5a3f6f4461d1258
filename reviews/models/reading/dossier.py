import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article

KEPT = datetime.timedelta(days=7)  # the archive itself; who asked for it stays known


class DossierQuerySet(models.QuerySet["Dossier"]):
    def outdated(self, now: datetime.datetime) -> Self:
        """Return the finished archives that are older than `KEPT`."""
        return self.filter(made_at__lt=now - KEPT)


class Dossier(models.Model):
    """
    An archive of all that is recorded of an article, which somebody asked for: who, when, and how far it is made.

    The archive is deleted after a week. The row stays: it says who took a copy, and its SHA-256.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="dossiers")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_by_name = models.CharField(_("asked for by"), max_length=200)
    requested_at = models.DateTimeField(_("asked for at"))
    language = models.CharField(_("language"), max_length=10)
    done = models.PositiveIntegerField(_("parts made"), default=0)
    total = models.PositiveIntegerField(_("parts"), default=0)  # 0 until the job begins
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    failure = models.CharField(_("why it could not be made"), max_length=500, blank=True)

    objects: ClassVar = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["article", "-requested_at"], name="dossiers_of_article")]

    def __str__(self) -> str:
        return _("Dossier {pk} of article {article}").format(pk=self.pk, article=self.article_id)

    @property
    def is_under_way(self) -> bool:
        return self.made_at is None and not self.failure

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class DossierPart(models.Model):
    """A stretch of an archive, so that no request holds a whole one in memory."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of a dossier")
        verbose_name_plural = _("parts of dossiers")
        ordering = ["dossier", "number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossierpart_once")]

    def __str__(self) -> str:
        return _("Part {number} of dossier {dossier}").format(number=self.number, dossier=self.dossier_id)

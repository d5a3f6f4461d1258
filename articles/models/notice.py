from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models.article import Article
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.models.version import Version


class NoticeQuerySet(AppendOnlyQuerySet):
    def in_force(self):
        """Return the notices that no later one lifts and that do not themselves lift another."""
        return self.filter(lifts__isnull=True, lifted_by__isnull=True)

    def corrections_beside(self, article, number):
        """Return the corrections in force beside a version: of it, and of those published before it."""
        return self.in_force().filter(
            kind=Notice.Kind.CORRECTION,
            article=article,
            versions__number__lte=number,
            versions__review__published_at__isnull=False,
        )

    def closing(self, article: Article):
        """Return the removals in force that close every address of the article: those of its public version."""
        return self.in_force().filter(kind=Notice.Kind.REMOVAL, versions=article.published_version_id)


class Notice(AppendOnly):
    """
    A public word about published versions. Another notice lifts it by pointing at it.

    Correction and concern stand beside the text. A retracted text (it was wrong) and a withdrawn one (no longer
    offered) stay readable, labelled, and off the lists. A removed text, for legal or safety reasons, answers 410.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CONCERN = "concern", "Expression of concern"
        RETRACTION = "retraction", "Retraction"
        REMOVAL = "removal", "Removal"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    FORBID_PUBLICATION = (Kind.RETRACTION, Kind.REMOVAL, Kind.WITHDRAWAL)
    IN_PLACE_OF_APPROVED = {  # what a version under such a notice is called, the gravest first
        Kind.REMOVAL: "Removed",
        Kind.RETRACTION: "Retracted",
        Kind.WITHDRAWAL: "Withdrawn",
        Kind.CONCERN: "Under an expression of concern",
    }

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    versions = models.ManyToManyField(Version, through="NoticeVersion", related_name="notices")
    lifts = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="lifted_by")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_by_name = models.CharField(max_length=200)
    issued_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="notice_has_a_reason", violation_error_message="Give the reason."
            ),
        ]

    def __str__(self):
        kind = self.get_kind_display()
        return f"{kind} lifted" if self.lifts_id else kind

    def unseen(self) -> str:
        """Return in a sentence why readers do not see this notice; nothing when they do."""
        if not Notice.objects.closing(self.article).exclude(pk=self.pk).exists():
            return ""
        return "Readers do not see it while the removal stands: nothing of this article is shown to them."


class NoticeVersion(AppendOnly):
    """A version that a notice speaks of."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="version_once_per_notice")]

    def __str__(self):
        return f"Notice {self.notice_id} on version {self.version_id}"

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.review_process import review_process


class NoticeQuerySet(AppendOnlyQuerySet):
    def in_force(self):
        """Return the notices that no later one lifts and that do not themselves lift another."""
        return self.filter(lifts__isnull=True, lifted_by__isnull=True)

    def that(self, consequence: str):
        """Return the notices of the kinds that have this consequence, a column of `Notice.CONSEQUENCES`."""
        return self.filter(kind__in=Notice.kinds(consequence))

    def travelling_to(self, article, number):
        """Return the notices in force that stand beside a version and came with it from those published before."""
        was_published = review_process().was_published("versions")
        rows = self.in_force().that("travels")
        return rows.filter(was_published, article=article, versions__number__lte=number)

    def closing(self, published_version: int | None):
        """Return the removals in force that close every address of an article, by the key of its public version."""
        return self.in_force().that("removes").filter(versions=published_version)


@dataclass(frozen=True)
class Consequences:
    """What a notice of one kind does, while it is in force, to each version that it names."""

    kind: str
    called: str = ""  # in the place of “Approved”
    warning: str = ""  # what readers are told first, above its reason
    on_paper: str = ""  # what each printed sheet says after `called`
    leads: bool = False  # it stands over the text, and steps and dates of review are not shown
    doubts: bool = False  # it takes the place of “Approved” and the text stays on the lists, with a tag
    travels: bool = False  # it stands beside each version published later too, with a tag
    removes: bool = False  # the version's address answers 410
    leaves_lists: bool = False  # no list, search, sitemap or feed names the version
    forbids_publication: bool = False
    ends_full_review: bool = False  # no other version rests on the full review of this one
    names: str = "public"  # the versions it is about unless its issuer names others: public, published, all

    def __post_init__(self):
        if self.names not in ("public", "published", "all"):
            raise ValueError(self.names)


class Notice(AppendOnly):
    """
    A public word about published versions. Another notice lifts it by pointing at it.

    `CONSEQUENCES` is the one table of what each kind does. A retracted text was wrong; a withdrawn one is no longer
    offered; both stay readable. A text is removed for legal or safety reasons alone.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CONCERN = "concern", "Expression of concern"
        RETRACTION = "retraction", "Retraction"
        REMOVAL = "removal", "Removal"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    CONSEQUENCES = {
        row.kind: row
        for row in [  # the gravest first
            Consequences(
                Kind.REMOVAL, called="Removed", removes=True, leaves_lists=True, forbids_publication=True,
                ends_full_review=True, names="all",
            ),
            Consequences(
                Kind.RETRACTION, called="Retracted", warning="Do not rely on this text.",
                on_paper="do not rely on this text", leads=True, leaves_lists=True, forbids_publication=True,
                ends_full_review=True,
            ),
            Consequences(
                Kind.WITHDRAWAL, called="Withdrawn", warning="This text is no longer offered.",
                on_paper="this text is no longer offered", leads=True, leaves_lists=True, forbids_publication=True,
                ends_full_review=True,
            ),
            Consequences(Kind.CONCERN, called="Under an expression of concern", doubts=True),
            Consequences(Kind.CORRECTION, travels=True, names="published"),
        ]
    }  # fmt: skip

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    versions = models.ManyToManyField("articles.Version", through="NoticeVersion", related_name="notices")
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

    @classmethod
    def kinds(cls, consequence: str) -> list[str]:
        """Return the kinds that have this consequence, the gravest first; `consequence` is a column of the table."""
        return [kind for kind, row in cls.CONSEQUENCES.items() if getattr(row, consequence)]

    @property
    def consequences(self) -> Consequences:
        return self.CONSEQUENCES[self.kind]

    def unseen(self) -> str:
        """Return in a sentence why readers do not see this notice; nothing when they do."""
        if not Notice.objects.closing(self.article.published_version_id).exclude(pk=self.pk).exists():
            return ""
        return "Readers do not see it while the removal stands: nothing of this article is shown to them."


class NoticeVersion(AppendOnly):
    """A version that a notice speaks of."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="version_once_per_notice")]

    def __str__(self):
        return f"Notice {self.notice_id} on version {self.version_id}"

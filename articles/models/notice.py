from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.review_process import review_process


class NoticeQuerySet(AppendOnlyQuerySet["Notice"]):
    def in_force(self) -> "NoticeQuerySet":
        """Return the notices that are not lifted and that do not lift another."""
        return self.filter(lifts__isnull=True, lifted_by__isnull=True)

    def that(self, consequence: str) -> "NoticeQuerySet":
        """Return the notices with this consequence, a field of `Consequences`."""
        return self.filter(kind__in=Notice.kinds(consequence))

    def travelling_to(self, article: OuterRef, number: OuterRef) -> "NoticeQuerySet":
        """Return the travelling notices in force on a version, or on one published before it."""
        was_published = review_process().was_published("versions")
        rows = self.in_force().that("travels")
        return rows.filter(was_published, article=article, versions__number__lte=number)

    def closing(self, published_version: int | None) -> "NoticeQuerySet":
        """Return the removals in force of this published version. They close every address of its article."""
        return self.in_force().that("removes").filter(versions=published_version)


if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words


@dataclass(frozen=True)
class Consequences:
    """The consequences of one kind of notice, while it is in force, for each version that it names."""

    kind: str
    plural: "Words"
    means: "Words"  # in a sentence for readers
    called: "Words" = ""  # shown instead of “Approved”
    warning: "Words" = ""  # shown to readers above the reason
    on_paper: "Words" = ""  # printed on each sheet after `called`
    leads: bool = False  # shown above the text; steps and dates of review are hidden
    doubts: bool = False  # shown instead of “Approved”; the text stays on the lists, with a tag
    travels: bool = False  # also shown, with a tag, beside each version published later
    removes: bool = False  # the version's address answers 410
    leaves_lists: bool = False  # the version is in no list, search, sitemap or feed
    forbids_publication: bool = False
    ends_full_review: bool = False  # no other version can rest on the full review of this one
    names: str = "public"  # the versions it names by default: public, published or all

    def __post_init__(self) -> None:
        if self.names not in ("public", "published", "all"):
            raise ValueError(self.names)

    @property
    def asks_first(self) -> bool:
        """Tell whether the editor reads what readers will see, and confirms it, before the notice is issued."""
        return bool(self.called)


class Notice(AppendOnly):
    """
    A public statement about published versions. It is lifted by another notice that points at it.

    `CONSEQUENCES` is the only table of the consequences of each kind. A retracted text was wrong; a withdrawn one is
    no longer offered; both stay readable. A text is removed for legal or safety reasons only.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CONCERN = "concern", _("Expression of concern")
        RETRACTION = "retraction", _("Retraction")
        REMOVAL = "removal", _("Removal")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    CONSEQUENCES = {
        row.kind: row
        for row in [  # the gravest first
            Consequences(
                Kind.REMOVAL, _("Removals"),
                _("The text is no longer shown, for a legal reason or because it can harm."),
                called=_("Removed"), removes=True, leaves_lists=True, forbids_publication=True, ends_full_review=True,
                names="all",
            ),
            Consequences(
                Kind.RETRACTION, _("Retractions"), _("The text was wrong. It stays readable, under its notice."),
                called=_("Retracted"), warning=_("Do not rely on this text."), on_paper=_("do not rely on this text"),
                leads=True, leaves_lists=True, forbids_publication=True, ends_full_review=True,
            ),
            Consequences(
                Kind.WITHDRAWAL, _("Withdrawals"),
                _("The text is no longer offered. It stays readable, under its notice."),
                called=_("Withdrawn"), warning=_("This text is no longer offered."),
                on_paper=_("this text is no longer offered"), leads=True, leaves_lists=True, forbids_publication=True,
                ends_full_review=True,
            ),
            Consequences(
                Kind.CONCERN, _("Expressions of concern"),
                _("The text may be wrong. It stays readable, under its notice."),
                called=_("Under an expression of concern"), doubts=True,
            ),
            Consequences(
                Kind.CORRECTION, _("Corrections"), _("Something in the text was wrong. The notice says what."),
                travels=True, names="published",
            ),
        ]
    }  # fmt: skip

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    versions = models.ManyToManyField("articles.Version", through="NoticeVersion", related_name="notices")
    lifts = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="lifted_by")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_by_name = models.CharField("issued by", max_length=200)
    issued_at = models.DateTimeField()

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="notice_has_a_reason", violation_error_message=_("Give the reason.")
            ),
        ]

    def __str__(self) -> str:
        kind = self.get_kind_display()
        return _("{kind} lifted").format(kind=kind) if self.lifts_id else kind

    @classmethod
    def kinds(cls, consequence: str) -> list[str]:
        """Return the kinds with this consequence, a field of `Consequences`; the gravest first."""
        return [kind for kind, row in cls.CONSEQUENCES.items() if getattr(row, consequence)]

    @property
    def consequences(self) -> Consequences:
        return self.CONSEQUENCES[self.kind]

    def why_unseen(self) -> str:
        """Return in a sentence why readers do not see this notice; empty if they do."""
        if not Notice.objects.closing(self.article.published_version_id).exclude(pk=self.pk).exists():
            return ""
        return "Readers do not see it while the removal is in force: nothing of this article is shown to them."


class NoticeVersion(AppendOnly):
    """A version that a notice names."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version named in a notice"
        verbose_name_plural = "versions named in notices"
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="version_once_per_notice")]

    def __str__(self) -> str:
        return _("Notice {notice_id} on version {version_id}").format(
            notice_id=self.notice_id, version_id=self.version_id
        )

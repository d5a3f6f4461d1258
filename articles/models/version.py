from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models.article import Article, Authorship
from articles.models.notice import Consequences, Notice
from articles.models.reference import Reference
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.models.rows.remembered import remembered
from articles.models.setup.retractions import RetractionSnapshot, said_of
from articles.models.setup.topic import Topic
from articles.review_process import review_process
from articles.text.addresses import version_at
from articles.text.canonical import CanonicalJSONField
from articles.text.citations.reference import DOUBTED
from articles.text.citations.retracted import CitedWork, Retracted, cited_work, retracted

NO_VERSION = gettext_lazy(
    "Give the address of the published version that was translated, such as /articles/swollen-lymph-nodes/versions/2/. "
    "It is listed under “all published versions” of the original."
)


def numbered(numbers: Iterable[int]) -> str:
    """Return the versions by number, for a sentence: version 1; versions 1 and 2; versions 1, 2 and 4."""
    *before, last = map(str, sorted(numbers))
    if not before:
        return _("version {number}").format(number=last)
    return _("versions {before} and {last}").format(before=", ".join(before), last=last)


class VersionQuerySet(AppendOnlyQuerySet["Version"]):
    def published(self) -> "VersionQuerySet":
        """Return the versions that are or were published."""
        return self.filter(review_process().was_published())

    def listed(self) -> "VersionQuerySet":
        """Return the published versions of the articles of `ArticleQuerySet.listed`, to be ordered by an index."""
        off_lists = Notice.objects.in_force().that("leaves_lists").filter(versions=OuterRef("pk"))
        return self.published().filter(~Exists(off_lists), article__published_version=F("pk"))

    def original_at(self, address: str) -> "Version":
        """
        Return the text that a translation of the version at this address is a translation of.

        It is the version itself, or the one that it was translated from. Raise ValidationError if the address is not
        that of a version which readers can open.
        """
        slug, number = version_at(address) or ("", 0)
        listed = Article.objects.listed().filter(Q(slug=slug) | Q(former_slugs__slug=slug))
        removed = Notice.objects.in_force().that("removes").filter(versions=OuterRef("pk"))
        rows = self.published().filter(~Exists(removed), article__in=listed.values("pk"), number=number)
        found = rows.select_related("article__published_version", "translation_of__article").first()
        if found is None:
            raise ValidationError(NO_VERSION)
        public = found.article.published_version
        if found.translation_of is None and public and public.translation_of_id:
            sentence = _("This article became a translation later. Give the address of its current version.")
            raise ValidationError(sentence)
        return found.translation_of or found

    def with_notices(self) -> "VersionQuerySet":
        """Fetch with each version its notices in force, for lists that show its status."""
        in_force = models.Prefetch("notices", Notice.objects.in_force(), to_attr="notices_in_force")
        return self.prefetch_related(in_force)  # type: ignore[no-redef]  # fills the cached property of this name

    def with_lifted_notices(self) -> "VersionQuerySet":
        """Fetch with each version its lifted notices, each with the notice that lifted it."""
        lifted = Notice.objects.filter(lifted_by__isnull=False).select_related("lifted_by")
        return self.prefetch_related(models.Prefetch("notices", lifted, to_attr="notices_lifted"))


class Version(AppendOnly):
    """
    The frozen article as submitted.

    The long text is in VersionText. So lists need not load it, and a lawful erasure can remove it while digest and
    signatures stay.
    """

    class Change(models.TextChoices):
        CORRECTION = "correction", gettext_lazy("Correction: spelling or punctuation only")
        MINOR = "minor", gettext_lazy("Minor: the advice stays the same")
        MAJOR = "major", gettext_lazy("Major: new or changed advice, a full review")

        @property
        def in_a_word(self) -> str:
            return str(CHANGE_IN_A_WORD[self])

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    note = models.CharField(max_length=1000, help_text="What changed and why, in words that readers are shown.")
    kind = models.CharField(max_length=10, choices=Article.Kind)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    risk = models.CharField(max_length=10, choices=Article.Risk)
    written_for = models.CharField(max_length=30)
    translation_of = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="translations",
        help_text="Never itself a translation.",
    )
    digest = models.CharField("SHA-256 of the frozen text", max_length=64)
    writers = CanonicalJSONField(
        help_text="Everyone who wrote any part of it, as they were when it was submitted: a list of {id, name}."
    )
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by_name = models.CharField("submitted by", max_length=200)
    submitted_at = models.DateTimeField()

    full_review_because: str  # set at submission: why the change class is major although another was chosen

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once_per_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_begin_at_one"),
            models.CheckConstraint(condition=Q(number__gt=1) | Q(change="major"), name="version_first_is_major"),
        ]
        indexes = [models.Index(fields=["title", "id"], name="version_by_title")]  # the readers' lists

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.article.slug, self.number])

    @property
    def is_policy(self) -> bool:
        return self.kind == Article.Kind.POLICY

    @property
    def is_question(self) -> bool:
        return self.kind == Article.Kind.QUESTION

    @cached_property
    def notices_in_force(self) -> list[Notice]:
        return list(self.notices.in_force())

    @property
    def set_aside(self) -> Consequences | None:
        """Return the gravest consequences that replace “Approved” as the version's status, or None."""
        kinds = {notice.kind for notice in self.notices_in_force}
        return next((Notice.CONSEQUENCES[kind] for kind in Notice.kinds("called") if kind in kinds), None)

    @cached_property
    def linked_contributors(self) -> set[int]:
        """Return the keys of the contributors linked to the draft at submission, or at any time before."""
        rows = Authorship.history.filter(article_id=self.article_id).values_list("contributor_id", "history_date")
        linked = remembered(("linked", self.article_id), lambda: list(rows))
        return {contributor for contributor, at in linked if at <= self.submitted_at}

    def was_written_by(self, user: User) -> bool:
        """Tell whether this person wrote a part: with the account, or as a contributor who got it later."""
        if any(writer["id"] == user.pk for writer in self.writers):
            return True
        own = getattr(user, "contributor", None)
        return own is not None and own.pk in self.linked_contributors


CHANGE_IN_A_WORD = {
    Version.Change.CORRECTION: gettext_lazy("correction"),
    Version.Change.MINOR: gettext_lazy("minor"),
    Version.Change.MAJOR: gettext_lazy("major"),
}


class VersionText(AppendOnly):
    """The canonical text of a version: the bytes whose SHA-256 is `version.digest`."""

    version = models.OneToOneField(Version, primary_key=True, on_delete=models.PROTECT, related_name="frozen")
    text = models.TextField()

    class Meta:
        verbose_name = "text of a version"
        verbose_name_plural = "texts of versions"

    def __str__(self) -> str:
        return f"Text of version {self.version_id}"


class VersionTopic(AppendOnly):
    """A topic of a version, under its name at submission."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="version_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)

    class Meta:
        verbose_name = "topic of a version"
        verbose_name_plural = "topics of versions"
        constraints = [models.UniqueConstraint(fields=["version", "topic"], name="topic_once_per_version")]
        indexes = [models.Index(fields=["topic", "id"], name="version_topics_newest")]  # related articles

    def __str__(self) -> str:
        return self.name


class VersionReferenceQuerySet(AppendOnlyQuerySet["VersionReference"]):
    def doubted(self) -> list[Retracted]:
        """Return the works that are retracted or doubted now, ordered by key, in one query."""
        return [work for _, work in self.doubted_in()]

    def doubted_in(self) -> list[tuple[int, Retracted]]:
        """Return (version key, work) for the retracted and doubted works of several versions, in one query."""
        return doubted_among(self.perhaps_doubted())

    def as_they_stand(self) -> list[CitedWork]:
        """Return all works with how each stands today, ordered by key, in one query."""
        rows = self.annotate(
            listed=said_of("reference__doi", "reference__pmid"),
            has_name=~Q(reference__doi="", reference__pmid=""),
            has_list=Exists(RetractionSnapshot.objects.all()),
            now=Cast("reference__csl", models.TextField()),
        ).order_by("key")
        found = rows.values_list("key", "csl_text", "now", "listed", "has_name", "has_list")
        return [
            cited_work(key, frozen, known, listed, is_checked=has_name and has_list)
            for key, frozen, known, listed, has_name, has_list in found
        ]

    def perhaps_doubted(self) -> models.QuerySet["VersionReference", tuple[Any, ...]]:
        """
        Return (version key, key, CSL-JSON then, CSL-JSON now, what the list of retractions says) of works.

        These are the works on that list, and those whose entry in the library may call them retracted or doubted.
        """
        rows = self.annotate(listed=said_of("reference__doi", "reference__pmid")).order_by("key")
        rows = rows.filter(
            ~Q(listed="") | Q(reference__csl__icontains="retracted") | Q(reference__csl__icontains=DOUBTED)
        )
        return rows.values_list("version_id", "key", "csl_text", Cast("reference__csl", models.TextField()), "listed")


def doubted_among(rows: Iterable[Any]) -> list[tuple[int, Retracted]]:
    """Return (version key, work) for those rows of `perhaps_doubted` that are retracted or doubted."""
    found = [(version, retracted(*row)) for version, *row in rows]
    return [(version, work) for version, work in found if work]


class VersionReference(AppendOnly):
    """A work as a version cites it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="version_references")
    key = models.CharField(max_length=64)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="version_references")
    csl_text = models.TextField()

    objects: ClassVar = VersionReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "reference of a version"
        verbose_name_plural = "references of versions"
        ordering = ["version", "key"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="citation_key_once_per_version")]

    def __str__(self) -> str:
        return f"[@{self.key}] of version {self.version_id}"

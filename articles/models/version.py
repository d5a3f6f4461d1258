from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property

from articles.models.article import Article, Authorship
from articles.models.notice import Notice
from articles.models.reference import Reference
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.models.topic import Topic
from articles.review_process import review_process
from articles.text.canonical import CanonicalJSONField
from articles.text.citations.retracted import Retracted, retracted


def numbered(numbers: Iterable[int]) -> str:
    """Return how a sentence calls versions by their numbers: version 1; versions 1 and 2; versions 1, 2 and 4."""
    *before, last = map(str, sorted(numbers))
    return f"versions {', '.join(before)} and {last}" if before else f"version {last}"


class VersionQuerySet(AppendOnlyQuerySet):
    def published(self):
        """Return the versions that are or were published."""
        return self.filter(review_process().was_published())

    def with_notices(self):
        """Fetch the notices in force on each version with it, for lists that say how it stands."""
        return self.prefetch_related(models.Prefetch("notices", Notice.objects.in_force(), to_attr="notices_in_force"))

    def with_lifted_notices(self):
        """Fetch with each version the notices that were in force once, each with the one that lifted it."""
        lifted = Notice.objects.filter(lifted_by__isnull=False).select_related("lifted_by")
        return self.prefetch_related(models.Prefetch("notices", lifted, to_attr="notices_lifted"))


class Version(AppendOnly):
    """
    The frozen article as submitted.

    Light, for lists and evidence: the long text lies in VersionText, so that a later lawful erasure can remove it and
    leave digest and signatures standing.
    """

    class Change(models.TextChoices):
        CORRECTION = "correction", "Correction: spelling or punctuation only"
        MINOR = "minor", "Minor: the advice stays the same"
        MAJOR = "major", "Major: new or changed advice, a full review"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    note = models.CharField(max_length=1000, help_text="What changed and why, in words that readers are shown.")
    kind = models.CharField(max_length=10, choices=Article.Kind)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    risk = models.CharField(max_length=10, choices=Article.Risk)
    written_for = models.CharField(max_length=30)
    digest = models.CharField("SHA-256 of the frozen text", max_length=64)
    writers = CanonicalJSONField(help_text="Everyone who wrote any part of it: a list of {id, name} as they were.")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by_name = models.CharField(max_length=200)
    submitted_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once_per_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_begin_at_one"),
            models.CheckConstraint(condition=Q(number__gt=1) | Q(change="major"), name="version_first_is_major"),
        ]

    def __str__(self):
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self):
        return reverse("version", args=[self.article.slug, self.number])

    @property
    def is_policy(self) -> bool:
        return self.kind == Article.Kind.POLICY

    @property
    def is_question(self) -> bool:
        return self.kind == Article.Kind.QUESTION

    @cached_property
    def notices_in_force(self) -> list:
        return list(self.notices.in_force())

    @property
    def set_aside(self):
        """Return the gravest consequences by which the version is called something else than approved, or None."""
        kinds = {notice.kind for notice in self.notices_in_force}
        return next((Notice.CONSEQUENCES[kind] for kind in Notice.kinds("called") if kind in kinds), None)

    @cached_property
    def linked(self) -> set[int]:
        """Return the contributors who were linked to the draft when it was submitted, or at any time before."""
        rows = Authorship.history.filter(article_id=self.article_id, history_date__lte=self.submitted_at)
        return set(rows.values_list("contributor_id", flat=True))

    def was_written_by(self, user) -> bool:
        """Tell whether this person wrote a part: with the account, or named while they had none as yet."""
        if any(writer["id"] == user.pk for writer in self.writers):
            return True
        own = getattr(user, "contributor", None)
        return own is not None and own.pk in self.linked


class VersionText(AppendOnly):
    """The canonical text of a version: the bytes whose SHA-256 is `version.digest`."""

    version = models.OneToOneField(Version, primary_key=True, on_delete=models.PROTECT, related_name="frozen")
    text = models.TextField()

    def __str__(self):
        return f"Text of version {self.version_id}"


class VersionTopic(AppendOnly):
    """A topic of a version, under the name it then had."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="version_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "topic"], name="topic_once_per_version")]

    def __str__(self):
        return self.name


class VersionReferenceQuerySet(AppendOnlyQuerySet):
    def retracted(self) -> list[Retracted]:
        """Return the works that the library calls retracted now, by key; one query, no other works are fetched."""
        return [work for _, work in self.retracted_in()]

    def retracted_in(self) -> list[tuple[int, Retracted]]:
        """Return (version, work) of the works of several versions, as `retracted` does of one; one query for all."""
        rows = self.filter(reference__csl__icontains="retracted").order_by("key")
        columns = ("version_id", "key", "csl_text", Cast("reference__csl", models.TextField()))
        found = [(version, retracted(*row)) for version, *row in rows.values_list(*columns)]
        return [(version, work) for version, work in found if work]


class VersionReference(AppendOnly):
    """A work as a version cites it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="version_references")
    key = models.CharField(max_length=64)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="version_references")
    csl_text = models.TextField()

    objects = VersionReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["version", "key"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="citation_key_once_per_version")]

    def __str__(self):
        return f"[@{self.key}] of version {self.version_id}"

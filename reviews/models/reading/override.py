"""An editor's signed judgement that a blocking finding of the automatic checks does not hold for these words."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.checks import Finding, fingerprint, may_be_overridden
from articles.checks.rule import short
from articles.models import Article
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet


class OverrideQuerySet(AppendOnlyQuerySet["Override"]):
    def standing(self) -> Self:
        """Return those that nobody took back."""
        return self.filter(takes_back__isnull=True, taken_back_by__isnull=True)

    def standing_for(self, article: int, found: Iterable[Finding]) -> dict[str, "Override"]:
        """
        Return the overrides of these findings that stand, by fingerprint, in the order in which they were signed.

        No statement runs if none of the findings may be overridden.
        """
        wanted = {fingerprint(one) for one in found if may_be_overridden(one)}
        if not wanted:
            return {}
        return {row.fingerprint: row for row in self.standing().filter(article=article, fingerprint__in=wanted)}


class Override(AppendOnly):
    """
    An editor's signature under the sentence that a finding does not stand in the way of these words, and why.

    `fingerprint` ties it to rule, place and words (`articles.checks.fingerprint`): once the words change, it no longer
    holds. A row with `takes_back` ends the one that it names, and repeats its finding.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="overrides")
    rule = models.CharField(_("rule"), max_length=10)
    fingerprint = models.CharField("SHA-256 of the finding", max_length=64)
    section = models.CharField(max_length=10, blank=True)
    audience = models.CharField(max_length=30, blank=True)
    part = models.CharField(max_length=10)
    excerpt = models.TextField(_("words"))
    sentence = models.TextField(blank=True)
    ruleset = models.CharField("version of the rules", max_length=16)
    reason = models.TextField(_("reason"))
    statement = models.TextField()
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    authenticated_by = models.CharField(max_length=20, default="password")
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="taken_back_by")

    objects: ClassVar = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("overridden finding")
        verbose_name_plural = _("overridden findings")
        ordering = ["signed_at", "pk"]
        indexes = [models.Index(fields=["article", "fingerprint"], name="override_of_a_finding")]

    def __str__(self) -> str:
        return _("{rule} overridden by {name}").format(rule=self.rule, name=self.printed_name)

    @property
    def words(self) -> str:
        """The sentence that it is about, on one line and at most 200 characters long; else its words alone."""
        return short(self.sentence or self.excerpt, 200)

    @property
    def is_standing(self) -> bool:
        return self.takes_back_id is None and not hasattr(self, "taken_back_by")

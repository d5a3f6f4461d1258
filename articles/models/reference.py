from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.rows.announced import announce, announced_together
from articles.models.rows.append_only import history
from articles.models.setup.retractions import said_of
from articles.text.canonical import CanonicalJSONField
from articles.text.citations import is_retracted
from articles.text.citations.identifiers import normal_doi, title_key
from articles.text.citations.retractions.standing import Standing
from articles.text.plain.characters import check, normalised
from articles.text.plain.marks import CITATION_KEY

validate_citation_key = RegexValidator(
    rf"\A{CITATION_KEY.pattern}\Z", _("A citation key is made of letters, digits, hyphens and underscores.")
)


def refuse_floats(value: Any) -> None:
    """Raise ValidationError if the CSL-JSON holds a float, which has no canonical form and so no digest."""
    if isinstance(value, float):
        raise ValidationError(_("Write numbers with a fraction as text: a reference holds no floating point numbers."))
    if isinstance(value, dict):
        value = value.values()
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        for inner in value:
            refuse_floats(inner)


def normalised_work(value: Any) -> Any:
    """Return the CSL-JSON with each text in its stored form; raise ValidationError as `characters.check` does."""
    if isinstance(value, dict):
        return {key: normalised_work(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalised_work(inner) for inner in value]
    return check(normalised(value)) if isinstance(value, str) else value


RETRACTED_IN_CSL = '"status":"retracted"'  # in the canonical text of a work


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def in_use(self) -> "ReferenceQuerySet":
        """Return the works of the library, without those that were merged into another."""
        return self.filter(merged_into=None)


class Reference(models.Model):
    """A work in the shared library, as CSL-JSON 1.0.2."""

    csl = CanonicalJSONField("CSL-JSON", validators=[refuse_floats])
    doi = models.CharField("DOI", max_length=250, blank=True)
    pmid = models.CharField("PMID", max_length=8, blank=True, validators=[RegexValidator(r"\A[1-9]\d{0,7}\Z")])

    # The title and year by which duplicates are found, made of the CSL; and the work that this one was merged into
    title_key = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_works"
    )

    objects = ReferenceQuerySet.as_manager()
    history = history(excluded_fields=["title_key", "merged_into"])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi="") & Q(merged_into=None),
                name="reference_doi_is_one_work",
                violation_error_message=_("The library already has a work with this DOI."),
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid="") & Q(merged_into=None),
                name="reference_pmid_is_one_work",
                violation_error_message=_("The library already has a work with this PMID."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.csl.get("title") or self.csl.get("container-title") or _("Reference {pk}").format(pk=self.pk))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """
        Save the work and announce it: signed texts that cite it show beside them if it is retracted.

        Records that were merged into it follow its standing, for the signed texts that cite those.
        """
        self.normalise()
        is_new = self._state.adding
        with announced_together():
            super().save(*args, **kwargs)
            announce(self)
            for former in () if is_new else self.merged_works.all():
                former.follow(self)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints also for a form without `merged_into`, which is in their conditions."""
        super().validate_constraints(exclude={*(exclude or ())} - {"merged_into"})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with announced_together():
            announce(self)
            return super().delete(*args, **kwargs)

    def normalise(self) -> None:
        """Put each field into its stored form; raise ValidationError if it has none."""
        refuse_floats(self.csl)
        self.csl = normalised_work(self.csl)
        self.doi = normal_doi(self.doi)
        self.pmid = self.pmid.strip()
        self.title_key = title_key(self.csl)

    def follow(self, work: "Reference") -> None:
        """Mark this record, which was merged into the work, as retracted if the work is, and only then."""
        if self.is_retracted != work.is_retracted:
            self.csl = {name: value for name, value in self.csl.items() if name != "status"}
            self.csl |= {"status": work.csl["status"]} if work.is_retracted else {}
            self.save()

    @property
    def is_retracted(self) -> bool:
        return is_retracted(self.csl)


class ArticleReferenceQuerySet(models.QuerySet["ArticleReference"]):
    def retracted(self, article: int) -> models.QuerySet["ArticleReference", tuple[Any, ...]]:
        """Return the keys of the article's works that are retracted, by the list of retractions or by the library."""
        rows = self.filter(article=article).annotate(listed=said_of("reference__doi", "reference__pmid"))
        is_retracted = Q(listed__startswith=Standing.RETRACTED.value) | Q(reference__csl__icontains=RETRACTED_IN_CSL)
        return rows.filter(is_retracted).order_by("key").values_list("key")


class ArticleReference(models.Model):
    """The key by which one article cites a work."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="article_references")
    key = models.CharField(max_length=64, validators=[validate_citation_key])
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="article_references")
    although_retracted = models.CharField(_("Why it is cited although it is retracted"), max_length=300, blank=True)

    objects = ArticleReferenceQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "citation key"
        verbose_name_plural = "citation keys"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="citation_key_once_per_article",
                violation_error_message=_("This article already has a reference with this key."),
            ),
        ]

    def __str__(self) -> str:
        return f"[@{self.key}]"

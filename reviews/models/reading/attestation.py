from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Version
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet
from articles.text.canonical import CanonicalJSONField
from reviews.models.review import Signature


class AttestationQuerySet(AppendOnlyQuerySet["Attestation"]):
    def complete(self) -> Self:
        """Return those that met the quorum, and so moved the dates of review."""
        return self.filter(last_reviewed__isnull=False)


class Attestation(AppendOnly):
    """
    A board member's signed statement that a published version was read again and needs no change.

    The one that meets the quorum moves the article to `last_reviewed` and `next_review_due`. Its `counted` holds the
    signatures that met it, each as it is printed, by the name of its row; any other attestation has none of the three.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attestations")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="attestation")
    quorum = CanonicalJSONField(help_text="Signatures needed then: {clinical, specialist, pharmacist}.")
    counted = CanonicalJSONField("signatures that met the quorum", default=dict)
    last_reviewed = models.DateField(null=True)
    next_review_due = models.DateField(null=True)
    attested_at = models.DateTimeField()

    objects: ClassVar = AttestationQuerySet.as_manager()

    class Meta:
        ordering = ["attested_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_reviewed__isnull=True, next_review_due__isnull=True)
                | Q(last_reviewed__isnull=False, next_review_due__isnull=False),
                name="attestation_moves_both_dates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return _("No change needed: {name}").format(name=self.signature.printed_name)

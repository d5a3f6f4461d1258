"""What the newest list of retractions says about works, found by their DOI or PMID."""

from collections.abc import Iterable

from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from articles.models.rows.append_only import AppendOnly
from articles.text.citations.retractions.standing import ON_A_LIST, Record

LISTED = [(standing.value, standing.label) for standing in ON_A_LIST]


class RetractionSnapshot(AppendOnly):
    """
    A list of retractions that was loaded: which file, as of which day. The newest one is in force.

    `entries` and `digest` are the number and SHA-256 of the rows of Retraction that it gave.
    """

    name = models.CharField(max_length=200)
    as_of = models.DateField("as of")
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    rows = models.PositiveIntegerField("rows of the file")
    entries = models.PositiveIntegerField("identifiers")
    digest = models.CharField("SHA-256 of the entries", max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("list of retractions")
        verbose_name_plural = _("lists of retractions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "as_of"],
                name="retraction_list_loaded_once",
                violation_error_message=_("This list is already loaded."),
            ),
        ]

    def __str__(self) -> str:
        return _("{name}, as of {day}").format(name=self.name, day=f"{self.as_of:%Y-%m-%d}")


class Retraction(models.Model):
    """How the work with this identifier stands by the list in force: its gravest record that is not lifted."""

    identifier = models.CharField(max_length=260, unique=True)  # doi:10.1000/x or pmid:123
    standing = models.CharField(max_length=20, choices=LISTED)
    day = models.DateField(null=True, blank=True)
    record = models.PositiveIntegerField("number of the record")
    notice = models.CharField("identifier of the notice", max_length=260, blank=True)
    reasons = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("entry of the list of retractions")
        verbose_name_plural = _("entries of the list of retractions")
        ordering = ["identifier"]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=[standing.value for standing in ON_A_LIST]), name="retraction_is_on_a_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.get_standing_display()}"

    @classmethod
    def of(cls, identifier: str, record: Record) -> "Retraction":
        """Return the unsaved row of an identifier whose work stands as the record says."""
        return cls(
            identifier=identifier,
            standing=record.nature,
            day=record.day,
            record=record.number,
            notice=record.notice,
            reasons=record.reasons,
        )

    def values(self) -> tuple[str, str, str, int, str, str]:
        """Return what the row says, as it is compared and as it goes into the digest of a list."""
        day = self.day.isoformat() if self.day else ""
        return (self.identifier, str(self.standing), day, self.record, self.notice, self.reasons)


def said_of(doi: str, pmid: str) -> Coalesce:
    """
    Return what the list in force says of the work whose DOI and PMID the query has under these names, "" if nothing.

    It is a text of three parts, as `retracted` reads it: the standing, the day, and the identifier of the notice.
    """
    text = models.TextField()
    order = models.Case(*(models.When(standing=one.value, then=place) for place, one in enumerate(ON_A_LIST)))
    of_work = Retraction.objects.filter(
        identifier__in=[
            Concat(Value(f"{name}:", text), Cast(OuterRef(field), text), output_field=text)
            for name, field in (("doi", doi), ("pmid", pmid))
        ]
    )
    parts = [Cast("standing", text), Coalesce(Cast("day", text), Value("", text)), Cast("notice", text)]
    said = Concat(parts[0], Value(" ", text), parts[1], Value(" ", text), parts[2], output_field=text)
    found = models.Subquery(of_work.order_by(order).values(said=said)[:1], output_field=text)
    return Coalesce(found, Value("", text), output_field=text)


def gravest(rows: Iterable[Retraction]) -> Retraction | None:
    """Return the row with the gravest standing; None if there is none."""
    order = {standing.value: place for place, standing in enumerate(ON_A_LIST)}
    return min(rows, key=lambda row: (order[row.standing], row.identifier), default=None)

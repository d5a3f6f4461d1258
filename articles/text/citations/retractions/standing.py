"""The standing of a work: what the notices about it, taken together, say of it today."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.text.citations.identifiers import normal_doi, normal_pmid


class Standing(models.TextChoices):
    """
    What is known of a work. The first four come from a list of retractions.

    NONE: the list, in which the work would be found by its DOI or PMID, does not name it. UNCHECKED: no list is
    loaded, or the work has neither a DOI nor a PMID.
    """

    RETRACTED = "work_retracted", _("Retracted")
    CONCERN = "work_doubted", _("Expression of concern")
    CORRECTED = "work_corrected", _("Corrected")
    REINSTATED = "work_reinstated", _("Reinstated")
    NONE = "not_listed", _("Not on the list of retractions")
    UNCHECKED = "unchecked", _("Not checked for retraction")


ON_A_LIST = (Standing.RETRACTED, Standing.CONCERN, Standing.CORRECTED, Standing.REINSTATED)  # the gravest first


@dataclass(frozen=True)
class Record:
    """A notice about a published work: its sort, its day if known, and the identifiers of the work it is about."""

    number: int
    nature: Standing
    day: datetime.date | None
    identifiers: tuple[str, ...]
    notice: str = ""
    reasons: str = ""


def identifiers_of(doi: str, pmid: str) -> tuple[str, ...]:
    """Return the identifiers of a work as they are compared: `doi:10.1000/x`, `pmid:123`."""
    found = (("doi", normal_doi(doi)), ("pmid", normal_pmid(pmid)))
    return tuple(f"{name}:{value}" for name, value in found if value)


def standings(records: Iterable[Record]) -> dict[str, Record]:
    """
    Return for each identifier the one record that says how its work stands today.

    Records are of one work if they share an identifier, also through a third. A retraction or concern is lifted only by
    a reinstatement of the same day or later: one without a date stays.
    """
    works = _by_work([record for record in records if record.identifiers])
    return {
        name: standing
        for about in works
        for standing in [_standing(about)]
        for name in {name for record in about for name in record.identifiers}
    }


def _by_work(records: list[Record]) -> list[list[Record]]:
    """Return the records of each work."""
    leader: dict[str, str] = {}

    def first(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = leader[above]
            name = above
        return name

    for record in records:
        for name in record.identifiers[1:]:
            leader[first(name)] = first(record.identifiers[0])
    works: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        works[first(record.identifiers[0])].append(record)
    return list(works.values())


def _standing(about: list[Record]) -> Record:
    """Return the newest record of the gravest sort that is not lifted."""
    lifting = [record.day for record in about if record.nature == Standing.REINSTATED and record.day]
    for nature in ON_A_LIST:
        rows = [record for record in about if record.nature == nature]
        if nature in (Standing.RETRACTED, Standing.CONCERN):
            rows = [record for record in rows if not (record.day and any(day >= record.day for day in lifting))]
        if rows:
            return max(rows, key=lambda record: (record.day or datetime.date.min, record.number))
    return about[0]

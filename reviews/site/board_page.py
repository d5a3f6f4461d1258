"""The medical advisory board as readers are told of it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from articles.models import Article, Contributor, Notice, Version
from reviews.models import BoardMember, Capacity, Disclosure, Signature, Specialty

ON_THE_BOARDS_PAGE = 10
ON_A_PAGE = 50
SHOWN = (
    "signer",
    "version__title",
    "version__article__slug",
    "version__language",
    "change",
    "has_concern",
    "has_correction",
)


class Signed(NamedTuple):
    """A published text that somebody approved, as which class of change, and what stands beside it."""

    signer: int
    title: str
    slug: str
    language: str
    change: str
    has_concern: bool
    has_correction: bool

    @property
    def is_correction(self) -> bool:
        return self.change == Version.Change.CORRECTION

    @property
    def is_minor(self) -> bool:
        return self.change == Version.Change.MINOR


@dataclass
class Entry:
    """One member: the public person, their seat, their newest disclosure, and what they signed that is now public."""

    person: Contributor
    capacities: list[str]
    specialties: list[str]
    disclosure: Disclosure | None
    signed: list[Signed] = field(default_factory=list)
    number: int = 0  # of the texts signed, of which the page may show fewer


def entries() -> list[Entry]:
    """Return who sits on the board now, by name, each with a few texts, in as many queries for one as for all."""
    members = {member.user_id: _entry(member) for member in _members()}
    for row in _few_of_each(members):
        members[row["signer"]].signed.append(_signed(row))
        members[row["signer"]].number = row["number"]
    return sorted(members.values(), key=lambda entry: (entry.person.name.casefold(), entry.person.pk))


def entry(person: int, after: str = "") -> tuple[Entry, bool]:
    """
    Return one member by the number of their contributor, with a page of the texts they signed, and whether more follow.

    `after` is the address of the last text seen. Raise Http404 for who does not sit on the board or did not sign that.
    """
    member = get_object_or_404(_members(), user__contributor__pk=person)
    rows = standing_signatures().filter(signer=member.user_id)
    found = _entry(member)
    found.number = rows.count()
    if after:
        title = rows.filter(version__article__slug=after).values_list("version__title", flat=True).first()
        if title is None:
            raise Http404
        rows = rows.filter(Q(version__title__gt=title) | Q(version__title=title, version__article__slug__gt=after))
    page = [_signed(row) for row in rows.values(*SHOWN)[: ON_A_PAGE + 1]]
    found.signed = page[:ON_A_PAGE]
    return found, len(page) > ON_A_PAGE


def _signed(row: dict) -> Signed:
    return Signed(*(row[name] for name in SHOWN))


def _few_of_each(members):
    """Return the first texts of each of these signers, with the number of all."""
    of_signer = {"partition_by": F("signer")}
    by_title = (F("version__title"), F("version__article__slug"))
    rows = (
        standing_signatures()
        .filter(signer__in=members)
        .annotate(place=Window(RowNumber(), order_by=by_title, **of_signer), number=Window(Count("pk"), **of_signer))
    )
    return rows.filter(place__lte=ON_THE_BOARDS_PAGE).values(*SHOWN, "number")


def standing_signatures():
    """Return the signatures in the bylines of texts that lists name, by title, each with what stands beside it."""
    shown = Signature.objects.in_bylines().filter(version__in=Article.objects.listed().values("published_version"))
    concern = Notice.objects.in_force().that("doubts").filter(versions=OuterRef("version"))
    correction = Notice.objects.travelling_to(OuterRef("version__article"), OuterRef("version__number"))
    change = F("decision__review__change")
    shown = shown.annotate(has_concern=Exists(concern), has_correction=Exists(correction), change=change)
    return shown.order_by("version__title", "version__article__slug")


def _members():
    """Return the active members who have a public name, with what is told of each."""
    made = Disclosure.objects.filter(made_on__lte=timezone.localdate()).order_by("-made_on", "-pk")
    return (
        BoardMember.objects.seated()
        .select_related("user__contributor")
        .prefetch_related(
            Prefetch("specialty_rows", Specialty.objects.select_related("topic").order_by("topic__name")),
            Prefetch("disclosures", made),
        )
    )


def _entry(member: BoardMember) -> Entry:
    return Entry(
        person=member.user.contributor,
        capacities=[Capacity(capacity).label for capacity in Capacity.values if member.holds(capacity)],
        specialties=[row.topic.name for row in member.specialty_rows.all() if member.holds(Capacity.SPECIALIST)],
        disclosure=next(iter(member.disclosures.all()), None),
    )

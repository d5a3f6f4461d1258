"""The medical advisory board as readers see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from articles.models import Contributor, Notice, Version
from reviews.models import BoardMember, Capacity, Disclosure, Signature, Specialty
from reviews.models.review import SignatureQuerySet

MEMBERS_ON_A_PAGE = 20
ON_THE_BOARDS_PAGE = 10  # texts of each member
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


class SignedText(NamedTuple):
    """A published text that a member approved, with its change class and its labels in lists."""

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
    """
    One member: public name, seat, newest disclosure, and the published texts that the member signed, newest first.

    `more` tells whether the member signed more than the page shows.
    """

    person: Contributor
    capacities: list[str]
    specialties: list[str]
    disclosure: Disclosure | None
    signed: list[SignedText] = field(default_factory=list)
    more: bool = False


def entries(after: str = "") -> tuple[list[Entry], bool]:
    """
    Return a page of the current members by name, each with a few signed texts, and whether more members follow.

    `after` is the contributor key of the last member on the page before. Raise Http404 if that person is not on the
    board. The number of queries is constant.
    """
    seated = _members().annotate(name=Lower("user__contributor__name")).order_by("name", "user__contributor__pk")
    if after:
        name = _name_of(seated, after)
        seated = seated.filter(Q(name=name, user__contributor__pk__gt=after) | Q(name__gt=name))
    rows = list(seated[: MEMBERS_ON_A_PAGE + 1])
    members = {member.user_id: _entry(member) for member in rows[:MEMBERS_ON_A_PAGE]}
    for row in _few_of_each(members):
        members[row["signer"]].signed.append(_signed(row))
    for found in members.values():
        found.more = len(found.signed) > ON_THE_BOARDS_PAGE
        del found.signed[ON_THE_BOARDS_PAGE:]
    return list(members.values()), len(rows) > MEMBERS_ON_A_PAGE


def _name_of(seated: "QuerySet[Any]", person: str) -> str:
    """Return the name that the member is ordered by; raise Http404 if the text is the key of no member."""
    found = seated.filter(user__contributor__pk=person) if person.isdecimal() else seated.none()
    for name in found.values_list("name", flat=True):
        return str(name)
    raise Http404


def entry(person: int, after: str = "") -> Entry:
    """
    Return the member with this contributor key, with a page of signed texts.

    `after` is the address of the last text on the page before. Raise Http404 if the person is not on the board, or did
    not sign that text.
    """
    member = get_object_or_404(_members(), user__contributor__pk=person)
    rows = current_signatures().filter(signer=member.user_id)
    if after:
        last = rows.filter(version__article__slug=after).values_list("pk", flat=True).last()
        if last is None:
            raise Http404
        rows = rows.filter(pk__lt=last)
    found = _entry(member)
    page = [_signed(row) for row in rows.values(*SHOWN)[: ON_A_PAGE + 1]]
    found.signed, found.more = page[:ON_A_PAGE], len(page) > ON_A_PAGE
    return found


def _signed(row: dict[str, Any]) -> SignedText:
    return SignedText(*(row[name] for name in SHOWN))


def _few_of_each(members: Iterable[int]) -> QuerySet[Signature, dict[str, Any]]:
    """Return the newest signed texts of each of these accounts: one more of each than the page shows, or all."""
    own = current_signatures().filter(signer=OuterRef("user")).values("pk")
    last = Subquery(own[ON_THE_BOARDS_PAGE : ON_THE_BOARDS_PAGE + 1])
    seats = BoardMember.objects.filter(user__in=members).annotate(last=last).values_list("user", "last")
    newest = [Q(signer=user, pk__gte=last or 0) for user, last in seats]
    return current_signatures().filter(reduce(or_, newest, Q(pk=None))).values(*SHOWN)


def current_signatures() -> SignatureQuerySet:
    """Return the signatures in the bylines of listed texts, newest first, each with the columns in `SHOWN`."""
    shown = Signature.objects.in_bylines().filter(Exists(Version.objects.listed().filter(pk=OuterRef("version"))))
    concern = Notice.objects.in_force().that("doubts").filter(versions=OuterRef("version"))
    correction = Notice.objects.travelling_to(OuterRef("version__article"), OuterRef("version__number"))
    change = F("decision__review__change")
    shown = shown.annotate(has_concern=Exists(concern), has_correction=Exists(correction), change=change)
    return shown.order_by("-pk")


def _members() -> QuerySet[BoardMember]:
    """Return the active members who have a public name, with the rows that the page shows of each."""
    made = Disclosure.objects.current(timezone.localdate()).prefetch_related("interests__topic_rows__topic")
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
        capacities=_as_listed([capacity for capacity in Capacity if member.holds(capacity)]),
        specialties=[row.topic.name for row in member.specialty_rows.all() if member.holds(Capacity.SPECIALIST)],
        disclosure=next(iter(member.disclosures.all()), None),
    )


def _as_listed(held: list[Capacity]) -> list[str]:
    """Return the capacities as the words of one list: only the first begins with a capital letter."""
    return [str(capacity.in_a_sentence if place else capacity.label) for place, capacity in enumerate(held)]

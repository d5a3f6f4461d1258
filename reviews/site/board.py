"""The medical advisory board as readers are told of it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F, Prefetch
from django.utils import timezone

from articles.models import Article, Contributor
from articles.roles import Role
from reviews.models import BoardMember, Capacity, Decision, Disclosure, Review, Signature, Specialty


class Signed(NamedTuple):
    """A published text that somebody approved."""

    signer: int
    title: str
    slug: str
    language: str


@dataclass
class Entry:
    """One member: the public person, their seat, their newest disclosure, and what they signed that is public now."""

    person: Contributor
    capacities: list[str]
    specialties: list[str]
    disclosure: Disclosure | None
    signed: list[Signed] = field(default_factory=list)


def entries() -> list[Entry]:
    """Return who sits on the board now, by name, in as many queries for one as for all."""
    members = {member.user_id: _entry(member) for member in _members()}
    shown = ("signer", "version__title", "version__article__slug", "version__language")
    for row in standing_signatures().filter(signer__in=members).values_list(*shown).distinct():
        members[row[0]].signed.append(Signed(*row))
    return sorted(members.values(), key=lambda entry: (entry.person.name.casefold(), entry.person.pk))


def standing_signatures():
    """Return the signatures that approve exactly a text that readers are shown and lists may name, by its title."""
    approvals = Signature.objects.filter(
        version__in=Article.objects.listed().values("published_version"),
        digest=F("version__digest"),
        meaning=Signature.Meaning.APPROVAL,
        decision__outcome=Decision.Outcome.APPROVE,
        decision__superseded_by__isnull=True,
        decision__review__version=F("version"),
        decision__review__status=Review.Status.APPROVED,
    )
    return approvals.exclude(capacity=Capacity.LAY).order_by("version__title", "version__article__slug")


def _members():
    """Return the active members who have a public name, with what is told of each."""
    seated = BoardMember.objects.filter(
        user__is_active=True, user__groups__name=Role.REVIEWER.value, user__contributor__isnull=False
    )
    made = Disclosure.objects.filter(made_on__lte=timezone.localdate()).order_by("-made_on", "-pk")
    return seated.select_related("user__contributor").prefetch_related(
        Prefetch("specialty_rows", Specialty.objects.select_related("topic").order_by("topic__name")),
        Prefetch("disclosures", made),
    )


def _entry(member: BoardMember) -> Entry:
    return Entry(
        person=member.user.contributor,
        capacities=[Capacity(capacity).label for capacity in Capacity.values if member.holds(capacity)],
        specialties=[row.topic.name for row in member.specialty_rows.all()],
        disclosure=next(iter(member.disclosures.all()), None),
    )

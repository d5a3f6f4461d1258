"""Who may judge a version, and in words why somebody may not."""

import datetime
import unicodedata
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.models.people import Role, active
from reviews.evidence.ledger import name_of
from reviews.models import (
    Assignment,
    BoardMember,
    Capacity,
    Conflict,
    Decision,
    Disclosure,
    Review,
    Specialty,
)

User = get_user_model()


@dataclass
class Person:
    """What decides whether somebody may judge one text, read at once. `conflicts` and `specialties` are topics."""

    user: User
    member: BoardMember | None = None
    disclosure: Disclosure | None = None
    conflicts: set[int] = field(default_factory=set)
    specialties: set[int] = field(default_factory=set)
    has_conflict: bool = False  # declared on an earlier request about this article

    @property
    def name(self) -> str:
        return name_of(self.user)


def reasons_against(user, review: Review, capacity: str, today: datetime.date | None = None) -> list[str]:
    """
    Return why this person may not review this version in this capacity, as sentences; empty when they may.

    They have to be an active member of the board, hold the capacity, have credentials and a disclosure in date (lay
    reviewers need no credentials), have written no part of the text, and have no conflict on its topics.
    """
    today = today or timezone.localdate()
    person = _read([user], review, today).get(user.pk) or Person(user)
    return _reasons(person, review, capacity, _topics(review), today)


def against_approvals(review: Review) -> list[str]:
    """
    Return why approvals that count cannot stand, as sentences: for a conflict, or a part in the text, found since.

    Credentials and disclosures have to be in date when somebody signs, and not later.
    """
    rows = review.decisions.counting().select_related("assignment__reviewer__contributor").order_by("pk")
    signers = [row.assignment.reviewer for row in rows]
    topics, people = _topics(review), _read(signers, review, timezone.localdate(), left_too=True)
    found = [people.get(user.pk) or Person(user) for user in signers]
    reasons = [reason for each in found for reason in [*_conflicts(each, topics), *_about_the_text(each, review)]]
    return [f"{reason} They must withdraw their approval, or a new version must be submitted." for reason in reasons]


def candidates(review: Review) -> list[tuple[Person, dict[str, list[str]]]]:
    """Return every active board member with the reasons against them in each capacity they hold, by name."""
    today, topics = timezone.localdate(), _topics(review)
    people = _read(active(Role.REVIEWER).select_related("contributor"), review, today).values()
    return [
        (person, {each: _reasons(person, review, each, topics, today) for each in person.member.capacities})
        for person in sorted(people, key=lambda person: (person.name, person.user.pk))
    ]


def _topics(review: Review) -> set[int]:
    return set(review.version.version_topics.values_list("topic_id", flat=True))


def _read(users, review: Review, today: datetime.date, *, left_too: bool = False) -> dict[int, Person]:
    """
    Return the board members among these accounts, by account, in as many queries for one as for all.

    With `left_too` those who have left the board are among them.
    """
    people = {user.pk: Person(user) for user in users}
    on_board = {} if left_too else {"user__is_active": True, "user__groups__name": Role.REVIEWER.group}
    members = {member.pk: member for member in BoardMember.objects.filter(user__in=people, **on_board)}
    for member in members.values():
        people[member.user_id].member = member
    made = Disclosure.objects.filter(member__in=members, made_on__lte=today).order_by("made_on", "pk")
    newest = {disclosure.member_id: disclosure for disclosure in made}
    by_disclosure = {disclosure.pk: people[members[pk].user_id] for pk, disclosure in newest.items()}
    for pk, disclosure in newest.items():
        people[members[pk].user_id].disclosure = disclosure
    for disclosure, topic in Conflict.objects.filter(disclosure__in=by_disclosure).values_list("disclosure", "topic"):
        by_disclosure[disclosure].conflicts.add(topic)
    for member, topic in Specialty.objects.filter(member__in=members).values_list("member", "topic"):
        people[members[member].user_id].specialties.add(topic)
    conflicted = Assignment.objects.filter(
        reviewer__in=people, review__article=review.article_id, ended_as=Assignment.Ending.CONFLICT
    )
    for user in conflicted.values_list("reviewer", flat=True):
        people[user].has_conflict = True
    return {pk: person for pk, person in people.items() if person.member}


def _reasons(person: Person, review: Review, capacity, topics: set[int], today) -> list[str]:
    if person.member is None:
        return [f"{person.name} is not an active member of the medical advisory board."]
    return [
        *_about_the_person(person, capacity, today),
        *_about_the_subject(person, capacity, topics, today),
        *_about_the_text(person, review),
    ]


def _about_the_person(person: Person, capacity, today) -> list[str]:
    reasons = []
    if not person.member.holds(capacity):
        reasons.append(f"{person.name} is not on the board as {Capacity(capacity).label.lower()}.")
    if getattr(person.user, "contributor", None) is None:
        reasons.append(f"{person.name} has no public name and credentials to sign with.")
    if capacity != Capacity.LAY and not _in_date(person.member, today):
        reasons.append(f"The credentials of {person.name} have not been checked, or the check has expired.")
    return reasons


def _in_date(member: BoardMember, today: datetime.date) -> bool:
    checked, until = member.credential_checked_on, member.credential_valid_until
    return bool(checked and until and checked <= today <= until)


def _about_the_subject(person: Person, capacity, topics: set[int], today) -> list[str]:
    reasons = []
    if person.disclosure is None or person.disclosure.valid_until < today:
        reasons.append(f"{person.name} has no current disclosure of interests.")
    reasons += _conflicts(person, topics)
    if capacity == Capacity.SPECIALIST and not person.specialties & topics:
        reasons.append(f"{person.name} is not a specialist in any of this text's topics.")
    return reasons


def _conflicts(person: Person, topics: set[int]) -> list[str]:
    if not person.conflicts & topics:
        return []
    return [f"{person.name} has declared a conflict of interest on a topic of this text."]


def _about_the_text(person: Person, review: Review) -> list[str]:
    reasons = []
    if review.version.was_written_by(person.user):
        reasons.append(f"{person.name} wrote all or part of this text.")
    elif _is_named(person, review):
        reasons.append(
            f"The byline names {person.name}. If that is this reviewer they wrote the text; if it is somebody else, "
            "an administrator gives both people their ORCID iD, and the text is submitted anew: this version’s byline "
            "stays as it is."
        )
    if person.has_conflict:
        reasons.append(f"{person.name} has stepped back from this article because of a conflict of interest.")
    return reasons


def _is_named(person: Person, review: Review) -> bool:
    """Tell whether the byline has this person's name, and no other ORCID iD says that it is somebody else."""
    me = getattr(person.user, "contributor", None)
    if me is None:
        return False
    named = [row for row in review.contributors if folded(row["name"]) == folded(me.name)]
    return any(not (row["orcid"] and me.orcid) or row["orcid"] == me.orcid for row in named)


def folded(name: str) -> str:
    """Return a name as it is compared: without case, accents, full stops and spaces."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def earlier_reviewers(review: Review) -> list[tuple]:
    """Return (person, capacity) of those who decided on earlier versions of the article: proposed, assigned nothing."""
    rows = (
        Decision.objects.filter(review__article=review.article_id, review__version__number__lt=review.version.number)
        .exclude(outcome=Decision.Outcome.WITHDRAW)
        .order_by("-decided_at")
        .values_list("assignment__reviewer", "assignment__capacity")
    )
    capacities = {}
    for person, capacity in rows:
        capacities.setdefault(person, capacity)
    people = User.objects.in_bulk(capacities)
    return [(people[person], capacity) for person, capacity in capacities.items()]

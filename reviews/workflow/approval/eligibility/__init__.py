"""The eligibility of reviewers for a version, with the reasons against it as sentences."""

import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.frozen.signed_text import frozen_content
from articles.models import Topic, VersionTopic
from articles.models.people import Role, active
from articles.models.rows.remembered import remembered
from articles.models.rows.together import Found, Together
from reviews.evidence.ledger import name_of
from reviews.models import (
    Assignment,
    BoardMember,
    Capacity,
    Decision,
    Disclosure,
    ManagementPlan,
    Review,
    Specialty,
)
from reviews.workflow.approval import quorum, sections
from reviews.workflow.approval.eligibility import interests
from reviews.workflow.approval.eligibility.interests import Touching, and_wider

NOBODY = 0  # no account has this key


@dataclass
class Person:
    """
    The facts that decide whether a person may review a text. `specialties` are keys of topics.

    `disclosure` is the newest one, current or not. `touching` are those of its interests that touch the text and that
    no management plan covers, and `plans` the plans that cover the others.
    """

    user: User
    member: BoardMember | None = None
    disclosure: Disclosure | None = None
    touching: list[Touching] = field(default_factory=list)
    plans: list[ManagementPlan] = field(default_factory=list)
    specialties: set[int] = field(default_factory=set)
    specialist_in: list[str] = field(default_factory=list)  # the same in words, if `candidates` found the person
    has_conflict: bool = False  # declared on an earlier assignment of this article

    @property
    def name(self) -> str:
        return name_of(self.user)

    @property
    def capacities(self) -> list[str]:
        return self.member.capacities if self.member else []


def reasons_against(user: User, review: Review, capacity: str, today: datetime.date | None = None) -> list[str]:
    """
    Return one sentence per reason why this person may not review this version in this capacity.

    They must be an active board member, hold the capacity, have current credentials (unless lay) and a current
    disclosure, have written no part of the text, and have no conflict of interest on its topics. A specialty on a topic
    covers its parts; a conflict also covers the topics that its own is a part of.
    """
    today = today or timezone.localdate()
    people, topics = _read([user], _facts(review, user.pk, today))
    return _reasons(people.get(user.pk) or Person(user), review, capacity, topics, today)


def against_any_review(user: User) -> list[str]:
    """Return one sentence per reason why this member of the board may review no text now; lay members need no check."""
    member, today = BoardMember.objects.filter(user=user).first(), timezone.localdate()
    if member is None or not member.capacities:
        return []
    disclosure = Disclosure.objects.filter(member=member).current(today).first()
    person = Person(user, member=member, disclosure=disclosure)
    capacity = next((each for each in member.capacities if each != Capacity.LAY), Capacity.LAY)
    return [
        *_about_the_person(person, member, capacity, today),
        *_about_the_subject(person, Capacity.LAY, set(), today),  # no subject: only whether they have disclosed
    ]


def against_approvals(review: Review) -> list[str]:
    """
    Return one sentence per reason against a signer whose approval counts: a conflict, or authorship of the text.

    Credentials and disclosures are not checked again: they must be current at signing only.
    """
    return [
        _("{reason} They must withdraw their approval, or a new version must be submitted.").format(reason=reason)
        for _decision, reasons in _interests_of_signers(review)
        for reason in reasons
    ]


def still_needed(review: Review) -> list[str]:
    """
    Return in words the approvals that the quorum and the changed sections still need; [] if they are met.

    A full review that is due is not completed by an approval that `against_conflicted` is about.
    """
    counting = approvals_that_count(review)
    given = [row.assignment.capacity for row in counting]
    awaits_specialist = given.count(Capacity.SPECIALIST) < review.quorum[Capacity.SPECIALIST]
    by_section = sections.still_needed(review, counting, awaits_specialist=awaits_specialist)
    return [*quorum.still_needed(review.quorum, given), *by_section]


def capacities_asked(review: Review) -> list[str]:
    """Return the capacities of the approvals that count and of those who are asked and may still accept and sign."""
    given = [row.assignment.capacity for row in approvals_that_count(review)]
    return [*given, *(row.capacity for row in _filling(review))]


def _filling(review: Review) -> list[Assignment]:
    """Return the requests that fill a place: none whose reviewer has since disclosed an interest without a plan."""
    holding = [row for row in review.all_assignments() if row.holds_place]
    unplanned = without_plan(review) if holding else set()
    return [row for row in holding if row.reviewer_id not in unplanned]


def sections_not_asked_for(review: Review) -> set[str]:
    """Return the keys of the changed sections for which no specialist has signed or is asked."""
    if not review.sections:
        return set()
    read: list[Iterable[str] | None] = [row.sections for row in approvals_that_count(review)]
    content, found = frozen_content(review.version), _facts(review, NOBODY, timezone.localdate())
    for row in _filling(review):
        if row.capacity == Capacity.SPECIALIST:
            known = {topic for account, topic in found["specialties"] if account == row.reviewer_id}
            read.append(sections.read_by(_known_topics(known, found), content))
    return set(sections.unread(review.sections, read))


def not_asked_for(review: Review, proposed: Iterable[str] = (), read: Iterable[str] = ()) -> list[str]:
    """
    Return in words the approvals for which nobody is asked and none has approved.

    People who are `proposed` in these capacities, and the sections that they would `read` as specialists, count too.
    """
    capacities = [*capacities_asked(review), *proposed]
    awaits_specialist = capacities.count(Capacity.SPECIALIST) < review.quorum[Capacity.SPECIALIST]
    keys = sections_not_asked_for(review) - {*read}
    by_section = sections.awaited(review, keys, awaits_specialist=awaits_specialist)
    return [*quorum.not_asked_for(review.quorum, capacities), *by_section]


def approvals_that_count(review: Review) -> list[Decision]:
    """Return the approvals that count towards the quorum, as `still_needed` says."""
    if review.owes_full_review:
        return [decision for decision, reasons in _interests_of_signers(review) if not reasons]
    return review.counting_decisions()


def against_conflicted(review: Review) -> list[str]:
    """Return one sentence per reason why an approval does not count towards a full review that is due."""
    if not review.owes_full_review:
        return []
    return [
        _("{reason} Their approval does not count towards the full review: ask another reviewer.").format(reason=reason)
        for _decision, reasons in _interests_of_signers(review)
        for reason in reasons
    ]


def _interests_of_signers(review: Review) -> list[tuple[Decision, list[str]]]:
    """Return each approval that counts with the reasons against its signer, as of now."""
    counting = review.counting_decisions()
    signers = [row.assignment.reviewer for row in counting]
    people, _topics = _read(signers, _facts(review, NOBODY, timezone.localdate()), left_too=True)
    found = [people.get(user.pk) or Person(user) for user in signers]
    reasons = [[*_conflicts(each), *_about_the_text(each, review)] for each in found]
    return list(zip(counting, reasons, strict=True))


def interests_of(signer: User, review: Review) -> list[str]:
    """Return one sentence per conflict of interest of a signer with the text, or part in writing it, as of now."""
    person = _person(signer, review)
    return [*_conflicts(person), *_about_the_text(person, review)]


def disclosed_as_signed(signer: User, review: Review) -> str:
    """
    Return in English what a signature says of the signer's newest disclosure, and of the management plans for it.

    It is "" if they made none.
    """
    person = _person(signer, review)
    if person.disclosure is None:
        return ""
    return " ".join([person.disclosure.as_signed, *(plan.as_signed for plan in person.plans)])


def to_plan_for(user: User, review: Review) -> list[Touching]:
    """Return the disclosed interests of this person that touch the text and that no management plan covers."""
    return _person(user, review).touching


def plans_for(user: User, review: Review) -> list[ManagementPlan]:
    """Return the management plans that let this person review the text in spite of disclosed interests."""
    return _person(user, review).plans


def without_plan(review: Review) -> set[int]:
    """Return the accounts of those ever asked whose disclosed interests touch the text without a management plan."""
    asked = {row.reviewer for row in review.all_assignments()}
    people, _topics = _read(asked, _facts(review, NOBODY, timezone.localdate()), left_too=True)
    return {account for account, person in people.items() if person.touching}


def plans_of_those_asked(review: Review) -> dict[int, list[ManagementPlan]]:
    """Return the management plans in the review by the account of who was ever asked."""
    found: dict[int, list[ManagementPlan]] = {}
    for row in sorted(_facts(review, NOBODY, timezone.localdate())["plans"], key=lambda row: row.pk):
        found.setdefault(row.reviewer_id, []).append(row)
    return found


def _person(user: User, review: Review) -> Person:
    people, _topics = _read([user], _facts(review, user.pk, timezone.localdate()), left_too=True)
    return people.get(user.pk) or Person(user)


def specialties_in(signer: User, review: Review) -> list[str]:
    """Return the topics of the version, by their names in it, in which this person is a specialist as of now."""
    found = _facts(review, signer.pk, timezone.localdate())
    return _known_topics({topic for account, topic in found["specialties"] if account == signer.pk}, found)


def _known_topics(known: set[int], found: Found) -> list[str]:
    """Return the topics of the version, by their names in it, in which a specialist in these topics is one."""
    wider = dict(found["wider"])
    return sorted(name for topic, name in found["topics"] if not known.isdisjoint(and_wider(topic, wider)))


class Candidate(NamedTuple):
    """
    A member of the board: the reasons against asking them, by each capacity they hold, and what they are a specialist
    in, by the names of the version's topics.
    """

    person: Person
    against: dict[str, list[str]]
    topics: list[str]


def candidates(review: Review) -> list[Candidate]:
    """Return every active board member, by name."""
    today = timezone.localdate()
    found = _of_all.read(**_of(review), today=today)
    people, topics = _read(found["accounts"], found)
    for account, name in sorted(found["called"]):
        if account in people:
            people[account].specialist_in.append(name)
    return [
        Candidate(
            person,
            {each: _reasons(person, review, each, topics, today) for each in person.capacities},
            _known_topics(person.specialties, found),
        )
        for person in sorted(people.values(), key=lambda person: (person.name, person.user.pk))
    ]


def _read(users: Iterable[User], found: Found, *, left_too: bool = False) -> tuple[dict[int, Person], set[int]]:
    """
    Return the board members among these accounts, by the account's key, and the topics of the version.

    With `left_too` include those who have left the board.
    """
    people = {user.pk: Person(user) for user in users}
    newest = {row.member_id: row for row in found["disclosures"]}
    for member in found["members"]:
        if member.user_id in people and (left_too or member.is_seated):
            person = people[member.user_id]
            person.member, person.disclosure = member, newest.get(member.pk)
    for account, each in interests.touching(found):
        if account in people:
            _weigh(each, people[account], found["plans"])
    for account, topic in found["specialties"]:
        if account in people:
            people[account].specialties.add(topic)
    for (account,) in found["stepped_back"]:
        if account in people:
            people[account].has_conflict = True
    return {pk: person for pk, person in people.items() if person.member}, _with_wider(found)


def _weigh(interest: Touching, person: Person, plans: list[ManagementPlan]) -> None:
    """Note the newest management plan for an interest that touches the text, or the interest if there is none."""
    covering = [row for row in plans if row.reviewer_id == person.user.pk and row.covers(interest.as_planned)]
    if not covering:
        person.touching.append(interest)
    elif (plan := max(covering, key=lambda row: row.pk)) not in person.plans:
        person.plans.append(plan)


def _with_wider(found: Found) -> set[int]:
    """Return the topics of the version and those that they are parts of: who knows a topic knows its parts."""
    wider = dict(found["wider"])
    return {each for topic, _name in found["topics"] for each in and_wider(topic, wider)}


def of_board(
    whose: QuerySet[Any, Any], *, article: int, version: int, today: datetime.date
) -> dict[str, QuerySet[Any, Any]]:
    """Return the querysets with the facts about these accounts that decide whether they may review the version."""
    stepped_back = {"review__article": article, "ended_as": Assignment.Ending.CONFLICT}
    return {
        **of_people(whose, today=today),
        "plans": interests.plans(whose, version),
        "stepped_back": Assignment.objects.filter(reviewer__in=whose, **stepped_back).values_list("reviewer"),
        "topics": VersionTopic.objects.filter(version=version).values_list("topic", "name"),
    }


def of_people(whose: QuerySet[Any, Any], *, today: datetime.date) -> dict[str, QuerySet[Any, Any]]:
    """Return those of these querysets that are of no text: the board rows of these accounts, and the topics' tree."""
    disclosures = Disclosure.objects.filter(member__user__in=whose).current(today)
    seated = Exists(active(Role.REVIEWER).filter(pk=OuterRef("user")))
    return {
        "members": BoardMember.objects.filter(user__in=whose).annotate(is_seated=seated),
        "disclosures": disclosures,
        "conflicts": interests.disclosed(disclosures),
        "specialties": Specialty.objects.filter(member__user__in=whose).values_list("member__user", "topic"),
        "wider": Topic.objects.filter(parent__isnull=False).order_by().values_list("pk", "parent"),
    }


def asked_or(reviewer: int, version: int) -> QuerySet[Any, Any]:
    """Return the keys of this account and of those ever asked to review the version."""
    asked = Assignment.objects.filter(review__version=version).order_by().values("reviewer")
    return User.objects.filter(pk=reviewer).values("pk").union(asked)


_of_reviewers = Together(
    lambda reviewer, article, version, today: of_board(
        asked_or(reviewer, version), article=article, version=version, today=today
    )
)
_of_all = Together(
    lambda article, version, today: {
        "accounts": active(Role.REVIEWER).select_related("contributor"),
        "called": Specialty.objects.order_by().values_list("member__user", "topic__name"),
        **of_board(active(Role.REVIEWER).values("pk"), article=article, version=version, today=today),
    }
)


def _facts(review: Review, reviewer: int, today: datetime.date) -> Found:
    """Return the facts about this account and those ever asked; in a step they were read at its beginning."""

    def read() -> Found:
        return _of_reviewers.read(reviewer=reviewer, **_of(review), today=today)

    return remembered(("board", review.pk, reviewer, today), read)


def read_ahead(found: Found, review: Review, reviewer: int, today: datetime.date) -> None:
    """Remember for this step what a wider statement found of `of_board`, for this account and those ever asked."""
    for each in {NOBODY, reviewer}:
        remembered(("board", review.pk, each, today), lambda: found)


def _of(review: Review) -> dict[str, int]:
    return {"article": review.article_id, "version": review.version_id}


def _reasons(person: Person, review: Review, capacity: str, topics: set[int], today: datetime.date) -> list[str]:
    if person.member is None:
        return [_("{name} is not an active member of the medical advisory board.").format(name=person.name)]
    return [
        *_about_the_person(person, person.member, capacity, today),
        *_about_the_subject(person, capacity, topics, today),
        *_about_the_text(person, review),
    ]


def _about_the_person(person: Person, member: BoardMember, capacity: str, today: datetime.date) -> list[str]:
    reasons = []
    if not member.holds(capacity):
        reasons.append(
            _("{name} is not on the board as {capacity}.").format(
                name=person.name, capacity=str(Capacity(capacity).in_a_sentence)
            )
        )
    if getattr(person.user, "contributor", None) is None:
        reasons.append(_("{name} has no public name and credentials to sign with.").format(name=person.name))
    if needs_credentials(capacity) and not _in_date(member, today):
        reasons.append(
            _("The credentials of {name} have not been checked, or the check has expired.").format(name=person.name)
        )
    return reasons


def needs_credentials(capacity: str) -> bool:
    """Tell whether whoever reviews in this capacity needs checked credentials: all but lay reviewers do."""
    return capacity != Capacity.LAY


def _in_date(member: BoardMember, today: datetime.date) -> bool:
    checked, until = member.credential_checked_on, member.credential_valid_until
    return bool(checked and until and checked <= today <= until)


def _about_the_subject(person: Person, capacity: str, topics: set[int], today: datetime.date) -> list[str]:
    reasons = []
    if person.disclosure is None or person.disclosure.valid_until < today:
        reasons.append(_("{name} has no current disclosure of interests.").format(name=person.name))
    reasons += _conflicts(person)
    if capacity == Capacity.SPECIALIST and not person.specialties & topics:
        reasons.append(_("{name} is not a specialist in any of this text's topics.").format(name=person.name))
    return reasons


def _conflicts(person: Person) -> list[str]:
    said = dict.fromkeys(each.sentence(person.name) for each in person.touching)
    return list(said)


def _about_the_text(person: Person, review: Review) -> list[str]:
    reasons = []
    if review.version.was_written_by(person.user):
        reasons.append(_("{name} wrote all or part of this text.").format(name=person.name))
    elif _is_named(person, review):
        reasons.append(
            _(
                "The byline names {name}. If this is the reviewer, they wrote the text and cannot review it. "
                "If it is another person, an administrator must give both people their ORCID iDs. Then the text must "
                "be submitted again, because the byline of this version cannot change."
            ).format(name=person.name)
        )
    if person.has_conflict:
        reasons.append(
            _("{name} has stepped back from this article because of a conflict of interest.").format(name=person.name)
        )
    return reasons


def _is_named(person: Person, review: Review) -> bool:
    """Tell whether the byline has this person's name, unless two different ORCID iDs tell them apart."""
    me = getattr(person.user, "contributor", None)
    if me is None:
        return False
    named = [row for row in review.contributors if folded(row["name"]) == folded(me.name)]
    return any(not (row["orcid"] and me.orcid) or row["orcid"] == me.orcid for row in named)


def folded(name: str) -> str:
    """Return the name for comparison: without case, accents, punctuation and spaces."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def earlier_reviewers(review: Review) -> list[tuple[User, str]]:
    """Return (person, capacity) of everyone who decided on an earlier version of the article, as a proposal."""
    rows = (
        Decision.objects.filter(review__article=review.article_id, review__version__number__lt=review.version.number)
        .exclude(outcome=Decision.Outcome.WITHDRAW)
        .order_by("-decided_at")
        .select_related("assignment__reviewer")
    )
    capacities: dict[User, str] = {}
    for row in rows:
        capacities.setdefault(row.assignment.reviewer, row.assignment.capacity)
    return [*capacities.items()]

"""The requests and approvals whose member disclosed an interest that touches the text, and that no plan covers."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Topic, VersionTopic
from articles.models.rows.remembered import remembered
from articles.models.rows.together import Found, Together
from reviews.models import Assignment, Conflict, Decision, Disclosure, ManagementPlan, Review
from reviews.workflow.approval.eligibility import interests
from reviews.workflow.approval.eligibility.interests import Touching

FACTS = ("disclosed interests",)


def standing() -> QuerySet[Assignment]:
    """Return the requests that wait for a decision, and those whose approval counts and can still be withdrawn."""
    unpublished = Q(review__published_at__isnull=True, review__status__in=Review.ON_ITS_WAY)
    owing = Q(review__full_review_due__isnull=False, review__completed_at__isnull=True)
    counting = Decision.objects.counting().filter(unpublished | owing, assignment=OuterRef("pk"))
    return Assignment.objects.to_decide() | Assignment.objects.filter(Exists(counting))


def filling() -> QuerySet[Assignment]:
    """Return the open requests that fill a place: none whose reviewer has an interest in the text without a plan."""
    rows = Assignment.objects.to_decide().filter(is_barred())
    return Assignment.objects.open().exclude(pk__in=rows.order_by().values("pk"))


def facts(today: datetime.date) -> dict[str, QuerySet[Any, Any]]:
    """
    Return the querysets that `is_barred` reads: what is disclosed now, and the plans for reviews that are not over.

    The topics that are a part of others are read only if anybody disclosed anything.
    """
    is_open = Q(published_at__isnull=True) | Q(full_review_due__isnull=False, completed_at__isnull=True)
    current = Review.objects.filter(is_open, pk=OuterRef("review"), status__in=Review.ON_ITS_WAY)
    told = Exists(Conflict.objects.all())
    return {
        "disclosed": interests.disclosed(Disclosure.objects.current(today)),
        "parts": Topic.objects.filter(told, parent__isnull=False).order_by().values_list("pk", "parent"),
        "plans": ManagementPlan.objects.filter(Exists(current)).order_by(),
    }


def remember_facts(found: Found) -> None:
    """Keep the rows of `facts` for the rest of the page, which then reads them no more."""
    remembered(FACTS, lambda: found)


class Request(Protocol):
    """What is read of a request to review, or of one that was answered, to tell whether it is barred."""

    @property
    def pk(self) -> int: ...
    @property
    def review_id(self) -> int: ...
    @property
    def reviewer_id(self) -> int: ...


class Bar(NamedTuple):
    """What bars an account: texts on these topics, in this review, or in every review but those with a plan for it."""

    account: int
    topics: set[int]
    review: int | None
    planned: set[int]

    def is_for(self, row: Request) -> bool:
        if row.reviewer_id != self.account:
            return False
        return row.review_id == self.review if self.review else row.review_id not in self.planned


def is_barred() -> Q:
    """
    Return the condition that an assignment's reviewer disclosed an interest in its text that no plan covers.

    It joins the topics of the text: use it in a query that gives no rows but keys.
    """
    condition = Q(pk__in=[])
    for bar in _bars():
        one = Q(reviewer=bar.account, review__version__version_topics__topic__in=bar.topics)
        condition |= one & (Q(review=bar.review) if bar.review else ~Q(review__in=bar.planned))
    return condition


def barred(
    rows: Iterable[Request], versions: dict[int, int], of_texts: Iterable[tuple[int, int]] | None = None
) -> set[int]:
    """
    Return the keys of those of the requests and approvals whose reviewer has an interest in the text without a plan.

    `versions` gives the key of the version for that of each review, and `of_texts` has (version, topic) of their texts.
    One query if that is not given, or none if nobody disclosed anything.
    """
    bars = _bars()
    concerned = [(row, [bar.topics for bar in bars if bar.is_for(row)]) for row in rows]
    of_versions = {versions[row.review_id] for row, topics in concerned if topics}
    if not of_versions:
        return set()
    if of_texts is None:
        of_texts = VersionTopic.objects.filter(version__in=of_versions).values_list("version", "topic")
    about: defaultdict[int, set[int]] = defaultdict(set)
    for version, topic in of_texts:
        about[version].add(topic)
    return {
        row.pk for row, topics in concerned if any(not about[versions[row.review_id]].isdisjoint(t) for t in topics)
    }


def _bars() -> list[Bar]:
    found = remembered(FACTS, lambda: _FACTS.read(today=timezone.localdate()))
    parts = dict(found["parts"])
    plans: defaultdict[int, defaultdict[int, list[ManagementPlan]]] = defaultdict(lambda: defaultdict(list))
    for plan in found["plans"]:
        plans[plan.reviewer_id][plan.review_id].append(plan)
    told: defaultdict[int, list[Touching]] = defaultdict(list)
    for account, topic, name, entity, relation in found["disclosed"]:
        told[account].append(Touching(topic, name, entity or "", relation or ""))
    bars = []
    for account, disclosed in told.items():
        bars.append(Bar(account, _around(disclosed, parts), None, set(plans[account])))
        for review, covering in plans[account].items():
            left = [each for each in disclosed if not _is_covered(each, covering)]
            bars.append(Bar(account, _around(left, parts), review, set()))
    return bars


def _around(disclosed: list[Touching], parts: dict[int, int]) -> set[int]:
    """Return the topics of these interests, those that they are a part of, and their own parts."""
    named = {each.topic for each in disclosed}
    wider = {around for topic in named for around in interests.and_wider(topic, parts)}
    return wider | {topic for topic in parts if not named.isdisjoint(interests.and_wider(topic, parts))}


def standing_in(reviews: Iterable[Review]) -> dict[int, list[Assignment]]:
    """Return the requests and approvals in these reviews that are barred, by the key of the review."""
    versions = {review.pk: review.version_id for review in reviews}
    found: defaultdict[int, list[Assignment]] = defaultdict(list)
    if versions:
        rows = list(standing().filter(review__in=versions).order_by("pk"))
        out = barred(rows, versions)
        for row in rows:
            if row.pk in out:
                found[row.review_id].append(row)
    return found


def unplanned(rows: QuerySet[Assignment]) -> list[tuple[Assignment, list[Touching]]]:
    """
    Return those of the rows whose member disclosed interests that touch the text, with those that no plan covers.

    One query if none of the members disclosed an interest, and four more otherwise.
    """
    disclosures = Disclosure.objects.filter(member__user__in=rows.order_by().values("reviewer"))
    conflicts = list(interests.disclosed(disclosures.current(timezone.localdate())))
    if not conflicts:
        return []
    asked = rows.filter(reviewer__in={account for account, *_rest in conflicts}).order_by("pk")
    found = list(asked.select_related("reviewer", "review__version", "review__triaged_by"))
    topics: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    of_texts = VersionTopic.objects.filter(version__in={row.review.version_id for row in found})
    for version, topic, name in of_texts.values_list("version", "topic", "name"):
        topics[version].append((topic, name))
    plans = list(ManagementPlan.objects.filter(review__in={row.review_id for row in found}))
    wider = list(Topic.objects.filter(parent__isnull=False).order_by().values_list("pk", "parent"))
    each = []
    for row in found:
        own = [known for known in conflicts if known[0] == row.reviewer_id]
        facts = {"conflicts": own, "wider": wider, "topics": topics[row.review.version_id]}
        mine = [plan for plan in plans if (plan.review_id, plan.reviewer_id) == (row.review_id, row.reviewer_id)]
        if touching := [one for _account, one in interests.touching(facts) if not _is_covered(one, mine)]:
            each.append((row, touching))
    return each


def _is_covered(interest: Touching, plans: list[ManagementPlan]) -> bool:
    return any(plan.covers(interest.as_planned) for plan in plans)


_FACTS = Together(facts)

"""The requests and approvals whose member disclosed an interest that touches the text, and that no plan covers."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Topic, VersionTopic
from reviews.models import Assignment, Decision, Disclosure, ManagementPlan, Review
from reviews.workflow.approval.eligibility import interests
from reviews.workflow.approval.eligibility.interests import Touching


def standing() -> QuerySet[Assignment]:
    """Return the requests that wait for a decision, and those whose approval counts and can still be withdrawn."""
    unpublished = Q(review__published_at__isnull=True, review__status__in=Review.ON_ITS_WAY)
    owing = Q(review__full_review_due__isnull=False, review__completed_at__isnull=True)
    counting = Decision.objects.counting().filter(unpublished | owing, assignment=OuterRef("pk"))
    return Assignment.objects.to_decide() | Assignment.objects.filter(Exists(counting))


def filling() -> QuerySet[Assignment]:
    """Return the open requests that fill a place: none whose reviewer has an interest in the text without a plan."""
    barred = [row.pk for row, _touching in unplanned(Assignment.objects.to_decide())]
    return Assignment.objects.open().exclude(pk__in=barred)


def standing_in(reviews: Iterable[Review]) -> dict[int, list[tuple[Assignment, list[Touching]]]]:
    """Return these of the rows of `unplanned` that stand in the reviews, by the key of the review."""
    keys = {review.pk for review in reviews}
    found: defaultdict[int, list[tuple[Assignment, list[Touching]]]] = defaultdict(list)
    if keys:
        for row, touching in unplanned(standing().filter(review__in=keys)):
            found[row.review_id].append((row, touching))
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

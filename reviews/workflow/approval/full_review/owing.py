"""
The approvals that count towards the full reviews that are due: read by one statement for all of them, for lists.

An approval does not count while its signer has a conflict of interest. That depends on the whole text, so
`eligibility.approvals_that_count` decides, as for the page of one review.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from articles.frozen.signed_text import remember_text
from articles.models import Authorship, VersionText, VersionTopic
from articles.models.rows.remembered import remembered, remembering
from articles.models.rows.together import Found, Together
from reviews.models import Assignment, Decision, ManagementPlan, Review
from reviews.workflow.approval import eligibility


def approvals_of(reviews: Collection[Review]) -> dict[int, list[Decision]]:
    """Return the approvals that count towards each of these full reviews that are due, by the key of the review."""
    if not reviews:
        return {}
    today = timezone.localdate()
    found = _OF_OWING.read(today=today)
    parts = _by_review(found)
    with remembering():
        for review in reviews:
            _remember(review, found, parts[review.pk], today)
        return {review.pk: eligibility.approvals_that_count(review) for review in reviews}


def _of_owing(today: datetime.date) -> dict[str, QuerySet[Any, Any]]:
    owing = Review.objects.owing().order_by()
    reviews, articles = owing.values("pk"), owing.values("article")
    whose = Assignment.objects.filter(review__in=reviews).order_by().values("reviewer")
    barred = Assignment.objects.filter(
        reviewer__in=whose, review__article__in=articles, ended_as=Assignment.Ending.CONFLICT
    )
    texts = VersionText.objects.filter(version__review__in=reviews)
    topics = VersionTopic.objects.filter(version__review__in=reviews)
    linked = Authorship.history.filter(article_id__in=articles)
    return {
        "assignments": Assignment.objects.filter(review__in=reviews).select_related("reviewer__contributor"),
        "decisions": Decision.objects.filter(review__in=reviews).with_counting().select_related("signature__signer"),
        "texts": texts.values_list("version__review", "text"),
        "linked": linked.values_list("article_id", "contributor_id", "history_date"),
        **eligibility.of_people(whose, today=today),
        "plans": ManagementPlan.objects.filter(review__in=reviews),
        "stepped back": barred.values_list("review__article", "reviewer"),
        "of the texts": topics.values_list("version__review", "topic", "name"),
    }


_OF_OWING = Together(_of_owing)


def _by_review(found: Found) -> defaultdict[int, Found]:
    """Return what was found of each review alone, by its key."""
    parts: defaultdict[int, Found] = defaultdict(lambda: defaultdict(list))
    for name in ("assignments", "decisions"):
        for row in found[name]:
            parts[row.review_id][name].append(row)
    for review, text in found["texts"]:
        parts[review]["texts"].append(text)
    for review, topic, name in found["of the texts"]:
        parts[review]["topics"].append((topic, name))
    return parts


def _remember(review: Review, found: Found, part: Found, today: datetime.date) -> None:
    """Remember for this review what `workflow.reading` remembers of it in a step, as far as its approvals need it."""
    remembered(("assignments", review.pk), lambda: review.with_assignments(part["assignments"]))
    remembered(("decisions", review.pk), lambda: review.with_decisions(part["decisions"]))
    linked = [(person, at) for article, person, at in found["linked"] if article == review.article_id]
    remembered(("linked", review.article_id), lambda: linked)
    for text in part["texts"]:
        remember_text(review.version, text)
    barred = [(user,) for article, user in found["stepped back"] if article == review.article_id]
    plans = [row for row in found["plans"] if row.review_id == review.pk]
    facts = {**found, "topics": part["topics"], "stepped_back": barred, "plans": plans}
    eligibility.read_ahead(facts, review, eligibility.NOBODY, today)

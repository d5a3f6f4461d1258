"""All that is recorded of an article, version by version, read with a constant number of queries."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import checks
from articles.frozen.signed_text import intact_contents
from articles.models import Article, Notice, Version
from reviews.desk.article.timeline import Entry, entries_of
from reviews.models import (
    Answer,
    Assignment,
    Attestation,
    Comment,
    Decision,
    LedgerEvent,
    ManagementPlan,
    Message,
    Override,
    Reminder,
    Review,
    Schedule,
    Task,
)
from reviews.models.actions import Action

MOST_EVENTS = 500  # of one version on a page; the archive has all


@dataclass
class Part:
    """All that is recorded of one version. `content` and `before` are the signed texts, None for an erased one."""

    version: Version
    review: Review
    content: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    earlier: Version | None = None
    assignments: list[Assignment] = field(default_factory=list)
    plans: list[ManagementPlan] = field(default_factory=list)
    of_article: list[Override] = field(default_factory=list)  # all that were ever signed for the article
    decisions: list[Decision] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)
    threads: list[Comment] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    events: list[LedgerEvent] = field(default_factory=list)
    older_events: bool = False

    @property
    def is_erased(self) -> bool:
        return self.content is None

    @property
    def entries(self) -> list[Entry]:
        """Return the events from this submission until the next one, in their order, as sentences."""
        return entries_of(self.events, for_editor=True, hidden=frozenset())[::-1]

    @cached_property
    def findings(self) -> list[checks.Finding]:
        """Return what the automatic checks say of the text as of its submission, by the rules of today."""
        return checks.run(self.content, timezone.localdate(self.version.submitted_at)) if self.content else []

    @cached_property
    def overrides(self) -> list[Override]:
        """Return the overrides of what the checks find in this text, and what took one back, by the rules of today."""
        found = {checks.fingerprint(one) for one in self.findings if checks.may_be_overridden(one)}
        return [row for row in self.of_article if row.fingerprint in found]

    @property
    def exceptions(self) -> list[str]:
        """Return in sentences where an editor departed from the usual way."""
        said = []
        if self.review.change != self.version.change:
            label = Version.Change(self.review.change).in_a_word
            said.append(
                _("The change was reviewed as another class than it was submitted as: {change}.").format(change=label)
            )
        if self.review.risk != self.version.risk:
            said.append(_("An editor raised the risk of the review."))
        if self.review.is_urgent:
            sentence = _("{name} declared the review urgent: {reason}")
            said.append(sentence.format(name=self.review.urgent_by_name, reason=self.review.urgent_because))
        for plan in self.plans:
            sentence = _("{name} was allowed to review despite a disclosed interest, by a management plan: {measures}")
            said.append(sentence.format(name=plan.reviewer_name, measures=plan.measures))
        for row in self.overrides:
            sentence = _("{name} took back an override of {rule}: {reason}")
            if row.takes_back_id is None:
                sentence = _("{name} overrode a finding of {rule}: {reason}")
            said.append(sentence.format(name=row.printed_name, rule=row.rule, reason=row.reason))
        published = [json.loads(event.payload) for event in self.events if event.action == Action.PUBLISHED]
        if any(payload.get("by_a_writer") for payload in published):
            said.append(_("A version was published by an editor who wrote part of it: no other editor was active."))
        return said


def parts_of(article: Article, versions: Sequence[Version], *, most_events: int | None = MOST_EVENTS) -> list[Part]:
    """
    Return what is recorded of these versions, which follow each other, newest first; each with its review.

    The number of queries depends neither on the number of versions nor on what is recorded of them.
    """
    if not versions:
        return []
    found = {version.pk: Part(version, version.review) for version in versions}
    oldest = min(version.number for version in versions)
    before = Version.objects.filter(article=article, number=oldest - 1)
    in_order = sorted([*versions, *before], key=lambda version: version.number)
    contents = intact_contents(in_order)
    earlier = {version.number + 1: version for version in in_order}
    for part in found.values():
        part.content, part.earlier = contents.get(part.version.pk), earlier.get(part.version.number)
        part.before = contents.get(part.earlier.pk) if part.earlier else None
    of_article = list(Override.objects.filter(article=article))
    for part in found.values():
        part.of_article = of_article
    _add_reviews(found)
    _add_comments(found)
    _add_notices(found)
    _add_messages(article, found)
    _add_events(article, found, most_events)
    return list(found.values())


def _add_reviews(found: dict[int, Part]) -> None:
    """Add the requests, the decisions with their signatures and answers, the attestations and the schedules."""
    by_review = {part.review.pk: part for part in found.values()}
    for assignment in Assignment.objects.filter(review__in=by_review).order_by("assigned_at", "pk"):
        by_review[assignment.review_id].assignments.append(assignment)
    for plan in ManagementPlan.objects.filter(review__in=by_review).order_by("recorded_at", "pk"):
        by_review[plan.review_id].plans.append(plan)
    answers = Prefetch("answers", Answer.objects.order_by("pk"))
    decisions = Decision.objects.filter(review__in=by_review).order_by("decided_at", "pk")
    for decision in decisions.select_related("signature", "superseded_by").prefetch_related(answers):
        by_review[decision.review_id].decisions.append(decision)
    for attestation in Attestation.objects.filter(version__in=found).select_related("signature"):
        found[attestation.version_id].attestations.append(attestation)
    for schedule in Schedule.objects.filter(version__in=found).order_by("scheduled_at", "pk"):
        found[schedule.version_id].schedules.append(schedule)
    for task in (
        Task.objects.filter(version__in=found).select_related("closed_by__contributor").order_by("opened_at", "pk")
    ):
        found[task.version_id or 0].tasks.append(task)


def _add_comments(found: dict[int, Part]) -> None:
    """Add the threads on each version, with all their replies and the words that they quote."""
    replies = Prefetch("answers", Comment.objects.order_by("written_at", "pk"))
    threads = Comment.objects.filter(version__in=found, thread__isnull=True).order_by("written_at", "pk")
    for thread in threads.prefetch_related(replies, "anchors"):
        found[thread.version_id].threads.append(thread)


def _add_notices(found: dict[int, Part]) -> None:
    rows = Notice.objects.filter(versions__in=found).select_related("lifted_by", "lifts").distinct()
    for notice in rows.prefetch_related("versions").order_by("issued_at", "pk"):
        for version in notice.versions.all():
            if version.pk in found:
                found[version.pk].notices.append(notice)


def _add_messages(article: Article, found: dict[int, Part]) -> None:
    """Add the mails that lead to the review or to the version's page, and the reminders."""
    of_page: dict[str, Part] = {}
    for part in found.values():
        page = reverse("desk_review", args=[part.review.pk])
        public = reverse("version", args=[article.slug, part.version.number])
        of_page |= dict.fromkeys([page, public, *(f"{page}#comment-{row.pk}" for row in part.threads)], part)
    rows = Message.objects.filter(page__in=of_page).select_related("recipient__contributor", "digest")
    for message in rows.order_by("sent_at", "pk"):
        of_page[message.page].mails.append(message)
    by_review = {part.review.pk: part for part in found.values()}
    reminders = Reminder.objects.filter(assignment__review__in=by_review).select_related("assignment")
    for reminder in reminders.order_by("sent_at", "pk"):
        if reminder.assignment:
            by_review[reminder.assignment.review_id].reminders.append(reminder)


def _add_events(article: Article, found: dict[int, Part], most: int | None) -> None:
    """Add to each version the events from its submission until the next submission, the newest first."""
    rows = LedgerEvent.objects.filter(article=str(article.public_id)).order_by("position")
    submitted = rows.filter(action=Action.SUBMITTED).values_list("position", "payload")
    starts = {json.loads(payload)["version"]: position for position, payload in submitted}
    numbers = {part.version.number: part for part in found.values()}
    first, after = starts.get(min(numbers)), starts.get(max(numbers) + 1)
    if first is None:
        return
    within = Q(position__gte=first) & (Q(position__lt=after) if after else Q())
    kept: dict[int, Part] = {}
    counted = Counter[int]()
    number = min(numbers)
    at = {position: number for number, position in starts.items()}
    for position in rows.filter(within).values_list("position", flat=True):
        number = at.get(position, number)
        counted[number] += 1
        if most is None or counted[number] <= most:
            kept[position] = numbers[number]
        numbers[number].older_events = most is not None and counted[number] > most
    for event in rows.filter(pk__in=kept).select_related("private").order_by("-position"):
        kept[event.pk].events.append(event)


@dataclass
class Whole:
    """What is recorded of the article as a whole: mails, reminders and tasks that are about no version."""

    mails: list[Message]
    reminders: list[Reminder]
    tasks: list[Task]


def whole_of(article: Article, most: int | None = None) -> Whole:
    """Return what is recorded of the article as a whole, the newest first, at most so many of each."""
    pages = [reverse("desk_article", args=[article.pk]), reverse("versions", args=[article.slug])]
    mails = Message.objects.filter(page__in=pages).select_related("recipient__contributor", "digest")
    tasks = Task.objects.filter(article=article, version__isnull=True).select_related("closed_by__contributor")
    return Whole(
        mails=list(mails.order_by("-sent_at", "-pk")[:most]),
        reminders=list(Reminder.objects.filter(article=article).order_by("-sent_at", "-pk")[:most]),
        tasks=list(tasks.order_by("-opened_at", "-pk")[:most]),
    )

"""Metrics for operators in Prometheus' text format: counts and ages, never a name or a title."""

from collections.abc import Iterator, Mapping

from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import config
from articles.models import Article
from reviews.models import Assignment, Checkpoint, LedgerHead, Review, Schedule, SecurityRecord
from reviews.operations import health
from reviews.operations.background import queue


def text() -> bytes:
    """Return the current metrics, in a constant number of queries."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return generate_latest(registry)


class Figures(Collector):
    """Metrics read from the database at each request, so that all web processes give the same answer."""

    def collect(self) -> Iterator[Metric]:
        yield _by("version", "release", "The running release", {config.VERSION: 1})
        found = health.findings()
        made = ("database", "cache") if "database" in found else health.CHECKS  # without a database no others are made
        yield _by("well", "check", "Whether a check of /healthz passes", {name: name not in found for name in made})
        if "database" not in found:
            yield from self._of_jobs()
            yield from self._of_work()
            yield from self._of_the_ledger()

    def _of_jobs(self) -> Iterator[Metric]:
        state = queue.state()
        yield _by("jobs", "status", "Jobs by status", {name.lower(): number for name, number in state.jobs.items()})
        wait = state.longest_wait.total_seconds()
        yield _one("job_longest_wait_seconds", "How long the oldest job that may run has waited", wait)
        if state.since_plan is not None:
            yield _one(
                "scheduler_age_seconds", "Time since the scheduler queued a job", state.since_plan.total_seconds()
            )

    def _of_work(self) -> Iterator[Metric]:
        reviews = dict(Review.objects.order_by().values_list("status").annotate(Count("pk")))
        counts = {status: reviews.get(status, 0) for status in Review.Status.values}
        yield _by("reviews", "status", "Reviews by status", counts)
        yield _one("articles_public", "Articles that lists may name", Article.objects.listed().count())
        overdue = Assignment.objects.to_decide().filter(due__lt=timezone.localdate())
        yield _one("assignments_overdue", "Open requests for a review past their due date", overdue.count())
        waiting = Schedule.objects.filter(closed_at__isnull=True).count()
        yield _one("schedules_open", "Publications that are scheduled", waiting)
        records = dict(SecurityRecord.objects.order_by().values_list("kind").annotate(Count("pk")))
        counts = {kind: records.get(kind, 0) for kind in SecurityRecord.Kind.values}
        yield _by("security_records", "kind", "Wrong passwords that no right one followed", counts)

    def _of_the_ledger(self) -> Iterator[Metric]:
        head = LedgerHead.objects.filter(pk=1).values_list("position", flat=True).first() or 0
        signed = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        yield _one("ledger_events", "Events in the ledger", head)
        yield _one("ledger_events_after_checkpoint", "Events that no checkpoint covers yet", head - signed)


def _one(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"imprimatur_{name}", what, value=value)


def _by(name: str, label: str, what: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"imprimatur_{name}", what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family

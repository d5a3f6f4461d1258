"""
The recurring comparison of the readers' pages with the signed texts.

Each run takes at most half a minute and continues after the last one. It first compares again the versions with
findings, so that the newest run always has all findings.
"""

import datetime
import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.site.verifying import comparing, edge
from config.tasks import TaskResultStatus, task

SECONDS = 30  # the longest time that other jobs, such as a due publication, wait for a run
SECONDS_FOR_AN_ANSWER = 5
RECENTLY = datetime.timedelta(days=7)
MOST_FOUND = 50
NOT_SEEN = "not seen"


@task
def compare_pages() -> dict[str, Any]:
    """Compare the versions with findings, the recent publications and the next of the others; return the findings."""
    last = DBTaskResult.objects.filter(task_path=compare_pages.module_path, status=TaskResultStatus.SUCCESSFUL)
    before = last.order_by("-finished_at").values_list("return_value", flat=True).first() or {}
    return Run(before.get("after", 0), before.get("found", {})).done()


class Run:
    """One run of the comparison, with its position and findings."""

    def __init__(self, after: int, found: dict[str, list[str]]) -> None:
        self.began = time.monotonic()
        self.after = after
        self.found = dict(found)  # places by the primary key of the version, as text because of JSON
        self.pages = 0
        self.url = settings.EDGE_URL
        self.seen: set[int] = set()

    def done(self) -> dict[str, Any]:
        since = timezone.now() - RECENTLY
        versions = comparing.versions()
        known = set(versions.values_list("pk", flat=True))
        self.found = {pk: places for pk, places in self.found.items() if int(pk) in known}
        recent = versions.filter(review__published_at__gt=since).values_list("pk", flat=True)
        for pk in [*map(int, self.found), *recent.order_by("-pk")]:
            if time.monotonic() - self.began > SECONDS / 2:
                break
            self._look(pk)
        for pk in sorted(known):
            if pk > self.after:
                if time.monotonic() - self.began > SECONDS:
                    break
                self._look(pk)
                self.after = pk
        else:
            self.after = 0
        reached = self.url == settings.EDGE_URL
        return {"pages": self.pages, "after": self.after, "found": self.found, "reached": reached}

    def _look(self, pk: int) -> None:
        """Compare the pages of a version; compare twice if they differ, since they may just have changed."""
        if pk in self.seen:
            return
        self.seen.add(pk)
        self.found.pop(str(pk), None)
        if self._compared(pk).findings and (again := self._compared(pk)).findings and len(self.found) < MOST_FOUND:
            self.found[str(pk)] = sorted({finding.place or NOT_SEEN for finding in again.findings})

    def _compared(self, pk: int) -> comparing.Compared:
        version = comparing.versions().get(pk=pk)
        try:
            compared = comparing.compare(version, self.url, SECONDS_FOR_AN_ANSWER)
        except edge.Unreachable:
            self.url = ""  # do not wait again: compare the rest in this process
            compared = comparing.compare(version)
        self.pages += compared.pages
        return compared


def sentence() -> str:
    """Return a sentence about the findings of the newest run, without titles; "" if there are none or it never ran."""
    ended = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    rows = DBTaskResult.objects.filter(task_path=compare_pages.module_path, status__in=ended)
    row = rows.order_by("-finished_at").values_list("status", "return_value").first()
    if row is None:
        return ""
    status, result = row
    if status == TaskResultStatus.FAILED:
        return "The pages could not be compared with the signed texts: see the worker's log."
    result = result or {}
    places = Counter(place for found in result.get("found", {}).values() for place in found)
    if places:
        counted = ", ".join(f"{place} {number}" for place, number in sorted(places.items()))
        return f"Pages differ from the signed texts ({counted}): run “manage.py verify_pages --url”."
    if not result.get("reached", True):
        return "The pages could not be fetched at EDGE_URL, so it is unknown what readers see."
    return ""

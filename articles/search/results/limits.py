"""What a search can be limited to: a topic, a kind of article, an audience, and a year of the last full review."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Article, VersionTopic


@dataclass(frozen=True)
class Limits:
    """`topics` are primary keys, `audience` a key, `since` a year; what is empty limits nothing."""

    topics: tuple[int, ...] = ()
    kind: str = ""
    audience: str = ""
    since: int = 0

    def __bool__(self) -> bool:
        return bool(self.topics or self.kind or self.audience or self.since)

    def terms(self, today: datetime.date) -> list[list[str]]:
        """Return the terms of the index by which a passage must be found, one of each list."""
        years = range(self.since, today.year + 1) if self.since else ()
        wanted = [
            [f"topic:{topic}" for topic in self.topics],
            [f"kind:{self.kind}"] if self.kind else [],
            [f"for:{self.audience}"] if self.audience else [],
            [f"year:{year}" for year in years],
        ]
        return [each for each in wanted if each]

    def applied(self, rows: QuerySet[Article]) -> QuerySet[Article]:
        """Limit listed articles to those that are so now, whatever the index says."""
        if self.topics:
            rows = rows.filter(
                Exists(VersionTopic.objects.filter(version=OuterRef("published_version"), topic__in=self.topics))
            )
        if self.kind:
            rows = rows.filter(published_version__kind=self.kind)
        if self.since:
            rows = rows.filter(last_reviewed__gte=datetime.date(self.since, 1, 1))
        return rows

"""The tree of topics: the page of a topic lists what is filed under it and under all topics that are a part of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Article, Topic, Version, VersionTopic


@dataclass(frozen=True)
class Branch:
    """A topic with the narrower topics that are a part of it, by name."""

    topic: Topic
    narrower: list["Branch"] = field(default_factory=list)

    @property
    def keys(self) -> list[int]:
        """Return the primary keys of the topic and of all that are a part of it."""
        return [self.topic.pk, *(key for branch in self.narrower for key in branch.keys)]


class Tree:
    """
    The topics with listed articles, and the wider topics above them. One query, whatever their number.

    A circle, which the database cannot forbid, is cut: each of its topics stands at the top.
    """

    def __init__(self) -> None:
        every = list(Topic.objects.annotate(is_used=Exists(_listed_on(OuterRef("pk")))).order_by("name"))
        self._every: dict[int, Topic] = {topic.pk: topic for topic in every}
        shown = {key for topic in every if topic.is_used for key in self._up_from(topic.pk)}
        below: defaultdict[int | None, list[int]] = defaultdict(list)
        for topic in every:
            if topic.pk in shown:
                below[self._above(topic.pk)].append(topic.pk)
        self._below = below

    @property
    def top(self) -> list[Branch]:
        """Return the topics that are a part of no other."""
        return [self._branch(pk) for pk in self._below[None]]

    def find(self, slug: str) -> Branch | None:
        """Return the topic with this slug; None if neither it nor a part of it has a listed article."""
        found = (pk for keys in self._below.values() for pk in keys if self._every[pk].slug == slug)
        return next((self._branch(pk) for pk in found), None)

    def above(self, topic: Topic) -> list[Topic]:
        """Return the wider topics, the widest first."""
        return [self._every[pk] for pk in self._up_from(topic.pk)][:0:-1]

    def __iter__(self) -> Iterator[Topic]:
        """Yield all topics that have a page, by name."""
        shown = {pk for keys in self._below.values() for pk in keys}
        return (topic for pk, topic in self._every.items() if pk in shown)

    def _branch(self, pk: int) -> Branch:
        return Branch(self._every[pk], [self._branch(below) for below in self._below[pk]])

    def _up_from(self, pk: int) -> list[int]:
        """Return the topic and the topics above it, the nearest first."""
        found = [pk]
        while (above := self._above(found[-1])) is not None:
            found.append(above)
        return found

    def _above(self, pk: int) -> int | None:
        """Return the wider topic of a topic; None if there is none, or if the topic is in a circle."""
        above, passed = self._every[pk].parent_id, {pk}
        while above is not None and above not in passed:
            passed.add(above)
            above = self._every[above].parent_id
        return None if above == pk else self._every[pk].parent_id


def with_parts(topic: Topic) -> list[int]:
    """Return the primary keys of the topic and of all topics that are a part of it, in one query."""
    wider = dict(Topic.objects.values_list("pk", "parent"))
    found = [topic.pk]
    for pk in found:  # it grows
        found += [part for part, above in wider.items() if above == pk and part not in found]
    return found


def listed_versions() -> QuerySet[Version]:
    """Return the published versions that lists may name. Policies are left out."""
    return Version.objects.listed().exclude(kind=Article.Kind.POLICY)


def _listed_on(topic: OuterRef) -> QuerySet[VersionTopic]:
    listed = listed_versions().filter(pk=OuterRef("version"))
    return VersionTopic.objects.filter(Exists(listed), topic=topic)

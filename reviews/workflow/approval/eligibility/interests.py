"""Which disclosed interests touch a text: those on its topics, on what these are parts of, and on their parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models.rows.together import Found
from reviews.models import Conflict, Disclosure, Interest, ManagementPlan


@dataclass(frozen=True)
class Touching:
    """An interest that touches a text, and by which topic. `entity` is "" if the statement alone says what it is."""

    topic: int
    topic_name: str
    entity: str = ""
    relation: str = ""

    @property
    def as_planned(self) -> dict[str, Any]:
        """Return it as a management plan stores it."""
        return {"entity": self.entity, "relation": self.relation, "topic": self.topic, "topic_name": self.topic_name}

    def sentence(self, name: str) -> str:
        """Return the reason against the person of this name."""
        if not self.entity:
            said = _("{name} has declared a conflict of interest on a topic of this text: {topic}.")
            return said.format(name=name, topic=self.topic_name)
        said = _("{name} has disclosed an interest on a topic of this text, {topic}: {relation}, {entity}.")
        relation = str(Interest.Relation(self.relation).in_a_sentence)
        return said.format(name=name, topic=self.topic_name, relation=relation, entity=self.entity)


def plans(whose: QuerySet[Any, Any], version: int) -> QuerySet[ManagementPlan]:
    """Return the management plans for these accounts in the review of the version."""
    return ManagementPlan.objects.filter(review__version=version, reviewer__in=whose)


def disclosed(disclosures: QuerySet[Disclosure]) -> QuerySet[Any, Any]:
    """Return (account, topic, its name, entity, relation) of each topic that these disclosures touch."""
    columns = ("disclosure__member__user", "topic", "topic__name", "interest__entity", "interest__relation")
    return Conflict.objects.filter(disclosure__in=disclosures.values("pk")).values_list(*columns)


def touching(found: Found) -> Iterator[tuple[int, Touching]]:
    """Yield each interest that touches the text, with the account of whoever disclosed it."""
    wider = dict(found["wider"])
    own = {topic for topic, _name in found["topics"]}
    around = {each for topic in own for each in and_wider(topic, wider)}
    for account, topic, name, entity, relation in sorted(found["conflicts"], key=_by_name):
        if topic in around or not own.isdisjoint(and_wider(topic, wider)):
            yield account, Touching(topic, name, entity or "", relation or "")


def _by_name(row: tuple[int, int, str, str | None, str | None]) -> tuple[str, str, int]:
    _account, topic, name, entity, _relation = row
    return (name, entity or "", topic)


def and_wider(topic: int, wider: dict[int, int]) -> Iterator[int]:
    """Yield a topic and those that it is a part of."""
    seen: set[int] = set()
    each: int | None = topic
    while each is not None and each not in seen:
        seen.add(each)
        yield each
        each = wider.get(each)

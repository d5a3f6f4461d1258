"""A whole draft as it is stored, read in a few statements, and its values as the page shows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Max, Value

from articles.desk.forms import newest_of
from articles.desk.typed import to_typed
from articles.models import Article, ArticleReference, ArticleTopic, Audience, Authorship, Section, Topic, Wording
from articles.models.rows.remembered import remembered

Values: TypeAlias = dict[str, str]

ARTICLE = (
    *("title", "slug", "kind", "language", "translation_of", "written_for", "risk"),
    *("evidence_current_to", "ai_use", "ai_note"),
)
SECTION = ("role", "heading", "body", "topic")
WORDING = ("heading", "body")
PERSON = ("role",)
NO_WORDING: Values = dict.fromkeys(WORDING, "")


@dataclass(frozen=True)
class Stored:
    """The rows of a draft, in their order, and the key of the newest history of each. `topics` are its own."""

    article: Article
    sections: dict[int, Section]
    wordings: dict[tuple[int, str], Wording]
    people: dict[int, Authorship]
    audiences: list[Audience]
    topics: list[Topic]
    newest: dict[tuple[type[models.Model], int], int]

    def seen(self, row: models.Model | None) -> str:
        """Return the key of the row's newest history as the page holds it, or "" for no row."""
        return str(self.newest.get((type(row), row.pk), "")) if row else ""

    @property
    def seen_topics(self) -> str:
        return str(self.newest.get((ArticleTopic, self.article.pk), ""))

    def others(self, section: int | None) -> list[Audience]:
        """Return the audiences that can have a wording here: all but the article's own, unless one is stored."""
        own = self.article.written_for_id
        return [each for each in self.audiences if each.pk != own or (section, each.key) in self.wordings]


def read(article: Article) -> Stored:
    """Return the draft as it is now. What the forms ask for is remembered: they ask the database no more."""
    sections = {row.pk: row for row in article.sections.all()}
    audiences = {row.pk: row for row in Audience.objects.all()}
    wordings = {}
    for row in Wording.objects.filter(section__article=article):
        row.section, row.audience = sections[row.section_id], audiences[row.audience_id]
        wordings[row.section_id, row.audience.key] = row
    article.written_for = audiences[article.written_for_id]
    topics = remembered(("topics", article.pk), lambda: list(article.topics.order_by("name")))
    filed = {topic.pk: topic for topic in topics}
    for section in sections.values():
        section.article = article
        if section.topic_id in filed:
            section.topic = filed[section.topic_id]
    people = {row.pk: row for row in article.authorships.select_related("contributor")}
    newest = _newest(article)
    rows: list[models.Model] = [article, *sections.values(), *wordings.values(), *people.values()]
    for each in rows:
        _remember(type(each), each.pk, newest)
    _remember(ArticleTopic, article.pk, newest)
    return Stored(article, sections, wordings, people, list(audiences.values()), topics, newest)


def _remember(model: type[models.Model], key: int, newest: Mapping[tuple[type[models.Model], int], int]) -> None:
    remembered(newest_of(model, key), lambda: newest.get((model, key)))


def remember_references(article: Article) -> None:
    """Remember the keys of the references that the texts may cite."""
    keys = ArticleReference.objects.filter(article=article).values_list("key", flat=True)
    remembered(("references", article.pk), lambda: frozenset(keys))


MODELS: list[type[models.Model]] = [Article, Section, Wording, Authorship, ArticleTopic]


def _newest(article: Article) -> dict[tuple[type[models.Model], int], int]:
    """Return the key of the newest history of each row of the draft, by one statement. Topics count as one row."""
    sections = Section.objects.filter(article=article).values("pk")
    rows = [
        Article.history.filter(id=article.pk),
        Section.history.filter(article_id=article.pk),
        Wording.history.filter(section_id__in=sections),
        Authorship.history.filter(article_id=article.pk),
        ArticleTopic.history.filter(article_id=article.pk),
    ]
    first, *others = [
        each.order_by()
        .values("article_id" if MODELS[place] is ArticleTopic else "id")
        .annotate(place=Value(place), newest=Max("history_id"))
        .values_list("place", "article_id" if MODELS[place] is ArticleTopic else "id", "newest")
        for place, each in enumerate(rows)
    ]
    return {(MODELS[place], key): newest for place, key, newest in first.union(*others, all=True)}


def values_of_article(row: Any, original: str | None = None) -> Values:
    """Return the values of an article, or of a row of its history, as the form shows them."""
    translated = row.translation_of if original is None else None
    if original is None:
        original = translated.get_absolute_url() if translated else ""
    day = row.evidence_current_to
    return {
        **{name: getattr(row, name) or "" for name in ("title", "slug", "kind", "language", "risk", "ai_use")},
        "ai_note": level(row.ai_note),
        "translation_of": original,
        "written_for": str(row.written_for_id),
        "evidence_current_to": f"{day:%Y-%m-%d}" if day else "",
    }


def values_of_section(row: Any) -> Values:
    return {"role": row.role, "heading": row.heading, "body": to_typed(row.body), "topic": str(row.topic_id or "")}


def values_of_wording(row: Any | None) -> Values:
    return {"heading": row.heading, "body": to_typed(row.body)} if row else dict(NO_WORDING)


def values_of_person(row: Any) -> Values:
    return {"role": row.role}


def level(text: str) -> str:
    """Return the text with one kind of line end and none around it, as a form compares it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def same(one: Values, other: Values, names: Iterable[str]) -> bool:
    return all(level(one[name]) == level(other[name]) for name in names)


def numbered(prefixes: Iterable[str], letter: str) -> Iterator[int]:
    """Yield the keys of the stored rows among these parts of the page."""
    for prefix in prefixes:
        if prefix.startswith(letter):
            yield int(prefix[1:])

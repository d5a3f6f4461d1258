"""The draft as it was at an earlier moment, put together from the history of its rows."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from articles.frozen.content import content_of, files_of
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Figure,
    Picture,
    Reference,
    Section,
    Topic,
    Wording,
)
from articles.models.rows.together import Found


class Draft(NamedTuple):
    """The article and the rows of its draft as they were, with what they refer to. They are not to be saved."""

    article: Article
    rows: Found


def draft_as_of(article: Article, at: datetime.datetime) -> Draft | None:
    """
    Return the draft as it was at this moment; None if it did not exist yet.

    What it refers to, such as a work of the library, is as it was too; as it is now if its history is younger. The
    number of queries does not depend on the length of the draft.
    """
    own = _then(Article.history.filter(id=article.pk), at)
    if not own:
        return None
    sections = _then(Section.history.filter(article_id=article.pk), at)
    wordings = _then(Wording.history.filter(section_id__in=[row.pk for row in sections]), at)
    references = _then(ArticleReference.history.filter(article_id=article.pk), at)
    topics = _then(ArticleTopic.history.filter(article_id=article.pk), at)
    authorships = _then(Authorship.history.filter(article_id=article.pk), at)
    figures = _then(Figure.history.filter(article_id=article.pk), at)
    pictures = {row.pk: row for row in Picture.objects.filter(pk__in=[row.picture_id for row in figures])}
    worded_for = {own[0].written_for_id, *(row.audience_id for row in wordings)}
    audiences = _referred_to(Audience, worded_for.union(Audience.objects.values_list("pk", flat=True)), at)
    _fill(wordings, "audience", audiences)
    _fill(references, "reference", _referred_to(Reference, [row.reference_id for row in references], at))
    _fill(topics, "topic", _referred_to(Topic, [row.topic_id for row in topics], at))
    _fill(authorships, "contributor", _referred_to(Contributor, [row.contributor_id for row in authorships], at))
    _fill(figures, "picture", pictures)
    rows: Found = {
        "sections": sections,
        "wordings": wordings,
        "references": references,
        "topics": topics,
        "authorships": authorships,
        "figures": figures,
        "files": list(files_of(list(pictures))),
        "audiences": list(audiences.values()),
        "disclaimers": [],
    }
    return Draft(own[0], rows)


def content_as_of(article: Article, at: datetime.datetime) -> dict[str, Any] | None:
    """Return the content of the draft at this moment, without what does not belong to it; None if there was none."""
    draft = draft_as_of(article, at)
    return only_draft(content_of(*draft)[0]) if draft else None


def only_draft(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content without what is signed with a draft but no part of it: disclaimers, and visible digests."""
    return content | {"disclaimers": {}, "visible": {}}


def _then(rows: QuerySet[Any], at: datetime.datetime) -> list[Any]:
    """Return the rows of a table as they were, from its history: of each the newest row of history by then."""
    before = rows.filter(history_date__lte=at).order_by()
    newest = before.values("id").annotate(newest=Max("history_id")).values("newest")
    return [_as_it_was(row) for row in before.filter(history_id__in=newest).exclude(history_type="-")]


def _as_it_was(row: Any) -> Any:
    return row.instance_type(**{field.attname: getattr(row, field.attname) for field in row.tracked_fields})


def _referred_to(model: Any, keys: Iterable[int], at: datetime.datetime) -> dict[int, Any]:
    """Return these rows as they were, by their keys, or as they are now."""
    wanted = set(keys)
    found = {row.pk: row for row in _then(model.history.filter(id__in=wanted), at)}
    return {row.pk: row for row in model.objects.filter(pk__in=wanted - found.keys())} | found


def _fill(rows: list[Any], name: str, known: dict[int, Any]) -> None:
    """Give each row what it refers to. A row whose other row is gone without a trace is left out."""
    rows[:] = [row for row in rows if getattr(row, f"{name}_id") in known]
    for row in rows:
        setattr(row, name, known[getattr(row, f"{name}_id")])

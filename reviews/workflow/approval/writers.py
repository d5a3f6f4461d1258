"""
The writers of a draft: every contributor ever linked, its creator and importer, and every user in its history.

A user who changes the printed details of a reference is a writer of every draft that already cites it. A user who added
the reference, or changed it before it was cited, is not. Marking a reference as retracted does not count, although
“[Retracted]” is printed: it is a fact from outside. Removing another user's mark does count.

The workflow moves an article's pointers without a history row, so publishing makes no one a writer.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Authorship,
    Contributor,
    Figure,
    Reference,
    Section,
    Wording,
)
from articles.models.rows.together import Together
from articles.text.citations import format_reference, is_retracted
from reviews.evidence import ledger
from reviews.evidence.ledger.rows import digest_of_digests, row_digest


@dataclass(frozen=True)
class DraftHistory:
    """
    All history rows of one draft, with those of the works that it ever cited.

    `people` has the account of everyone whom these rows name, and of each contributor ever linked who has one.
    """

    rows: list[Any]
    works: list[Any]
    people: list[User]

    def users(self) -> set[int]:
        return {row.history_user_id for row in self.rows if row.history_user_id}

    def contributors(self) -> set[int]:
        """Return the contributors ever linked to the draft: one who is removed remains a writer."""
        return {row.contributor_id for row in self.rows if row.instance_type is Authorship}

    def commitment(self) -> dict[str, Any]:
        """Return the entry of the history in a submission's event: the ids of the rows, and one digest of all rows."""
        ids: dict[str, list[int]] = {}
        for row in self.rows:
            ids.setdefault(row._meta.db_table, []).append(row.pk)
        return {
            "ids": {table: runs(numbers) for table, numbers in ids.items()},
            "sha256": digest_of_digests(row_digest(row) for row in self.rows),
        }


def draft_history(article: Article) -> DraftHistory:
    """Return the history of the draft, with deleted sections and wordings, ordered by table and id."""
    found = _history.read(article=article.pk)
    tables = [sorted(found[name], key=lambda row: row.history_id) for name in _of_draft(article.pk)]
    works = sorted(found["works"], key=lambda row: row.history_id)
    return DraftHistory([row for table in tables for row in table], works, found["people"])


def _of_draft(article: int) -> dict[str, Any]:
    """Return the history of each table of a draft."""
    of_article = {"article_id": article}
    sections = Section.history.filter(**of_article)
    return {
        "article": Article.history.filter(id=article),
        "references": ArticleReference.history.filter(**of_article),
        "topics": ArticleTopic.history.filter(**of_article),
        "authorships": Authorship.history.filter(**of_article),
        "figures": Figure.history.filter(**of_article),
        "sections": sections,
        "wordings": Wording.history.filter(section_id__in=sections.values("id")),
    }


def _querysets(article: int) -> dict[str, Any]:
    of_draft = _of_draft(article)
    works = Reference.history.filter(id__in=of_draft["references"].values("reference_id"))
    linked = Contributor.objects.filter(pk__in=of_draft["authorships"].values("contributor_id"))
    own = Article.objects.filter(pk=article)
    named = [own.values("created_by"), own.values("imported_by"), linked.values("user")]
    named += [rows.values("history_user_id") for rows in (*of_draft.values(), works)]
    first, *others = (rows.order_by() for rows in named)
    people = User.objects.filter(pk__in=first.union(*others)).select_related("contributor")
    return {**of_draft, "works": works, "people": people}


_history = Together(_querysets)


def writers(
    article: Article, history: DraftHistory, cited: Iterable[ArticleReference] = ()
) -> list[dict[str, int | str]]:
    """Return all writers of the draft and of the references cited in it, as [{id, name}] ordered by id."""
    linked = history.contributors()
    users = history.users() | {article.created_by_id, article.imported_by_id} | _reference_writers(history, cited)
    return [
        {"id": person.pk, "name": ledger.name_of(person)}
        for person in sorted(history.people, key=lambda person: person.pk)
        if person.pk in users or getattr(getattr(person, "contributor", None), "pk", None) in linked
    ]


def _reference_writers(history: DraftHistory, cited: Iterable[ArticleReference]) -> set[int]:
    """Return the users who changed the printed details of these works after the draft first cited each."""
    works = {row.reference_id for row in cited}
    since: dict[int, datetime.datetime] = {}
    for row in history.rows:
        if row.instance_type is ArticleReference:
            since[row.reference_id] = min(row.history_date, since.get(row.reference_id, row.history_date))
    printed: dict[int, str] = {}
    marked_by: dict[int, int | None] = {}
    users = set()
    for row in history.works:
        if row.id not in works:
            continue
        before, printed[row.id] = printed.get(row.id), format_reference({**row.csl, "status": ""})
        is_changed = before != printed[row.id]
        if is_retracted(row.csl):
            marked_by.setdefault(row.id, row.history_user_id)
        elif row.id in marked_by:
            is_changed |= marked_by.pop(row.id) != row.history_user_id
        if row.history_user_id and row.history_date > since[row.id] and is_changed:
            users.add(row.history_user_id)
    return users


def runs(numbers: list[int]) -> list[list[int]]:
    """Return ascending numbers as runs [first, last]: [1, 2, 3, 7] gives [[1, 3], [7, 7]]."""
    result: list[list[int]] = []
    for number in numbers:
        if result and result[-1][1] == number - 1:
            result[-1][1] = number
        else:
            result.append([number, number])
    return result

"""
The writers of a draft: every contributor ever linked, its creator and importer, and every user in its history.

A user who changes the printed details of a reference is a writer of every draft that already cites it. A user who added
the reference, or changed it before it was cited, is not. Marking a reference as retracted does not count, although
“[Retracted]” is printed: it is a fact from outside. Removing another user's mark does count.

The workflow moves an article's pointers without a history row, so publishing makes no one a writer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Min

from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Authorship,
    Contributor,
    Reference,
    Section,
    Wording,
)
from articles.text.citations import format_reference, is_retracted
from reviews.evidence import ledger
from reviews.evidence.ledger.rows import digest_of_digests, row_digest


@dataclass(frozen=True)
class DraftHistory:
    """All history rows of one draft."""

    rows: list[Any]

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
    of_article = {"article_id": article.pk}
    sections = Section.history.filter(**of_article)
    querysets = [
        Article.history.filter(id=article.pk),
        ArticleReference.history.filter(**of_article),
        ArticleTopic.history.filter(**of_article),
        Authorship.history.filter(**of_article),
        sections,
        Wording.history.filter(section_id__in=sections.values("id")),
    ]
    return DraftHistory([row for queryset in querysets for row in queryset.order_by("history_id")])


def writers(
    article: Article, history: DraftHistory, cited: Iterable[ArticleReference] = ()
) -> list[dict[str, int | str]]:
    """Return all writers of the draft and of the references cited in it, as [{id, name}] ordered by id."""
    users = history.users() | {article.created_by_id} | _reference_writers(article, cited)
    users |= {article.imported_by_id} if article.imported_by_id else set()
    linked = Contributor.objects.filter(pk__in=history.contributors(), user__isnull=False)
    users |= set(linked.values_list("user", flat=True))
    people = User.objects.filter(pk__in=users).select_related("contributor").order_by("pk")
    return [{"id": person.pk, "name": ledger.name_of(person)} for person in people]


def _reference_writers(article: Article, cited: Iterable[ArticleReference]) -> set[int]:
    """Return the users who changed the printed details of these works after the draft first cited each."""
    works = {row.reference_id for row in cited}
    rows = ArticleReference.history.filter(article_id=article.pk, reference_id__in=works)
    since = dict(rows.order_by().values_list("reference_id").annotate(Min("history_date")))
    printed: dict[int, str] = {}
    marked_by: dict[int, int | None] = {}
    users = set()
    for row in Reference.history.filter(id__in=works).order_by("history_id"):
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

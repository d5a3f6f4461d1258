"""The review process of this site: the implementation of `articles.review_process`."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse

from articles.checks import Finding
from articles.models import Article, Version
from articles.review_process import Approval, Around, Confirmed, DraftRemark, ReviewState
from reviews.desk.access import versions_open_to, visible_to_reviewer
from reviews.desk.review.beside import remarks_on_draft
from reviews.models import Attestation, Capacity, Override, Review, Signature
from reviews.site.around import around
from reviews.site.generation import generation
from reviews.site.state import confirmed, state_of
from reviews.workflow.approval.full_review.resting import as_reviewed


class Reviews:
    """An `articles.review_process.ReviewProcess`."""

    def in_open_review(self, version: str = "") -> Q:
        return Q(
            **{
                _path(version, "review__open_review"): True,
                _path(version, "review__status__in"): Review.ON_ITS_WAY,
            }
        )

    def was_published(self, version: str = "") -> Q:
        return Q(**{_path(version, "review__published_at__isnull"): False})

    def published_at(self, version: str = "") -> F:
        return F(_path(version, "review__published_at"))

    def approved_at(self, version: str = "") -> F:
        return F(_path(version, "review__approved_at"))

    def full_review_due(self, version: str = "") -> Case:
        path = _path(version, "review__full_review_due")
        owing = Q(**{_path(version, "review__status"): Review.Status.APPROVED})
        owing &= Q(**{_path(version, "review__completed_at__isnull"): True})
        return Case(When(owing, then=F(path)))

    def visible_to_reviewer(self, user: int) -> Q:
        return visible_to_reviewer(user)

    def open_to(self, user: int, roles: Collection[str]) -> Q:
        return versions_open_to(user, roles)

    def with_state(self, rows: QuerySet[Any], *versions: str) -> QuerySet[Any]:
        return rows.select_related(*(_path(version, "review") for version in versions))

    def state(self, version: Version) -> ReviewState:
        return state_of(version.review)

    def generation(self) -> str:
        return generation()

    def around(self, article: Article, version: Version, audience: str) -> Around:
        return around(article, version, audience)

    def approvals(self, versions: Iterable[Version]) -> dict[int, list[Approval]]:
        found: dict[int, list[Approval]] = {}
        for row in Signature.objects.in_bylines().filter(version__in=list(versions)).order_by("signed_at", "pk"):
            named = Approval(
                row.printed_name, row.credentials, str(Capacity(row.capacity).in_a_sentence), row.signed_at, None
            )
            found.setdefault(row.version_id, []).append(named)
        return found

    def confirmed(self, versions: Iterable[Version]) -> dict[int, list[Confirmed]]:
        found: dict[int, list[Confirmed]] = {}
        for row in Attestation.objects.complete().filter(version__in=list(versions)).select_related("version"):
            found.setdefault(row.version_id, []).append(confirmed(row.version.number, row.counted))
        return found

    def as_reviewed(self, articles: Iterable[Article]) -> list[Article]:
        return as_reviewed(articles)

    def remarks_on_draft(self, article: Article, user: User) -> list[DraftRemark]:
        return remarks_on_draft(article, user)

    def overridden(self, article: int, found: Iterable[Finding]) -> Collection[str]:
        return Override.objects.standing_for(article, found).keys()

    def board_member(self, person: int) -> str:
        return f"{reverse('board')}#person-{person}"

    def public_pages(self) -> list[str]:
        return [reverse("board"), reverse("ledger")]

    def desk(self, article: int | None = None) -> str:
        return reverse("desk_article", args=[article]) if article else reverse("desk")


def _path(version: str, lookup: str) -> str:
    return f"{version}__{lookup}" if version else lookup

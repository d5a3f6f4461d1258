"""What `articles` asks of the reviews: the answers to `articles.review_process`."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.models import Article, Version
from articles.review_process import Around, ReviewState
from reviews.models import Assignment, Decision, Review
from reviews.site.around import around
from reviews.site.standing import state_of
from reviews.workflow.approval.resting import as_reviewed


class Reviews:
    """The review process of this site, an `articles.review_process.ReviewProcess`."""

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

    def visible_to_reviewer(self, user) -> Q:
        """
        Return the condition that this person was asked about the article and has not declared a conflict of interest.

        While an approval of theirs can be withdrawn they may see it all the same.
        """
        asked = Assignment.objects.filter(review__article=OuterRef("pk"), reviewer=user.pk)
        barred = asked.filter(ended_as=Assignment.Ending.CONFLICT)
        article = "review__article__published_version"
        to_withdraw = Decision.objects.counting().filter(
            Q(**{f"{article}__isnull": True}) | Q(review__version__number__gt=F(f"{article}__number")),
            review__article=OuterRef("pk"),
            review__status=Review.Status.APPROVED,
            review__published_at__isnull=True,
            assignment__reviewer=user.pk,
        )
        return Q(Exists(asked)) & (~Q(Exists(barred)) | Q(Exists(to_withdraw)))

    def with_state(self, rows: QuerySet, *versions: str) -> QuerySet:
        return rows.select_related(*(_path(version, "review") for version in versions))

    def state(self, version: Version) -> ReviewState:
        return state_of(version.review)

    def around(self, article: Article, version: Version, audience: str) -> Around:
        return around(article, version, audience)

    def as_reviewed(self, articles) -> list[Article]:
        return as_reviewed(articles)

    def public_pages(self) -> list[str]:
        return [reverse("board"), reverse("ledger")]

    def desk(self, article: int | None = None) -> str:
        return reverse("desk_article", args=[article]) if article else reverse("desk")


def _path(version: str, lookup: str) -> str:
    return f"{version}__{lookup}" if version else lookup

"""
The rows that a signed-in person may see at the desk. Every view fetches its rows here.

For any other row the response is 404, as for a row that does not exist. `Article.objects.visible_to` has the rule for
authors, editors and administrators, and `visible_to_reviewer` the rule for board members. A text is closed to a
reviewer who has not accepted the request (`reviews.models.reading.gate`): they are shown the request instead.
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.desk.requests import SignedInRequest
from articles.models import Article, Notice
from articles.models.article import ArticleQuerySet
from articles.models.people import Role, active, holds, roles_of
from articles.models.rows.together import Together
from articles.models.section import contributed
from articles.text.plain.forms import LARGEST_KEY
from reviews.evidence.ledger import name_of
from reviews.models import (
    Absence,
    Assignment,
    BoardMember,
    Comment,
    Decision,
    Dossier,
    Message,
    Override,
    Review,
    SavedView,
    Schedule,
    Task,
)
from reviews.models.comment import CommentQuerySet
from reviews.models.reading.gate import closed_to

DOSSIER_IS_CLOSED = _("Only an administrator or an editor opens the dossier of an article.")
DOSSIER_OF_OWN_TEXT = _(
    "You contributed to this article, so its dossier is closed to you: it has what the board said among itself. "
    "Ask another editor, or an administrator."
)
DECLINED = _("You declined to review this version, so you do not see it.")
NOT_ACCEPTED = _("Accept or decline the request to review first. You see the text when you have accepted.")
STEPPED_BACK = _("You stepped back from this article because of a conflict of interest, so you no longer see it.")


class NotAccepted(PermissionDenied):
    """The text is closed to a reviewer who has not accepted the request: they are shown the request instead."""

    def __init__(self, review: int) -> None:
        super().__init__(NOT_ACCEPTED)
        self.page = reverse("desk_review", args=[review])


def visible_to_reviewer(user: int) -> Q:
    """
    Return the condition that the person with this account is asked about the article, or once accepted a request.

    They must not have stepped back because of a conflict.

    A signer whose approval can still be withdrawn may see the article in any case.
    """
    asked = Assignment.objects.filter(review__article=OuterRef("pk"), reviewer=user)
    barred = asked.filter(ended_as=Assignment.Ending.CONFLICT)
    article = "review__article__published_version"
    to_withdraw = Decision.objects.counting().filter(
        Q(**{f"{article}__isnull": True}) | Q(review__version__number__gt=F(f"{article}__number")),
        review__article=OuterRef("pk"),
        review__status=Review.Status.APPROVED,
        review__published_at__isnull=True,
        assignment__reviewer=user,
    )
    return (Q(Exists(asked.open())) | Q(Exists(asked.admitted()))) & (~Q(Exists(barred)) | Q(Exists(to_withdraw)))


def versions_open_to(user: int, roles: Collection[str]) -> Q:
    """Return the condition, on versions, that this person may read them at the desk, as `visible_review` decides."""
    seen = Article.objects.visible_as(user, roles).filter(pk=OuterRef("article")).order_by()
    return Q(Exists(seen)) & ~closed_to(user, roles, review="review", article="article")


def visible_article(request: SignedInRequest, pk: int) -> Article:
    """
    Return the article; raise Http404 unless this person may see it, NotAccepted if they are asked about it.

    Raise PermissionDenied if they declined one of its versions, or declared a conflict of interest.
    """
    user, roles = request.user.pk, roles_of(request.user)
    closed = Review.objects.filter(closed_to(user, roles, review="pk", article="article"), article=OuterRef("pk"))
    rows = Article.objects.visible_as(user, roles).annotate(closed=Subquery(closed.order_by("-pk").values("pk")[:1]))
    row = get_object_or_404(rows.select_related("published_version", "latest_version__review"), pk=pk)
    if closed_review := row.closed:  # type: ignore[attr-defined]  # annotated above
        if not Assignment.objects.unanswered().filter(review=closed_review, reviewer=user).exists():
            raise PermissionDenied(_why_closed(request.user, pk))
        raise NotAccepted(closed_review)
    return row


def dossier_article(request: SignedInRequest, pk: int) -> Article:
    """
    Return the article whose dossier this person may open: an administrator, or an editor, who did not contribute to it.

    The dossier has comments for the board alone, and why reviewers stepped back. Raise Http404 as `visible_article`,
    and PermissionDenied for anybody else who sees the article.
    """
    article = visible_article(request, pk)
    if not {Role.EDITOR, Role.ADMIN}.intersection(roles_of(request.user)):
        raise PermissionDenied(DOSSIER_IS_CLOSED)
    if Article.objects.filter(contributed(article.pk, request.user.pk), pk=article.pk).exists():
        raise PermissionDenied(DOSSIER_OF_OWN_TEXT)
    return article


def attestable_article(request: SignedInRequest, pk: int) -> Article:
    """
    Return an article with a public version, whose text a member of the board may read again.

    Raise Http404 if there is none, or if it is removed, and for anyone who may not see the article otherwise.
    """
    shown = Article.objects.public().filter(published_version__isnull=False)
    if not holds(request.user, Role.REVIEWER):
        shown = shown.filter(pk__in=_articles(request).values("pk"))
    rows = shown.select_related("published_version__review", "latest_version__review")
    return get_object_or_404(rows, pk=pk)


def visible_review(request: SignedInRequest, pk: int) -> Review:
    """
    Return the review with its version and article; raise Http404 unless this person may see it.

    Raise PermissionDenied for a reviewer who stepped back from the article because of a conflict of interest: they
    know that it exists, and for one who declined this version. Raise NotAccepted, which is one too, while they have not
    answered their request.
    """
    return _opened(request, asked_review(request, pk))


def asked_review(request: SignedInRequest, pk: int) -> Review:
    """Return the review as `visible_review`, with `is_closed`: whether its text is closed to this person."""
    roles = frozenset(roles_of(request.user))
    found: list[Review] = _review_as(roles).read(review=pk, user=request.user.pk)["review"] if pk <= LARGEST_KEY else []
    review = _only(found, request, Review.objects.filter(pk=pk))
    if review.is_closed and not review.is_asked:
        raise PermissionDenied(_why_closed(request.user, review.article_id))
    return review


def _why_closed(user: User, article: int) -> str:
    """Return why a version is closed to a reviewer who has answered the request."""
    return str(STEPPED_BACK if _barred(user).filter(review__article=article).exists() else DECLINED)


@cache
def _review_as(roles: frozenset[str]) -> Together:
    """Return the statement that reads a review for people with these roles."""
    return Together(lambda review, user: {"review": _with_article(Review.objects.filter(pk=review), user, roles)})


def _with_article(rows: QuerySet[Review], user: int, roles: Collection[str]) -> QuerySet[Review]:
    closed = closed_to(user, roles, review="pk", article="article")
    rows = rows.annotate(  # type: ignore[no-redef]  # fills the attribute of this name
        is_closed=ExpressionWrapper(closed, BooleanField()),
        is_asked=Exists(Assignment.objects.unanswered().filter(review=OuterRef("pk"), reviewer=user).order_by()),
    )
    seen = Article.objects.visible_as(user, roles).filter(pk=OuterRef("article")).order_by()
    related = ("version", "article__published_version", "article__latest_version")
    return rows.filter(Exists(seen)).select_related(*related)


def _visible(request: SignedInRequest, one: QuerySet[Review]) -> Review:
    """Return the only review of the queryset, or raise as `visible_review`."""
    user = request.user
    return _opened(request, _only(_with_article(one, user.pk, roles_of(user)), request, one))


def _opened(request: SignedInRequest, review: Review) -> Review:
    """Return the review; raise as `visible_review` if its text is closed to the person for whom it was read."""
    if review.is_closed and review.is_asked:
        raise NotAccepted(review.pk)
    if review.is_closed:
        raise PermissionDenied(_why_closed(request.user, review.article_id))
    return review


def _only(found: Iterable[Review], request: SignedInRequest, one: QuerySet[Review]) -> Review:
    review = next(iter(found), None)
    if review is None and _stepped_back(request.user, one):
        raise PermissionDenied(STEPPED_BACK)
    if review is None:
        raise Http404
    return review


def reviews_among(request: SignedInRequest, keys: list[int]) -> list[Review]:
    """Return those of these reviews that this person may see, in this order, each with its version and article."""
    rows = _with_article(Review.objects.filter(pk__in=keys), request.user.pk, roles_of(request.user))
    return sorted((row for row in rows if not row.is_closed), key=lambda row: keys.index(row.pk))


def visible_assignment(request: SignedInRequest, pk: int) -> tuple[Assignment, Review]:
    """Return the assignment and its review, or raise as `visible_review`."""
    row, review = asked_assignment(request, pk)
    return row, _opened(request, review)


def asked_assignment(request: SignedInRequest, pk: int) -> tuple[Assignment, Review]:
    """Return the assignment and its review, accepted or not; raise as `asked_review`."""
    row = get_object_or_404(Assignment, pk=pk)
    return row, asked_review(request, row.review_id)


def own_request(user: User, review: Review) -> Assignment:
    """Return this person's request that they have not answered, with who asks; raise Http404 if there is none."""
    rows = Assignment.objects.unanswered().select_related("assigned_by__contributor")
    return get_object_or_404(rows, review=review, reviewer=user)


def visible_schedule(request: SignedInRequest, pk: int) -> tuple[Schedule, Review]:
    """Return the schedule and the review of its version, or raise as `visible_review`."""
    row = get_object_or_404(Schedule.objects.select_related("version__review"), pk=pk)
    return row, visible_review(request, row.version.review.pk)


def visible_comment(request: SignedInRequest, pk: int) -> tuple[Comment, Review]:
    """
    Return the comment and the review of the article's latest version, where the comment can be answered.

    Raise Http404 unless this person may see it: authors do not see board-only comments.
    """
    rows = Comment.objects.visible_to(request.user).select_related("article", "version")
    row = get_object_or_404(rows, pk=pk)
    return row, _visible(request, Review.objects.filter(version=row.article.latest_version_id))


def visible_comments(article: Article, user: User, roles: list[str]) -> CommentQuerySet:
    """Return the comments on the article that this person, who has these roles, may read."""
    return article.comments.visible_to(user, roles)


def read_comments(article: int, user: int, roles: Collection[str]) -> list[Comment]:
    """
    Return the comments that `visible_comments` returns, oldest first, each with its version and its anchors.

    One statement, built once per process, and a second one if there are any.
    """
    found: list[Comment] = _comments_as(frozenset(roles)).read(article=article, user=user)["comments"]
    found.sort(key=lambda row: (row.written_at, row.pk))
    prefetch_related_objects(found, "anchors")
    return found


@cache
def _comments_as(roles: frozenset[str]) -> Together:
    """Return the statement that reads the comments on an article for people with these roles."""

    def rows(article: int, user: int) -> dict[str, QuerySet[Any]]:
        comments = Comment.objects.filter(article=article).visible_as(user, roles)
        return {"comments": comments.select_related("version").order_by()}

    return Together(rows)


def comments_for(user: User, roles: list[str]) -> CommentQuerySet:
    """Return the unresolved comments that wait for this person, who has these roles, and that they may read."""
    return Comment.objects.waiting_for(user).visible_to(user, roles)


def mentions_of(user: User, roles: list[str]) -> CommentQuerySet:
    """Return the comments that mention this person, who has these roles, and that wait for their answer."""
    return Comment.objects.mentioning(user, name_of(user)).exclude(assignee=user).visible_to(user, roles)


def visible_notice(request: SignedInRequest, pk: int) -> Notice:
    """Return the notice; raise Http404 unless this person may see its article. The notice itself is public."""
    return get_object_or_404(Notice.objects.filter(_is_seen(request)), pk=pk)


def own_board_row(request: SignedInRequest) -> BoardMember:
    """Return the board row of the signed-in person; raise PermissionDenied unless they are on the board."""
    member = BoardMember.objects.filter(user=request.user.pk).first()
    if member is None or not holds(request.user, Role.REVIEWER):
        raise PermissionDenied(_("Only a member of the medical advisory board has this page."))
    return member


def own_absence(request: SignedInRequest, pk: int) -> Absence:
    return get_object_or_404(Absence, pk=pk, member=own_board_row(request))


def visible_override(request: SignedInRequest, pk: int) -> Override:
    """Return an override that may be taken back or is; raise Http404 unless this person may see its article."""
    return get_object_or_404(Override.objects.filter(_is_seen(request)), pk=pk, takes_back__isnull=True)


def board_account(pk: int) -> User:
    """Return the account of an active member of the board, with the public name; raise Http404 for any other."""
    return get_object_or_404(active(Role.REVIEWER).select_related("contributor"), pk=pk)


def kept_dossier(request: SignedInRequest, pk: int) -> tuple[Dossier, Article]:
    """Return a dossier that was asked for, and its article; refuse as `dossier_article` does."""
    row = get_object_or_404(Dossier, pk=pk)
    return row, dossier_article(request, row.article_id)


def own_message(request: SignedInRequest, pk: int) -> Message:
    return get_object_or_404(Message, pk=pk, recipient=request.user.pk)


def require_editor(request: SignedInRequest) -> None:
    """Raise PermissionDenied unless the signed-in person is an editor."""
    if Role.EDITOR not in roles_of(request.user):
        raise PermissionDenied(_("Only an editor sees the queue of reviews."))


def require_overview(request: SignedInRequest) -> None:
    """Raise PermissionDenied unless the signed-in person is an editor or an administrator."""
    if not {Role.EDITOR, Role.ADMIN}.intersection(roles_of(request.user)):
        raise PermissionDenied(_("Only an editor or an administrator sees the dashboard."))


def own_view(request: SignedInRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=request.user.pk)


def visible_task(request: SignedInRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.filter(_is_seen(request)), pk=pk)


def still_sees(request: SignedInRequest, article_id: int) -> bool:
    """Tell whether this person may still see the article after their step."""
    return _articles(request).filter(pk=article_id).exists()


def _articles(request: SignedInRequest) -> ArticleQuerySet:
    return Article.objects.visible_to(request.user).order_by()


def _is_seen(request: SignedInRequest) -> Q:
    """Return the condition that this person sees the article of a row: asked of each row, not of every article."""
    return Q(Exists(_articles(request).filter(pk=OuterRef("article"))))


def _stepped_back(user: User, one: QuerySet[Review]) -> bool:
    """Tell whether this person declared a conflict of interest on the article of the review."""
    return _barred(user).filter(review__article__in=one.order_by().values("article")).exists()


def _barred(user: User) -> QuerySet[Assignment]:
    """Return the requests to this person that ended with a conflict of interest."""
    return Assignment.objects.filter(reviewer=user, ended_as=Assignment.Ending.CONFLICT)

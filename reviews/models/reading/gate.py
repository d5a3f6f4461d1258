"""
The gate: a reviewer sees the text that they are asked about once they have declared no conflict of interest.

Who declines a version does not see it, and who declares a conflict sees no version that they have not approved.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from articles.models import Article
from articles.models.people import Role
from reviews.models.review import Assignment, Decision


def closed_to(user: int, roles: Collection[str], *, review: str, article: str) -> Q:
    """
    Return the condition that a version is still closed to the account with this key and these roles.

    They are asked to review it and have not accepted, or declined it, and have never accepted another request for it.
    Or they declared a conflict of interest on the article, and have no approval of this version to withdraw. It is not
    closed to who sees the article in another role. `review` and `article` are the lookups from a row to the version's
    review and article.
    """
    if Role.REVIEWER not in roles or {Role.EDITOR, Role.ADMIN}.intersection(roles):
        return Q(pk__in=[])
    mine = Assignment.objects.filter(review=OuterRef(review), reviewer=user).order_by()
    declined = mine.filter(ended_as=Assignment.Ending.DECLINED)
    closed = (Q(Exists(mine.unanswered())) | Q(Exists(declined))) & ~Q(Exists(mine.admitted()))
    barred = Assignment.objects.filter(
        review__article=OuterRef(article), reviewer=user, ended_as=Assignment.Ending.CONFLICT
    )
    approved = Decision.objects.counting().filter(review=OuterRef(review), assignment__reviewer=user)
    closed |= Q(Exists(barred.order_by())) & ~Q(Exists(approved.order_by()))
    if Role.AUTHOR in roles:
        own = Article.objects.visible_as(user, [Role.AUTHOR]).filter(pk=OuterRef(article)).order_by()
        closed &= ~Q(Exists(own))
    return closed

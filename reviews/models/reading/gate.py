"""The gate: a reviewer sees the text that they are asked about once they have declared no conflict of interest."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from articles.models import Article
from articles.models.people import Role
from reviews.models.review import Assignment


def closed_to(user: int, roles: Collection[str], *, review: str, article: str) -> Q:
    """
    Return the condition that a version is still closed to the account with this key and these roles.

    They are asked to review it and have not accepted, have never accepted another request for it, and do not see the
    article in another role. `review` and `article` are the lookups from a row to the version's review and article.
    """
    if Role.REVIEWER not in roles or {Role.EDITOR, Role.ADMIN}.intersection(roles):
        return Q(pk__in=[])
    mine = Assignment.objects.filter(review=OuterRef(review), reviewer=user).order_by()
    closed = Q(Exists(mine.unanswered())) & ~Q(Exists(mine.admitted()))
    if Role.AUTHOR in roles:
        own = Article.objects.visible_as(user, [Role.AUTHOR]).filter(pk=OuterRef(article)).order_by()
        closed &= ~Q(Exists(own))
    return closed

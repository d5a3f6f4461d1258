from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Article
from articles.models.people import roles_of
from reviews.desk.queues.counted import waiting


def demonstration(request: HttpRequest) -> dict[str, bool]:
    """Tell templates whether this is a demonstration: `manage.py demo` runs only with DEBUG on."""
    return {"demonstration": settings.DEBUG}


def questions(request: HttpRequest) -> dict[str, Any]:
    """Give templates what they say beside the form for a reader's question. It is the same for everybody."""
    return {"emergency_number": settings.EMERGENCY_NUMBER, "question_days": settings.QUESTION_DAYS}


def policy(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Tell readers' pages whether there is a policy to link to: a query only if the page's view has not set it."""
    return {"has_policy": SimpleLazyObject(lambda: Article.objects.policies().exists())}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Give the pages of the desk the roles of the signed-in user; other pages get nothing and make no query."""
    if not request.path.startswith("/desk/"):
        return {}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"desk_roles": []}
    return {"desk_roles": roles_of(user), "waiting": SimpleLazyObject(lambda: waiting(user.pk))}

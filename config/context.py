from django.conf import settings
from django.utils.functional import SimpleLazyObject

from articles.models import Article
from articles.models.people import roles_of


def demonstration(request) -> dict:
    """Tell templates whether this is a demonstration: `manage.py demo` runs with DEBUG on, and only then."""
    return {"demonstration": settings.DEBUG}


def policy(request) -> dict:
    """Tell readers' pages whether there is a policy to link to; only a page that does not know it yet asks, once."""
    return {"has_policy": SimpleLazyObject(Article.objects.policies().exists)}


def desk(request) -> dict:
    """Give the pages of the desk the roles of who is signed in; no other page is told, so that none asks."""
    if not request.path.startswith("/desk/"):
        return {}
    user = getattr(request, "user", None)
    return {"desk_roles": roles_of(user) if user is not None and user.is_authenticated else []}

from django.conf import settings

from articles.roles import roles_of


def demonstration(request) -> dict:
    """Tell templates whether this is a demonstration: `manage.py demo` runs with DEBUG on, and only then."""
    return {"demonstration": settings.DEBUG}


def desk(request) -> dict:
    """Give the pages of the desk the roles of who is signed in; no other page is told, so that none asks."""
    if not request.path.startswith("/desk/"):
        return {}
    user = getattr(request, "user", None)
    return {"desk_roles": roles_of(user) if user is not None and user.is_authenticated else []}

"""
The four roles, named once.

A role is active membership of a group, read afresh from the database each time it is asked for. A superuser has no
role by being one, and a permission grants no step.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, models


class Role(models.TextChoices):
    AUTHOR = "Authors", "author"
    EDITOR = "Editors", "editor"
    REVIEWER = "Medical advisory board", "reviewer"
    ADMIN = "Administrators", "administrator"


def holds(user, role: Role) -> bool:
    """Tell whether this person is active and in the role's group now, whatever an older session believes."""
    return role.label in roles_of(user)


_GROUPS_OF = """
SELECT auth_group.name
FROM auth_user
JOIN auth_user_groups ON auth_user_groups.user_id = auth_user.id
JOIN auth_group ON auth_group.id = auth_user_groups.group_id
WHERE auth_user.id = %s AND auth_user.is_active
"""  # by hand: every step asks it twice, and building it anew takes ten times as long as running it


def active(role: Role):
    """Return the active people who hold the role."""
    return get_user_model().objects.filter(is_active=True, groups__name=role.value)


def roles_of(user) -> list[str]:
    """Return the names of the roles this person holds now, in alphabetical order; none for the deactivated."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS_OF, [user.pk])
        names = {name for (name,) in cursor.fetchall()}
    return [role.label for role in sorted(Role) if role.value in names]


def ensure_groups(using="default", **kwargs):
    """Make the four groups where they are missing; runs after each migrate."""
    for role in Role:
        Group.objects.using(using).get_or_create(name=role.value)

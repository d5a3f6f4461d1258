"""
People: the four roles of their accounts, and the names that readers see.

A user has a role while the account is active and in the role's group. Roles are read from the database each time.
Being a superuser gives no role, and no permission allows a step.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.models.rows.announced import Announced
from articles.models.rows.append_only import history
from articles.models.rows.remembered import remembered
from articles.text.plain.plaintext import tidy, tidy_lines


class Role(models.TextChoices):
    """A role. Its label is the name of the group whose active members hold it."""

    AUTHOR = "author", "Authors"
    EDITOR = "editor", "Editors"
    REVIEWER = "reviewer", "Medical advisory board"
    ADMIN = "administrator", "Administrators"

    @property
    def group(self) -> str:
        return str(self.label)

    @property
    def called(self) -> str:
        """The role's name within a sentence. The label is that of its group, which no language changes."""
        return str(CALLED[self])

    @property
    def shown(self) -> str:
        """The role's name as the administration shows it beside its checkbox, in the language of the page."""
        return str(SHOWN[self])

    @classmethod
    def of_group(cls, name: str) -> "Role":
        """Return the role of the members of this group; raise KeyError for a group without a role."""
        return {role.group: role for role in cls}[name]

    @classmethod
    def groups(cls) -> list[str]:
        return [role.group for role in cls]


CALLED = {
    Role.AUTHOR: _("author"),
    Role.EDITOR: _("editor"),
    Role.REVIEWER: _("reviewer"),
    Role.ADMIN: _("administrator"),
}

SHOWN = {
    Role.AUTHOR: _("Authors"),
    Role.EDITOR: _("Editors"),
    Role.REVIEWER: _("Medical advisory board"),
    Role.ADMIN: _("Administrators"),
}


def holds(user: User, role: Role) -> bool:
    """Tell whether this person is active and in the role's group now, by the database."""
    return role in roles_of(user)


_GROUPS_OF = """
SELECT auth_group.name
FROM auth_user
JOIN auth_user_groups ON auth_user_groups.user_id = auth_user.id
JOIN auth_group ON auth_group.id = auth_user_groups.group_id
WHERE auth_user.id = %s AND auth_user.is_active
"""  # raw SQL: each step needs it twice, and building the query takes ten times as long as running it


def active(role: Role) -> QuerySet[User]:
    """Return the active people who hold the role."""
    return User.objects.filter(is_active=True, groups__name=role.group)


def roles_of(user: User) -> list[str]:
    """Return the values of the roles this person holds now, in alphabetical order; none for an inactive account."""
    names = remembered(("groups", user.pk), lambda: _groups_of(user))
    return [role.value for role in sorted(Role) if role.group in names]


def groups_of(people: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return the (key, name of a group) of the people with these keys, as far as they are active."""
    return User.objects.filter(pk__in=people, is_active=True).values_list("pk", "groups__name")


def remember_groups(user: int, names: set[str]) -> None:
    """Remember for this step the groups of this account, read together with other rows; none if it is inactive."""
    remembered(("groups", user), lambda: names)


def _groups_of(user: User) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS_OF, [user.pk])
        return {name for (name,) in cursor.fetchall()}


def ensure_groups(using: str = "default", **kwargs: Any) -> None:
    """Create the groups that do not exist yet. Runs after each `migrate`."""
    for role in Role:
        Group.objects.using(using).get_or_create(name=role.group)


def orcid_check_digit(base: str) -> str:
    """Return the last character of an ORCID iD from its first 15 digits: ISO 7064 MOD 11-2."""
    total = 0
    for digit in base:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def validate_orcid(value: str) -> None:
    """Accept `0000-0002-1825-0097` with a correct check digit; raise ValidationError otherwise."""
    digits = value.replace("-", "")
    well_formed = len(value) == 19 and value[4] == value[9] == value[14] == "-" and digits[:15].isdigit()
    if not well_formed or digits[15:] != orcid_check_digit(digits[:15]):
        raise ValidationError(_("Write the ORCID iD as 0000-0002-1825-0097; its last character is a check digit."))


class Contributor(Announced):
    """A person as readers see them: name and credentials. Linked to one account at most."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="contributor"
    )
    name = models.CharField(max_length=200)
    credentials = models.CharField(max_length=200, blank=True, help_text="As printed after the name: MD, FRCP.")
    orcid = models.CharField("ORCID iD", max_length=19, blank=True, validators=[validate_orcid])
    bio = models.TextField(blank=True, max_length=5000)

    history = history()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="contributor_has_a_name",
                violation_error_message=_("Give the name that readers see."),
            ),
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~Q(orcid=""),
                name="contributor_orcid_is_one_person",
                violation_error_message=_("Another contributor has this ORCID iD."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = tidy(self.name)
        self.credentials = tidy(self.credentials)
        self.bio = tidy_lines(self.bio)
        super().save(*args, **kwargs)

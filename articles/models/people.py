"""
People: the four roles of their accounts, and the names that readers see.

A role is active membership of a group, read afresh from the database each time. A superuser has no role by being one,
and a permission grants no step.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q

from articles.models.rows.append_only import history
from articles.models.rows.told import Told
from articles.text.plain.plaintext import tidy, tidy_lines


class Role(models.TextChoices):
    """What a person may do; the label is the name of the group whose active members hold the role."""

    AUTHOR = "author", "Authors"
    EDITOR = "editor", "Editors"
    REVIEWER = "reviewer", "Medical advisory board"
    ADMIN = "administrator", "Administrators"

    @property
    def group(self) -> str:
        return str(self.label)

    @classmethod
    def of_group(cls, name: str) -> "Role":
        """Return the role that the members of this group hold; raise KeyError for a group that gives none."""
        return {role.group: role for role in cls}[name]

    @classmethod
    def groups(cls) -> list[str]:
        return [role.group for role in cls]


def holds(user, role: Role) -> bool:
    """Tell whether this person is active and in the role's group now, whatever an older session believes."""
    return role in roles_of(user)


_GROUPS_OF = """
SELECT auth_group.name
FROM auth_user
JOIN auth_user_groups ON auth_user_groups.user_id = auth_user.id
JOIN auth_group ON auth_group.id = auth_user_groups.group_id
WHERE auth_user.id = %s AND auth_user.is_active
"""  # by hand: every step asks it twice, and building it anew takes ten times as long as running it


def active(role: Role):
    """Return the active people who hold the role."""
    return get_user_model().objects.filter(is_active=True, groups__name=role.group)


def roles_of(user) -> list[str]:
    """Return the names of the roles this person holds now, in alphabetical order; none for the deactivated."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS_OF, [user.pk])
        names = {name for (name,) in cursor.fetchall()}
    return [role.value for role in sorted(Role) if role.group in names]


def ensure_groups(using="default", **kwargs):
    """Make the four groups where they are missing; runs after each migrate."""
    for role in Role:
        Group.objects.using(using).get_or_create(name=role.group)


def orcid_check_digit(base: str) -> str:
    """Return the last character of an ORCID iD from its first 15 digits: ISO 7064 MOD 11-2."""
    total = 0
    for digit in base:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def validate_orcid(value: str):
    """Accept `0000-0002-1825-0097` with a right check digit; raise ValidationError otherwise."""
    digits = value.replace("-", "")
    well_formed = len(value) == 19 and value[4] == value[9] == value[14] == "-" and digits[:15].isdigit()
    if not well_formed or digits[15:] != orcid_check_digit(digits[:15]):
        raise ValidationError("Write the ORCID iD as 0000-0002-1825-0097; its last character is a check digit.")


class Contributor(Told):
    """The public person: the name and credentials that readers see. Linked to one account at most."""

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
                violation_error_message="Give the name that readers see.",
            ),
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~Q(orcid=""),
                name="contributor_orcid_is_one_person",
                violation_error_message="Another contributor has this ORCID iD.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def save(self, *args, **kwargs):
        self.name = tidy(self.name)
        self.credentials = tidy(self.credentials)
        self.bio = tidy_lines(self.bio)
        super().save(*args, **kwargs)

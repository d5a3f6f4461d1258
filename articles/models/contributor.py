from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from articles.append_only import history
from articles.plaintext import tidy, tidy_lines
from articles.told import Told


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

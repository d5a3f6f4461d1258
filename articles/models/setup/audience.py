import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.rows.announced import Announced
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet, history

FIRST_AUDIENCES = [
    ("public", "patient or member of the public"),
    ("carer", "carer or family member"),
    ("professional", "doctor, nurse or other healthcare professional"),
]


class Audience(Announced):
    """A kind of reader. Each reader chooses one."""

    key = models.SlugField(max_length=30, unique=True)
    label = models.CharField(max_length=100, help_text="Write it so that it fits after “I am a …”.")
    position = models.PositiveSmallIntegerField(default=0)

    history = history()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.label


class DisclaimerQuerySet(AppendOnlyQuerySet["Disclaimer"]):
    def in_force(self) -> "DisclaimerQuerySet":
        """Return the newest confirmed disclaimer of each audience."""
        newer = Disclaimer.objects.filter(
            audience=models.OuterRef("audience"), number__gt=models.OuterRef("number"), confirmation__isnull=False
        )
        return self.filter(~models.Exists(newer), confirmation__isnull=False)


class Disclaimer(AppendOnly):
    """A text for one audience about the limits of every article. In force after a second editor confirmed it."""

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="disclaimers")
    number = models.PositiveIntegerField()
    text = models.TextField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_by_name = models.CharField("issued by", max_length=200)
    issued_at = models.DateTimeField()

    objects: ClassVar = DisclaimerQuerySet.as_manager()

    class Meta:
        ordering = ["audience", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "number"], name="disclaimer_numbered_once_per_audience"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="disclaimer_has_a_text",
                violation_error_message=_("Write the text of the disclaimer."),
            ),
        ]

    def __str__(self) -> str:
        return _("Disclaimer {number} (for: {key})").format(number=self.number, key=self.audience.key)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class DisclaimerConfirmation(AppendOnly):
    """A second editor's confirmation that a disclaimer may be shown."""

    disclaimer = models.OneToOneField(Disclaimer, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by_name = models.CharField("confirmed by", max_length=200)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return _("Confirmation of {disclaimer}").format(disclaimer=self.disclaimer)


def ensure_audiences(using: str = "default", **kwargs: Any) -> None:
    """Create the first three audiences if there are none. Runs after each `migrate`; edited audiences stay."""
    audiences = Audience.objects.using(using)
    if not audiences.exists():
        for position, (key, label) in enumerate(FIRST_AUDIENCES, start=1):
            audiences.create(key=key, label=label, position=position)

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet, history
from articles.models.rows.told import Told

FIRST_AUDIENCES = [
    ("public", "patient or member of the public"),
    ("carer", "carer or family member"),
    ("professional", "doctor, nurse or other healthcare professional"),
]


class Audience(Told):
    """Who the reader says they are."""

    key = models.SlugField(max_length=30, unique=True)
    label = models.CharField(max_length=100, help_text="As it reads after “I am a …”.")
    position = models.PositiveSmallIntegerField(default=0)

    history = history()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self):
        return self.label


class DisclaimerQuerySet(AppendOnlyQuerySet):
    def in_force(self):
        """Return for each audience its newest confirmed disclaimer."""
        newer = Disclaimer.objects.filter(
            audience=models.OuterRef("audience"), number__gt=models.OuterRef("number"), confirmation__isnull=False
        )
        return self.filter(~models.Exists(newer), confirmation__isnull=False)


class Disclaimer(AppendOnly):
    """What an audience is told about the limits of every article. In force once a second editor confirmed it."""

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="disclaimers")
    number = models.PositiveIntegerField()
    text = models.TextField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_by_name = models.CharField(max_length=200)
    issued_at = models.DateTimeField()

    objects = DisclaimerQuerySet.as_manager()

    class Meta:
        ordering = ["audience", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "number"], name="disclaimer_numbered_once_per_audience"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="disclaimer_has_a_text",
                violation_error_message="Write the text of the disclaimer.",
            ),
        ]

    def __str__(self):
        return f"Disclaimer {self.number} for {self.audience.key}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class DisclaimerConfirmation(AppendOnly):
    """The second editor's word that a disclaimer may be shown."""

    disclaimer = models.OneToOneField(Disclaimer, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by_name = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField()

    def __str__(self):
        return f"Confirmation of {self.disclaimer}"


def ensure_audiences(using="default", **kwargs):
    """Make the first three audiences on an empty table; runs after each migrate and leaves edited ones alone."""
    audiences = Audience.objects.using(using)
    if not audiences.exists():
        for position, (key, label) in enumerate(FIRST_AUDIENCES, start=1):
            audiences.create(key=key, label=label, position=position)

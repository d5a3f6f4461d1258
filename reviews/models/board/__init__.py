import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Topic
from articles.models.people import Role
from articles.models.rows.append_only import AppendOnlyQuerySet, history
from articles.text.canonical import CanonicalJSONField
from reviews.models.accountable import Accountable
from reviews.models.actions import Action

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Capacity(models.TextChoices):
    CLINICAL = "clinical", _("Clinical reviewer")
    SPECIALIST = "specialist", _("Specialist reviewer")
    PHARMACIST = "pharmacist", _("Pharmacist reviewer")
    LAY = "lay", _("Lay reviewer")

    @classmethod
    def counting(cls) -> list["Capacity"]:
        """Return the capacities in which an approval counts, for quorum and byline: all but the lay reviewer's."""
        return [capacity for capacity in cls if capacity != cls.LAY]

    @property
    def in_a_sentence(self) -> "StrPromise":
        return IN_A_SENTENCE[self]

    @property
    def in_a_word(self) -> str:
        return str(IN_A_WORD[self])


IN_A_SENTENCE = {
    Capacity.CLINICAL: _("clinical reviewer"),
    Capacity.SPECIALIST: _("specialist reviewer"),
    Capacity.PHARMACIST: _("pharmacist reviewer"),
    Capacity.LAY: _("lay reviewer"),
}
IN_A_WORD = {
    Capacity.CLINICAL: _("clinical"),
    Capacity.SPECIALIST: _("specialist"),
    Capacity.PHARMACIST: _("pharmacist"),
    Capacity.LAY: _("lay"),
}


def validate_capacities(value: object) -> None:
    """Raise ValidationError unless the value is a list of capacities without repetition."""
    known = isinstance(value, list) and all(item in Capacity.values for item in value)
    if not (isinstance(value, list) and known and len(set(value)) == len(value)):
        raise ValidationError(
            _("Choose from these capacities, each once: {choices}.").format(choices=", ".join(Capacity.values))
        )


class BoardMemberQuerySet(AppendOnlyQuerySet["BoardMember"]):
    def seated(self) -> Self:
        """Return the members that readers see: active, with the board's role and a public name."""
        return self.filter(
            user__is_active=True, user__groups__name=Role.REVIEWER.group, user__contributor__isnull=False
        )


class BoardMember(Accountable):
    """A person on the medical advisory board: capacities, specialties, and the check of the credentials."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_member")
    capacities = CanonicalJSONField(default=list, validators=[validate_capacities])
    specialties = models.ManyToManyField(Topic, through="Specialty", related_name="specialists")
    credential_checked_on = models.DateField(null=True, blank=True)
    credential_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    credential_valid_until = models.DateField(null=True, blank=True)

    ledger_action = Action.BOARD_CHANGED
    objects: ClassVar = BoardMemberQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credential_checked_by__isnull=True) | ~Q(credential_checked_by=F("user")),
                name="board_credentials_checked_by_somebody_else",
                violation_error_message=_("Someone else must check a board member's credentials."),
            ),
            models.CheckConstraint(
                condition=Q(credential_valid_until__isnull=True)
                | Q(credential_checked_on__isnull=False, credential_valid_until__gt=F("credential_checked_on")),
                name="board_credentials_end_after_check",
                violation_error_message=_("Credentials must be valid beyond the date of their check."),
            ),
        ]

    def __str__(self) -> str:
        return _("{user} (board member)").format(user=self.user.get_full_name() or self.user)

    def holds(self, capacity: str) -> bool:
        return capacity in self.capacities


class Availability(models.Model):
    """How many open requests a board member takes at once. Editors may ask for more: nothing is refused for it."""

    member = models.OneToOneField(BoardMember, on_delete=models.PROTECT, related_name="availability")
    at_once = models.PositiveSmallIntegerField(
        _("open requests at once"),
        help_text=_("Editors are told when you have this many. They can still ask you."),
    )

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        constraints = [
            models.CheckConstraint(
                condition=Q(at_once__gte=1, at_once__lte=50),
                name="availability_between_1_and_50",
                violation_error_message=_("Choose between 1 and 50 requests."),
            )
        ]

    def __str__(self) -> str:
        return _("{member}: {number} at once").format(member=self.member, number=self.at_once)


class Absence(models.Model):
    """Days on which a board member is away: nobody proposes them for a review that is due in that time."""

    LONGEST_AHEAD = datetime.timedelta(days=5 * 366)

    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return _("{first} to {last}").format(first=self.first_day, last=self.last_day)

    def clean(self) -> None:
        """Refuse a last day more than five years away, and days that lie within another absence of the member."""
        super().clean()
        if self.last_day and self.last_day > timezone.localdate() + self.LONGEST_AHEAD:
            raise ValidationError({"last_day": _("This day is more than five years away. Choose an earlier one.")})
        if self.member_id and self.first_day and self.last_day:
            around = Absence.objects.filter(member=self.member_id, first_day__lte=self.first_day)
            if around.filter(last_day__gte=self.last_day).exclude(pk=self.pk).exists():
                raise ValidationError(_("These days lie within an absence that is entered already."))


class Specialty(Accountable):
    """A topic in which a board member is a specialist."""

    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="specialty_rows")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")

    ledger_action = Action.BOARD_CHANGED
    history = history()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="specialty_once_per_member")]
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return f"{self.topic}"


class Quorum(Accountable):
    """
    The number of signatures per capacity that a text of this kind and risk needs, and whether its review is open.

    Copied into each review at submission: a later edit changes no existing review. Without a row the defaults of
    `reviews.workflow.approval.quorum` apply.
    """

    kind = models.CharField(max_length=10)
    risk = models.CharField(max_length=10)
    clinical = models.PositiveSmallIntegerField("approvals by clinical or specialist reviewers", default=2)
    specialist = models.PositiveSmallIntegerField("of these, by specialists in one of the article's topics", default=1)
    pharmacist = models.PositiveSmallIntegerField("approvals by pharmacists", default=0)
    open_review = models.BooleanField("readers may see a first version while it is reviewed", default=False)
    urgent_days = models.PositiveSmallIntegerField(
        "days until the full review of an urgent version is due",
        null=True,
        blank=True,
        help_text=(
            "With a number of days, an editor may declare a review urgent: one clinical or specialist signature then "
            "approves the version, and readers are told until when the others are due. Without one, no review may be."
        ),
    )
    by_section = models.BooleanField(
        "a specialist in its topic reads each changed section",
        default=False,
        help_text=(
            "Then a version is approved when, beyond these numbers, specialists have signed for each section that "
            "differs from the last approved version: a specialist in the topic that the authors chose for the "
            "section, or in any topic of the article if they chose none. Corrections are not concerned."
        ),
    )

    attest_references = models.BooleanField(
        "each reference is opened by somebody who approves",
        default=False,
        help_text=(
            "Then the last approval of a version is refused until, for each work that it cites, somebody who approves "
            "it has said in the worksheet that they opened it and that it supports what is said, at least partly. "
            "Corrections are not concerned."
        ),
    )

    ledger_action = Action.QUORUM_CHANGED
    history = history()

    class Meta:
        ordering = ["kind", "risk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "risk"],
                name="quorum_once_per_kind_and_risk",
                violation_error_message=_("There is already a quorum for this kind and risk."),
            ),
            models.CheckConstraint(
                condition=Q(clinical__gte=1, specialist__lte=F("clinical")),
                name="quorum_needs_a_clinician",
                violation_error_message=_(
                    "A quorum needs at least one clinical approval. "
                    "It cannot need more specialists than clinical approvals."
                ),
            ),
            models.CheckConstraint(
                condition=Q(urgent_days__isnull=True) | Q(urgent_days__gte=1, urgent_days__lte=90),
                name="quorum_urgent_days_between_1_and_90",
                violation_error_message=_("Choose between 1 and 90 days for the full review of an urgent version."),
            ),
            models.CheckConstraint(
                condition=Q(by_section=False) | ~Q(kind=Article.Kind.POLICY),
                name="quorum_by_section_has_topics",
                violation_error_message=_(
                    "The editorial policy has no topics, so no specialist can read its sections for it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return _("{kind}, {risk} risk").format(kind=self.kind, risk=self.risk)

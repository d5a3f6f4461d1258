"""What board members disclose of their interests, and the topics on which that bars them from reviewing."""

import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Topic
from articles.models.rows.append_only import AppendOnlyQuerySet, history
from reviews.models.accountable import Accountable
from reviews.models.actions import Action
from reviews.models.board import BoardMember

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class DisclosureQuerySet(AppendOnlyQuerySet["Disclosure"]):
    def current(self, today: datetime.date) -> Self:
        """Return the newest disclosure of each member, of the two of a day the later one."""
        newest = Disclosure.objects.filter(member=OuterRef("member"), made_on__lte=today)
        return self.filter(pk=Subquery(newest.order_by("-made_on", "-pk").values("pk")[:1]))


class Disclosure(Accountable):
    """
    A board member's disclosure of the interests of the last 36 months (ICMJE), valid for a year.

    Each disclosure is whole: a newer one replaces it, and nothing of it is changed. The `statement` says in words what
    its interests are. The member may not review texts on a topic in `conflicts`, unless an editor has a plan for it.
    """

    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="disclosures")
    made_on = models.DateField()
    valid_until = models.DateField()
    none_declared = models.BooleanField("nothing to declare", default=False)
    statement = models.TextField(blank=True, max_length=5000)
    conflicts = models.ManyToManyField(Topic, through="Conflict", related_name="+")

    ledger_action = Action.DISCLOSURE_CHANGED
    objects: ClassVar = DisclosureQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(none_declared=True, statement="") | (Q(none_declared=False) & ~Q(statement="")),
                name="disclosure_says_something_or_nothing",
                violation_error_message=_("Either state the interests or declare that there are none."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_on")),
                name="disclosure_ends_after_it_was_made",
                violation_error_message=_("A disclosure must be valid beyond the date it was made."),
            ),
        ]

    def __str__(self) -> str:
        return _("Disclosure of {made_on}").format(made_on=self.made_on)

    @property
    def as_signed(self) -> str:
        """Return in English what a signature says of it: evidence, so it is not translated."""
        said = "nothing to declare" if self.none_declared else "; ".join(self.statement.split("\n"))
        return f"My disclosure of interests of {self.made_on.isoformat()}: {said.rstrip('.')}."


class Interest(Accountable):
    """One interest of a disclosure: whose it is, what it is, since when and until when. It touches `topic_rows`."""

    class Relation(models.TextChoices):
        """The relations that the ICMJE's form asks for."""

        GRANTS = "grants", _("Grants or contracts")
        CONSULTING = "consulting_fees", _("Consulting fees")
        HONORARIA = "honoraria", _("Honoraria for lectures or writing")
        EMPLOYMENT = "employment", _("Employment")
        STOCK = "stock_held", _("Stock or stock options")
        PATENTS = "patents", _("Patents or royalties")
        OTHER = "another_tie", _("Another relation")

        @property
        def in_a_sentence(self) -> "StrPromise":
            return RELATION_IN_A_SENTENCE[self]

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="interests")
    entity = models.CharField(
        _("company, organisation or person"),
        max_length=200,
        help_text=_("Whoever gains or loses by what the articles say."),
    )
    relation = models.CharField(_("relation"), max_length=16, choices=Relation)
    detail = models.CharField(
        _("what it is"), max_length=300, blank=True, help_text=_("In a few words. Readers see it.")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Leave it empty if it still lasts."))

    ledger_action = Action.DISCLOSURE_CHANGED
    history = history()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="interest_ends_after_it_begins",
                violation_error_message=_("An interest cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(relation="another_tie", detail=""),
                name="interest_of_another_kind_says_which",
                violation_error_message=_("Say what the relation is."),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence([row.topic.name for row in self.topic_rows.all()])

    def is_since(self, day: datetime.date) -> bool:
        """Tell whether it lasted on this day or later."""
        return self.until is None or self.until >= day

    def sentence(self, topics: list[str]) -> str:
        """Return the interest in words, in the language of the page; `topics` are the names of those it touches."""
        words = {
            "entity": self.entity,
            "relation": str(self.Relation(self.relation).in_a_sentence),
            "detail": f" ({self.detail})" if self.detail else "",
            "since": date_format(self.since),
            "until": date_format(self.until) if self.until else "",
            "topics": ", ".join(topics),
        }
        if self.until:
            said = gettext("{entity}: {relation}{detail}, {since} to {until}.")
        else:
            said = gettext("{entity}: {relation}{detail}, since {since}.")
        if topics:
            said = " ".join([said, gettext("Touches {topics}.")])
        return said.format(**words)


RELATION_IN_A_SENTENCE = {
    Interest.Relation.GRANTS: _("grants or contracts"),
    Interest.Relation.CONSULTING: _("consulting fees"),
    Interest.Relation.HONORARIA: _("honoraria for lectures or writing"),
    Interest.Relation.EMPLOYMENT: _("employment"),
    Interest.Relation.STOCK: _("stock or stock options"),
    Interest.Relation.PATENTS: _("patents or royalties"),
    Interest.Relation.OTHER: _("another relation"),
}


class Conflict(Accountable):
    """
    A topic that a disclosure touches: it bars its board member from reviewing texts on it, on its parts, and on topics
    that it is a part of. `interest` is missing if the statement alone says what the interest is.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="conflict_rows")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    interest = models.ForeignKey(Interest, null=True, blank=True, on_delete=models.PROTECT, related_name="topic_rows")

    ledger_action = Action.DISCLOSURE_CHANGED
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "topic"],
                condition=Q(interest__isnull=True),
                name="conflict_once_per_disclosure",
            ),
            models.UniqueConstraint(fields=["interest", "topic"], name="conflict_once_per_interest"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}"

"""How a disclosed interest that touches a text is managed, so that its member may review that version."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.rows.append_only import AppendOnly
from articles.text.canonical import CanonicalJSONField
from reviews.models.board.interests import Interest
from reviews.models.review import Review

COMPARED = ("entity", "relation", "topic")


class ManagementPlan(AppendOnly):
    """
    An editor's plan for the interests of one person in the review of one version: why they may review it, and what is
    done about the interests.

    `interests` are those that touched the text then: each a dictionary with entity, relation, and the topic's key and
    name. An interest that is disclosed later needs a plan of its own.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="plans")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans")
    reviewer_name = models.CharField(max_length=200)
    interests = CanonicalJSONField()
    reason = models.TextField(_("reason"))
    measures = models.TextField(_("measures"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("management plan")
        verbose_name_plural = _("management plans")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["review", "reviewer"], name="plan_of_a_reviewer")]

    def __str__(self) -> str:
        return _("Plan for {name}").format(name=self.reviewer_name)

    def covers(self, interest: dict[str, Any]) -> bool:
        """Tell whether the plan was made for this interest; its topic may be called otherwise since."""
        return any(all(row[name] == interest[name] for name in COMPARED) for row in self.interests)

    @property
    def in_words(self) -> list[str]:
        """Return each interest in words, in the language of the page."""
        said = []
        for row in self.interests:
            relation = (
                Interest.Relation(row["relation"]).in_a_sentence if row["relation"] else _("conflict of interest")
            )
            said.append(", ".join(filter(None, [str(relation), row["entity"], row["topic_name"]])))
        return said

    @property
    def as_signed(self) -> str:
        """Return in English what a signature says of the plan: evidence, so it is not translated."""
        reason, measures = (" ".join(text.split()).rstrip(".") for text in (self.reason, self.measures))
        day = self.recorded_at.date().isoformat()
        return f"Management plan of {day} by {self.recorded_by_name}: {reason}. Measures: {measures}."

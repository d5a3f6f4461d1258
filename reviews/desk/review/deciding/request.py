"""The page of a request that its reviewer has not accepted: what they need to judge it, and nothing of the text."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.desk.requests import SignedInRequest
from articles.frozen.signed_text import frozen_content
from articles.models import Version
from articles.models.rows.remembered import remembering
from articles.site.page import Page as PageOfReaders
from articles.site.page import page_of
from reviews.desk.access import own_request
from reviews.desk.forms import LongTextField, StepForm
from reviews.evidence import ledger
from reviews.models import Assignment, Decision, ManagementPlan, Review
from reviews.workflow.approval import eligibility, opened, sections

Because = Assignment.Because


class DeclineRequestForm(StepForm):
    name = "decline_request"
    because = forms.ChoiceField(
        label=gettext_lazy("Why"),
        widget=forms.RadioSelect,
        choices=[
            (Because.NO_TIME.value, gettext_lazy("I have no time")),
            (Because.OTHER_FIELD.value, gettext_lazy("It is not my field")),
            (
                Because.CONFLICT.value,
                gettext_lazy("I have a conflict of interest: do not ask me about this article again"),
            ),
            (Because.ANOTHER.value, gettext_lazy("Another reason")),
        ],
        error_messages={"required": gettext_lazy("Choose why you decline.")},
    )
    reason = LongTextField(
        required=False,
        label=gettext_lazy("In a sentence"),
        help_text=gettext_lazy("Required for a conflict of interest and for another reason. Only editors read it."),
    )
    suggestion = forms.CharField(
        required=False,
        max_length=Assignment._meta.get_field("suggestion").max_length,
        label=gettext_lazy("Whom the editors could ask instead"),
        help_text=gettext_lazy("Optional. Only editors read it."),
    )

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("because", "reason", "suggestion")}


@dataclass
class AskedPage:
    """The facts about a version for the reviewer who is asked, each computed once."""

    review: Review
    user: User

    @cached_property
    def assignment(self) -> Assignment:
        return own_request(self.user, self.review)

    @cached_property
    def plans(self) -> list[ManagementPlan]:
        """Return the management plans for this person's own interests."""
        return eligibility.plans_for(self.user, self.review)

    @cached_property
    def against(self) -> list[str]:
        """Return why this person cannot accept, in sentences: disclosed interests without a plan, or authorship."""
        return eligibility.interests_of(self.user, self.review)

    @property
    def asked_by(self) -> str:
        return ledger.name_of(self.assignment.assigned_by)

    @cached_property
    def content(self) -> dict[str, Any]:
        return frozen_content(self.review.version)

    @cached_property
    def page(self) -> PageOfReaders:
        return page_of(self.review.version, self.review.version.written_for)

    @property
    def topics(self) -> list[str]:
        return [row["name"] for row in self.content["topics"]]

    @property
    def readers(self) -> list[str]:
        """Return the labels of the audiences that have a text of their own."""
        own = opened.changed_texts(None, self.content)
        return [row["label"] for row in self.content["audiences"] if row["key"] in own]

    @cached_property
    def known(self) -> Version | None:
        """Return the earlier version that this person decided on last, else the one approved last."""
        return opened.known_version(self.user, self.review)

    @cached_property
    def approved_on(self) -> datetime.date | None:
        """Return the day on which this person approved the known version; None if they did not."""
        mine = Decision.objects.filter(review__version=self.known, assignment__reviewer=self.user).order_by(
            "-decided_at"
        )
        last = mine.first() if self.known else None
        return timezone.localdate(last.decided_at) if last and last.is_approval else None

    @property
    def changed(self) -> int:
        """Return how many sections are new or changed since the known version."""
        return len(sections.differing(frozen_content(self.known), self.content)) if self.known else 0


def show_request(
    request: SignedInRequest, review: Review, bound: StepForm | None = None, status: int = 200
) -> HttpResponse:
    """Show what the reviewer is asked for. A refused form, `bound`, is shown in its place with its input."""
    with remembering():
        asked = AskedPage(review, request.user)
        context = {
            "asked": asked,
            "review": review,
            "version": review.version,
            "bound": bound,
            "assignment": asked.assignment,
            "form": bound if isinstance(bound, DeclineRequestForm) else DeclineRequestForm(),
        }
        return render(request, "desk/request.html", context, status=status)

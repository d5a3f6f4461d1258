"""The page on which an editor records how the disclosed interests of a board member are managed in a review."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.requests import SignedInRequest
from articles.models.rows.remembered import remembering
from reviews import workflow
from reviews.desk.access import board_account, visible_review
from reviews.desk.answers import attempt
from reviews.desk.forms import LongTextField, StepForm
from reviews.evidence.ledger import name_of
from reviews.models import ManagementPlan, Review
from reviews.workflow.approval import eligibility
from reviews.workflow.table import person_blocker


class PlanForm(StepForm):
    reason = LongTextField(
        label=gettext_lazy("Why this person may review it"),
        help_text=gettext_lazy("For example: nobody else on the board knows the treatment."),
    )
    measures = LongTextField(
        label=gettext_lazy("What is done about the interest"),
        help_text=gettext_lazy("For example: a second reviewer without interests reads the section on it."),
    )

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "measures")}


@require_http_methods(["GET", "HEAD", "POST"])
def record_plan(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Show which interests of this person touch the text, and record a plan for them."""
    review = visible_review(request, pk)
    if against := person_blocker("record_plan", request.user, article=review.article, review=review):
        raise PermissionDenied(against)
    reviewer = board_account(person)
    form = PlanForm(request.POST if request.method == "POST" else None)

    def step(**terms: Any) -> ManagementPlan:
        return workflow.record_plan(review, actor=request.user, reviewer=reviewer, **terms)

    if form.is_bound and (plan := attempt(form, step)):
        messages.success(request, _("The plan is recorded. {name} can be asked now.").format(name=plan.reviewer_name))
        return redirect("assign", pk)
    return _page(request, review, reviewer, form)


def _page(request: SignedInRequest, review: Review, reviewer: User, form: PlanForm) -> HttpResponse:
    name = name_of(reviewer)
    with remembering():
        context = {
            "review": review,
            "version": review.version,
            "name": name,
            "person": reviewer.pk,
            "interests": [each.sentence(name) for each in eligibility.to_plan_for(reviewer, review)],
            "plans": eligibility.plans_for(reviewer, review),
            "form": form,
            "bound": form if form.is_bound else None,
        }
        return render(request, "desk/plan.html", context, status=form.http_status if form.is_bound else 200)

"""What blocks an article's text by the automatic checks: findings that an editor can override, and those that were."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles import checks
from articles.checks import Finding
from articles.checks.families import BY_NUMBER
from articles.checks.rule import Rule
from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Article
from articles.models.people import Role, roles_of
from articles.models.rows.remembered import remembering
from reviews import workflow
from reviews.desk.access import visible_article, visible_override
from reviews.desk.answers import attempt
from reviews.desk.forms import LongTextField, PasswordField, ReasonForm, StepForm, form_of_row
from reviews.models import Override
from reviews.workflow.steps.beside.overriding import blocking, why_not


class OverrideForm(StepForm):
    name = "override"
    shown_as_typed = frozenset({"reason"})
    reason = LongTextField(
        label=gettext_lazy("Why it does not hold here"),
        help_text=gettext_lazy("Every reviewer who approves signs that they know the finding and this reason."),
    )
    password = PasswordField()

    def terms(self) -> dict[str, str]:
        return {"reason": self.cleaned_data["reason"], "password": self.cleaned_data["password"]}


class TakeBackForm(ReasonForm):
    name = "take_back_override"
    password = PasswordField()

    def terms(self) -> dict[str, str]:
        return {**super().terms(), "password": self.cleaned_data["password"]}


@dataclass(frozen=True)
class Blocking:
    """A finding that blocks, with the form that overrides it, or the override that stands."""

    finding: Finding
    fingerprint: str
    form: OverrideForm
    override: Override | None

    @property
    def rule(self) -> Rule:
        return BY_NUMBER[self.finding.rule]

    @property
    def may_be_overridden(self) -> bool:
        return checks.may_be_overridden(self.finding)


@dataclass(frozen=True)
class Earlier:
    """An override, what it was taken back with, and the form that takes it back if it stands."""

    override: Override
    form: TakeBackForm

    @property
    def rule(self) -> Rule | None:
        return BY_NUMBER.get(self.override.rule)

    @property
    def ended(self) -> Override | None:
        return None if self.override.is_standing else self.override.taken_back_by


@require_safe
def findings(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _article(request, pk))


@posted_from(lambda request, pk, fingerprint: reverse("findings", args=[_article(request, pk).pk]))
def override(request: SignedInRequest, pk: int, fingerprint: str) -> HttpResponse:
    """Sign that a finding does not stand in the way. If this is refused, show the page again with the input."""
    article = _article(request, pk)
    form = OverrideForm(request.POST, about=fingerprint)

    def step(**terms: str) -> Override:
        return workflow.override(article, actor=request.user, finding=fingerprint, **terms)

    if attempt(form, step):
        messages.success(request, _("The finding is overridden. It no longer stops the text."))
        return redirect("findings", pk)
    return _page(request, article, form)


@posted_from(lambda request, pk: reverse("findings", args=[_override(request, pk).article_id]))
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    earlier = _override(request, pk)
    form = TakeBackForm(request.POST, about=pk)

    def step(**terms: str) -> Override:
        return workflow.take_back_override(earlier, actor=request.user, **terms)

    if attempt(form, step):
        messages.success(request, _("The override is taken back. The finding stops the text again."))
        return redirect("findings", earlier.article_id)
    return _page(request, _article(request, earlier.article_id), form)


def _override(request: SignedInRequest, pk: int) -> Override:
    row = visible_override(request, pk)
    _article(request, row.article_id)
    return row


def _article(request: SignedInRequest, pk: int) -> Article:
    """Return the article; refuse anyone but an editor and who may write it: the findings quote its draft."""
    article = visible_article(request, pk)
    if Role.EDITOR in roles_of(request.user) or Article.objects.writable_by(request.user).filter(pk=pk).exists():
        return article
    raise PermissionDenied(_("Only an editor, or an author of this article, sees what blocks its draft."))


def _page(request: SignedInRequest, article: Article, refused: StepForm | None = None) -> HttpResponse:
    with remembering():
        found = blocking(article)
        standing = Override.objects.standing_for(article.pk, found)
        rows = []
        for one in found:
            fingerprint = checks.fingerprint(one)
            form = form_of_row(OverrideForm, fingerprint, refused)
            rows.append(Blocking(one, fingerprint, form, standing.get(fingerprint)))
        overrides = Override.objects.filter(article=article, takes_back__isnull=True).select_related("taken_back_by")
        is_editor = Role.EDITOR in roles_of(request.user)
        context = {
            "article": article,
            "rows": rows,
            "earlier": [Earlier(row, form_of_row(TakeBackForm, row.pk, refused)) for row in overrides],
            "is_editor": is_editor,
            "against": why_not(article, request.user),
            "bound": refused,
        }
        return render(request, "desk/findings.html", context, status=refused.http_status if refused else 200)

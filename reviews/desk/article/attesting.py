"""The page on which a member of the board reads the public text again and signs that it needs no change."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.requests import SignedInRequest
from articles.frozen.signed_text import frozen_content
from articles.models import Article
from articles.models.rows.remembered import remembering
from articles.text.citations.retracted import CitedWork, Retracted
from articles.text.rendering import render as render_text
from reviews import workflow
from reviews.desk.access import attestable_article, still_sees
from reviews.desk.answers import attempt
from reviews.desk.forms import PasswordField, StepForm
from reviews.models import Attestation, Capacity, Review, Signature
from reviews.workflow.approval import attestation, eligibility, opened, quorum, signing
from reviews.workflow.approval.blockers import hidden_blocker
from reviews.workflow.table import person_blocker

WEIGHTIEST_FIRST: tuple[str, ...] = (Capacity.SPECIALIST, Capacity.PHARMACIST, Capacity.CLINICAL)


class AttestForm(StepForm):
    name = "attest"
    capacity = forms.ChoiceField(label=gettext_lazy("You sign as"))
    read = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("I have read these texts again"),
        error_messages={"required": gettext_lazy("Read each text, then tick that you have read it.")},
    )
    no_conflict = forms.BooleanField(
        label=gettext_lazy("I have no conflict of interest on this article"),
        error_messages={"required": gettext_lazy("Confirm that you have no conflict of interest, or do not sign.")},
    )
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    password = PasswordField()

    def __init__(
        self, data: QueryDict | None = None, *, capacities: Iterable[str], texts: dict[str, str], digest: str
    ) -> None:
        super().__init__(data, initial={"digest": digest})
        self.offer("capacity", [(each, str(Capacity(each).label)) for each in capacities])
        self.offer("read", list(texts.items()))

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("capacity", "read", "digest", "password")}


@dataclass
class Again:
    """The facts on the page for this user about the public version of an article, each computed once."""

    article: Article
    user: User

    @cached_property
    def review(self) -> Review:
        if self.article.published_version is None:
            raise ValueError(f"Nothing of article {self.article.pk} is public.")
        return self.article.published_version.review

    @cached_property
    def content(self) -> dict[str, Any]:
        return frozen_content(self.review.version)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return the texts that have words of their own: the labels of their audiences by key."""
        labels = {row["key"]: row["label"] for row in self.content["audiences"]}
        return {key: labels[key] for key in opened.changed_texts(None, self.content)}

    @cached_property
    def against(self) -> dict[str, list[str]]:
        """Return the reasons against this person in each capacity that they hold and that counts."""
        member = getattr(self.user, "board_member", None)
        held = [each for each in Capacity.counting() if member and member.holds(each)]
        return {each: eligibility.reasons_against(self.user, self.review, each) for each in held}

    @cached_property
    def capacities(self) -> list[str]:
        """Return the capacities in which this person may sign, the one with most weight in the quorum first."""
        return [each for each in WEIGHTIEST_FIRST if self.against.get(each) == []]

    @cached_property
    def blockers(self) -> list[str]:
        """Return why nobody can sign now; who cannot sign anyway is not told that the board has something to settle."""
        found = attestation.blockers(self.article, self.review, self.user)
        signs = not person_blocker("attest", self.user, article=self.article)
        return [said for said in found if signs or said != hidden_blocker()]

    @cached_property
    def reasons_against_me(self) -> list[str]:
        """Return why this person cannot sign, whoever else can."""
        if reason := person_blocker("attest", self.user, article=self.article):
            return [reason]
        if not self.capacities:
            refused = [reason for reasons in self.against.values() for reason in reasons]
            nothing = _("Your capacity on the board counts towards no quorum, so you cannot sign here.")
            return list(dict.fromkeys(refused)) or [nothing]
        return [already] if (already := attestation.own_blocker(self.user, self.review)) else []

    @cached_property
    def waiting(self) -> list[Attestation]:
        return attestation.waiting(self.review)

    @cached_property
    def still_needed(self) -> list[str]:
        given = [row.signature.capacity for row in self.waiting]
        return quorum.still_needed(attestation.needed(self.review), given)

    @property
    def statement(self) -> str:
        """Return the statement to be signed in the capacity that is offered first."""
        read = f" I have read {opened.named(list(self.texts.values()))}."
        more = f"{read} {eligibility.disclosed_as_signed(self.user, self.review)}"
        return signing.statement(Signature.Meaning.NO_CHANGE, self.review.version, self.capacities[0], more)

    @property
    def cited_works(self) -> list[CitedWork]:
        """Return the works that the version cites, with how each stands today."""
        return self.review.version.version_references.as_they_stand()

    @property
    def retracted(self) -> list[Retracted]:
        return [work for work in self.review.version.version_references.doubted() if work.since]


@require_http_methods(["GET", "HEAD", "POST"])
def attestations(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the public text to read it again, and sign that it needs no change."""
    article = attestable_article(request, pk)
    with remembering():
        again = Again(article, request.user)
        digest = again.review.version.digest
        data = request.POST if request.method == "POST" else None
        capacities = again.capacities or [*again.against] or WEIGHTIEST_FIRST
        form = AttestForm(data, capacities=capacities, texts=again.texts, digest=digest)

    def step(**terms: Any) -> Attestation:
        return workflow.attest(again.review.version, actor=request.user, **terms)

    if form.is_bound and (row := attempt(form, step)):
        if row.last_reviewed:
            moved = _("Signed. This was the last signature needed: the page is now “last reviewed” on {day}.")
            messages.success(request, moved.format(day=date_format(row.last_reviewed)))
        else:
            messages.success(request, _("Signed. “Last reviewed” changes when the other signatures are there."))
        return redirect("desk_article", article.pk) if still_sees(request, article.pk) else redirect("desk")
    if form.is_bound:
        article = attestable_article(request, pk)
    with remembering():
        return show(request, Again(article, request.user), form)


def show(request: SignedInRequest, again: Again, form: AttestForm) -> HttpResponse:
    audience = request.GET.get("audience", "") or again.review.version.written_for
    if audience not in {row["key"] for row in again.content["audiences"]}:
        raise Http404
    context = {
        "rereading": again,
        "article": again.article,
        "version": again.review.version,
        "form": form,
        "audience": audience,
        "text": render_text(again.content, audience).html,
    }
    return render(request, "desk/attest.html", context, status=form.http_status if form.is_bound else 200)

"""
Whether a page was helpful. An answer is counted for the version and the audience, and nothing else is stored of it.

Only a sentence that a reader adds is a row of its own, with a date of deletion. A pending text is not asked about.
"""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import Feedback, Version
from articles.models.reader_input.opinions import comment, count
from articles.site.article_pages import not_at_its_address
from articles.site.forms.asking import private, red_flags
from articles.site.forms.audience import is_cross_site, refused
from articles.site.forms.fields import ReadersForm, ReadersText
from articles.site.forms.reporting import version_read, why_closed
from articles.text.languages import around_a_text
from config.limits import is_first_today

ANSWERS = [("yes", _("Yes")), ("no", _("No"))]


class HelpfulForm(ReadersForm):
    """An answer; or, from the page that thanks for it, a sentence with the answer that it explains."""

    helpful = forms.ChoiceField(
        choices=ANSWERS, error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")}
    )
    text = ReadersText(
        required=False,
        max_length=Feedback.MOST,
        error_messages={"max_length": _("Keep it to 500 characters; it has %(show_value)d.")},
    )

    def clean(self) -> None:
        if "about" in self.data and not self.cleaned_data.get("text") and "text" not in self.errors:
            raise ValidationError({"text": _("Write what we should change.")})


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def helpful(request: HttpRequest, slug: str, number: int, audience: str) -> HttpResponse:
    """Count an answer and thank for it; store the sentence that a reader adds. Each once a day for a version."""
    version = version_read(slug, number)
    if version is None:
        return not_at_its_address(request, slug, {"number": number, "audience": audience})
    with around_a_text(version.language):
        return why_closed(request, version, audience) or _answered(request, version, audience)


def _answered(request: HttpRequest, version: Version, audience: str) -> HttpResponse:
    if request.method != "POST":
        form = HelpfulForm(initial={"helpful": request.GET.get("said", "")})
        return show(request, version, audience, form, said=request.GET.get("said", ""))
    if is_cross_site(request):
        return private(
            refused(request, _("This form was sent from another site. Please answer on the page itself."), 403)
        )
    form = HelpfulForm(request.POST)
    if not form.is_valid():
        return show(request, version, audience, form, said=request.POST.get("helpful", ""), status=422)
    try:
        store(request, version, audience, form)
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return show(request, version, audience, form, said=form.cleaned_data["helpful"], status=409)
    said = form.cleaned_data["helpful"]
    then = "&sent=1" if form.cleaned_data["text"] else ""
    page = reverse("helpful", args=[version.article.slug, version.number, audience])
    return private(redirect(f"{page}?said={said}{then}"))


def store(request: HttpRequest, version: Version, audience: str, form: HelpfulForm) -> None:
    """
    Count the answer unless this client answered today, or store the sentence.

    Raise ValidationError if the client sent a sentence about this version today.
    """
    said, text = form.cleaned_data["helpful"] == "yes", form.cleaned_data["text"]
    if not text:
        if is_first_today(request, f"helpful {version.pk}"):
            count(version, audience, helpful=said)
    elif is_first_today(request, f"sentence {version.pk}"):
        comment(version, audience, helpful=said, text=text)
    else:
        raise ValidationError(
            _("A sentence about this version was sent from here today. Please send the next tomorrow.")
        )


def show(
    request: HttpRequest, version: Version, audience: str, form: HelpfulForm, *, said: str, status: int = 200
) -> HttpResponse:
    context = {
        "version": version,
        "audience": audience,
        "form": form,
        "said": said if said in dict(ANSWERS) else "",
        "sent": request.method != "POST" and request.GET.get("sent") == "1",
        "flags": red_flags(form["text"].value() or "") if form.is_bound else [],
        "days": settings.QUESTION_DAYS,
    }
    return private(render(request, "site/helpful.html", context, status=status))

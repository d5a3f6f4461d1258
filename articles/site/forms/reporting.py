"""
A reader's report of an error: the form, and its private page.

A report is tied to the version that was read, and to the audience. Nothing is stored about the reader: no address, no
browser, no cookie. A pending text takes no reports: its reviewers are reading it.
"""

import datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.desk.posting import posted_from
from articles.models import Article, ErrorReport, Version
from articles.models.reader_input.reports import report as stored
from articles.site.article_pages import not_at_its_address, published_version, removals, removed
from articles.site.facts import facts
from articles.site.forms.asking import private, red_flags
from articles.site.forms.audience import is_cross_site, refused
from articles.site.forms.fields import ReadersForm, ReadersText, token_of
from articles.site.forms.reported import PAGE, part_named, parts_of
from articles.text.languages import around_a_text

TO_SEND = datetime.timedelta(hours=4)  # from opening the form to sending the report
once = TimestampSigner(salt="articles.site.forms.reporting")


class ReportForm(ReadersForm):
    section = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("Choose a part from the list.")})
    text = ReadersText(
        max_length=ErrorReport.MOST,
        error_messages={
            "required": _("Write what is wrong."),
            "max_length": _("Keep it to 2,000 characters; it has %(show_value)d."),
        },
    )
    thought = forms.TypedChoiceField(
        choices=ErrorReport.Severity.choices,
        coerce=int,
        error_messages={"required": _("Choose how serious it is."), "invalid_choice": _("Choose one of the answers.")},
    )

    def __init__(self, parts: list[tuple[str, str]], *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]  # as of a form
        field = self.fields["section"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", PAGE), *parts]


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, number: int, audience: str) -> HttpResponse:
    """Show the form; store what a reader reports, and show its private status address, once."""
    version = version_read(slug, number)
    if version is None:
        return not_at_its_address(request, slug, {"number": number, "audience": audience})
    with around_a_text(version.language):
        return why_closed(request, version, audience) or _reported(request, version, audience)


def _reported(request: HttpRequest, version: Version, audience: str) -> HttpResponse:
    parts = parts_of(version, audience)
    if request.method != "POST":
        return show(request, version, audience, ReportForm(parts, initial={"section": request.GET.get("section", "")}))
    if is_cross_site(request):
        return private(
            refused(request, _("This form was sent from another site. Please report on the page itself."), 403)
        )
    form = ReportForm(parts, request.POST)
    if not form.is_valid():
        return show(request, version, audience, form, status=422)
    return send(request, version, audience, form)


def version_read(slug: str, number: int) -> Version | None:
    """Return the version that is or was published, at the current or a former address: a form may have been open."""
    if (version := published_version(slug, number)) is not None:
        return version
    now_at = Article.objects.public().filter(former_slugs__slug=slug).values_list("slug", flat=True).first()
    return published_version(now_at, number) if now_at else None


def why_closed(request: HttpRequest, version: Version, audience: str) -> HttpResponse | None:
    """Return the page that says that the version was removed; raise Http404 if it has no page for this audience."""
    around = facts(version.article, version, audience)
    if audience not in {version.written_for, *(known.key for known in around["audiences"])}:
        raise Http404
    return removed(request, around["removal"].pk) if around["removal"] else None


def send(request: HttpRequest, version: Version, audience: str, form: ReportForm) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in ("section", "text", "thought")}
    try:
        shown = once.unsign(request.POST.get("once", "").replace("\0", ""), max_age=TO_SEND)
    except BadSignature:
        form.add_error(None, _("This form was open for too long. Look at it once more, and send it again."))
        return show(request, version, audience, form, status=409)
    token = token_of(shown, version.pk, audience, *said.values())
    try:
        row = stored(version, audience, token, **said)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return show(request, version, audience, form, status=409)
    address = request.build_absolute_uri(reverse("report_status", args=[token]))
    context = {"version": version, "audience": audience, "report": row, "address": address}
    return private(render(request, "site/report_sent.html", {**context, "flags": red_flags(row.text)}))


def show(request: HttpRequest, version: Version, audience: str, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "version": version,
        "audience": audience,
        "form": form,
        "flags": red_flags(form["text"].value() or "") if form.is_bound else [],
        "once": once.sign(get_random_string(32)),
        "days": settings.QUESTION_DAYS,
    }
    return private(render(request, "site/report.html", context, status=status))


@login_not_required
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """
    Show what became of a report; 404 if no report has this address, or no longer.

    Of a version that was removed since, neither the title nor a heading is shown.
    """
    row = _with_token(token)
    if row is None:
        return private(render(request, "site/gone.html", {"is_report": True}, status=404))
    is_removed = removals().filter(versions=row.version).exists()
    with around_a_text(row.version.language):
        part = "" if is_removed else part_named(row)
        context = {"token": token, "report": row, "outcome": row.outcome, "part": part, "is_removed": is_removed}
        return private(render(request, "site/report_status.html", context))


@csrf_exempt
@login_not_required
@posted_from(lambda request, token: reverse("report_status", args=[token]))
def delete(request: HttpRequest, token: str) -> HttpResponse:
    """Delete the report at the reporter's wish."""
    if is_cross_site(request):
        return private(refused(request, _("This form was sent from another site. Please use the page itself."), 403))
    row = _with_token(token)
    if row is not None:
        row.delete()
    return private(render(request, "site/gone.html", {"deleted": row, "is_report": True}, status=200 if row else 404))


def _with_token(token: str) -> ErrorReport | None:
    rows = ErrorReport.objects.select_related("version__article", "merged_into__corrected_in", "corrected_in")
    row: ErrorReport | None = rows.with_token(token)
    return row

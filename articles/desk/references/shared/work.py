"""One record of the library: where it is cited and how it changed; to correct it, or to merge it with another."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles.desk.drafts import posted, saving_once, status_of
from articles.desk.posting import posted_from
from articles.desk.references.edit import WorkEditForm, in_a_field
from articles.desk.references.finding import in_plain_words
from articles.desk.references.form import FIELDS, said_of
from articles.desk.references.notices import notices_of, standing_of
from articles.desk.references.shared.library import duplicates, require_library
from articles.desk.references.shared.merging import NotMerged, merge
from articles.desk.references.standing import standings
from articles.desk.requests import SignedInRequest
from articles.models import Article, ArticleReference, Reference, VersionReference
from articles.models.people import Role, holds
from articles.text.plain.forms import FitForm, is_key

MOST_CITED = 100
MOST_CHANGES = 50


class MergeForm(FitForm, forms.Form):
    other = forms.CharField(
        label=gettext_lazy("Number of the other record"),
        max_length=18,
        help_text=gettext_lazy("It stands at the end of the address of its page."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


@dataclass
class Change:
    """One point of a record's history: when, who, why, and the details that changed."""

    row: Any
    details: list[str]


@require_safe
def work(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a record of the library. One that was merged into another leads there."""
    return _show(request, _found(request, pk))


def _found(request: SignedInRequest, pk: int) -> Reference:
    require_library(request.user)
    return get_object_or_404(Reference.objects.select_related("merged_into"), pk=pk)


def _show(request: SignedInRequest, found: Reference, form: MergeForm | None = None, status: int = 200) -> HttpResponse:
    seen = Article.objects.visible_to(request.user)
    drafts = ArticleReference.objects.filter(reference=found)
    versions = VersionReference.objects.filter(
        reference__in=[found.pk, *found.merged_works.values_list("pk", flat=True)]
    )
    seen_versions = versions.filter(version__article__in=seen).select_related("version__article")
    seen_drafts = drafts.filter(article__in=seen).select_related("article").order_by("article__title", "pk")
    shown_drafts, shown_versions = (
        list(seen_drafts[:MOST_CITED]),
        list(seen_versions.order_by("version__article", "-version__number", "pk")[:MOST_CITED]),
    )
    context = {
        "work": found,
        "printed": in_plain_words(found),
        "standing": standing_of(found.csl),
        "stands": standings([found])[0],
        "notices": notices_of(found.csl),
        "drafts": shown_drafts,
        "versions": shown_versions,
        "other_drafts": drafts.count() - len(shown_drafts),
        "other_versions": versions.count() - len(shown_versions),
        "writable": set(Article.objects.writable_by(request.user).values_list("pk", flat=True))
        & {row.article_id for row in shown_drafts},
        "changes": _changes(found),
        "duplicates": [(other, in_plain_words(other)) for other in duplicates(found)] if not found.merged_into else [],
        "can_merge": holds(request.user, Role.EDITOR) and not found.merged_into,
        "form": form or MergeForm(),
    }
    return render(request, "desk/work_record.html", context, status=status)


def _changes(found: Reference) -> list[Change]:
    """Return the newest points of the record's history, each with the details that are not as before."""
    rows = list(
        found.history.select_related("history_user").order_by("-history_date", "-history_id")[: MOST_CHANGES + 1]
    )
    names = {variable: str(WorkEditForm.base_fields[name].label) for name, variable in FIELDS.items()}
    changes = []
    for number, row in enumerate(rows[:MOST_CHANGES]):
        before = rows[number + 1] if number + 1 < len(rows) else None
        details = _details(before, row, names) if before else []
        changes.append(Change(row, details))
    return changes


def _details(before: Any, row: Any, names: dict[str, str]) -> list[str]:
    old, new = ({**one.csl, "DOI": one.doi, "PMID": one.pmid} for one in (before, row))
    changed = [name for name in sorted(old.keys() | new.keys()) if (old.get(name) or "") != (new.get(name) or "")]
    said = _("{field}: “{before}” became “{after}”.")
    return [
        said.format(field=names.get(name, name), before=_words(name, old.get(name)), after=_words(name, new.get(name)))
        for name in changed
    ]


def _words(variable: str, value: Any) -> str:
    field = next((name for name, known in FIELDS.items() if known == variable), variable)
    text = in_a_field(field, value)
    return "; ".join((text if text is not None else str(value)).splitlines())[:300]


@require_http_methods(["GET", "HEAD", "POST"])
def work_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a record of the library. If somebody else saved it meanwhile, answer 409 and keep what was typed."""
    with transaction.atomic():
        found = _found(request, pk)
        if found.merged_into:
            return redirect("library_work", found.merged_into.pk)
        if request.method == "POST":
            found = Reference.objects.select_for_update(no_key=True).get(pk=pk)
        form = WorkEditForm(posted(request), stored=found)
        if request.method == "POST" and form.is_valid():
            with saving_once(form):
                said_of(request, _("Reference saved."), form.save_work())
                return redirect("library_work", pk)
    return render(request, "desk/work_edit.html", {"work": found, "form": form}, status=status_of(form))


def _page(request: SignedInRequest, pk: int) -> str:
    return reverse("library_work", args=[_found(request, pk).pk])


@posted_from(_page)
def work_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge another record into this one: 403 for all but editors, 409 if one was just changed, 422 if refused."""
    found = _found(request, pk)
    if not holds(request.user, Role.EDITOR):
        raise PermissionDenied(_("Only an editor can merge records of the library."))
    form = MergeForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["other"].strip()
        if not is_key(number) or not Reference.objects.filter(pk=number).exists():
            form.add_error("other", _("The library has no record with this number."))
            return _show(request, found, form, 422)
        try:
            moved = merge(pk, int(number), actor=request.user)
        except NotMerged as refusal:
            form.add_error(None, str(refusal))
            return _show(request, Reference.objects.get(pk=pk), form, 409 if refusal.is_stale else 422)
        said = ngettext(
            "The records are merged. {number} draft cites this one now.",
            "The records are merged. {number} drafts cite this one now.",
            moved,
        )
        messages.success(request, said.format(number=moved))
        return redirect("library_work", pk)
    return _show(request, found, form, 422)

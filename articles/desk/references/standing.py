"""How the works of a draft stand by the list of retractions, and why a retracted one is cited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, saving_once, status_of, writable
from articles.desk.requests import SignedInRequest
from articles.models import Article, ArticleReference, Reference, Retraction, RetractionSnapshot
from articles.models.setup.retractions import gravest
from articles.text.citations.reference import is_doubted, is_retracted
from articles.text.citations.retracted import url_of
from articles.text.citations.retractions.standing import Standing, identifiers_of
from articles.text.plain.forms import FitForm

BATCH = 400


@dataclass(frozen=True)
class Stands:
    """How a work stands: by the library's own entry, or by an entry of the list of retractions."""

    standing: Standing
    entry: Retraction | None = None
    snapshot: RetractionSnapshot | None = None

    @property
    def is_retracted(self) -> bool:
        return self.standing == Standing.RETRACTED

    @property
    def is_on_the_list(self) -> bool:
        return self.entry is not None

    @property
    def is_telling(self) -> bool:
        """Tell whether something happened to the work."""
        return self.standing not in (Standing.NONE, Standing.UNCHECKED)

    @property
    def label(self) -> str:
        return str(self.standing.label)

    @property
    def notice_url(self) -> str:
        return url_of(self.entry.notice) if self.entry else ""


class Work(Protocol):
    """A work of the library, or one that may be imported."""

    @property
    def csl(self) -> Any: ...

    @property
    def doi(self) -> str: ...

    @property
    def pmid(self) -> str: ...


def standings_of(works: Iterable[Reference]) -> dict[int, Stands]:
    """Return how each work stands, by its primary key, in a few queries however many works there are."""
    works = list(works)
    return {work.pk: stands for work, stands in zip(works, standings(works), strict=True)}


def standings(works: Sequence[Work]) -> list[Stands]:
    """Return how each work stands, in the same order, in a few queries however many works there are."""
    snapshot = RetractionSnapshot.objects.first()
    names = [identifiers_of(work.doi, work.pmid) for work in works]
    entries = _entries(sorted({name for several in names for name in several}))
    return [
        _stands(work, [entries[name] for name in several if name in entries], snapshot)
        for work, several in zip(works, names, strict=True)
    ]


def _entries(names: list[str]) -> dict[str, Retraction]:
    found: dict[str, Retraction] = {}
    for start in range(0, len(names), BATCH):
        rows = Retraction.objects.filter(identifier__in=names[start : start + BATCH])
        found |= {row.identifier: row for row in rows}
    return found


def _stands(work: Work, entries: list[Retraction], snapshot: RetractionSnapshot | None) -> Stands:
    entry = gravest(entries)
    if is_retracted(work.csl):
        return Stands(Standing.RETRACTED, entry, snapshot)
    if is_doubted(work.csl) and (entry is None or entry.standing != Standing.RETRACTED):
        return Stands(Standing.CONCERN, entry, snapshot)
    if entry:
        return Stands(Standing(entry.standing), entry, snapshot)
    is_checked = snapshot is not None and (work.doi or work.pmid)
    return Stands(Standing.NONE if is_checked else Standing.UNCHECKED, None, snapshot)


def cited_works(article: Article) -> list[tuple[ArticleReference, Stands]]:
    """Return the references of the draft by key, each with how its work stands, in three queries."""
    rows = list(article.article_references.select_related("reference"))
    stands = standings_of(row.reference for row in rows)
    return [(row, stands[row.reference_id]) for row in rows]


class AlthoughRetractedForm(FitForm, forms.Form):
    """Why a retracted work is cited. Empty takes the reason back."""

    although_retracted = forms.CharField(
        label=gettext_lazy("Why it is cited although it is retracted"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "A sentence for readers, such as: It is the study that this section corrects. It is printed after the "
            "reference and signed with the text. Leave it empty if the work is not cited for that reason."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def although_retracted(request: SignedInRequest, pk: int, reference: int) -> HttpResponse:
    """Say why a retracted work is cited; readers are shown the reason. 404 for a reference that was removed."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        rows = ArticleReference.objects.select_related("reference")
        cited = rows.filter(article=article, pk=reference).first()
        if cited is None:
            raise Http404
        stands = standings_of([cited.reference])[cited.reference_id]
        form = AlthoughRetractedForm(posted(request), initial={"although_retracted": cited.although_retracted})
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["although_retracted"]
            if reason and not stands.is_retracted:
                form.add_error(None, _("This work is not retracted, so there is nothing to say of it."))
            else:
                with saving_once(form):
                    if reason != cited.although_retracted:
                        cited.although_retracted = reason
                        cited.save()
                    return redirect("references", article.pk)
        context = {"article": article, "cited": cited, "stands": stands, "form": form}
        return render(request, "desk/although_retracted.html", context, status=status_of(form))

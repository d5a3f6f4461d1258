"""The references of a draft as a file for programs that manage references."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.files.exporting.references import FORMATS


@require_safe
def reference_export(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """Return all references of the draft, as the library has them now; 404 if there are none."""
    article = writable(request, pk)
    rows = article.article_references.select_related("reference")
    works = {row.key: {**row.reference.csl, **_numbers(row.reference.doi, row.reference.pmid)} for row in rows}
    if form not in FORMATS or not works:
        raise Http404
    answer = HttpResponse(FORMATS[form].write(works), content_type=f"{FORMATS[form].media_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="references-{article.pk}.{form}"'
    return answer


def _numbers(doi: str, pmid: str) -> dict[str, str]:
    return {name: text for name, text in (("DOI", doi), ("PMID", pmid)) if text}

"""The main text of a section beside its wordings, and the doses that differ while one of them is typed."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.desk.texts.figures.choosing import shown_figures
from articles.desk.texts.wordings.beside import doses_in_words, texts_of
from articles.text.plain.marks import CITATION
from articles.text.richtext import TooLong, clean
from articles.text.richtext.building import within_length


@require_safe
def wordings(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """Show the main text of a section beside each wording, with what differs. Nothing is stored."""
    article = writable(request, pk)
    row = get_object_or_404(article.sections, pk=section)
    context = {
        "article": article,
        "section": row,
        "texts": texts_of(row),
        "main": clean(row.body),
        "figures": shown_figures(article),
    }
    return render(request, "desk/wordings.html", context)


@require_POST
def differing_doses(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """
    Answer in sentences in which doses the typed text differs from the others of its section. Nothing is stored.

    `audience` names the readers of a typed wording; without it the main text is typed, and compared with each wording.
    422 if no text was sent, or if it is too long.
    """
    article = writable(request, pk)
    row = get_object_or_404(article.sections, pk=section)
    typed = request.POST.get("body")
    if typed is None:
        return JsonResponse({"said": [_("There is no text to read.")]}, status=422)
    try:
        within_length(len(typed))
        text = clean(CITATION.sub("", typed))
    except TooLong as error:
        return JsonResponse({"said": [str(error)]}, status=422)
    if request.POST.get("audience"):
        return JsonResponse({"said": doses_in_words(row.body, text, article.language) if text else []})
    said = _("{audience}: {dose}")
    found = [
        said.format(audience=wording.audience, dose=dose)
        for wording in row.wordings.select_related("audience").exclude(audience=article.written_for_id)
        for dose in doses_in_words(text, wording.body, article.language)
    ]
    return JsonResponse({"said": found})

"""Find what to cite while a text is written: the article's references, and the works of the library."""

import html
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import writable
from articles.desk.requests import LONGEST_KEY, SignedInRequest
from articles.files.drafts.cited_works import cite
from articles.models import ArticleReference, Reference
from articles.text.citations import format_reference
from articles.text.plain.plaintext import tidy

MOST = 12
MOST_READ = 200
MOST_WORDS = 8
_TAG = re.compile(r"<[^<>]*>")


@require_http_methods(["GET", "HEAD", "POST"])
def citations(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    GET: the references of this draft and the works of the library that hold all the words of `q`.

    POST: make a work of the library a reference of this draft, and answer the key that cites it. A work that is one
    already is answered with its key. 422 if there is no such work.
    """
    if request.method == "POST":
        return _add(request, pk)
    article = writable(request, pk)
    try:
        words = tidy(request.GET.get("q", "")[:200]).lower().split()[:MOST_WORDS]
    except ValidationError:  # a character that no text has
        return JsonResponse({"references": [], "works": []})
    rows = list(article.article_references.select_related("reference"))
    cited = [_cited(row) for row in rows]
    found = [one for one in cited if _holds(f"{one['key']} {one['text']}", words)]
    works = _works(words, {row.reference_id for row in rows}) if words else []
    return JsonResponse({"references": found[:MOST], "works": works})


def _cited(row: ArticleReference) -> dict[str, str]:
    return {"key": row.key, "text": in_plain_words(row.reference)}


def _works(words: list[str], but: set[int]) -> list[dict[str, Any]]:
    """Return the library's works that hold all words in what is printed of them."""
    holds = Q()
    for word in words:
        holds &= Q(printed__icontains=word) | Q(doi__icontains=word) | Q(pmid=word[:8])
    some = (
        Reference.objects.in_use()
        .annotate(printed=Cast("csl", TextField()))
        .filter(holds)
        .exclude(pk__in=but)
        .order_by("-pk")[:MOST_READ]
    )
    printed = {work.pk: in_plain_words(work) for work in some}
    return [{"work": pk, "text": text} for pk, text in printed.items() if _holds(text, words)][:MOST]


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text.lower() for word in words)


def in_plain_words(work: Reference) -> str:
    """Return a work as the list of references prints it, without tags; a retracted one says so first."""
    return in_plain_words_of({**work.csl, "DOI": work.doi, "PMID": work.pmid})


def in_plain_words_of(csl: dict[str, Any]) -> str:
    return " ".join(html.unescape(_TAG.sub("", format_reference(csl))).split())


@transaction.atomic
def _add(request: SignedInRequest, pk: int) -> HttpResponse:
    article = writable(request, pk, lock=True)
    number = request.POST.get("work", "")
    is_key = number.isascii() and number.isdigit() and len(number) < LONGEST_KEY
    work = Reference.objects.in_use().filter(pk=number).first() if is_key else None
    if work is None:
        return JsonResponse({"said": [_("The library does not have this work any more. Search again.")]}, status=422)
    return JsonResponse(_cited(cite(article, work)))

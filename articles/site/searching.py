from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.search import LONGEST, search, words_of


@login_not_required
@require_safe
def results(request):
    """Show what was found for the words of `q`; whatever is typed there gives a page."""
    query = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    hits, more = search(query)
    response = render(
        request, "site/search.html", {"query": query, "words": words_of(query), "hits": hits, "more": more}
    )
    response["X-Robots-Tag"] = "noindex"
    return response

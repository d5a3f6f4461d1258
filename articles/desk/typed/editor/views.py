"""What the rich text editor asks the server while a person writes."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.desk.typed import to_typed
from articles.desk.typed.of_article import from_typed_for


@require_POST
def typed(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Read HTML that was typed for this draft: answer its canonical form, as a text area shows it. Nothing is stored.

    422 with a sentence for each part that would not stay as it was typed.
    """
    article = writable(request, pk)
    if "typed" not in request.POST:
        return JsonResponse({"said": [_("There is no text to read.")]}, status=422)
    try:
        html = from_typed_for(article, request.POST["typed"])
    except ValidationError as error:
        return JsonResponse({"said": error.messages}, status=422)
    return JsonResponse({"html": to_typed(html), "said": []})

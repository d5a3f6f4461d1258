"""What the rich text editor asks the server while a person writes."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.desk.typed import to_typed
from articles.desk.typed.of_article import from_typed_for, towards
from articles.desk.typed.pasted import from_pasted
from articles.models import Article, PictureFile
from articles.text.plain.plaintext import tidy
from articles.text.richtext.allowed import safe_href, why_no_href

MOST = 12


@require_safe
def links(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Answer what a link can lead to: the address as it would be stored, or why it is refused, and articles by title.

    Only articles are named that readers find in the lists.
    """
    writable(request, pk)
    typed = request.GET.get("q", "").strip()[:2_500]
    href = safe_href(typed)
    try:
        words = tidy(typed[:200])
    except ValidationError:  # a character that no title has
        words = ""
    found = Article.objects.listed().filter(published_version__title__icontains=words)
    rows = found.select_related("published_version").order_by("published_version__title")[:MOST] if words else []
    titles = [
        {"href": row.get_absolute_url(), "text": row.published_version.title} for row in rows if row.published_version
    ]
    return JsonResponse({"href": href, "said": why_no_href(typed) if typed else "", "articles": titles})


@require_POST
def typed(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Read HTML that was typed or pasted for this draft: answer its canonical form, as a text area shows it.

    Nothing is stored. Of what was typed, all must stay: 422 with a sentence for each part that would not. Of what was
    pasted, the answer says what was left out.
    """
    article = writable(request, pk)
    try:
        if "pasted" in request.POST:
            keys = frozenset(article.article_references.values_list("key", flat=True))
            pasted = request.POST["pasted"]
            html, said = from_pasted(pasted, keys=keys, figures=_by_file(article), direction=towards(article))
        elif "typed" in request.POST:
            html, said = from_typed_for(article, request.POST["typed"]), []
        else:
            raise ValidationError(_("There is no text to read."))
    except ValidationError as error:
        return JsonResponse({"said": error.messages}, status=422)
    return JsonResponse({"html": to_typed(html), "said": said})


def _by_file(article: Article) -> dict[str, str]:
    """Return the key of the article's first figure with each picture, by the SHA-256 of each of its files."""
    files = PictureFile.objects.filter(picture__figures__article=article).order_by("-picture__figures__key")
    return dict(files.values_list("sha256", "picture__figures__key"))

"""The window of the editor in which a figure is chosen, added or changed while a text is written."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, posted_files, saving_once, status_of, writable
from articles.desk.requests import SignedInRequest
from articles.desk.texts.figures.copying import copy_of
from articles.desk.texts.figures.forms import FigureForm, removed_figure
from articles.models import Article, Figure, PictureFile
from articles.text.plain.marks import FIGURE_KEY
from articles.text.rendering.numbered.figures import address


class FigureInWindow(FigureForm):
    """The form of a figure in a window of the editor, whose script keeps the chosen file."""

    keeps_file = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="figure-%s", **kwargs)


def shown_figures(article: Article) -> dict[str, dict[str, str]]:
    """
    Return for each figure of the draft, by key, its narrowest file, its alternative text and its caption.

    It takes two statements, whatever the number of figures.
    """
    return {
        figure.key: {"src": src, "alt": figure.alt, "caption": figure.caption}
        for figure, src in with_narrowest(article)
    }


def with_narrowest(article: Article) -> list[tuple[Figure, str]]:
    """Return the figures of the draft by key, each with the address of its narrowest file, by two statements."""
    figures = list(article.figures.select_related("picture"))
    files = PictureFile.objects.filter(picture__in=[figure.picture_id for figure in figures]).order_by("-width")
    narrowest = dict(files.values_list("picture_id", "sha256"))
    return [(figure, address(narrowest[figure.picture_id], figure.picture.media_type)) for figure in figures]


def narrowest_of(figure: Figure) -> str:
    """Return the address of the narrowest file of a figure's picture."""
    files = PictureFile.objects.filter(picture=figure.picture_id).order_by("width")
    return address(files.values_list("sha256", flat=True)[0], figure.picture.media_type)


def no_figure() -> str:
    """Return what is said where a text of a draft places a figure that the article does not have."""
    return _("[figure missing] The article has no figure with the key “{key}”.")


@require_http_methods(["GET", "HEAD", "POST"])
def figure_choice(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Answer the content of the window: the article's figures, and a form that adds one, or changes that of `?figure=`.

    `?copy=` is the address of a picture of another article: the form then adds it with that article's words.

    POST: save the form, and answer the figure as JSON with what is said of its picture, 201 if it is new. Otherwise
    answer the content again with the reasons: 422, or 409 if somebody else saved the figure meanwhile.
    """
    article = writable(request, pk)
    key = request.GET.get("figure", "")
    if key and not FIGURE_KEY.fullmatch(key):
        raise Http404
    copied = copy_of(request.GET["copy"], article, request.user) if "copy" in request.GET else None
    new = (copied.figure if copied else None) or Figure(article=article)
    row = article.figures.filter(key=key).first() if key else new
    if row is None and request.method == "POST":
        row = removed_figure(article, key=key)
    if row is None:
        raise Http404
    form = FigureInWindow(posted(request), posted_files(request), instance=row)
    if request.method == "POST" and form.is_valid():
        with saving_once(form), transaction.atomic():
            writable(request, pk, lock=True)
            if form.is_still_as_shown():
                saved = form.save()
                shown = shown_figures(article)[saved.key]
                return JsonResponse({"key": saved.key, **shown, "said": form.said}, status=200 if key else 201)
    context = {"article": article, "form": form, "changed": key, "figures": shown_figures(article)}
    context |= {"note": copied.note if copied else "", "picture": narrowest_of(row) if row.picture_id else ""}
    return render(request, "desk/_figure_choice.html", context, status=status_of(form))

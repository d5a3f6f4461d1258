"""The pages on which the figures of a draft are added, described, exchanged and removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, posted_files, saving_once, status_of, writable
from articles.desk.parts import draft_page
from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.desk.texts.figures.choosing import narrowest_of, with_narrowest
from articles.desk.texts.figures.forms import FigureForm, removed_figure
from articles.models import Article, Figure
from articles.text.richtext import figure_keys

WRITING = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Row:
    """A figure of the draft, with the address of its narrowest file, and the sections whose texts place it."""

    figure: Figure
    picture: str
    sections: list[str]

    @property
    def tag(self) -> str:
        """The line that places the figure in a text."""
        return f'<figure data-figure="{self.figure.key}"></figure>'


def rows_of(article: Article) -> list[Row]:
    """Return the figures of the draft by key; the number of queries does not depend on theirs."""
    placed = _placed(article)
    return [
        Row(figure, picture, [name for name, keys in placed if figure.key in keys])
        for figure, picture in with_narrowest(article)
    ]


def _placed(article: Article) -> list[tuple[str, set[str]]]:
    """Return for each section of the draft its name, and the figures that its texts place."""
    return [
        (str(section), _keys([section.body, *(wording.body for wording in section.wordings.all())]))
        for section in article.sections.prefetch_related("wordings")
    ]


def _keys(bodies: Iterable[str]) -> set[str]:
    return {key for body in bodies for key in figure_keys(body)}


@require_http_methods(WRITING)
def figures(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the figures of the draft, and add one."""
    article = writable(request, pk)
    form = FigureForm(posted(request), posted_files(request), instance=Figure(article=article))
    if request.method == "POST" and form.is_valid():
        with saving_once(form), transaction.atomic():
            writable(request, pk, lock=True)
            form.save()
            tell(request, _("Figure added. Choose “Insert figure” above a text to place it."), form)
            return redirect("figures", article.pk)
    context = {"article": article, "form": form, "figures": rows_of(article)}
    return render(request, "desk/figures.html", context, status=status_of(form))


@require_http_methods(WRITING)
def figure(request: SignedInRequest, pk: int, figure: int) -> HttpResponse:
    """
    Change a figure's words, or exchange its picture. If somebody else saved or removed it meanwhile, answer 409.

    What was typed stays. A removed figure is then added again, with its key, if the writer saves once more.
    """
    article = writable(request, pk)
    row = article.figures.select_related("picture").filter(pk=figure).first()
    if row is None and request.method == "POST":
        row = removed_figure(article, id=figure)
    if row is None:
        raise Http404
    form = FigureForm(posted(request), posted_files(request), instance=row)
    if request.method == "POST" and form.is_valid():
        with saving_once(form), transaction.atomic():
            writable(request, pk, lock=True)
            if form.is_still_as_shown():
                form.save()
                tell(request, _("Figure saved."), form)
                return redirect("figures", article.pk)
    shown = next((each for each in rows_of(article) if each.figure.pk == figure), None)
    shown = shown or Row(row, narrowest_of(row), [])
    context = {"article": article, "form": form, "shown": shown}
    return render(request, "desk/figure.html", context, status=status_of(form))


@posted_from(draft_page("figures"))
@transaction.atomic
def figure_remove(request: SignedInRequest, pk: int, figure: int) -> HttpResponse:
    """Remove a figure that no text of the draft places. History and signed versions keep it."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.figures, pk=figure)
    if where := [name for name, keys in _placed(article) if row.key in keys]:
        said = _("The draft shows this figure in {sections}. Remove it there first.")
        messages.error(request, said.format(sections=", ".join(f"“{name}”" for name in where)))
    else:
        row.delete()
        messages.success(request, _("The figure “{key}” was removed from the draft.").format(key=row.key))
    return redirect("figures", article.pk)


def tell(request: SignedInRequest, done: str, form: Any) -> None:
    """Say that a figure is saved, and how its picture differs from the file."""
    messages.success(request, done)
    for sentence in form.said:
        messages.warning(request, sentence)

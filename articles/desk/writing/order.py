"""The order of a draft's sections: moving one up or down, and making room at a position."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk.drafts import writable
from articles.desk.forms import LAST_POSITION
from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Section

STEPS = {"up": -1, "down": 1}


@posted_from(lambda request, pk, section: reverse("draft", args=[writable(request, pk).pk]))
@transaction.atomic
def section_move(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """
    Move a section one place up or down, and return to it on the page of the draft.

    If the section was not where the page showed it, nothing moves: two clicks, or two people, would move it twice.
    """
    article = writable(request, pk, lock=True)
    moved = get_object_or_404(article.sections, pk=section)
    rows = list(article.sections.all())
    place = rows.index(moved)
    to = place + STEPS.get(request.POST.get("to", ""), 0)
    if request.POST.get("from") != str(place + 1):
        said = _("The order had changed since you opened the page. “{section}” is now {place} of {number}.")
        messages.warning(request, said.format(section=moved, place=place + 1, number=len(rows)))
    elif to != place and 0 <= to < len(rows):
        _swap(rows, place, to)
        said = _("“{section}” is now {place} of {number}.")
        messages.success(request, said.format(section=moved, place=to + 1, number=len(rows)))
    return redirect(f"{reverse('draft', args=[article.pk])}#section-{moved.pk}")


def _swap(rows: list[Section], place: int, to: int) -> None:
    """Let two sections change their positions; number all anew if they share one. Save only those that changed."""
    if rows[place].position != rows[to].position:
        rows[place].position, rows[to].position = rows[to].position, rows[place].position
        changed = [rows[place], rows[to]]
    else:
        rows[place], rows[to] = rows[to], rows[place]
        changed = [row for number, row in enumerate(rows, start=1) if row.position != number]
        for number, row in enumerate(rows, start=1):
            row.position = number
    for row in changed:
        row.save(update_fields=["position"])


def make_room(section: Section) -> None:
    """If the section's position was taken, move the sections from there on down, up to the first free position."""
    taken = section.position
    for other in section.article.sections.exclude(pk=section.pk).filter(position__gte=taken).order_by("position", "pk"):
        if other.position > taken:
            break
        taken = other.position = taken + 1
        if taken > LAST_POSITION:
            _renumber(section)
            break
        other.save(update_fields=["position"])


def _renumber(section: Section) -> None:
    """Number all sections from 1 in their order, this one before others at its position. No larger number is free."""
    rows = sorted(section.article.sections.all(), key=lambda row: (row.position, row.pk != section.pk, row.pk))
    for position, row in enumerate(rows, start=1):
        row.position = position
        row.save(update_fields=["position"])

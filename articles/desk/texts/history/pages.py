"""The history of a draft at the desk: its points in time, what changed between two of them, and restoring."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.drafts import writable
from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.desk.texts.history.points import points_of
from articles.desk.texts.history.restoring import WHOLE, NotRestored, Part, parts_of, restore, seen_of
from articles.desk.texts.history.rows import Place, moment_of
from articles.frozen.as_of import content_as_of, only_draft
from articles.frozen.content import content_of, rows_of
from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, VersionText
from articles.models.rows.announced import announced_together
from articles.site.versions.changes import marked_text
from articles.site.versions.listing import listed, places_of
from articles.text.languages import moment
from articles.text.redline.contents import compare
from articles.text.redline.counting import in_words

NOW = "now"
VERSION = "version-"
LONGEST_NUMBER = 10  # digits
LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Side:
    """One of the two texts that are compared: how addresses and sentences name it, its content, and its moment."""

    key: str
    name: str
    content: dict[str, Any]
    at: datetime.datetime | None = None  # None for the draft as it is now


class NoSuchText(Exception):
    """Raised with a sentence if an address names no text of this article."""


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who saved the draft when, with the versions among it, and a form to compare any two points."""
    return _show_history(request, writable(request, pk))


@require_safe
def changes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what changed from one point to another in everything that is signed; 422 if one of them is not there."""
    article = writable(request, pk)
    try:
        sides = [_side(article, request.GET.get(name, default)) for name, default in (("from", ""), ("to", NOW))]
    except NoSuchText as error:
        return _show_history(request, article, problem=str(error))
    before, after = sorted(sides, key=lambda side: side.at or LATEST)
    return _show_changes(request, article, before, after)


@posted_from(lambda request, pk: reverse("draft_history", args=[writable(request, pk).pk]))
def restoration_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Restore a part of an older draft as a new change.

    Answer 409 if somebody saved the part after the page was opened, and 422 with what to do if the older text may not
    be stored now. Then nothing is changed, and the page shows the differences anew.
    """
    part, seen = request.POST.get("part", ""), request.POST.get("seen", "")
    article = writable(request, pk)
    try:
        old = _side(article, request.POST.get("from", ""))
    except NoSuchText as error:
        return _show_history(request, article, problem=str(error))
    if old.at is None:
        return _show_history(request, article, problem=_("The draft is as it is now. Choose an earlier text."))
    try:
        with announced_together():
            restore(writable(request, pk, lock=True), part, old.at, by=request.user, seen=seen)
    except NotRestored as refusal:
        return _show_changes(request, article, old, _now(article), refusal=refusal)
    messages.success(request, _("Restored from {moment}.").format(moment=moment(old.at)))
    return redirect(_page_of(article, part))


def _page_of(article: Article, part: str) -> str:
    """Return the path of the page on which the restored part is edited."""
    key, _slash, audience = part.partition("/")
    section = article.sections.filter(key=key).first()
    if section is None:
        return reverse("draft", args=[article.pk])
    if audience:
        return reverse("wording", args=[article.pk, section.pk, audience])
    return reverse("section", args=[article.pk, section.pk])


def _side(article: Article, key: str) -> Side:
    if key == NOW:
        return _now(article)
    if key.startswith(VERSION):
        return _submitted(article, key)
    at = moment_of(key)
    content = content_as_of(article, at) if at else None
    if at is None:
        raise NoSuchText(_("Choose two texts from the list."))
    if content is None:
        raise NoSuchText(_("The draft did not exist at this time. Choose a later one."))
    return Side(key, _("the draft of {moment}").format(moment=moment(at)), content, at)


def _now(article: Article) -> Side:
    fresh = Article.objects.get(pk=article.pk)
    return Side(NOW, _("the draft as it is now"), only_draft(content_of(fresh, rows_of(fresh))[0]))


def _submitted(article: Article, key: str) -> Side:
    number = key.removeprefix(VERSION)
    is_number = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
    version = article.versions.filter(number=int(number)).first() if is_number else None
    if version is None:
        raise NoSuchText(_("This article has no such version. Choose one from the list."))
    try:
        content = frozen_content(version)
    except (DamagedText, VersionText.DoesNotExist):
        raise NoSuchText(_("The text of this version was erased, or is damaged. Choose another text.")) from None
    said = _("version {number}, submitted {moment}")
    name = said.format(number=version.number, moment=moment(version.submitted_at))
    return Side(key, name, only_draft(content), version.submitted_at)


def _show_history(request: SignedInRequest, article: Article, problem: str = "") -> HttpResponse:
    after = Place.read(request.GET.get("after", ""))
    points, last = points_of(article, after)
    context = {"article": article, "points": points, "after": last, "is_newest": after is None, "problem": problem}
    return render(request, "desk/history.html", context, status=422 if problem else 200)


def _show_changes(
    request: SignedInRequest, article: Article, before: Side, after: Side, refusal: NotRestored | None = None
) -> HttpResponse:
    audiences = after.content["audiences"]
    chosen = request.GET.get("audience", "")
    audience = chosen if chosen in {row["key"] for row in audiences} else after.content["written_for"]
    found = compare(before.content, after.content, audience)
    shown = [one for one in found.sections if one.state != "same" or one.moved]
    html, counts, rows = listed(marked_text(replace(found, sections=shown)))
    places = list(places_of(rows))
    can_restore = after.key == NOW and before.at is not None and not found.same
    context = {
        "article": article,
        "before": before,
        "after": after,
        "audience": audience,
        "audiences": audiences,
        "same": found.same,
        "unchanged": len(found.sections) - len(shown),
        "html": html,
        "places": places,
        "in_words": in_words(counts, len(places)),
        "parts": parts_of(article, before.content, after.content) if can_restore else [],
        "whole": Part(WHOLE, "", seen_of(article)) if can_restore else None,
        "refusal": refusal,
    }
    return render(request, "desk/history_changes.html", context, status=refusal.status if refusal else 200)

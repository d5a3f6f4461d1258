"""The page of a review: the frozen text, its changes, the state of the review, and the steps this person can take."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.frozen.signed_text import frozen_content
from articles.models import Version
from articles.models.rows.remembered import remembering
from articles.models.rows.together import Together
from articles.text.rendering import render as render_text
from articles.text.rendering.sections import own_texts
from reviews.desk.access import asked_review, visible_review
from reviews.desk.forms import StepForm
from reviews.desk.review.changed.changes import Changes, changes_since
from reviews.desk.review.deciding.request import show_request
from reviews.desk.review.page import EarlierVersion, Page
from reviews.desk.review.reading import read_page, ticks
from reviews.desk.review.remarks import Placed, placed, placed_in_changes
from reviews.models import ReadChange, Review, Signature
from reviews.site.state import state_of, steps
from reviews.workflow.approval.blockers import completion_blockers
from reviews.workflow.approval.opened import note_opening

MOST_TICKS = 2000  # in one form
UNFOLDED = "unfolded"  # in the address: the sections without a change are open


@require_safe
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    with remembering():
        review = asked_review(request, pk)
        return show_request(request, review) if review.is_closed else _shown(request, review, None, 200)


def show_review(
    request: SignedInRequest, review: Review, bound: StepForm | None = None, status: int = 200
) -> HttpResponse:
    """
    Show the page of a review. A refused form, `bound`, is shown in its place with its input.

    Somebody who is asked to review begins with what changed since the version that they know. What the page asks more
    than once, such as the roles of the user, is read once.
    """
    with remembering():
        return _shown(request, review, bound, status)


def _shown(request: SignedInRequest, review: Review, bound: StepForm | None, status: int) -> HttpResponse:
    review = read_page(review, request.user)
    page = Page(review, request.user, bound)
    chosen = request.GET.get("audience", "") or review.version.written_for
    if chosen not in {audience["key"] for audience in page.content["audiences"]}:
        raise Http404
    page.audience, page.view, page.is_unfolded = chosen, view_of(request), UNFOLDED in request.GET
    compared_with = compared(request, page)
    changes = changes_of(page, compared_with, chosen) if compared_with else None
    if request.method == "GET":
        since = compared_with.version if compared_with else None
        note_opening(request.user, review, whole=whole_texts(page, changes), since=since)
    context = {
        "review": review,
        "version": review.version,
        "article": review.article,
        "page": page,
        "audience": chosen,
        "changes": changes,
        "ticked": ticked(request, page, compared_with, changes),
        "kept": "kept" in request.GET,
        "compared_with": compared_with,
        "signers": signers_of(compared_with.version) if compared_with else [],
        "text": text_of(page, chosen, changes),
        # who never approved an earlier version has to see on this page all that they sign
        "with_signed": compared_with is None or (page.my_assignment is not None and not page.texts.since),
        "steps": steps(review) if review.status in Review.ON_ITS_WAY else [],
        "state": state_of(review),
        "never_completed": bool(completion_blockers(review)),
        "roles": page.roles,
        "bound": bound,
    }
    return render(request, "desk/review.html", context, status=status)


def view_of(request: SignedInRequest) -> str:
    """Return the part of the address that says how the version is read, so that a step does not lose the place."""
    chosen = {name: request.GET[name] for name in ("audience", "changes", UNFOLDED) if name in request.GET}
    return f"?{urlencode(chosen)}" if chosen else ""


def compared(request: SignedInRequest, page: Page) -> EarlierVersion | None:
    """Return the version to compare with: the chosen one, or the known one if nothing is chosen; None for the text."""
    if "changes" in request.GET:
        return page.earlier_version(request.GET["changes"])
    if "audience" in request.GET or page.my_assignment is None or page.known is None:
        return None
    return page.earlier_version(str(page.known.number))


def changes_of(page: Page, compared_with: EarlierVersion, audience: str) -> Changes:
    earlier, later = compared_with.version, page.review.version
    return changes_since(frozen_content(earlier), earlier.digest, page.content, later.digest, audience)


def whole_texts(page: Page, changes: Changes | None) -> list[str]:
    """Return the audiences whose text stands on this page with all its words, none of them folded."""
    if changes is None:
        return [page.audience]
    shown = changes.whole_unfolded if page.is_unfolded else changes.whole
    return [audience for audience in own_texts(page.content) if audience in shown]


def ticked(
    request: SignedInRequest, page: Page, compared_with: EarlierVersion | None, changes: Changes | None
) -> set[str]:
    """Return the names of the shown changes that this person ticked as read."""
    if compared_with is None or changes is None:
        return set()
    shown = {row.key for row in changes.rows}
    return {
        name for since, name in ticks(request.user, page.review) if since == compared_with.version.pk and name in shown
    }


def text_of(page: Page, audience: str, changes: Changes | None) -> Placed:
    """Return the text for an audience, or the changes in it, with the words marked that open comments quote."""
    threads = [row.comment for row in page.comments]
    if changes is not None:
        html = changes.unfolded if page.is_unfolded else changes.html
        return placed_in_changes(html, threads, page.content, audience)
    return placed(render_text(page.content, audience).html, threads)


def signers_of(version: Version) -> list[str]:
    """Return who approved this version, each with the day; nobody if it was not approved."""
    return [
        _("{name} on {day}").format(name=name, day=date_format(timezone.localdate(signed_at)))
        for signed_at, name in sorted(_SIGNED.read(version=version.pk)["signed"])
    ]


def _signed(version: int) -> dict[str, QuerySet[Any, Any]]:
    rows = Signature.objects.in_bylines().filter(version=version)
    return {"signed": rows.order_by().values_list("signed_at", "printed_name")}


_SIGNED = Together(_signed)


def review_path(request: SignedInRequest, pk: int, number: int = 0) -> str:
    return reverse("desk_review", args=[visible_review(request, pk).pk])


@posted_from(review_path)
def tick(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Keep which of the shown changes since the version with this number are ticked as read."""
    page = Page(visible_review(request, pk), request.user)
    since = page.earlier_version(str(number))
    shown, read = (set(request.POST.getlist(name)[:MOST_TICKS]) for name in ("shown", "read"))
    audience = request.POST.get("audience", "") or page.review.version.written_for
    if audience not in {row["key"] for row in page.content["audiences"]}:
        raise Http404
    known = {row.key for row in changes_of(page, since, audience).rows}
    mine = ReadChange.objects.filter(user=request.user, version=page.review.version, since=since.version)
    before = set(mine.values_list("change", flat=True))
    mine.filter(change__in=before & shown - read).delete()
    for change in sorted(read & known - before):
        row = {"user": request.user, "version": page.review.version, "since": since.version, "change": change}
        ReadChange.objects.get_or_create(**row, defaults={"read_at": timezone.now()})
    view = {"audience": audience, "changes": number, "kept": 1} | ({UNFOLDED: 1} if UNFOLDED in request.POST else {})
    return redirect(f"{reverse('desk_review', args=[pk])}?{urlencode(view)}#all-changes")

"""The page that edits a whole draft, and saves it at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import writable
from articles.desk.forms import BODY_HELP, SAVED_SINCE
from articles.desk.requests import SignedInRequest
from articles.desk.writing.merging import Merge, merge
from articles.desk.writing.page import Page
from articles.desk.writing.saving import save
from articles.desk.writing.sent import Sent
from articles.desk.writing.stored import read, remember_references
from articles.models import Article
from articles.models.rows.announced import announced_together
from articles.models.rows.remembered import remembering
from articles.review_process import review_process


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Show the whole draft, and save all of it or nothing.

    422 if a part is refused, 409 if somebody else changed the same words; everything typed stays on the page. A button
    of a part, such as to move it, changes the page alone.
    """
    with remembering():
        if request.method != "POST":
            stored = read(writable(request, pk))
            return show(request, Page(stored, Sent.of(stored), request.user))
        sent = Sent(request.POST)
        action = request.POST.get("do", "save")
        if action != "save" and sent.is_whole:
            stored = read(writable(request, pk))
            about = sent.act(action)
            return show(request, Page(stored, sent, request.user), about=about)
        return _save(request, pk, sent)


def _save(request: SignedInRequest, pk: int, sent: Sent) -> HttpResponse:
    try:
        with announced_together():
            stored = read(writable(request, pk, lock=True))
            remember_references(stored.article)
            if not sent.is_whole:
                return _incomplete(request, Page(stored, Sent.of(stored), request.user))
            merged = merge(stored, sent)
            page = Page(stored, sent, request.user, check=True, keys=merged.keys)
            if merged.collisions:
                return _collided(request, page, merged)
            if page.problems:
                return show(request, page, status=422)
            count = save(page, request.user)
    except IntegrityError:
        return _at_once(request, pk, sent)
    return _saved(request, stored.article, merged, count, sent)


def _incomplete(request: SignedInRequest, page: Page) -> HttpResponse:
    page.refuse(ValidationError(_("The form did not arrive completely. Nothing was saved. Send it again.")))
    return show(request, page, status=422)


def _collided(request: SignedInRequest, page: Page, merged: Merge) -> HttpResponse:
    page.refuse(ValidationError(SAVED_SINCE))
    return show(request, page, status=409)


def _at_once(request: SignedInRequest, pk: int, sent: Sent) -> HttpResponse:
    """Show the page again after the database refused it: somebody used the same address or name just now."""
    page = Page(read(writable(request, pk)), sent, request.user)
    page.refuse(
        ValidationError(_("This was saved a moment ago. You may have clicked twice. Check it before you save again."))
    )
    return show(request, page, status=409)


def _saved(request: SignedInRequest, article: Article, merged: Merge, count: int, sent: Sent) -> HttpResponse:
    if merged.taken:
        said = _("Somebody else saved parts of the draft after you opened it. These are kept too: {parts}.")
        messages.info(request, said.format(parts=", ".join(merged.taken)))
    messages.success(request, _("Draft saved.") if count else _("Nothing has changed since the draft was saved."))
    if not Article.objects.writable_by(request.user).filter(pk=article.pk).exists():
        return redirect(review_process().desk())
    return redirect(f"{reverse('write', args=[article.pk])}#saved-{sent.page}")


def show(request: SignedInRequest, page: Page, *, about: str = "", status: int = 200) -> HttpResponse:
    """Show the page; `about` is the part that a button has just changed, to which the focus returns."""
    article = page.stored.article
    context = {
        "page": page,
        "article": article,
        "about": about,
        "remarks": review_process().remarks_on_draft(article, request.user),
        "body_help": BODY_HELP,
    }
    return render(request, "desk/write.html", context, status=status)

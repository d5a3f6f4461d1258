"""The page that edits a whole draft, and saves it at once."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import writable
from articles.desk.forms import BODY_HELP
from articles.desk.references.cited import references_of
from articles.desk.requests import SignedInRequest
from articles.desk.texts.checking import levels_of_draft
from articles.desk.texts.wordings.older import older_wordings
from articles.desk.writing.autosave import forget, kept, present, text_of
from articles.desk.writing.conflict import questions, savers
from articles.desk.writing.merging import Merge, merge
from articles.desk.writing.page import Page
from articles.desk.writing.saving import save
from articles.desk.writing.sent import Sent
from articles.desk.writing.stored import Stored, read, remember_references
from articles.models import Article
from articles.models.rows.announced import announced_together
from articles.models.rows.remembered import remembering
from articles.review_process import review_process


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Show the whole draft, and save all of it or nothing.

    422 if a part is refused, 409 if somebody else changed the same words: then the writer chooses, part by part.
    Everything typed stays on the page. A button of a part, such as to move it, changes the page alone.
    """
    with remembering():
        if request.method != "POST":
            return _open(request, pk)
        sent, action = Sent(request.POST), request.POST.get("do", "save")
        if action == "discard":
            forget(writable(request, pk), request.user)
            messages.success(request, _("The text was discarded. The draft is as it was saved."))
            return redirect("write", pk)
        if action != "save" and sent.is_whole:
            stored = read(writable(request, pk))
            about = sent.act(action)
            return show(request, Page(stored, sent, request.user), about=about, is_typed=True)
        return _save(request, pk, sent)


def _open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the draft as it is saved, or with ?text=kept the text that this person did not save yet."""
    stored = read(writable(request, pk))
    sent = text_of(stored.article, request.user) if request.GET.get("text") == "kept" else None
    if sent is not None and sent.is_whole:
        return show(request, Page(stored, sent, request.user), is_typed=True)
    return show(request, Page(stored, Sent.of(stored), request.user), offer=True)


def _save(request: SignedInRequest, pk: int, sent: Sent) -> HttpResponse:
    if not sent.is_whole:
        stored = read(writable(request, pk))
        page = Page(stored, Sent.of(stored), request.user)
        page.refuse(ValidationError(_("The form did not arrive completely. Nothing was saved. Send it again.")))
        return show(request, page, status=422)
    undecided, count = sent.decide(), 0
    try:
        with announced_together():
            stored = read(writable(request, pk, lock=True))
            remember_references(stored.article)
            merged = merge(stored, sent, undecided)
            page = Page(stored, sent, request.user, check=True, keys=merged.keys)
            is_refused = bool(merged.collisions or page.problems)
            if not is_refused:
                count = save(page, request.user)
                forget(stored.article, request.user, sent.page)
    except IntegrityError:
        return _at_once(request, pk, sent)
    if merged.collisions:
        return _collided(request, stored, merged)
    if is_refused:
        return show(request, page, status=422, is_typed=True)
    return _saved(request, stored.article, merged, count, sent)


def _collided(request: SignedInRequest, stored: Stored, merged: Merge) -> HttpResponse:
    """Show what two people changed differently, with a choice for each; the rest of the page goes along."""
    context = {
        "article": stored.article,
        "questions": questions(merged),
        "savers": savers(merged),
        "fields": merged.sent.fields(),
        "undecided": merged.undecided,
    }
    return render(request, "desk/write_conflict.html", context, status=422 if merged.undecided else 409)


def _at_once(request: SignedInRequest, pk: int, sent: Sent) -> HttpResponse:
    """Show the page again after the database refused it: somebody used the same address or name just now."""
    page = Page(read(writable(request, pk)), sent, request.user)
    sentence = _("This was saved a moment ago. You may have clicked twice. Check it before you save again.")
    page.refuse(ValidationError(sentence))
    return show(request, page, status=409, is_typed=True)


def _saved(request: SignedInRequest, article: Article, merged: Merge, count: int, sent: Sent) -> HttpResponse:
    if merged.taken:
        said = _("Somebody else saved parts of the draft after you opened it. These are kept too: {parts}.")
        messages.info(request, said.format(parts=", ".join(merged.taken)))
    messages.success(request, _("Draft saved.") if count else _("Nothing has changed since the draft was saved."))
    if not Article.objects.writable_by(request.user).filter(pk=article.pk).exists():
        return redirect(review_process().desk())
    return redirect(f"{reverse('write', args=[article.pk])}#saved-{sent.page}")


def show(
    request: SignedInRequest,
    page: Page,
    *,
    about: str = "",
    status: int = 200,
    is_typed: bool = False,
    offer: bool = False,
) -> HttpResponse:
    """
    Show the page; `about` is the part that a button has just changed, to which the focus returns.

    `is_typed`: it holds text that is not saved. `offer` the text that was kept from before.
    """
    article = page.stored.article
    remarks = review_process().remarks_on_draft(article, request.user)
    found = kept(article.pk, request.user)
    mine = found.mine if offer else None
    context = {
        "page": page,
        "article": article,
        "about": about,
        "is_typed": is_typed,
        "kept": mine,
        "kept_differs": _differing(page.stored, request.user) if mine else [],
        "kept_ms": int(mine.kept_at.timestamp() * 1000) if mine else 0,
        "others": [present(each) for each in found.others],
        "older": older_wordings(article) if page.stored.wordings else {},
        "references": references_of(page.stored),
        "remarks": remarks,
        "remarks_elsewhere": page.place(remarks),
        "body_help": BODY_HELP,
        "figures": article.figures.count(),
        "previewed": sorted(page.stored.audiences, key=lambda row: row.pk != article.written_for_id),
        "texts": _texts(),
        "levels": levels_of_draft(article),
    }
    return render(request, "desk/write.html", context, status=status)


def _differing(stored: Stored, user: User) -> list[str]:
    """Return in which parts the text that is kept for this person differs from the draft, by their names."""
    sent = text_of(stored.article, user)
    return Page(stored, sent, user).differing() if sent is not None and sent.is_whole else []


def _texts() -> dict[str, str]:
    """Return what the script of the page says."""
    return {
        "place": _("{place} of {number}"),
        "quoted": _("“{words}”"),
        "offline": _("Kept on this device: no connection"),
        "offline_save": _("Not saved: no connection. Your text is kept on this device."),
        "local": _("Kept on this device"),
        "full": _("This device has no room to keep your text. Save the draft now."),
        "signed_out": _("You are signed out. Your text is kept on this device."),
        "sign_in": _("Sign in, in a new tab"),
        "failed": _("The site could not keep your text. It is kept on this device."),
        "save_first": _("Save your text first: it has changes that would be lost."),
        "differs": _("It differs from the draft in: {parts}."),
        "new_section": _("New section"),
        "article": _("About the article"),
        "people": _("People"),
        "offer": _("You have text from {time} on this device that is not saved."),
    }

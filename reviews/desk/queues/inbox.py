"""The inbox of the signed-in person: the same messages that they get by email."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.text.plain.forms import FitModelForm, is_key
from reviews.desk.access import asked_review, own_message
from reviews.models import MailPreference, Message

ROWS = 50


class PreferenceForm(FitModelForm):
    class Meta:
        model = MailPreference
        fields = ["emails"]
        widgets = {"emails": forms.RadioSelect}


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """List this person's messages, the newest first; `?after=` is the key of the last one of the page before."""
    preference = MailPreference.objects.filter(user=request.user).first() or MailPreference(user=request.user)
    return _page(request, PreferenceForm(instance=preference, label_suffix=""), 200)


def _page(request: SignedInRequest, form: PreferenceForm, status: int) -> HttpResponse:
    rows = Message.objects.filter(recipient=request.user).order_by("-pk")
    after = request.GET.get("after", "")
    if is_key(after):
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: ROWS + 1])
    context = {"rows": found[:ROWS], "more": len(found) > ROWS, "form": form, "bound": form}
    return render(request, "desk/inbox.html", context, status=status)


@posted_from(lambda request: reverse("inbox"))
def choose_emails(request: SignedInRequest) -> HttpResponse:
    """Keep how this person wants to be emailed. Who wants only what cannot wait is sent nothing that waits now."""
    kept = MailPreference.objects.filter(user=request.user).first() or MailPreference(user=request.user)
    form = PreferenceForm(request.POST, instance=kept, label_suffix="")
    if not form.is_valid():
        return _page(request, form, 422)
    with transaction.atomic():
        form.save()
        if kept.emails == MailPreference.Emails.PRESSING:
            Message.objects.waiting().filter(recipient=request.user).update(inbox_only=True)
    messages.success(request, _("Saved: {choice}.").format(choice=kept.get_emails_display()))
    return redirect("inbox")


@require_safe
def open_message(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Lead to the page that the message is about, and note that the message was read.

    Lead back to the message if it is about a review that is closed to this person by now, and say why.
    """
    row = own_message(request, pk)
    if row.read_at is None and request.method == "GET":
        Message.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    if why := _why_closed(request, row.page):
        messages.info(request, why)
        return redirect(f"{reverse('inbox')}#message-{row.pk}")
    ours = url_has_allowed_host_and_scheme(row.page, allowed_hosts=None) and row.page.startswith("/")
    return redirect(row.page if ours else f"{reverse('inbox')}#message-{row.pk}")


def _why_closed(request: SignedInRequest, page: str) -> str:
    """Return why this person does not see the review that this is the page of; "" for any other page."""
    try:
        found = resolve(urlsplit(page).path)
        if found.url_name == "desk_review":
            asked_review(request, found.kwargs["pk"])
    except Resolver404:
        return ""
    except Http404:
        return _("You do not see the page of this message any more.")
    except PermissionDenied as closed:
        return str(closed)
    return ""


@posted_from(lambda request: reverse("inbox"))
def read_all(request: SignedInRequest) -> HttpResponse:
    """Note that the messages were read that the page showed: up to the newest of them."""
    newest = request.POST.get("newest", "")
    if is_key(newest):
        unread = Message.objects.filter(recipient=request.user, pk__lte=int(newest)).unread()
        unread.update(read_at=timezone.now())
        messages.success(request, _("All messages are marked as read."))
    return redirect("inbox")

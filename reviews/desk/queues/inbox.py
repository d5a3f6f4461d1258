"""The inbox of the signed-in person: the same messages that they get by email."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from reviews.desk.access import is_key, own_message
from reviews.models import Message

ROWS = 50


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """List this person's messages, the newest first; `?after=` is the key of the last one of the page before."""
    rows = Message.objects.filter(recipient=request.user).order_by("-pk")
    after = request.GET.get("after", "")
    if is_key(after):
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: ROWS + 1])
    context = {"rows": found[:ROWS], "more": len(found) > ROWS}
    return render(request, "desk/inbox.html", context)


@require_safe
def open_message(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lead to the page that the message is about, and note that the message was read."""
    row = own_message(request, pk)
    if row.read_at is None and request.method == "GET":
        Message.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    ours = url_has_allowed_host_and_scheme(row.page, allowed_hosts=None) and row.page.startswith("/")
    return redirect(row.page if ours else f"{reverse('inbox')}#message-{row.pk}")


@posted_from(lambda request: reverse("inbox"))
def read_all(request: SignedInRequest) -> HttpResponse:
    """Note that the messages were read that the page showed: up to the newest of them."""
    newest = request.POST.get("newest", "")
    if is_key(newest):
        unread = Message.objects.filter(recipient=request.user, pk__lte=int(newest)).unread()
        unread.update(read_at=timezone.now())
        messages.success(request, _("All messages are marked as read."))
    return redirect("inbox")

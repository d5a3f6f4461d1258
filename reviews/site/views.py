"""The readers' pages about the board and the ledger. They write nothing and need no account."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.site.keeping.kept_responses import kept
from reviews.evidence.ledger import keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.site.board_page import entries, entry


@login_not_required
@require_safe
@kept
def board(request: HttpRequest) -> HttpResponse:
    """List the members by name, one page at a time; `after` is the key of the last member on the page before."""
    after = request.GET.get("after", "")
    found, more = entries(after)
    context = {"entries": found, "after": after, "more": more, "today": timezone.localdate()}
    return render(request, "site/board.html", context)


@login_not_required
@require_safe
@kept
def board_member(request: HttpRequest, person: int) -> HttpResponse:
    """Show a member with a page of signed texts; `after` is the address of the last text on the page before."""
    after = request.GET.get("after", "")
    if after and not slug_re.match(after):
        raise Http404
    context = {"entry": entry(person, after), "after": after, "today": timezone.localdate()}
    return render(request, "site/board_member.html", context)


@login_not_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Explain the ledger, and show its end and how to verify it; the private part is not read."""
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    newest = Checkpoint.objects.order_by("-size").first()
    context = {"head": head, "checkpoint": newest, "public_key": public_key(head), "restores": restores()}
    return render(request, "site/ledger.html", context)


def restores() -> list[dict[str, Any]]:
    """Return the public payloads of the events that accepted a restore, each with its position and day."""
    events = LedgerEvent.objects.filter(action=Action.RESTORE_ACCEPTED).order_by("position")
    return [
        {**json.loads(payload), "position": position, "day": at[:10]}
        for position, at, payload in events.values_list("position", "at", "payload")
    ]


def public_key(head: LedgerHead) -> str:
    """Return the public key of the ledger, or "" if this process does not have its private key."""
    try:
        signer = keys.signer()
    except ImproperlyConfigured:
        return ""
    return signer.public if signer.key_id == head.key_id else ""

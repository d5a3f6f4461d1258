"""The readers' pages that tell of the people and the evidence. They write nothing and ask for no account."""

import json

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reviews.evidence.ledger import keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.site.board_page import entries, entry


@login_not_required
@require_safe
def board(request):
    return render(request, "site/board.html", {"entries": entries(), "today": timezone.localdate()})


@login_not_required
@require_safe
def board_member(request, person):
    """Show one member with all that they signed, a page at a time; `after` is the address of the last text seen."""
    after = request.GET.get("after", "")
    if after and not slug_re.match(after):
        raise Http404
    found, more = entry(person, after)
    context = {"entry": found, "after": after, "more": more, "today": timezone.localdate()}
    return render(request, "site/board_member.html", context)


@login_not_required
@require_safe
def ledger(request):
    """Tell what the ledger is, where it ends, and how to check it; nothing of its private part is read."""
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    newest = Checkpoint.objects.order_by("-size").first()
    context = {"head": head, "checkpoint": newest, "public_key": public_key(head), "restores": restores()}
    return render(request, "site/ledger.html", context)


def restores() -> list[dict]:
    """Return what each event that accepted a restore says in public: at which position, and what was lost."""
    events = LedgerEvent.objects.filter(action=Action.RESTORE_ACCEPTED).order_by("position")
    return [
        {**json.loads(payload), "position": position, "day": at[:10]}
        for position, at, payload in events.values_list("position", "at", "payload")
    ]


def public_key(head: LedgerHead) -> str:
    """Return the public half of the key that signs the ledger, or nothing where this process does not hold the key."""
    try:
        signer = keys.signer()
    except ImproperlyConfigured:
        return ""
    return signer.public if signer.key_id == head.key_id else ""

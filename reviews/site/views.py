"""The readers' pages that tell of the people and the evidence. They write nothing and ask for no account."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reviews.ledger import keys
from reviews.models import Checkpoint, LedgerHead
from reviews.site.board import entries


@login_not_required
@require_safe
def board(request):
    return render(request, "site/board.html", {"entries": entries(), "today": timezone.localdate()})


@login_not_required
@require_safe
def ledger(request):
    """Tell what the ledger is, where it ends, and how to check it; nothing of its private part is read."""
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    newest = Checkpoint.objects.order_by("-size").first()
    return render(request, "site/ledger.html", {"head": head, "checkpoint": newest, "public_key": public_key(head)})


def public_key(head: LedgerHead) -> str:
    """Return the public half of the key that signs the ledger, or nothing where this process does not hold the key."""
    try:
        signer = keys.signer()
    except ImproperlyConfigured:
        return ""
    return signer.public if signer.key_id == head.key_id else ""

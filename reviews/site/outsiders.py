"""
What anybody needs to verify the ledger without us. Read only.

What is kept for ever has an address with the root of its checkpoint in it: after an older backup was restored the
ledger grows again, and another list may end at the same number.
"""

import hashlib
import tempfile

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from reviews.evidence.ledger import exporting
from reviews.models import Checkpoint

FOR_EVER = "public, max-age=31536000, immutable"
IN_MEMORY = 4_000_000  # bytes of an export; a longer one waits on the disk to be sent
LARGEST = 2**63 - 1  # of an event's number, in both databases


@never_cache
@login_not_required
@require_safe
def newest_export(request):
    """Send on to the export that ends with the newest checkpoint; 404 where there is none yet."""
    return redirect(_newest().export_address)


@never_cache
@login_not_required
@require_safe
def export_at(request, size):
    """Send on to the export that ends at this size today; 404 for a size at which there is no checkpoint."""
    return redirect(_checkpoint(size).export_address)


@login_not_required
@require_safe
def export(request, size, root):
    """
    Give the ledger up to a checkpoint, as `export_ledger` writes it; 404 where there is none of this size and root.

    It is put together before the first byte goes out: what fails on the way is no half export.
    """
    _checkpoint(size, root)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    file.writelines(line.encode() for line in exporting.lines(size))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"ledger-{size}.jsonl", content_type="application/jsonl")
    return _for_ever(response)


@login_not_required
@require_safe
def newest_checkpoint(request):
    """Give the newest signed note, as tlog-checkpoint has it; 404 where there is none yet."""
    return _note(_newest())


@never_cache
@login_not_required
@require_safe
def checkpoint_at(request, size):
    """Send on to the signed note at this size today; 404 for a size at which there is none."""
    return redirect(_checkpoint(size))


@login_not_required
@require_safe
def checkpoint(request, size, root):
    """Give the signed note at this size; 404 for a size at which there is none of this root."""
    return _for_ever(_note(_checkpoint(size, root)))


@login_not_required
@require_safe
@condition(etag_func=lambda request: f'"{hashlib.sha256(exporting.verifier()).hexdigest()[:32]}"')
def verifier(request):
    """Give the script that verifies an export; it changes with a release alone."""
    response = HttpResponse(exporting.verifier(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_export.py"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _newest() -> Checkpoint:
    found = Checkpoint.objects.order_by("size").last()
    if found is None:
        raise Http404
    return found


def _checkpoint(size: int, root: str = "") -> Checkpoint:
    found = Checkpoint.objects.filter(size=size).first() if size <= LARGEST else None
    if found is None or root not in ("", found.short_root):
        raise Http404
    return found


def _note(found: Checkpoint) -> HttpResponse:
    response = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _for_ever(response):
    response["Cache-Control"] = FOR_EVER
    response["X-Robots-Tag"] = "noindex"
    return response

"""
The files with which anybody can verify the ledger without this site. Read only.

The address of a file that is cached for ever contains the root of its checkpoint. After an older backup is restored the
ledger grows again, and a different list may end at the same number.
"""

import hashlib
import tempfile
from typing import TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from reviews.evidence.ledger import exporting
from reviews.models import Checkpoint

FOR_EVER = "public, max-age=31536000, immutable"
IN_MEMORY = 4_000_000  # bytes of an export; a larger one is written to a temporary file
MAX_POSITION = 2**63 - 1  # the largest position of an event in both databases

Response = TypeVar("Response", bound=HttpResponseBase)


@never_cache
@login_not_required
@require_safe
def newest_export(request: HttpRequest) -> HttpResponse:
    """Redirect to the export that ends with the newest checkpoint; 404 if there is none yet."""
    return redirect(_newest().export_address)


@never_cache
@login_not_required
@require_safe
def export_at(request: HttpRequest, size: int) -> HttpResponse:
    """Redirect to the current export of this size; 404 if no checkpoint has this size."""
    return redirect(_checkpoint(size).export_address)


@login_not_required
@require_safe
def export(request: HttpRequest, size: int, root: str) -> FileResponse:
    """
    Give the ledger up to a checkpoint, as `export_ledger` writes it; 404 if no checkpoint has this size and root.

    The export is complete before its first byte is sent, so that an error never leaves half an export.
    """
    _checkpoint(size, root)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    file.writelines(line.encode() for line in exporting.lines(size))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"ledger-{size}.jsonl", content_type="application/jsonl")
    return _cached_for_ever(response)


@login_not_required
@require_safe
def newest_checkpoint(request: HttpRequest) -> HttpResponse:
    """Give the newest signed note, in the format of tlog-checkpoint; 404 if there is none yet."""
    return _note(_newest())


@never_cache
@login_not_required
@require_safe
def checkpoint_at(request: HttpRequest, size: int) -> HttpResponse:
    """Redirect to the current signed note of this size; 404 if no checkpoint has this size."""
    return redirect(_checkpoint(size))


@login_not_required
@require_safe
def checkpoint(request: HttpRequest, size: int, root: str) -> HttpResponse:
    """Give the signed note; 404 if no checkpoint has this size and root."""
    return _cached_for_ever(_note(_checkpoint(size, root)))


@login_not_required
@require_safe
@condition(etag_func=lambda request: f'"{hashlib.sha256(exporting.verifier()).hexdigest()[:32]}"')
def verifier(request: HttpRequest) -> HttpResponse:
    """Give the script that verifies an export; it changes only with a release."""
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
    found = Checkpoint.objects.filter(size=size).first() if size <= MAX_POSITION else None
    if found is None or root not in ("", found.short_root):
        raise Http404
    return found


def _note(found: Checkpoint) -> HttpResponse:
    response = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _cached_for_ever(response: Response) -> Response:
    response["Cache-Control"] = FOR_EVER
    response["X-Robots-Tag"] = "noindex"
    return response

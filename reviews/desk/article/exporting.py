"""A version as a file, for those who may read it at the desk."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from articles.desk.requests import SignedInRequest
from articles.desk.texts.exporting import no_file
from articles.files.exporting.whole import FORMS, CannotBeWritten, file_of, of_version
from articles.models import VersionText
from reviews.desk.access import visible_review


@require_safe
def version_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """Return the version of this review as a file; say why on its page if the form cannot hold it."""
    review = visible_review(request, pk)
    if form not in FORMS:
        raise Http404
    try:
        return file_of(of_version(review.article, review.version, form), review.article, review.version, form)
    except VersionText.DoesNotExist:  # lawfully erased
        raise Http404 from None
    except CannotBeWritten as refusal:
        messages.error(request, no_file(form, refusal))
        return redirect("desk_review", review.pk)

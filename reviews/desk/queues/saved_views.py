"""The filters of the queue that an editor keeps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.text.plain.characters import normalised
from reviews.desk.access import own_view, require_editor
from reviews.desk.queues.queue import Filter, show_queue
from reviews.models import SavedView

LONGEST_NAME = 60
MOST_VIEWS = 20


def queue_path(request: SignedInRequest, **row: int) -> str:
    require_editor(request)
    return reverse("queue")


@posted_from(queue_path)
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the filter of this address under a name; another view of that name is replaced."""
    require_editor(request)
    name = " ".join(normalised(request.POST.get("name", "").replace("\0", "")).split())
    if not name or len(name) > LONGEST_NAME:
        said = _("Give the view a name of at most {number} characters.").format(number=LONGEST_NAME)
        return _refused(request, said)
    kept = SavedView.objects.filter(user=request.user)
    if not kept.filter(name=name).exists() and kept.count() >= MOST_VIEWS:
        return _refused(request, _("You have saved {number} views. Remove one first.").format(number=MOST_VIEWS))
    address = Filter.of(request.GET).address()
    SavedView.objects.update_or_create(user=request.user, name=name, defaults={"address": address})
    messages.success(request, _("View saved."))
    return redirect(f"{reverse('queue')}{address}")


@posted_from(queue_path)
def remove_view(request: SignedInRequest, pk: int) -> HttpResponse:
    require_editor(request)
    own_view(request, pk).delete()
    messages.success(request, _("View removed."))
    return redirect("queue")


def _refused(request: SignedInRequest, problem: str) -> HttpResponse:
    return show_queue(request, problem=problem, status=422)

"""The reader's choice of audience, which is stored in a cookie on their device and nowhere else."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from articles.desk.posting import posted_from
from articles.models import Audience

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AUDIENCE_COOKIE = "audience"
A_YEAR = 365 * 24 * 60 * 60


@csrf_exempt
@login_not_required
@posted_from(lambda request: reverse("home"))
def audience(request: HttpRequest) -> HttpResponse:
    """Store the reader's choice of audience in a cookie, or delete it, and redirect back to the page."""
    if is_cross_site(request):
        return refused(request, _("This choice was sent from another site. Please make it on the page itself."), 403)
    chosen = request.POST.get("audience", "")
    if chosen and chosen not in Audience.objects.values_list("key", flat=True):
        return refused(request, _("Please choose one of the answers that the page offers."), 422)
    back = request.POST.get("next", "")
    is_safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if is_safe else "home")
    if chosen:
        response.set_cookie(
            AUDIENCE_COOKIE, chosen, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(AUDIENCE_COOKIE, samesite="Lax")
    return response


def refused(request: HttpRequest, sentence: "StrOrPromise", status: int) -> HttpResponse:
    return render(request, "site/refused.html", {"sentence": sentence}, status=status)


def is_cross_site(request: HttpRequest) -> bool:
    """Tell whether another site's page sent this form, by the browser's headers about its origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.get_host()}":
        return True
    return request.headers.get("Sec-Fetch-Site") == "cross-site"

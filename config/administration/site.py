"""
The admin site: only active people who hold the role of administrator can open it.

`is_staff`, `is_superuser` and permissions give no access. This module must not import `articles.admin`: Django creates
the site before it imports the pages.
"""

import logging
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from articles.models.people import Role, holds
from config.administration.groups import by_purpose

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_AN_ADMINISTRATOR = gettext_lazy("Only administrators can open these pages. Your own work is at the desk.")
NOT_OFFERED = gettext_lazy("You cannot do that on this page.")
NOT_UNDERSTOOD = gettext_lazy(
    "The address asks for something that this page does not offer. Go back and choose from what it shows."
)
AT_THE_SAME_TIME = gettext_lazy(
    "Nothing was saved: somebody changed this at the same time, or something else still depends on it. "
    "Go back, reload the page and try again."
)

logger = logging.getLogger("imprimatur.admin")


def is_administrator(request: HttpRequest) -> bool:
    """Tell whether an active administrator makes this request; one query per request."""
    known: bool | None = request.__dict__.get("_is_administrator")
    if known is None:
        known = request.user.is_authenticated and holds(request.user, Role.ADMIN)
        request.__dict__["_is_administrator"] = known
    return known


class Site(AdminSite):
    site_header = site_title = gettext_lazy("Imprimatur administration")
    index_title = gettext_lazy("People, settings and audit records")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # a bulk deletion leaves no history and no event

    def has_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the lists that this person may see by purpose; with an app, those of the app."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        return apps if app_label else by_purpose(apps)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the site's only sign-in page; tell a signed-in user without the role why access is refused."""
        if not request.user.is_authenticated:
            wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
            return redirect_to_login(wanted, settings.LOGIN_URL)
        if not self.has_permission(request):
            return self.refuse(request, NOT_AN_ADMINISTRATOR, 403)
        return HttpResponseRedirect(reverse("admin:index"))

    def password_change(  # type: ignore[override]  # a redirect, where the stubs promise a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the site's only page for changing a password: it limits guesses at the old one."""
        return redirect("password_change")

    def admin_view(  # type: ignore[override]  # may answer with a refusal, where the stubs promise the view's own type
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Answer every refusal with a page that gives the reason; a refused request has changed nothing."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                return self.refuse(request, NOT_AN_ADMINISTRATOR, 403)
            try:
                if any("\0" in value for values in request.GET.lists() for value in (values[0], *values[1])):
                    raise SuspiciousOperation("A NUL in the address.")
                return inner(request, *args, **kwargs)
            except PermissionDenied as error:
                return self.refuse(request, str(error) or NOT_OFFERED, 403)
            except (SuspiciousOperation, OverflowError, DataError):
                return self.refuse(request, NOT_UNDERSTOOD, 400)
            except ValidationError as error:
                return self.refuse(request, " ".join(error.messages), 422)
            except (IntegrityError, ProtectedError):
                logger.exception("The database refused what an administrator asked for.")
                return self.refuse(request, AT_THE_SAME_TIME, 409)

        return update_wrapper(guarded, inner)

    def refuse(self, request: HttpRequest, sentence: "StrOrPromise", status: int) -> TemplateResponse:
        context = {**self.each_context(request), "title": _("This was refused"), "sentence": sentence}
        return TemplateResponse(request, "admin/refused.html", context, status=status)

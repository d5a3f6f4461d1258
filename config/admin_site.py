"""
The admin's door: open to active people in the role of administrator, and to nobody else.

`is_staff`, `is_superuser` and permissions open nothing. It lies beside `articles.admin`, which it must not import:
Django makes the site before it looks for the pages on it.
"""

import logging
from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from articles.models.people import Role, holds

NOT_AN_ADMINISTRATOR = "Only administrators can open these pages. Your own work is at the desk."
NOT_OFFERED = "This page does not offer that: what it shows is read here and changed elsewhere, or never."
NOT_UNDERSTOOD = "The address asks for something that this page does not offer. Go back and choose from what it shows."
AT_THE_SAME_TIME = (
    "Nothing was saved: somebody changed this at the same time, or something else still depends on it. "
    "Go back, reload the page and try again."
)

logger = logging.getLogger("imprimatur.admin")


def is_administrator(request) -> bool:
    """Tell whether this request is made by an active administrator; asked of the database once per request."""
    known = request.__dict__.get("_is_administrator")
    if known is None:
        known = request._is_administrator = request.user.is_authenticated and holds(request.user, Role.ADMIN)
    return known


class Site(AdminSite):
    site_header = site_title = "Imprimatur administration"
    index_title = "People, settings and evidence"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # it deletes in bulk, past history and ledger

    def has_permission(self, request) -> bool:
        return is_administrator(request)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """Send people to the one page where everybody signs in; who is signed in already is told why they stay out."""
        if not request.user.is_authenticated:
            wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
            return redirect_to_login(wanted, settings.LOGIN_URL)
        if not self.has_permission(request):
            return self.refuse(request, NOT_AN_ADMINISTRATOR, 403)
        return HttpResponseRedirect(reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        """Send people to the one page where everybody changes their password: it counts guesses at the old one."""
        return redirect("password_change")

    def admin_view(self, view, cacheable=False):
        """Answer every refusal with a page that holds its sentence; a refused request has changed nothing."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
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

    def refuse(self, request, sentence: str, status: int):
        context = {**self.each_context(request), "title": "This was refused", "sentence": sentence}
        return TemplateResponse(request, "admin/refused.html", context, status=status)

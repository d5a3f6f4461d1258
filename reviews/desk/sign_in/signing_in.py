"""Signing in, and changing one's own password."""

import logging
from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from reviews.desk import kept_input
from reviews.desk.sign_in.devices import known_device, remember
from reviews.models import SecurityRecord
from reviews.workflow import guesses

logger = logging.getLogger("imprimatur.security")


class SignInForm(AuthenticationForm):
    """
    A sign-in that refuses every password after too many wrong ones for the account.

    Guesses from each known browser of the owner have a count of their own, which a stranger cannot use up.
    """

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or password is wrong. Both are case-sensitive."),
    }

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        account = User.objects.filter(username=name).first()
        if account is None:
            if name:
                guesses.count_for_nobody(name)
            return super().clean()
        device = known_device(self.request, account) if self.request else ""
        guess = guesses.counted(account, SecurityRecord.Kind.WRONG_SIGN_IN, device)
        try:
            cleaned = super().clean()
        except ValidationError:
            logger.warning("Wrong password at sign-in: account %s.", account.pk)
            raise
        guess.delete()
        return cleaned


class ChangeForm(PasswordChangeForm):
    """A change of password whose guesses at the old one count as those at signing do."""

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if not guesses.is_right(self.user, typed):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page, with the input kept, to a person whose session ended before they sent a form."""
    context = {"form": SignInForm(request), "kept": kept_input.dump(request.POST), "next": request.get_full_path()}
    return render(request, "desk/sign_in.html", context, status=403)


class SignIn(LoginView):
    template_name = "desk/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override]  # Django 5.2 has no parameter, the stubs have
        """Return the address to go to after the sign-in. It is never this page, which would redirect to itself."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0].partition("#")[0] == self.request.path else url

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **more)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and remember the browser. Show the input kept from before, to be sent again."""
        response = self._signed_in(form)
        remember(response, self.request, form.get_user())
        return response

    def _signed_in(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        found = kept_input.load(self.request.POST.get("kept", ""))
        if not (found and self.get_redirect_url()):
            return response
        context = {"action": self.get_redirect_url(), "fields": found, "words": kept_input.texts(found)}
        return render(self.request, "desk/send_again.html", context)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        is_throttled = form.has_error(NON_FIELD_ERRORS, guesses.TooMany.CODE)
        response.status_code = 429 if is_throttled else 422
        return response


class SignOut(LogoutView):
    """Sign out. The browser also forgets the texts that it kept for this person, in case others use the device."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        return response

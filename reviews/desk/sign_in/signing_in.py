"""Signing in, and changing the password one has."""

import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import render

from reviews.desk import kept
from reviews.desk.sign_in.devices import known_device, remember
from reviews.models import SecurityRecord
from reviews.workflow import guesses

logger = logging.getLogger("imprimatur.security")


class SignInForm(AuthenticationForm):
    """
    Refuses any password for an account at which too many wrong ones were tried.

    Guesses from a browser in which the owner has signed in before are counted apart from all others: a stranger can
    use up the tries of unknown browsers, and not the owner's.
    """

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "The user name or password is wrong. Both are case-sensitive.",
    }

    def clean(self):
        name = self.cleaned_data.get("username", "")
        account = get_user_model().objects.filter(username=name).first()
        if account is None:
            if name:
                guesses.count_for_nobody(name)
            return super().clean()
        device = known_device(self.request, account)
        guess = guesses.counted(account, SecurityRecord.Kind.WRONG_SIGN_IN, device)
        try:
            cleaned = super().clean()
        except ValidationError:
            logger.warning("Wrong password at sign-in: account %s.", account.pk)
            raise
        guess.delete()
        return cleaned


class ChangeForm(PasswordChangeForm):
    """Counts guesses at the old password as those at signing are: an open session is no place to find it out."""

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        if not guesses.is_right(self.user, typed):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


def sign_in_first(request):
    """Answer a form that was filled in while the session ended with the sign-in, which keeps what was typed."""
    context = {"form": SignInForm(request), "kept": kept.typed(request.POST), "next": request.get_full_path()}
    return render(request, "desk/sign_in.html", context, status=403)


class SignIn(LoginView):
    template_name = "desk/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self):
        """Return where to go on to: never to this page, which would send whoever is signed in round in a circle."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0].partition("#")[0] == self.request.path else url

    def get_context_data(self, **more):
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **more)

    def form_valid(self, form):
        """Sign in; what was typed before the session ended is shown, to be sent again."""
        response = self._signed_in(form)
        remember(response, self.request, form.get_user())
        return response

    def _signed_in(self, form):
        response = super().form_valid(form)
        found = kept.fields(self.request.POST.get("kept", ""))
        if not (found and self.get_redirect_url()):
            return response
        context = {"action": self.get_redirect_url(), "fields": found, "words": kept.words(found)}
        return render(self.request, "desk/send_again.html", context)

    def form_invalid(self, form):
        response = super().form_invalid(form)
        is_throttled = form.has_error(NON_FIELD_ERRORS, guesses.TooMany.CODE)
        response.status_code = 429 if is_throttled else 422
        return response

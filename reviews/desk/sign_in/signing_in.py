"""Signing in: guesses at an account are counted in the database, so that the limit holds over all processes."""

import datetime
import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone

from articles.text.canonical import sha256
from reviews.desk import kept
from reviews.desk.sign_in.devices import known_device, remember
from reviews.models import SecurityRecord
from reviews.workflow.approval import signing

GUESSES = 10
WINDOW = datetime.timedelta(minutes=15)

logger = logging.getLogger("imprimatur.security")


class SignInForm(AuthenticationForm):
    """
    Refuses any password for an account at which ten wrong ones were tried within a quarter of an hour.

    Guesses from a browser in which the owner has signed in before are counted apart from all others: a stranger can
    use up the tries of unknown browsers, and not the owner's.
    """

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "The user name or password is wrong. Both are case-sensitive.",
        "throttled": "Too many wrong passwords. Try again in 15 minutes.",
    }

    def clean(self):
        name = self.cleaned_data.get("username", "")
        account = get_user_model().objects.filter(username=name).first()
        guess = self._counted(account) if account else self._counted_for_nobody(name)
        try:
            cleaned = super().clean()
        except ValidationError:
            if account:
                logger.warning("Wrong password at sign-in: account %s.", account.pk)
            raise
        if guess:
            guess.delete()
        return cleaned

    def _counted(self, account) -> SecurityRecord:
        """Record the guess before it is checked, one after the other, so that many at once gain nothing."""
        guess = {"kind": SecurityRecord.Kind.WRONG_SIGN_IN, "device": known_device(self.request, account)}
        now = timezone.now()
        with transaction.atomic():
            get_user_model().objects.select_for_update(no_key=True).get(pk=account.pk)
            if SecurityRecord.objects.filter(user=account, at__gt=now - WINDOW, **guess).count() < GUESSES:
                return SecurityRecord.objects.create(user=account, at=now, **guess)
        logger.warning("Sign-in refused after too many wrong passwords: account %s.", account.pk)
        raise ValidationError(self.error_messages["throttled"], code="throttled")

    def _counted_for_nobody(self, name: str):
        """Refuse too many guesses for a name that nobody has too: else the refusal would tell which names there are."""
        key = f"wrong-sign-in:{sha256(name)}"
        try:
            cache.add(key, 0, WINDOW.total_seconds())
            guesses = cache.incr(key)
        except Exception:  # it has just expired, or the cache is away: then a guess at no account is not counted
            return
        if name and guesses > GUESSES:
            raise ValidationError(self.error_messages["throttled"], code="throttled")


class ChangeForm(PasswordChangeForm):
    """Counts guesses at the old password as those at signing are: an open session is no place to find it out."""

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        try:
            signing.authenticate(self.user, typed)
        except ValidationError as refusal:
            if refusal.error_dict["password"][0].code == "throttled":
                raise ValidationError(refusal.messages) from None
            return super().clean_old_password()
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
        response.status_code = (
            429 if "throttled" in {error.code for error in form.non_field_errors().as_data()} else 422
        )
        return response

"""The mail with a link to set a password: the first one, or a new one."""

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config.tasks import TaskContext, task
from reviews.messages import mail

SECONDS_BETWEEN_MAILS = 5 * 60


class PasswordMailForm(PasswordResetForm):
    """Also mail accounts without a password, which Django's form leaves out: here all accounts begin without one."""

    def get_users(self, email: str) -> list[User]:
        """Return the active accounts with this address. As in Django, an address that only looks the same differs."""
        accounts = User.objects.filter(email__iexact=email, is_active=True)
        return [account for account in accounts if _folded(account.email) == _folded(email)]

    def save(self, *args: Any, **options: Any) -> None:
        """Queue a mail to each account with the address, unless one was queued within the last five minutes."""
        for account in self.get_users(self.cleaned_data["email"]):
            if cache.add(f"password-mail:{account.pk}", True, SECONDS_BETWEEN_MAILS):
                send_way_to_password.enqueue(account.pk)


@task(takes_context=True)
def send_way_to_password(context: TaskContext, account: int, *former: str) -> None:
    """
    Mail the account's owner a link to set a password. The link is made here, so that the queue holds no secret.

    Its host is that of `SITE_URL`. Jobs of release 0.2 have the host of the request in `former`, which is not used.
    """
    user = User.objects.filter(pk=account, is_active=True).first()
    if user is None:
        return
    said = {
        "user": user,
        "site": settings.SITE_URL,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    subject = render_to_string("desk/password_reset_subject.txt").strip()
    mail.send(context, user.email, subject, render_to_string("desk/password_reset_mail.txt", said))


def _folded(address: str) -> str:
    return unicodedata.normalize("NFKC", address).casefold()

"""The mail by which people set their password: their first one, or a new one."""

import unicodedata

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config.tasks import TaskContext, task
from reviews.messages import mail

NOT_AGAIN_FOR = 5 * 60  # seconds


class PasswordMailForm(PasswordResetForm):
    """Django's own mails only who has a password already; here accounts are made without one."""

    def get_users(self, email):
        """Return the active accounts of this address; one that only looks like it is another (Django does so too)."""
        accounts = get_user_model().objects.filter(email__iexact=email, is_active=True)
        return [account for account in accounts if _folded(account.email) == _folded(email)]

    def save(self, *, request, **options):
        """Order the mail to each account of the address, but no second one within five minutes."""
        for account in self.get_users(self.cleaned_data["email"]):
            if cache.add(f"password-mail:{account.pk}", True, NOT_AGAIN_FOR):
                send_way_to_password.enqueue(account.pk)


@task(takes_context=True)
def send_way_to_password(context: TaskContext, account: int, *former: str):
    """
    Mail the account's owner the address that sets a password; it is made here, so that the queue holds no secret.

    The address is the site's own and nothing that the request said of itself, as `former` did in jobs of release 0.2.
    """
    user = get_user_model().objects.filter(pk=account, is_active=True).first()
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

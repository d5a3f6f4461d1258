"""The mails with a link to set a password: the welcome to a new account, and the one that its owner asks for."""

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_tasks_db import DatabaseBackend

from articles.models.people import Role, holds, roles_of
from config.tasks import TaskContext, task, task_backends
from reviews.messages import mail
from reviews.models import Message

SECONDS_BETWEEN_MAILS = 5 * 60
WELCOME = "welcome"  # in place of the job's key: one for each account


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
    subject = render_to_string("desk/password_reset_subject.txt").strip()
    mail.send(context, user.email, subject, render_to_string("desk/password_reset_mail.txt", _way_to_password(user)))


def welcome(user: User) -> None:
    """Queue the welcome of a new account, after the commit of the current transaction."""
    if isinstance(task_backends[send_welcome.backend], DatabaseBackend):
        send_welcome.enqueue(user.pk)
    else:
        transaction.on_commit(lambda: send_welcome.enqueue(user.pk), robust=True)


@task(takes_context=True)
def send_welcome(context: TaskContext, account: int) -> None:
    """
    Mail the owner of a new account their roles, where to sign in, and a link to set a password; once per account.

    The link is made here: neither the queue nor the inbox holds it. Nobody is welcomed who has left, has a password
    already or was welcomed.
    """
    user = User.objects.filter(pk=account, is_active=True).first()
    if user is None or user.has_usable_password() or not user.email:
        return
    subject, roles = _("Welcome to Imprimatur"), ", ".join(Role(role).shown for role in roles_of(user))
    said = {
        "subject": subject,
        "body": _("Your account {name} was made. Your roles: {roles}.").format(
            name=user.get_username(), roles=roles or _("none")
        ),
        "page": reverse("desk"),
        "at_once": True,
        "sent_at": timezone.now(),
    }
    row, _is_new = Message.objects.get_or_create(job=WELCOME, recipient=user, defaults=said)
    if row.mailed_at is None:
        said = {**_way_to_password(user), "roles": roles, "on_board": holds(user, Role.REVIEWER)}
        words = render_to_string("desk/welcome_mail.txt", said)
        mail.send_and_note(context, user.email, subject, words, Message.objects.filter(pk=row.pk))


def _way_to_password(user: User) -> dict[str, Any]:
    return {
        "user": user,
        "site": settings.SITE_URL,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }


def _folded(address: str) -> str:
    return unicodedata.normalize("NFKC", address).casefold()

"""The mail by which people set their password: their first one, or a new one."""

import unicodedata

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm


class PasswordMailForm(PasswordResetForm):
    """Django's own mails only who has a password already; here accounts are made without one."""

    def get_users(self, email):
        """Return the active accounts of this address; one that only looks like it is another (Django does so too)."""
        accounts = get_user_model().objects.filter(email__iexact=email, is_active=True)
        return [account for account in accounts if _folded(account.email) == _folded(email)]


def _folded(address: str) -> str:
    return unicodedata.normalize("NFKC", address).casefold()

"""
Nobody but its owner sets a board member's password: it signs.

Accounts are made without one, and their owners set it by the mail that the sign-in page sends. An administrator may
set the password of an account that is not on the board; joining the board makes such a password void.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from articles.models.people import Role
from reviews.models import BoardMember

OWNERS_ONLY = (
    "This person is on the medical advisory board and signs with their password, so nobody else sets it. "
    "They set a new one themselves, by the mail that the sign-in page sends."
)
MADE_VOID = (
    "An administrator had set the password of this account, so it is void now: who signs has a password that nobody "
    "else knows. They set a new one themselves, by the mail that the sign-in page sends."
)


def is_on_board(user) -> bool:
    """Tell whether the account has a board row or the reviewer's role, active or not."""
    return (
        BoardMember.objects.filter(user=user.pk).exists()
        or Group.objects.filter(user=user.pk, name=Role.REVIEWER.group).exists()
    )


def somebody_else_set_it(user) -> bool:
    """Tell whether an administrator has ever set this account's password here."""
    return (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(user),
            object_id=str(user.pk),
            action_flag=CHANGE,
            change_message__contains='"password"',  # as Django logs the password page, and nothing else
        )
        .exclude(user=user)
        .exists()
    )


def void_if_known(user) -> bool:
    """Make the password unusable where an administrator has set it; tell whether that was so."""
    if not user.has_usable_password() or not somebody_else_set_it(user):
        return False
    user.set_unusable_password()
    user.save()
    return True

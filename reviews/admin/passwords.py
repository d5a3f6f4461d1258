"""
Only board members themselves set their passwords, because a password signs.

New accounts have no password. Their owners ask for an email on the sign-in page and set one with its link. An
administrator can set the password of an account that is not on the board. If that person joins the board, the password
becomes void.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from articles.models.people import Role
from reviews.models import BoardMember

OWNERS_ONLY = _(
    "This person is on the medical advisory board and signs with their password, so nobody else can set it. "
    "They can ask for an email on the sign-in page, and set a new one with the link in it."
)
MADE_VOID = _(
    "An administrator had set the password of this account, so it is void now: nobody else may know the password of "
    "a board member. They can ask for an email on the sign-in page, and set a new one with the link in it."
)


def is_on_board(user: User) -> bool:
    """Tell whether the account has a board row or the reviewer's role, active or not."""
    return (
        BoardMember.objects.filter(user=user.pk).exists()
        or Group.objects.filter(user=user.pk, name=Role.REVIEWER.group).exists()
    )


def was_set_by_administrator(user: User) -> bool:
    """Tell whether an administrator has ever set this account's password in the admin."""
    return (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(user),
            object_id=str(user.pk),
            action_flag=CHANGE,
            change_message__contains='"password"',  # Django logs only the password page like this
        )
        .exclude(user=user)
        .exists()
    )


def void_if_known(user: User) -> bool:
    """Make the password unusable if an administrator has set it, and tell whether it was made unusable."""
    if not user.has_usable_password() or not was_set_by_administrator(user):
        return False
    user.set_unusable_password()
    user.save()
    return True

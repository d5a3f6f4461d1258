"""
Changes of people's roles and accounts, each an event in the ledger.

Receivers, because a role can be changed at many doors (admin, shell, a sign-up form later) and none may be silent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from articles.models.people import Role, roles_of
from reviews.evidence import ledger
from reviews.evidence.settings import history_user
from reviews.messages import notifications
from reviews.models.actions import Action

User = get_user_model()
WATCHED = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")

told_once: ContextVar[int | None] = ContextVar("told_once", default=None)  # the account within `roles_told_once`


@contextmanager
def roles_told_once(user) -> Iterator[None]:
    """
    Let a change of this person's roles by several statements be one event and one mail, of the roles at its end.

    Django takes the old groups away before it gives the new ones: that between the two there was none is not so.
    """
    before = group_names(user)
    outer = told_once.set(user.pk)
    try:
        yield
    finally:
        told_once.reset(outer)
    if group_names(user) != before:
        record_roles(user)


def record_roles(user):
    """Append the roles that this person now holds, and tell them."""
    if told_once.get() == user.pk:
        return
    ledger.append(
        Action.ROLES_CHANGED,
        actor=history_user(user),
        about=user,
        payload={"groups": group_names(user)},
        private={"name": ledger.name_of(user)},
    )
    notifications.account_changed([user.email], f"Your roles are now: {', '.join(roles_of(user)) or 'none'}.")


def group_names(user) -> list[str]:
    """Return the names of our groups that the account is in, active or not."""
    return sorted(user.groups.filter(name__in=Role.groups()).values_list("name", flat=True))


@receiver(m2m_changed, sender=User.groups.through)
def groups_changed(instance, action, reverse, pk_set, **kwargs):
    """Record the roles of each person whose groups are changed, from whichever side."""
    if action == "pre_clear":
        instance._cleared = list(instance.user_set.values_list("pk", flat=True)) if reverse else []
    if action not in ("post_add", "post_remove", "post_clear") or (action == "post_add" and not pk_set):
        return
    if not reverse:
        record_roles(instance)
    elif instance.name in Role.groups():
        for user in User.objects.filter(pk__in=pk_set or instance.__dict__.pop("_cleared", [])).order_by("pk"):
            record_roles(user)


def save_with_its_event(user, *args, update_fields=None, **kwargs):
    """
    Save the account and its event, or neither; it takes the place of the account's own `save`.

    Django sends `post_save` after the transaction of the save: a process killed between the two would leave a change
    that no event tells of, and many of its own doors open no transaction. A mere sign-in (last_login) needs none.
    """
    if update_fields is not None and not touches_the_account(update_fields):
        plain_save(user, *args, update_fields=update_fields, **kwargs)
        return
    with transaction.atomic():
        plain_save(user, *args, update_fields=update_fields, **kwargs)


def touches_the_account(fields) -> bool:
    return bool(set(fields) & {*WATCHED, "password"})


plain_save = User.save
User.save = save_with_its_event


@receiver(pre_save, sender=User)
def remember_account(instance, update_fields=None, **kwargs):
    """Keep what the account was, so that the change can be told; a mere sign-in (last_login) costs nothing."""
    if update_fields is None or touches_the_account(update_fields):
        instance._was = User.objects.filter(pk=instance.pk).values(*WATCHED, "password").first() or {}


def is_outdated(password_hash: str) -> bool:
    """Tell whether Django would replace this hash by a newer one of the same password."""
    try:
        hasher = identify_hasher(password_hash)
    except ValueError:
        return False
    return hasher.algorithm != get_hasher().algorithm or hasher.must_update(password_hash)


@receiver(post_save, sender=User)
def account_changed(instance, update_fields=None, **kwargs):
    """
    Record that an account was made or changed, whoever's it is, in the transaction of the save.

    Whoever holds a role, or sits on the board, is told at the old address; but not of a new hash of the same password,
    which Django makes at sign-in where the old one is outdated.
    """
    was = instance.__dict__.pop("_was", None)
    if was is None:
        return
    saved = [field for field in (*WATCHED, "password") if update_fields is None or field in update_fields]
    changed = [field for field in saved if was and was[field] != getattr(instance, field)]
    if was and not changed:
        return
    ledger.append(
        Action.ACCOUNT_CHANGED if was else Action.ACCOUNT_MADE,
        actor=history_user(instance),
        about=instance,
        payload={"active": instance.is_active, "changed": sorted(changed)} if was else {},
        private={"name": ledger.name_of(instance)},
        settings=[(User, instance.pk)],
    )
    renewed = changed == ["password"] and update_fields == {"password"} and is_outdated(was["password"])
    if changed and not renewed and (group_names(instance) or hasattr(instance, "board_member")):
        words = " ".join(_told_of(instance, changed))
        notifications.account_changed(sorted({was["email"], instance.email}), words)


def _told_of(account, changed: list[str]) -> list[str]:
    """Return in sentences what was changed on an account."""
    sentences = []
    if "is_active" in changed:
        sentences.append("Your account was opened again." if account.is_active else "Your account was locked.")
    if others := [field for field in changed if field != "is_active"]:
        names = (str(User._meta.get_field(field).verbose_name).lower() for field in others)
        sentences.append(f"Changed on your account: {', '.join(names)}.")
    return sentences


@receiver(pre_delete, sender=User)
def roles_end(instance, **kwargs):
    """Take all roles from an account that is about to be deleted, which nothing here does: Django sends no word."""
    instance.groups.clear()


@receiver(post_delete, sender=User)
def account_deleted(instance, **kwargs):
    actor = history_user(instance)
    ledger.append(Action.ACCOUNT_DELETED, actor=actor, about=instance, settings=[(User, instance.pk)])

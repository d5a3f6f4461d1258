"""
Changes of people's roles and accounts, each an event in the ledger.

These are signal receivers because roles can be changed in many places (admin, shell, a sign-up form later).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from articles.models.people import Role, roles_of
from articles.text.languages import within_sentence
from reviews.evidence import ledger
from reviews.evidence.settings import history_user
from reviews.messages import notifications
from reviews.models.actions import Action

WATCHED = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")

recorded_once: ContextVar[int | None] = ContextVar("recorded_once", default=None)  # the account's primary key


@contextmanager
def roles_recorded_once(user: User, *, tell: bool = True) -> Iterator[None]:
    """
    Record several changes of this person's roles as one event and one mail, with the roles at the end.

    With `tell` false there is no mail: the welcome of a new account names its roles.

    Django's admin removes the old groups before it adds the new ones. The state in between is not recorded.
    """
    before = group_names(user)
    outer = recorded_once.set(user.pk)
    try:
        yield
    finally:
        recorded_once.reset(outer)
    if group_names(user) != before:
        record_roles(user, tell=tell)


def record_roles(user: User, *, tell: bool = True) -> None:
    """Append an event with the person's current roles, and mail them to the person."""
    if recorded_once.get() == user.pk:
        return
    ledger.append(
        Action.ROLES_CHANGED,
        actor=history_user(user),
        about=user,
        payload={"groups": group_names(user)},
        private={"name": ledger.name_of(user)},
    )
    if not tell:
        return
    if roles := roles_of(user):
        sentence = _("Your roles are now: {roles}.").format(roles=", ".join(Role(role).shown for role in roles))
    else:
        sentence = _("Your roles are now: none.")
    notifications.account_changed([user.email], sentence)


def group_names(user: User) -> list[str]:
    """Return the names of the account's groups that stand for roles, even if it is inactive."""
    return sorted(user.groups.filter(name__in=Role.groups()).values_list("name", flat=True))


@receiver(m2m_changed, sender=User.groups.through)
def groups_changed(instance: User | Group, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Record the roles of each person whose groups change, from either side of the relation."""
    if action == "pre_clear":
        cleared = list(instance.user_set.values_list("pk", flat=True)) if isinstance(instance, Group) else []
        instance.__dict__["_cleared"] = cleared
    if action not in ("post_add", "post_remove", "post_clear") or (action == "post_add" and not pk_set):
        return
    if isinstance(instance, User):
        record_roles(instance)
    elif instance.name in Role.groups():
        for user in User.objects.filter(pk__in=pk_set or instance.__dict__.pop("_cleared", [])).order_by("pk"):
            record_roles(user)


def save_with_its_event(user: User, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """
    Save the account and its event in one transaction; this replaces `User.save`.

    Django sends `post_save` after the commit of the save, and often opens no transaction around both. A process killed
    in between would leave a change without an event. A sign-in, which saves only `last_login`, has no event.
    """
    if update_fields is not None and not touches_the_account(update_fields):
        plain_save(user, *args, update_fields=update_fields, **kwargs)
        return
    with transaction.atomic():
        plain_save(user, *args, update_fields=update_fields, **kwargs)


def touches_the_account(fields: Iterable[str]) -> bool:
    return bool(set(fields) & {*WATCHED, "password"})


plain_save = User.save
User.save = save_with_its_event  # type: ignore[method-assign,assignment]  # the one method of Django's we replace


@receiver(pre_save, sender=User)
def remember_account(instance: User, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """Keep the old values of the account, to see what changed; a sign-in (last_login) costs no query."""
    if update_fields is None or touches_the_account(update_fields):
        before = User.objects.filter(pk=instance.pk).values(*WATCHED, "password").first() or {}
        instance.__dict__["_was"] = before


def is_outdated(password_hash: str) -> bool:
    """Tell whether Django would replace this hash with a newer hash of the same password."""
    try:
        hasher = identify_hasher(password_hash)
    except ValueError:
        return False
    return hasher.algorithm != get_hasher().algorithm or hasher.must_update(password_hash)


@receiver(post_save, sender=User)
def account_changed(instance: User, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """
    Record that an account was created or changed, in the transaction of the save.

    Mail the owner, at the old address too, if they hold a role or are on the board. Send no mail about a new hash of
    the same password, which Django makes at sign-in if the old hash is outdated.
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
        words = " ".join(_sentences(instance, changed))
        notifications.account_changed(sorted({was["email"], instance.email}), words)


def _sentences(account: User, changed: list[str]) -> list[str]:
    """Return the changes of these fields of the account as sentences to its owner."""
    sentences = []
    if "is_active" in changed:
        sentences.append(_("Your account was opened again.") if account.is_active else _("Your account was locked."))
    if others := [name for name in changed if name != "is_active"]:
        labels = {field.name: within_sentence(str(field.verbose_name)) for field in User._meta.fields}
        names = (labels[name] for name in others)
        sentences.append(_("Changed on your account: {names}.").format(names=", ".join(names)))
    return sentences


@receiver(pre_delete, sender=User)
def roles_end(instance: User, **kwargs: Any) -> None:
    """Remove all roles from an account before its deletion, so that an event records them: Django sends no signal."""
    instance.groups.clear()


@receiver(post_delete, sender=User)
def account_deleted(instance: User, **kwargs: Any) -> None:
    actor = history_user(instance)
    ledger.append(Action.ACCOUNT_DELETED, actor=actor, about=instance, settings=[(User, instance.pk)])

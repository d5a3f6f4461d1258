"""
Changes of people's roles and accounts, each an event in the ledger.

Receivers, because a role can be changed at many doors (admin, shell, a sign-up form later) and none may be silent.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver

from articles.canonical import sha256
from articles.roles import Role, roles_of
from reviews import ledger, notifications
from reviews.accountable import history_user

User = get_user_model()
WATCHED = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")


def record_roles(user):
    """Append the roles that this person now holds."""
    ledger.append(
        "roles_changed",
        actor=history_user(user),
        payload={"account": str(user.pk), "groups": group_names(user)},
        private={"name": ledger.name_of(user)},
    )
    notifications.account_changed([user.email], f"Your roles are now: {', '.join(roles_of(user)) or 'none'}.")


def group_names(user) -> list[str]:
    """Return the names of our groups that the account is in, active or not."""
    return sorted(user.groups.filter(name__in=Role.values).values_list("name", flat=True))


@receiver(m2m_changed, sender=User.groups.through)
def groups_changed(instance, action, reverse, pk_set, **kwargs):
    """Record the roles of each person whose groups are changed, from whichever side."""
    if action == "pre_clear":
        instance._cleared = list(instance.user_set.values_list("pk", flat=True)) if reverse else []
    if action not in ("post_add", "post_remove", "post_clear") or (action == "post_add" and not pk_set):
        return
    if not reverse:
        record_roles(instance)
    elif instance.name in Role.values:
        for user in User.objects.filter(pk__in=pk_set or instance.__dict__.pop("_cleared", [])).order_by("pk"):
            record_roles(user)


@receiver(pre_save, sender=User)
def remember_account(instance, update_fields=None, **kwargs):
    """Keep what the account was, so that the change can be told; a mere sign-in (last_login) costs nothing."""
    if update_fields is None or set(update_fields) & {*WATCHED, "password"}:
        instance._was = User.objects.filter(pk=instance.pk).values(*WATCHED, "password").first()


def is_outdated(password_hash: str) -> bool:
    """Tell whether Django would replace this hash by a newer one of the same password."""
    try:
        hasher = identify_hasher(password_hash)
    except ValueError:
        return False
    return hasher.algorithm != get_hasher().algorithm or hasher.must_update(password_hash)


@receiver(post_save, sender=User)
def account_changed(instance, update_fields=None, **kwargs):
    """Record a change of an account that holds a role, and tell its owner at the old address."""
    was = instance.__dict__.pop("_was", None)
    if was is None:
        return
    changed = [field for field in (*WATCHED, "password") if was[field] != getattr(instance, field)]
    if changed == ["password"] and update_fields == {"password"} and is_outdated(was["password"]):
        return  # Django renews an outdated hash of the same password at sign-in
    if changed and (group_names(instance) or hasattr(instance, "board_member")):
        with transaction.atomic():  # Django sends this signal after the transaction of the save
            ledger.append(
                "account_changed",
                actor=history_user(instance),
                payload={"account": str(instance.pk), "active": instance.is_active, "changed": sorted(changed)},
                private={"email_sha256": sha256(instance.email), "name": ledger.name_of(instance)},
            )
        words = f"Changed on your account: {', '.join(field.replace('_', ' ') for field in changed)}."
        notifications.account_changed(sorted({was["email"], instance.email}), words)

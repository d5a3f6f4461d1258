from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.http import HttpRequest

from articles.models.rows.append_only import AppendOnly
from config.administration.site import Site
from reviews.evidence import grants, triggers
from reviews.evidence.ledger import checkpoints, keys

MIDDLEWARE = [
    (
        "config.middleware.PrivateUnlessMarkedPublic",
        "Pages that are not marked as public are open to anybody.",
        "imprimatur.W003",
    ),
    (
        "simple_history.middleware.HistoryRequestMiddleware",
        "Histories and ledger events do not name who made a change in the admin.",
        "imprimatur.W004",
    ),
    (
        "csp.middleware.CSPMiddleware",
        "Pages are sent without a content security policy.",
        "imprimatur.W005",
    ),
]
WRITTEN_BY_STEPS = [
    "articles.Article",
    "reviews.Assignment",
    "reviews.Comment",
    "reviews.CommentAnchor",
    "reviews.LedgerHead",
    "reviews.Reminder",
    "reviews.Review",
    "reviews.Schedule",
    "reviews.SecurityRecord",
    "reviews.Task",
]  # only by `reviews.workflow`, although their rows change
NEVER_DELETED = ["auth.Group", "auth.User", "articles.Audience", "articles.Contributor", "reviews.BoardMember"]


@register(Tags.database)
def triggers_are_in_force(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report each missing or changed trigger; runs with `check --database default`."""
    hint = "Run “manage.py migrate”: it installs each trigger."
    found: list[CheckMessage] = []
    for using in databases or []:
        lost, others = triggers.missing(using), triggers.changed(using)
        found += [Error(f"The trigger {name} is missing.", hint=hint, id="reviews.E001") for name in lost]
        found += [
            Error(f"The trigger {name} is not that of this release.", hint=hint, id="reviews.E002") for name in others
        ]
    return found


@register(Tags.database)
def role_cannot_change_evidence(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn, in production on PostgreSQL, of each power by which the connected role could change evidence."""
    if settings.DEBUG:
        return []
    hint = "Connect as a role that owns nothing, and run “migrate” as the owner with DATABASE_ROLE set to that role."
    return [
        Warning(sentence, hint=hint, id="imprimatur.W009")
        for using in databases or []
        if connections[using].vendor == "postgresql"
        for sentence in grants.excess(using)
    ]


@register(Tags.database, deploy=True)
def the_key_is_the_ledgers(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report a missing or wrong ledger key, with which the server would refuse to start."""
    if "default" not in (databases or []) or "reviews_ledgerhead" not in connection.introspection.table_names():
        return []
    try:
        keys.require_the_ledgers_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="imprimatur.E010")]
    return []


@register(Tags.security, deploy=True)
def checkpoints_can_be_written(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report a folder of checkpoints that this process cannot read and write: approvals would have no checkpoint."""
    hint = "Give the folder that CHECKPOINT_DIR names, and what is in it, to the user whom the site runs as."
    return [Error(sentence, hint=hint, id="imprimatur.E011") for sentence in [checkpoints.unusable()] if sentence]


@register(Tags.security, deploy=True)
def mails_have_a_sender(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if mail servers would refuse the sender's address, or if links in mails would lead nowhere."""
    if not settings.SITE_URL.startswith("https://"):
        text = f"Mails name {settings.SITE_URL} as the address of the site."
        return [Warning(text, hint="Set SITE_URL to https://your.host", id="imprimatur.W012")]
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and sender.endswith("@localhost"):
        text = f"Mails are sent from {settings.DEFAULT_FROM_EMAIL}, which mail servers refuse."
        hint = "End EMAIL_URL with ?_default_from_email=no-reply@your.host"
        return [Warning(text, hint=hint, id="imprimatur.W010")]
    return []


@register(Tags.security)
def settings_are_safe(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each setting that breaks a guarantee of README."""
    found: list[CheckMessage] = []
    if getattr(settings, "SIMPLE_HISTORY_REVERT_DISABLED", False) is not True:
        found.append(Warning("History can be reverted without the workflow.", id="imprimatur.W001"))
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            text = f"ATOMIC_REQUESTS is on for “{alias}”: steps open durable transactions of their own and fail in it."
            found.append(Warning(text, id="imprimatur.W002"))
    for path, consequence, number in MIDDLEWARE:
        if path not in settings.MIDDLEWARE:
            found.append(Warning(consequence, hint=f"Put {path} back into MIDDLEWARE.", id=number))
    return found


@register(Tags.security)
def admin_cannot_change_evidence(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each admin page that allows changes of evidence or process, deletion of people, or bulk actions."""
    request = HttpRequest()
    request.__dict__["_is_administrator"] = True
    request.user = User(is_superuser=True)  # has every permission
    by_steps = {apps.get_model(name) for name in WRITTEN_BY_STEPS}
    kept = {apps.get_model(name) for name in NEVER_DELETED}
    found: list[CheckMessage] = []
    if not isinstance(admin.site, Site):
        text = "The admin is opened by `is_staff` and permissions, not by the administrator's role."
        hint = "Put config.apps.AdminConfig back into INSTALLED_APPS in place of django.contrib.admin."
        found.append(Warning(text, hint=hint, id="imprimatur.W008"))
    for model, page in admin.site._registry.items():
        evidence = issubclass(model, AppendOnly) or model in by_steps
        may = {
            "add": evidence and page.has_add_permission(request),
            "change": evidence and page.has_change_permission(request),
            "delete": (evidence or model in kept) and page.has_delete_permission(request),
        }
        if words := [word for word, possible in may.items() if possible]:
            text = f"The admin can {' and '.join(words)} rows of {model._meta.label}."
            found.append(Warning(text, obj=type(page), id="imprimatur.W006"))
        if page.actions:
            text = f"The admin acts on rows of {model._meta.label} in bulk, without history and ledger."
            found.append(Warning(text, obj=type(page), id="imprimatur.W007"))
    return found

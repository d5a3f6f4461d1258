"""
Settings: rows outside the signed texts that readers see, or that decide who may sign.

Each change of a setting is an event, with a salted digest of the row in its private part. `verifying.settings` compares
the current row with the last digest. GUARDED lists the columns in the digest. The first event of a ledger records all
settings; in a ledger started before release 0.3 one later event does.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from articles.models import Article, Audience, Contributor, GlossaryTerm, Reference, Slug, Topic
from articles.text.canonical import sha256
from reviews.evidence.ledger.rows import Layout, plain, row_name

FORMAT = "imprimatur/setting/1"


@dataclass(frozen=True)
class Guarded:
    """A table of settings: its columns in the digest, its noun, and whether events name its rows in public."""

    model: type[models.Model]
    columns: tuple[str, ...]
    called: str
    named_in_public: bool = True

    @property
    def layout(self) -> Layout:
        fields = {field.name: field for field in self.model._meta.concrete_fields}
        return Layout(self.model, fields=[self.model._meta.pk, *(fields[name] for name in self.columns)], form=FORMAT)

    def rows(self) -> models.QuerySet[Any]:
        """
        Return the rows whose changes are recorded.

        An article's address counts once the article was submitted. A reference counts while it is marked as retracted,
        since readers see the mark beside texts that were signed before it.
        """
        rows = self.model._base_manager.order_by("pk")
        return rows.filter(**COUNTED_WHERE.get(self.model, {}))


COUNTED_WHERE: dict[type[models.Model], dict[str, Any]] = {
    Article: {"latest_version__isnull": False},
    Reference: {"csl__icontains": "retracted"},
}
GUARDED = {
    each.model: each
    for each in (
        Guarded(Topic, ("name", "slug", "parent"), "topic"),
        Guarded(GlossaryTerm, ("word", "forms", "definition", "language"), "word of the glossary"),
        Guarded(Audience, ("key", "label", "position"), "audience"),
        Guarded(Article, ("slug",), "address of the article"),
        Guarded(Slug, ("article", "slug"), "former address"),
        Guarded(Reference, ("csl",), "reference"),
        Guarded(Contributor, ("user", "name", "credentials", "orcid", "bio"), "contributor", named_in_public=False),
        Guarded(
            User,
            ("username", "first_name", "last_name", "email", "password", "is_active", "is_staff", "is_superuser"),
            "account",
            named_in_public=False,
        ),
    )
}


Row = tuple[type[models.Model], int]  # model and primary key


def counted(changed: Iterable[Row]) -> list[Row]:
    """Return the rows without the articles never submitted and the references never marked as retracted."""
    changed = list(changed)
    kept: dict[type[models.Model], set[int]] = {}
    for model in COUNTED_WHERE.keys() & {model for model, _ in changed}:
        keys = [key for each, key in changed if each is model]
        kept[model] = set(GUARDED[model].rows().filter(pk__in=keys).values_list("pk", flat=True))
        if model is Reference:
            kept[model] |= _once_retracted(keys)
    return [(model, key) for model, key in changed if key in kept.get(model, {key})]


def _once_retracted(keys: list[int]) -> set[int]:
    """Return the keys of the references that are or were marked as retracted."""
    former = Reference.history.filter(id__in=keys, **COUNTED_WHERE[Reference])
    return set(former.order_by().values_list("id", flat=True))


def commitments(changed: Iterable[Row | models.Model]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return the public and the private entries of an event about the current state of these rows.

    Call in the transaction that changed them, with the rows that `counted` returns. An instance, instead of a model and
    key, is a row that the caller has locked and read: it is not read again.
    """
    keys: dict[type[models.Model], list[int]] = {}
    existing: dict[str, str] = {}
    for each in changed:
        if isinstance(each, models.Model):
            existing[row_name(each)] = digest(each)
        else:
            keys.setdefault(each[0], []).append(each[1])
    gone: list[str] = []
    for model, wanted in keys.items():
        found = _digests(GUARDED[model], GUARDED[model].rows().filter(pk__in=wanted))
        existing |= found
        gone += sorted({f"{model._meta.db_table}:{key}" for key in wanted} - found.keys())
    public = sorted(name for name in [*existing, *gone] if name.partition(":")[0] in IN_PUBLIC)
    return {"settings": public} if public else {}, _salted(existing, gone)


def all_commitments() -> dict[str, Any]:
    """Return the private entries of an event about the current state of all settings."""
    found: dict[str, str] = {}
    for guarded in GUARDED.values():
        found |= _digests(guarded, guarded.rows())
    return _salted(found, [])


def digest(row: models.Model, layout: Layout | None = None) -> str:
    """Return the SHA-256 over the row's guarded columns, as they are on the instance."""
    layout = layout or GUARDED[type(row)].layout
    return layout.digest([plain(field.get_prep_value(getattr(row, field.attname))) for field in layout.fields])


def salted(salt: str, digest: str) -> str:
    """Return the salted digest for an event: without the salt nobody can guess the row from it."""
    return sha256(f"{salt}\n{digest}")


def _salted(existing: dict[str, str], gone: list[str]) -> dict[str, Any]:
    if not existing and not gone:
        return {}
    salt = secrets.token_hex(16)
    digests = {name: salted(salt, digest) for name, digest in existing.items()}
    return {"settings": digests, "settings_salt": salt, **({"settings_gone": gone} if gone else {})}


def _digests(guarded: Guarded, rows: models.QuerySet[Any]) -> dict[str, str]:
    layout = guarded.layout
    rows = rows.only(*(field.name for field in layout.fields))
    return {row_name(row): digest(row, layout) for row in rows.iterator(chunk_size=2000)}


IN_PUBLIC = {model._meta.db_table for model, guarded in GUARDED.items() if guarded.named_in_public}

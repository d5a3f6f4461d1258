"""
Settings: rows beside the signed texts that readers see, or that decide who may sign.

Each change of one is an event whose private part holds a salted digest of the row; `verifying.settings` compares the
row as it is now with the last of these. GUARDED says which columns count. A ledger begins with all of them; that of
a release before 0.3 records them in one event, right after the next one.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import models

from articles.models import Article, Audience, Contributor, Reference, Slug, Topic
from articles.text.canonical import sha256
from reviews.evidence.ledger.rows import Layout, plain, row_name

FORMAT = "imprimatur/setting/1"


@dataclass(frozen=True)
class Guarded:
    """A table of settings: the columns that count, how a row is called, and whether events name its rows in public."""

    model: type[models.Model]
    columns: tuple[str, ...]
    called: str
    named_in_public: bool = True

    @property
    def layout(self) -> Layout:
        meta = self.model._meta
        return Layout(self.model, fields=[meta.pk, *map(meta.get_field, self.columns)], form=FORMAT)

    def rows(self) -> models.QuerySet:
        """
        Return the rows that have to be told of.

        The address of an article counts once it was submitted, a work of the library while it says that it is
        retracted: readers are told so beside texts that were signed before.
        """
        rows = self.model._base_manager.order_by("pk")
        return rows.filter(**COUNTED_WHERE.get(self.model, {}))


COUNTED_WHERE = {Article: {"latest_version__isnull": False}, Reference: {"csl__icontains": "retracted"}}
GUARDED = {
    each.model: each
    for each in (
        Guarded(Topic, ("name", "slug"), "topic"),
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


Rows = Iterable[tuple[type[models.Model], int]]  # by model and key


def counted(changed: Rows) -> list[tuple[type[models.Model], int]]:
    """Leave out the articles that were never submitted, and the works that were never said to be retracted."""
    changed = list(changed)
    kept = {}
    for model in COUNTED_WHERE.keys() & {model for model, _ in changed}:
        keys = [key for each, key in changed if each is model]
        kept[model] = set(GUARDED[model].rows().filter(pk__in=keys).values_list("pk", flat=True))
        if model is Reference:  # one that says so no longer
            kept[model] |= _once_retracted(keys)
    return [(model, key) for model, key in changed if key in kept.get(model, {key})]


def _once_retracted(keys: list[int]) -> set[int]:
    former = Reference.history.filter(id__in=keys, **COUNTED_WHERE[Reference])
    return set(former.order_by().values_list("id", flat=True))


def told(changed: Rows) -> tuple[dict, dict]:
    """
    Return what an event says, in public and in private, of these rows as they are now.

    Call in the transaction that changed them, with rows that count.
    """
    keys: dict[type, list] = {}
    for model, key in changed:
        keys.setdefault(model, []).append(key)
    standing, gone = {}, []
    for model, wanted in keys.items():
        found = _digests(GUARDED[model], GUARDED[model].rows().filter(pk__in=wanted))
        standing |= found
        gone += sorted({f"{model._meta.db_table}:{key}" for key in wanted} - found.keys())
    public = sorted(name for name in [*standing, *gone] if name.partition(":")[0] in IN_PUBLIC)
    return {"settings": public} if public else {}, _salted(standing, gone)


def all_told() -> dict:
    """Return what an event says in private of all settings as they are now."""
    found = {}
    for guarded in GUARDED.values():
        found |= _digests(guarded, guarded.rows())
    return _salted(found, [])


def digest(row: models.Model, layout: Layout | None = None) -> str:
    """Return the SHA-256 over the columns of the row that count, as they are on the instance."""
    layout = layout or GUARDED[type(row)].layout
    return layout.digest([plain(field.get_prep_value(getattr(row, field.attname))) for field in layout.fields])


def salted(salt: str, digest: str) -> str:
    """Return the digest as an event holds it: of a row whose digest could be guessed it tells nothing by itself."""
    return sha256(f"{salt}\n{digest}")


def _salted(standing: dict[str, str], gone: list[str]) -> dict:
    if not standing and not gone:
        return {}
    salt = secrets.token_hex(16)
    said = {name: salted(salt, digest) for name, digest in standing.items()}
    return {"settings": said, "settings_salt": salt, **({"settings_gone": gone} if gone else {})}


def _digests(guarded: Guarded, rows: models.QuerySet) -> dict[str, str]:
    layout = guarded.layout
    rows = rows.only(*(field.name for field in layout.fields))
    return {row_name(row): digest(row, layout) for row in rows.iterator(chunk_size=2000)}


IN_PUBLIC = {model._meta.db_table for model, guarded in GUARDED.items() if guarded.named_in_public}

"""
Every door by which a row of evidence could be changed or deleted, and the sentence with which each is refused.

An attack is a function of one row; by each door it is tried on a row of every append-only table.
"""

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, models, transaction

from articles.models.rows.append_only import EvidenceIsAppendOnly
from reviews.evidence import triggers
from tests.factories import evidence
from tests.reviews.triggers.tables import execute, row_of, table_of, where


def update_each_column(row):
    condition, key = where(row)
    sentences = [
        refusal(
            lambda f=field: execute(f'UPDATE {table_of(row)} SET "{f.column}" = "{f.column}" WHERE {condition}', key)
        )
        for field in row._meta.concrete_fields
    ]
    raise IntegrityError(min(sentences, key=lambda sentence: "append-only" in sentence))


def delete(row):
    condition, key = where(row)
    execute(f"DELETE FROM {table_of(row)} WHERE {condition}", key)


def upsert(row):
    condition, key = where(row)
    column = row._meta.pk.column
    execute(
        f"INSERT INTO {table_of(row)} SELECT * FROM {table_of(row)} WHERE {condition} "
        f'ON CONFLICT ("{column}") DO UPDATE SET "{column}" = excluded."{column}"',
        key,
    )


def replace(row):
    """Replace the row with itself, with the switch off that would let SQLite see a deletion in it."""
    condition, key = where(row)
    execute("PRAGMA recursive_triggers = OFF")
    try:
        execute(f"INSERT OR REPLACE INTO {table_of(row)} SELECT * FROM {table_of(row)} WHERE {condition}", key)
    finally:
        execute("PRAGMA recursive_triggers = ON")


def truncate(row):
    execute(f"TRUNCATE {table_of(row)} CASCADE")


def merge(row):
    column = row._meta.pk.column
    execute(
        f'MERGE INTO {table_of(row)} a USING {table_of(row)} b ON a."{column}" = b."{column}" '
        f'WHEN MATCHED THEN UPDATE SET "{column}" = b."{column}"'
    )


def as_a_replica(attack):
    def attack_as_replica(row):
        execute("SET LOCAL session_replication_role = replica")
        attack(row)

    return attack_as_replica


def same(row):
    return type(row)._default_manager.filter(pk=row.pk)


def loaddata_of_a_changed_row(row, folder):
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not field.unique:
            setattr(row, field.attname, "x")
    file = folder / "changed.json"
    file.write_text(serializers.serialize("json", [row]))
    call_command("loaddata", file, verbosity=0)


def plain(row) -> models.QuerySet:
    """Return the row as a queryset without our guards, as any code might make one."""
    return models.QuerySet(type(row)).filter(pk=row.pk)


SQL = {
    "update each column": update_each_column,
    "delete": delete,
    "upsert": upsert,
}
SQL_OF_SQLITE = {"insert or replace": replace}
SQL_OF_POSTGRESQL = {
    "truncate cascade": truncate,
    "merge": merge,
    "update as a replica": as_a_replica(update_each_column),
    "delete as a replica": as_a_replica(delete),
    "truncate as a replica": as_a_replica(truncate),
}
ORM = {
    "save": lambda row: row.save(),
    "save past our save": lambda row: models.Model.save(row),
    "save_base": lambda row: row.save_base(raw=True),
    "delete": lambda row: row.delete(),
    "delete past our delete": lambda row: models.Model.delete(row),
    "queryset.update": lambda row: same(row).update(**unchanged(row)),
    "plain queryset.update": lambda row: plain(row).update(**unchanged(row)),
    "bulk_update": lambda row: same(row).bulk_update([row], [some_column(row)]),
    "plain bulk_update": lambda row: plain(row).bulk_update([row], [some_column(row)]),
    "bulk_create over it": lambda row: same(row).bulk_create([row]),
    "bulk_create with update_conflicts": lambda row: models.QuerySet(type(row)).bulk_create(
        [row], update_conflicts=True, update_fields=[some_column(row)], unique_fields=[row._meta.pk.name]
    ),
    "queryset.delete": lambda row: same(row).delete(),
    "plain queryset.delete": lambda row: plain(row).delete(),
    "_raw_delete": lambda row: same(row)._raw_delete("default"),
    "update_or_create": lambda row: same(row).update_or_create(pk=row.pk, defaults=unchanged(row)),
}


def some_column(row) -> str:
    return next(field.name for field in row._meta.concrete_fields if not field.primary_key)


def unchanged(row) -> dict:
    name = some_column(row)
    return {name: getattr(row, name)}


def refusal(attack) -> str:
    """Return the sentence with which an attack was refused; nothing when it got through."""
    try:
        with transaction.atomic():
            attack()
    except (DatabaseError, EvidenceIsAppendOnly, CommandError) as error:
        return str(error)
    return ""


def is_our_refusal(sentence: str) -> bool:
    words = ("append-only", "only ever added", "The ledger has no gaps")
    others = ("through protected foreign keys", "duplicate key value")  # Django or the database was there first
    return any(each in sentence for each in (*words, *others))


def assert_refused_everywhere(attacks: dict):
    """Try each attack on a row of every append-only table: all are refused, and all evidence is as it was."""
    before = evidence()

    sentences = {
        f"{name}: {table_of(model)}": refusal(lambda a=attack, m=model: a(row_of(m)))
        for name, attack in attacks.items()
        for model in triggers.append_only_models()
    }

    assert {where: said for where, said in sentences.items() if not is_our_refusal(said)} == {}
    assert len(sentences) == len(attacks) * len(triggers.append_only_models())
    assert evidence() == before


def assert_refused(sentence, attack):
    before = evidence()

    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        attack()

    assert evidence() == before


def point(article, column, version):
    execute(f"UPDATE articles_article SET {column} = %s WHERE id = %s", version and version.pk, article.pk)

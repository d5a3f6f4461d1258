"""
The privileges of the application in PostgreSQL, where it connects as a role of its own.

The owner of the tables runs `migrate`; the application's role owns nothing. It can insert and read evidence, but not
change, delete or truncate it or add a trigger to it, even if the triggers are missing. `migrate` revokes all privileges
of the role in DATABASE_ROLE, and of PUBLIC, and grants those listed here. SQLite has no roles.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from reviews.evidence import triggers

READ_ONLY = ("django_migrations",)
RECORDS = "reviews_securityrecord"  # a guess at a password is recorded first, and deleted if it was right
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
HARMFUL = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


def rights_on(table: str) -> tuple[str, ...]:
    """Return the privileges of the application's role on a table: no more than its triggers allow."""
    if table in READ_ONLY:
        return ("SELECT",)
    if table in only_added():
        return ("SELECT", "INSERT")
    if table in triggers.KEPT:
        return ("SELECT", "INSERT", "UPDATE")
    if table == RECORDS:
        return ("SELECT", "INSERT", "DELETE")
    return EVERYTHING


def only_added() -> set[str]:
    return {model._meta.db_table for model in triggers.append_only_models()}


def evidence_tables() -> list[str]:
    """Return the tables whose rows the application's role cannot delete."""
    return sorted(only_added() | set(triggers.KEPT))


def grant(role: str, using: str = "default") -> None:
    """
    Grant the role exactly its privileges on the existing tables and sequences, and revoke all others.

    Raise ImproperlyConfigured, and change nothing, if the role does not exist or has the power of the tables' owner.
    """
    connection = connections[using]
    quote = connection.ops.quote_name
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _refuse_a_powerful_role(cursor, role)
        name = quote(role)
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
        cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM {name}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        for table in _ours(cursor, "rp"):
            cursor.execute(f"REVOKE ALL ON TABLE {schema}.{quote(table)} FROM PUBLIC, {name}")
            cursor.execute(f"GRANT {', '.join(rights_on(table))} ON TABLE {schema}.{quote(table)} TO {name}")
        for sequence in _ours(cursor, "S"):
            cursor.execute(f"REVOKE ALL ON SEQUENCE {schema}.{quote(sequence)} FROM PUBLIC, {name}")
            cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {schema}.{quote(sequence)} TO {name}")


def _refuse_a_powerful_role(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(
        "SELECT rolsuper OR rolcreaterole, pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(
            f"DATABASE_ROLE names the role “{role}”, which PostgreSQL does not have. Create it first."
        )
    if any(found):
        raise ImproperlyConfigured(
            f"DATABASE_ROLE names the role “{role}”, which is the tables' owner or has the owner's power. "
            "Name a role that is neither, nor a member of it."
        )


def _ours(cursor: CursorWrapper, kinds: str) -> list[str]:
    """Return the tables or sequences in our schema that the connected role owns, so none of an extension."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = ANY(%s) "
        "AND pg_has_role(relowner, 'MEMBER') ORDER BY relname",
        [list(kinds)],
    )
    return [name for (name,) in cursor.fetchall()]


def excess(using: str = "default") -> list[str]:
    """Return one sentence per power by which the connected role could change evidence if the triggers were missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        role, is_superuser, makes_roles = cursor.fetchone()
        if is_superuser:
            return [f"The site connects to the database as “{role}”, a superuser: no right holds it back."]
        found = (
            [f"The site's database role “{role}” can create roles, and so take on any other."] if makes_roles else []
        )
        if above := _owns_above(cursor):
            found.append(f"The site's database role “{role}” owns the {above}, or can become its owner.")
        for power, tables in _powers(cursor).items():
            if tables:
                listed = ", ".join(tables[:3]) + (f" and {len(tables) - 3} more" if len(tables) > 3 else "")
                found.append(f"The site's database role “{role}” {power} evidence: {listed}.")
    return found


def _owns_above(cursor: CursorWrapper) -> str:
    """Return which of the schema and the database the connected role owns or can own, in words, or ""."""
    cursor.execute(
        "SELECT pg_has_role(nspowner, 'MEMBER'), (SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database "
        "WHERE datname = current_database()) FROM pg_namespace WHERE oid = current_schema()::regnamespace"
    )
    schema, database = cursor.fetchone()
    return " and the ".join(name for name, owned in (("schema", schema), ("database", database)) if owned)


def _powers(cursor: CursorWrapper) -> dict[str, list[str]]:
    """Return for each power, in words, the tables of evidence over which the connected role should not have it."""
    cursor.execute(
        "SELECT relname, pg_has_role(relowner, 'MEMBER'), has_any_column_privilege(oid, 'UPDATE'), "
        "has_table_privilege(oid, 'DELETE'), has_table_privilege(oid, 'TRUNCATE'), has_table_privilege(oid, 'TRIGGER') "
        "FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s) ORDER BY relname",
        [evidence_tables()],
    )
    words = ("owns, or can become the owner of,", *(f"has the right to {power} on" for power in HARMFUL))
    result: dict[str, list[str]] = {word: [] for word in words}
    for table, *has in cursor.fetchall():
        may_update = "UPDATE" in rights_on(table)
        for word, power, held in zip(words, ("OWN", *HARMFUL), has, strict=True):
            if held and not (power == "UPDATE" and may_update):
                result[word].append(table)
    return result


def grant_after_migration(using: str = "default", **kwargs: Any) -> None:
    """Grant DATABASE_ROLE its privileges on all tables; runs after each migrate, on PostgreSQL only."""
    if settings.DATABASE_ROLE and connections[using].vendor == "postgresql":
        grant(settings.DATABASE_ROLE, using)

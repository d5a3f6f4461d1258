"""A PostgreSQL database with its two roles, for a test that removes all three again."""

import os
import secrets
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class TwoRoles:
    """The names of a database, of the role that owns it, and of the application's role, which owns nothing."""

    name: str
    owner: str
    role: str
    password: str

    def url(self, role: str) -> str:
        server = settings.DATABASES["default"]
        return f"postgres://{role}:{self.password}@{server['HOST']}:{server['PORT'] or 5432}/{self.name}"

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(self.url(role), autocommit=True)


@contextmanager
def two_roles():
    """Make an empty database with its roles as the suite's own role; remove them in the end, whatever happens."""
    name = f"{settings.DATABASES['default']['NAME'][:40]}_{secrets.token_hex(4)}"
    made = TwoRoles(name, f"{name}_owner", f"{name}_app", secrets.token_hex(16))
    with as_the_suites_role() as server:
        try:
            make(made)
            _run(server, "ALTER DATABASE {} SET synchronous_commit = off", made.name)
            yield made
        finally:
            _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", made.name)
            for role in (made.owner, made.role):
                _run(server, "DROP ROLE IF EXISTS {}", role)


def make(database: TwoRoles):
    """Make the database and its roles as an operator does, with `config/deploy/roles`."""
    server = settings.DATABASES["default"]
    environment = {
        "PATH": os.environ["PATH"],
        "PGHOST": server["HOST"],
        "PGPORT": str(server["PORT"] or 5432),
        "PGUSER": server["USER"],
        "PGPASSWORD": server["PASSWORD"],
        "OWNER_DATABASE_URL": database.url(database.owner),
        "DATABASE_URL": database.url(database.role),
    }
    done = subprocess.run([ROOT / "config" / "deploy" / "roles"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@contextmanager
def connected(database: TwoRoles, role: str):
    """Let Django's own connection be one to this database as this role."""
    before = connections["default"]
    server = {**before.settings_dict, "NAME": database.name, "USER": role, "PASSWORD": database.password}
    inside = type(before)({**server, "OPTIONS": {}}, "default")
    connections["default"] = inside
    ContentType.objects.clear_cache()
    try:
        yield inside
    finally:
        inside.close()
        connections["default"] = before
        ContentType.objects.clear_cache()


def as_the_suites_role() -> psycopg.Connection:
    server = settings.DATABASES["default"]
    return psycopg.connect(
        host=server["HOST"],
        port=server["PORT"] or 5432,
        user=server["USER"],
        password=server["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def _run(server: psycopg.Connection, statement: str, *names: str):
    server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

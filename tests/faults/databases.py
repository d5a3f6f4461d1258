"""Databases to be broken: one made on a running PostgreSQL server, or a whole server of one's own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def made_on(server: str) -> Iterator[str]:
    """Make a database on the server whose address this is, give its own address, and drop it in the end."""
    if not server:
        yield ""
        return
    name, start = f"imprimatur_faults_{os.getpid()}", server.rpartition("/")[0]
    with psycopg.connect(f"{start}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{start}/{name}"
    finally:
        if settings.configured:
            connections.close_all()
        with psycopg.connect(f"{start}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Server:
    """A PostgreSQL server of one's own, in a folder of its own, which can be stopped at once."""

    def __init__(self):
        if not PROGRAMS:
            raise SystemExit("There is no PostgreSQL under /usr/lib/postgresql.")
        self.folder = Path(tempfile.mkdtemp(prefix="imprimatur-server-"))
        self.owner = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
        if self.owner:
            shutil.chown(self.folder, self.owner)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", "imprimatur", "-A", "trust", "--no-instructions")
        self.start()
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE imprimatur")

    def address(self, database: str = "imprimatur") -> str:
        return f"postgres://imprimatur@127.0.0.1:{self.port}/{database}"

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", self.data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def stop_at_once(self):
        """Stop as in a crash: no transaction is finished, and the log is read again at the next start."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def remove(self):
        self.stop_at_once()
        shutil.rmtree(self.folder)

    def _run(self, program: str, *words):
        done = subprocess.run(
            [PROGRAMS[-1] / program, *words], user=self.owner, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr or done.stdout}")

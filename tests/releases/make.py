"""
Make the dumps of the release that `pyproject.toml` names, once, when it is released.

    python -m tests.releases.make --server postgres://…

The story that fills every table is told on SQLite and on PostgreSQL; the key that signed it is thrown away.
"""

import argparse
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.faults import databases, site

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="", help="the address of a PostgreSQL server")
    parser.add_argument("--of", default="", help="the address of a database that is to be made and dumped")
    options = parser.parse_args()
    if options.of:
        dump("" if options.of == "sqlite" else options.of)
        return
    with databases.made_on(options.server) as database:
        for address in ("sqlite", database):  # each in a process of its own: Django is set up once
            subprocess.run([sys.executable, "-m", "tests.releases.make", "--of", address], check=True)


def dump(database: str):
    folder = site.set_up(database)
    import config
    from reviews.evidence.ledger import keys
    from reviews.operations.backup.databases import row_counts
    from tests.ledger import story

    story.tell()
    facts = {"public_key": keys.signer().public, "rows": row_counts()}
    kind = "postgresql" if database else "sqlite"
    (HERE / f"{config.VERSION}.{kind}.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")
    text = of_postgresql(database) if database else of_sqlite(folder / "site.sqlite3")
    (HERE / f"{config.VERSION}.{kind}.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def of_sqlite(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def of_postgresql(address: str) -> str:
    words = ["pg_dump", "--no-owner", "--no-privileges", address.replace("postgres://", "postgresql://")]
    text = subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ).stdout
    return "".join(line for line in text.splitlines(True) if not line.startswith(("\\restrict", "\\unrestrict")))


if __name__ == "__main__":
    main()

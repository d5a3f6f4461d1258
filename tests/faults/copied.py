"""
Copies of a SQLite database that is being written to, as a power cut would leave it: opened, each has to be whole.

    python -m tests.faults.copied --rounds 200 [--break early]

A copy is the file and then its log, as they lie on the disk; none is taken for one during which the log began anew,
because no power cut leaves an old file beside a new log.
"""

import shutil
import sqlite3
import sys
import time
from pathlib import Path

from tests.faults import inspection, job, site
from tests.faults.command import Findings, options

SALTS = slice(16, 24)  # of the log's header: they are others when it begins anew (sqlite.org/fileformat2.html, 4.1)


def main():
    chosen = options(__doc__, rounds=200, breaks=["early"])
    sys.exit(run(chosen, site.prepare()))


def run(chosen, folder: Path) -> int:
    acknowledged = job.Acknowledged(folder / "acknowledged", early=chosen.broken == "early")
    job.run(acknowledged, articles=1)
    findings = Findings()
    writer = site.fork(lambda: job.run(acknowledged))
    another = sqlite3.connect(folder / "site.sqlite3")  # as other processes have it open: else the log goes each time
    another.execute("SELECT count(*) FROM sqlite_master")
    try:
        for number in range(chosen.rounds):
            findings.add(one_round(folder, folder / "copies" / str(number), acknowledged))
            if findings.sentences:
                break
    finally:
        site.kill(writer)
        another.close()
    return findings.told(f"{number + 1} copies", acknowledged)


def one_round(folder: Path, copy: Path, acknowledged) -> list[str]:
    """Copy the site while it is written to, and return in words what is wrong with the copy."""
    before = copied(folder, copy, acknowledged)
    site.finish(site.fork(lambda: (copy / "findings").write_text("\n".join(looked_at(copy, before)))))
    found = (copy / "findings").read_text().splitlines()
    shutil.rmtree(copy)
    return found


def copied(folder: Path, copy: Path, acknowledged) -> list[str]:
    """Copy the site to a new folder, and return what had been acknowledged before that began."""
    name, log = "site.sqlite3", "site.sqlite3-wal"
    while True:
        copy.mkdir(parents=True)
        before = acknowledged.read()
        salts = (folder / log).read_bytes()[SALTS]
        unfinished = shutil.ignore_patterns("*.part")  # renamed when they are whole, perhaps just now
        shutil.copytree(folder / "checkpoints", copy / "checkpoints", ignore=unfinished)
        shutil.copy(folder / name, copy)
        shutil.copy(folder / log, copy)
        if (folder / log).read_bytes()[SALTS] == salts == (copy / log).read_bytes()[SALTS]:
            return before
        shutil.rmtree(copy)
        time.sleep(0.01)


def looked_at(copy: Path, acknowledged: list[str]) -> list[str]:
    from django.conf import settings
    from django.db import connections

    settings.CHECKPOINT_DIR = copy / "checkpoints"
    connections["default"].settings_dict["NAME"] = copy / "site.sqlite3"
    return inspection.wrong(acknowledged)


if __name__ == "__main__":
    main()

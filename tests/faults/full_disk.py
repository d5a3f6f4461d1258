"""
A disk that fills up under a SQLite database while steps are taken, and is given room again.

    python -m tests.faults.full_disk --rounds 20 [--break early|answers]

Mounts a small file system in memory, which only root may do.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults import inspection, job, site
from tests.faults.command import Findings, options

SIZE = 24 * 1024 * 1024
ARTICLES = 3  # in each half of a round


def main():
    chosen = options(__doc__, rounds=20, breaks=["early", "answers"])
    disk, notes = (Path(tempfile.mkdtemp(prefix=f"imprimatur-{name}-")) for name in ("disk", "notes"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
    os.environ["FAULTS_FOLDER"] = str(disk)
    try:
        site.prepare()
        code = run(chosen, disk, notes)
    finally:
        from django.db import connections

        connections.close_all()
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()
        shutil.rmtree(notes)
    sys.exit(code)


def run(chosen, disk, notes) -> int:
    """Fill the disk and give it room, round after round; what is written down in `notes` always finds room."""
    acknowledged = job.Acknowledged(notes / "acknowledged", early=chosen.broken == "early")
    refused = job.Acknowledged(notes / "refused")
    if chosen.broken == "answers":
        answer_any_fault_with_500()
    chance, findings = random.Random(chosen.seed), Findings()
    number = 0
    while number < chosen.rounds or ("503" not in refused.read() and number < 5 * chosen.rounds):
        number += 1
        findings.add(one_round(disk / "ballast", chance, acknowledged, refused))
    findings.add(inspection.wrong(acknowledged.read()))
    answers = refused.read()
    findings.add(f"a step was answered with {answer}" for answer in answers if answer not in ("503", "none"))
    if "503" not in answers:
        findings.add(["the disk was never full when a step was taken"])
    return findings.told(f"{number} rounds", acknowledged, f"{answers.count('503')} steps answered with 503")


def one_round(ballast: Path, chance, acknowledged, refused) -> list[str]:
    """Leave the disk a few kilobytes, take steps, make room, and take steps again, which then have to be taken."""
    free = os.statvfs(ballast.parent).f_bavail * os.statvfs(ballast.parent).f_frsize
    ballast.write_bytes(bytes(max(0, free - chance.randrange(0, 600_000))))
    site.finish(site.fork(lambda: job.run(acknowledged, refused=refused, articles=ARTICLES)))
    ballast.unlink()
    before = len(acknowledged.read())
    site.finish(site.fork(lambda: job.run(acknowledged, articles=1)))
    taken = len(acknowledged.read()) - before
    return [] if taken == len(job.STEPS) else [f"with room again {taken} of {len(job.STEPS)} steps were taken"]


def answer_any_fault_with_500():
    from django.views import defaults

    from config import urls

    urls.handler500 = defaults.server_error


if __name__ == "__main__":
    main()

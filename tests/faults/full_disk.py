"""
A disk that fills up under a SQLite database while steps are taken, and is given room again.

    python -m tests.faults.full_disk --rounds 20 [--break early|answers]

Mounts a small file system in memory; where that is not allowed, files may not grow beyond a limit instead.
"""

import os
import random
import resource
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
    fill = fill_the_disk if mounted(disk) else limit_the_files
    os.environ["FAULTS_FOLDER"] = str(disk)
    try:
        site.prepare()
        code = run(chosen, disk, notes, fill)
    finally:
        from django.db import connections

        connections.close_all()
        if fill is fill_the_disk:
            subprocess.run(["umount", "--lazy", disk], check=True)
        shutil.rmtree(disk)
        shutil.rmtree(notes)
    sys.exit(code)


def mounted(disk: Path) -> bool:
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(chosen, disk, notes, fill) -> int:
    """Fill the disk and give it room, round after round; what is written down in `notes` always finds room."""
    acknowledged = job.Acknowledged(notes / "acknowledged", early=chosen.broken == "early")
    refused = job.Acknowledged(notes / "refused")
    if chosen.broken == "answers":
        answer_any_fault_with_500()
    chance, findings = random.Random(chosen.seed), Findings()
    number = 0
    while number < chosen.rounds or ("503" not in refused.read() and number < 5 * chosen.rounds):
        number += 1
        findings.add(one_round(disk, chance, fill, acknowledged, refused))
    findings.add(inspection.wrong(acknowledged.read()))
    answers = refused.read()
    findings.add(f"a step was answered with {answer}" for answer in answers if answer not in ("503", "none"))
    if "503" not in answers:
        findings.add(["the disk was never full when a step was taken"])
    steps = f"{answers.count('503')} steps answered with 503"
    return findings.told(f"{number} rounds", acknowledged, steps, fill.__doc__)


def one_round(disk: Path, chance, fill, acknowledged, refused) -> list[str]:
    """Leave little room, take steps, make room, and take steps again, which then have to be taken."""
    fill(disk, chance, lambda: job.run(acknowledged, refused=refused, articles=ARTICLES))
    before = len(acknowledged.read())
    site.finish(site.fork(lambda: job.run(acknowledged, articles=1)))
    taken = len(acknowledged.read()) - before
    return [] if taken == len(job.STEPS) else [f"with room again {taken} of {len(job.STEPS)} steps were taken"]


def fill_the_disk(disk: Path, chance, task):
    """on a disk that was full"""
    stat, ballast = os.statvfs(disk), disk / "ballast"
    ballast.write_bytes(bytes(max(0, stat.f_bavail * stat.f_frsize - chance.randrange(0, 600_000))))
    site.finish(site.fork(task))
    ballast.unlink()


def limit_the_files(disk: Path, chance, task):
    """with files that could not grow"""
    most = chance.randrange(400_000, 3_000_000)

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        task()

    site.finish(site.fork(limited))


def answer_any_fault_with_500():
    from django.views import defaults

    from config import urls

    urls.handler500 = defaults.server_error


if __name__ == "__main__":
    main()

"""
PostgreSQL stopped at once, as in a crash, at random instants while steps are taken, and started again.

    python -m tests.faults.stopped --rounds 50 [--break early]

Needs PostgreSQL's programs; the server is one of its own.
"""

import random
import sys
import time

from tests.faults import inspection, job, site
from tests.faults.command import Findings, options
from tests.faults.databases import Server


def main():
    chosen = options(__doc__, rounds=50, breaks=["early"])
    server = Server()
    try:
        sys.exit(run(chosen, server, site.prepare(server.address())))
    finally:
        server.remove()


def run(chosen, server, folder) -> int:
    acknowledged = job.Acknowledged(folder / "acknowledged", early=chosen.broken == "early")
    refused = job.Acknowledged(folder / "refused")
    chance, findings = random.Random(chosen.seed), Findings()
    for _ in range(chosen.rounds):
        one_round(server, acknowledged, refused, chance)
        findings.add(f"acknowledged and lost: {step}" for step in inspection.lost(acknowledged.read()))
    findings.add(inspection.wrong(acknowledged.read()))
    answers = refused.read()
    findings.add(f"a step was answered with {answer}" for answer in answers if answer not in ("503", "none"))
    return findings.told(f"{chosen.rounds} stops", acknowledged, f"{answers.count('503')} steps answered with 503")


def one_round(server, acknowledged, refused, chance):
    """Stop the server while steps are taken, let some fail, and start it again."""
    before = len(acknowledged.read())
    web = site.fork(lambda: job.run(acknowledged, refused=refused))
    until = time.monotonic() + 20
    while len(acknowledged.read()) == before and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.3))
    server.stop_at_once()
    time.sleep(0.1)
    site.kill(web)
    server.start()


if __name__ == "__main__":
    main()

"""
kill -9 of the process that answers requests and of the worker, each at a random instant, round after round.

    python -m tests.faults.killed --rounds 1000 [--server postgres://…] [--break early|mail]

Each round starts both anew. Without a server the database is a SQLite file; on a server one is made and dropped.
"""

import os
import random
import sys
import time

from tests.faults import databases, inspection, job, site
from tests.faults.command import Findings, options

LOOK_EACH = 50  # rounds


def main():
    chosen = options(__doc__, rounds=1000, breaks=["early", "mail"], server=True)
    with databases.made_on(chosen.server) as database:
        sys.exit(run(chosen, site.prepare(database)))


def run(chosen, folder) -> int:
    acknowledged = job.Acknowledged(folder / "acknowledged", early=chosen.broken == "early")
    if chosen.broken == "mail":
        order_mail_after_the_commit()
    job.run(acknowledged, articles=1)  # here, so that the forked processes find all modules loaded
    longest = seconds_of_an_article(acknowledged) * 1.3  # an article is published, and the next is begun
    site.drain()
    chance, findings = random.Random(chosen.seed), Findings()
    for number in range(1, chosen.rounds + 1):
        one_round(acknowledged, chance, longest)
        findings.add(f"acknowledged and lost: {step}" for step in inspection.lost(acknowledged.read()))
        findings.add(inspection.wrong_orders())
        if number % LOOK_EACH == 0:
            findings.add(inspection.wrong(acknowledged.read()))
        if findings.sentences:
            break
    site.drain()
    never, twice = inspection.unsent(folder / "mails")
    findings.add([*inspection.wrong(acknowledged.read()), *never])
    return findings.told(f"{number} rounds", acknowledged, f"{twice} mails were sent a second time after a crash")


def seconds_of_an_article(acknowledged) -> float:
    start = time.monotonic()
    job.run(acknowledged, articles=1)
    return time.monotonic() - start


def one_round(acknowledged, chance, longest: float):
    """Start both. When the first is about to take steps, kill each at a random instant within `longest` seconds."""
    reading, writing = os.pipe()
    worker = site.fork(site.worker)
    web = site.fork(lambda: job.run(acknowledged, ready=lambda: os.write(writing, b"1")))
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    moments, passed = sorted((chance.uniform(0, longest), process) for process in (web, worker)), 0.0
    for moment, process in moments:
        time.sleep(moment - passed)
        passed = moment
        site.kill(process)


def order_mail_after_the_commit():
    """Let a step's mail be enqueued a moment after the commit of the step: a crash in between loses it."""
    from django.db import transaction

    from reviews.messages import mail

    def enqueue(recipient, subject, body, page="", *, at_once=True):
        def late():
            time.sleep(0.05)
            mail.deliver.enqueue(recipient, subject, body, page=page, at_once=at_once)

        transaction.on_commit(late)

    mail.enqueue = enqueue


if __name__ == "__main__":
    main()

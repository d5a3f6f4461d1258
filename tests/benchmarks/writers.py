"""
Several processes that take steps on one SQLite file, for a while: how long each step took, and whether one failed.

    python -m tests.benchmarks.writers --seconds 60 --writers 4
"""

import argparse
import json
import statistics
import sys
import time

from tests.faults import inspection, job, site


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=4)
    chosen = parser.parse_args()
    folder = site.prepare()
    acknowledged, times = job.Acknowledged(folder / "acknowledged"), job.Acknowledged(folder / "times")
    job.run(acknowledged, articles=1)
    until = time.monotonic() + chosen.seconds
    writers = [site.fork(lambda: write(acknowledged, times, until)) for _ in range(chosen.writers)]
    for each in writers:
        site.finish(each)
    print(json.dumps(report(times, acknowledged)))
    sys.exit(0)


def write(acknowledged, times, until: float):
    """Take articles from draft to public until the time is over, and note how long each request took."""
    from django.test import Client

    post = Client.post

    def timed(*args, **kwargs):
        start = time.perf_counter()
        answer = post(*args, **kwargs)
        times.note(str(time.perf_counter() - start))
        return answer

    Client.post = timed
    while time.monotonic() < until:
        job.run(acknowledged, articles=1)


def report(times, acknowledged) -> dict:
    taken = sorted(float(line) for line in times.read())
    return {
        "steps": len(taken),
        "median": statistics.median(taken),
        "p99": taken[int(len(taken) * 0.99)],
        "longest": taken[-1],
        "wrong": inspection.wrong(acknowledged.read()),
    }


if __name__ == "__main__":
    main()

"""What the commands share: their options, and how they say what they found."""

import argparse
import time
from collections.abc import Iterable


def options(text: str, *, rounds: int, breaks: list[str], server: bool = False) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--break", dest="broken", choices=breaks, help="a promise broken on purpose: the exit is 1")
    if server:
        parser.add_argument("--server", default="", help="the address of a PostgreSQL server; else SQLite")
    return parser.parse_args()


class Findings:
    """Sentences of what is not as promised."""

    def __init__(self):
        self.sentences, self.start = [], time.monotonic()

    def add(self, sentences: Iterable[str]):
        self.sentences += sentences

    def told(self, rounds: str, acknowledged, *more: str) -> int:
        """Print what was done and found, and return the exit code; having looked at no step is a failure too."""
        from django.db import connection

        from reviews.models import LedgerEvent

        steps, events = len(acknowledged.read()), LedgerEvent.objects.count()
        seconds = time.monotonic() - self.start
        said = [f"{rounds} in {seconds:.0f} s", f"{steps} steps acknowledged", f"{events} events", *more]
        print(f"{connection.vendor}: {', '.join(said)}.")
        for sentence in sorted(set(self.sentences))[:20]:
            print(sentence)
        return 1 if self.sentences or not steps else 0

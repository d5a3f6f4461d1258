"""A race of two processes, and its result beside what is legal."""

from collections import Counter
from dataclasses import dataclass

from tests.races.pairs import PAIRS
from tests.races.runner import run


@dataclass
class Result:
    """For each round: what became of both steps, the state the article is in, and what does not fit its events."""

    name: str
    numbers: range
    outcomes: list[tuple[str, str]]
    found: dict[int, tuple[str, list[str]]]
    ledger: list[str]

    def illegal(self) -> list[str]:
        """Return each round that did not end as if one step came after the other."""
        legal = PAIRS[self.name].legal
        rounds = [(number, outcome, *self.found[number]) for number, outcome in self._rounds()]
        return [
            f"{self.name}, round {number}: {outcome}, then {state}; {'; '.join(problems) or 'consistent'}"
            for number, outcome, state, problems in rounds
            if legal.get(outcome) != state or problems
        ]

    def never_seen(self) -> set[tuple[str, str]]:
        """Return the legal ends that no round had: with a fair start each side is first now and then."""
        return set(PAIRS[self.name].legal) - set(self.outcomes)

    def counts(self) -> str:
        ends = Counter(f"{' + '.join(outcome)} = {self.found[n][0]}" for n, outcome in self._rounds())
        return "; ".join(f"{count} x {end}" for end, count in ends.most_common())

    def _rounds(self) -> zip:
        return zip(self.numbers, self.outcomes, strict=True)


def race(name: str, numbers: range, environment: dict[str, str], *, guarded: bool = True) -> Result:
    """Let two processes take the pair's steps once for each number, each time on a new article."""
    sides = [("tests.races.rounds:take_part", (name, numbers, side, guarded)) for side in (0, 1)]
    left, right = run(sides, environment)
    outcomes = list(zip(left["outcomes"], right["outcomes"], strict=True))
    return Result(name, numbers, outcomes, left["found"] | right["found"], left["ledger"])

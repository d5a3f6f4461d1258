"""
The machine is graded: with its own seeds and scripted attempts it has to find every seeded fault of `mutants.py`.

A fault counts as found when a history breaks with the model or an invariant. The first that finds it is enough; with
IMPRIMATUR_EVERY_SEED=1 every seed is tried, and it is printed how many found it.
"""

import os

import pytest

from tests.reviews.machine import stage
from tests.reviews.machine.driver import Tally
from tests.reviews.machine.invariants import Violation
from tests.reviews.machine.machine import run, run_scripted
from tests.reviews.machine.mutants import MUTANTS
from tests.reviews.machine.test_machine import EXAMPLES, SEEDS, STEPS

EVERY_SEED = bool(os.environ.get("IMPRIMATUR_EVERY_SEED"))

BROKEN = (NameError, TypeError, AttributeError)  # the fault was seeded wrong: that finds nothing

pytestmark = pytest.mark.grading


def test_every_seeded_fault_is_found(db, subtests):
    here = stage.build()

    for mutant in MUTANTS:
        with subtests.test(fault=mutant.name):
            ways = found(here, mutant)
            print(f"{mutant.name}: found by {len(ways)}: {ways[:1]}", flush=True)
            assert ways, f"no seed found the fault: {mutant.name}"


def found(here, mutant) -> list[str]:
    """Return how the fault was found: by the scripted attempts and each seed, or by the first that found it."""
    ways = []
    for seed in (None, *SEEDS):
        if way := how(here, mutant, seed):
            ways.append(way)
            if not EVERY_SEED:
                break
    return ways


def how(here, mutant, seed: int | None) -> str:
    """Return what broke, in which history of this seed or of the script; nothing if the fault was not found."""
    tally = Tally()
    try:
        with mutant.active():
            if seed is None:
                run_scripted(here, tally)
            else:
                run(here, tally, seed=seed, examples=EXAMPLES, steps=STEPS)
    except Violation as violation:
        if isinstance(violation.__cause__, BROKEN):
            raise
        return f"{f'seed {seed}' if seed else 'script'}, history {tally.examples}: {str(violation)[:150]}"
    return ""

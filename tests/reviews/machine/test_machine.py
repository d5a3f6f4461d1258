"""
The workflow against the model, in random plays from fixed seeds; `machine.py` lists what has to hold.

What was tried is counted, so that "no failure" cannot mean "nothing tried".
"""

from django.db import connection

from reviews.workflow.table import STEPS as TABLE
from tests.reviews.machine import stage
from tests.reviews.machine.driver import Tally
from tests.reviews.machine.machine import run, run_scripted

SEEDS = (11, 23, 37, 59, 83)
# Played only while something was met too seldom: chance depends on the numbers of rows.
MORE_SEEDS = (101, 127, 149, 173)
EXAMPLES, STEPS = 15, 45
ENOUGH = 5
IMPOSSIBLE = {("draft", "cancel_schedule"): "what was never submitted has no schedule to cancel"}


def test_random_histories_do_what_the_model_says(db, subtests):
    tally, here = Tally(), stage.build()
    if connection.vendor == "postgresql":  # it plans badly with the statistics that other tests have left
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    with subtests.test(seed="scripted"):
        run_scripted(here, tally)
    for seed in SEEDS:
        with subtests.test(seed=seed):
            run(here, tally, seed=seed, examples=EXAMPLES, steps=STEPS)

    for seed in MORE_SEEDS:
        if rare(tally) or seldom(tally):
            with subtests.test(seed=seed):
                run(here, tally, seed=seed, examples=EXAMPLES, steps=STEPS)

    print(f"\n{tally.examples} histories, {tally.steps} attempts, {len(tally.cells)} cells of state and step tried")
    assert not rare(tally), f"tried too seldom in a state that the table allows: {rare(tally)}"
    assert not seldom(tally), f"too seldom: {seldom(tally)}"


def rare(tally: Tally) -> dict[tuple[str, str], int]:
    """Return how often each step was tried in a state that the table allows, if that was too seldom."""
    cells = [(str(state), step.name) for step in TABLE.values() for state in step.states]
    return {cell: tally.cells[cell] for cell in cells if cell not in IMPOSSIBLE and tally.cells[cell] < ENOUGH}


def seldom(tally: Tally) -> dict[tuple[str, str], int]:
    """Return how often each step was taken, or refused for the person or the state, if that was too seldom."""
    return {
        (step, kind): tally.outcomes[step, kind]
        for step in TABLE
        for kind in ("taken", "who", "when")
        if tally.outcomes[step, kind] < ENOUGH
    }

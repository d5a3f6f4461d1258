"""
The workflow against the model, in random plays from fixed seeds; `machine.py` lists what has to hold.

What was tried is counted, so that "no failure" cannot mean "nothing tried".
"""

from reviews.workflow.table import STEPS as TABLE
from tests.reviews.machine import stage
from tests.reviews.machine.driver import Tally
from tests.reviews.machine.machine import run, run_scripted

SEEDS = (11, 23, 37, 59, 83)
EXAMPLES, STEPS = 15, 45
ENOUGH = 5
IMPOSSIBLE = {("draft", "cancel_schedule"): "what was never submitted has no schedule to cancel"}


def test_random_histories_do_what_the_model_says(db, subtests):
    tally, here = Tally(), stage.build()

    with subtests.test(seed="scripted"):
        run_scripted(here, tally)
    for seed in SEEDS:
        with subtests.test(seed=seed):
            run(here, tally, seed=seed, examples=EXAMPLES, steps=STEPS)

    cells = [(str(state), step.name) for step in TABLE.values() for state in step.states]
    rare = {cell: tally.cells[cell] for cell in cells if cell not in IMPOSSIBLE and tally.cells[cell] < ENOUGH}
    print(f"\n{tally.examples} histories, {tally.steps} attempts, {len(tally.cells)} cells of state and step tried")
    assert not rare, f"tried too seldom in a state that the table allows: {rare}"
    seldom = {
        (step, kind): tally.outcomes[step, kind]
        for step in TABLE
        for kind in ("taken", "who", "when")
        if tally.outcomes[step, kind] < ENOUGH
    }
    assert not seldom, f"too seldom: {seldom}"

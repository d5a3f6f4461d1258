"""Each seeded fault still applies: the line that it changes is there, once. Whether it is found, `make grade` tells."""

import pytest

from tests.reviews.machine.mutants import MUTANTS

pytestmark = pytest.mark.once


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_fault_applies(mutant):
    with mutant.active():
        pass


def test_no_two_faults_have_one_name():
    names = [mutant.name for mutant in MUTANTS]

    assert len(names) == len(set(names))


def test_the_list_of_faults_names_each():
    """The docstring is what a reader sees first; it has a line for each fault, in the order of the list."""
    from tests.reviews.machine import mutants

    listed = [line[4:37].strip() for line in mutants.__doc__.splitlines() if line.startswith("    ")]

    assert listed == [mutant.name for mutant in MUTANTS]

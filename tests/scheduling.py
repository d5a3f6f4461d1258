"""Which tests one process runs together: they share what is costly, or what two processes would fight over."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {  # the beginning of a path: the name of the group
    "tests/backup/": "one filled site and its backup",
    "tests/docs/test_operator.py": "one run of the operator's commands",
    "tests/deploy/test_roles.py": "two roles of the database server",
    "tests/deploy/test_start.py": "two roles of the database server",
    "tests/ledger/test_attacks.py": "what an attack leaves behind",
}


def group_of(nodeid: str) -> str:
    """Return the group of a test; one that is in no group is its own."""
    return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), nodeid)


class Grouped(LoadScopeScheduling):
    """
    Send each group to one process, and every other test to the next process that is free.

    The mark `xdist_group` is not used: under pytest 9.2, pytest-xdist 3.8 passes it over without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

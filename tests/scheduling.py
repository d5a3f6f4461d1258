"""Which tests one process runs together: they share what is costly, or what two processes would fight over."""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
FILLED_ONCE = ("told", "story", "filled", "full", "filled_site", "world")  # fixtures that fill a site for a module
ASKS = re.compile(rf"def \w+\([^)]*\b({'|'.join(FILLED_ONCE)})\b")

TOGETHER = {  # the beginning of a path: the name of the group
    "tests/backup/": "one filled site and its backup",
    "tests/docs/test_operator.py": "one run of the operator's commands",
    "tests/deploy/test_roles.py": "two roles of the database server",
    "tests/deploy/test_start.py": "two roles of the database server",
    "tests/ledger/test_attacks.py": "what an attack leaves behind",
}


def group_of(nodeid: str) -> str:
    """Return the group of a test: that of its path, its file if that fills a site once, or the test alone."""
    file = nodeid.partition("::")[0]
    alone = file if fills_a_site(file) else nodeid
    return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), alone)


@cache
def fills_a_site(file: str) -> bool:
    """Tell whether tests of the file use rows that are made once for all of them: each process would make them anew."""
    path = ROOT / file
    return path.is_file() and ASKS.search(path.read_text()) is not None


class Grouped(LoadScopeScheduling):
    """
    Send each group to one process, and every other test to the next process that is free.

    The mark `xdist_group` is not used: under pytest 9.2, pytest-xdist 3.8 passes it over without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

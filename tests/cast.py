"""
The usual people, made once for many tests in a row instead of anew for each.

To enter one of them takes as long as a short test: an account, a name, roles, a seat, each an event of the ledger. They
are made in transactions around those of the tests, one inside the other, and stay until a test wants others. What a
test does to them is undone with the test.
"""

from collections.abc import Callable
from contextlib import ExitStack

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import override_settings

from tests import factories

OF_ALL = "disclaimers"  # whoever writes an article needs them
MADE: dict[str, Callable] = {
    OF_ALL: factories.disclaimers,
    "author": factories.author,
    "editor": factories.editor,
    "clinical": factories.clinical,
    "specialist": factories.specialist,
    "editor2": factories.editor2,
    "pharmacist": factories.pharmacist,
    "lay": factories.lay,
}


class Cast:
    """Who is there, in the order of `MADE`, each with the transaction in which they were entered."""

    def __init__(self) -> None:
        self._there: list[tuple[str, int | None, ExitStack]] = []

    def assemble(self, wanted: set[str]) -> None:
        """Let just these people be there: whoever comes after the first that is not wanted is entered anew."""
        names = [name for name in MADE if name in wanted]
        kept = 0
        while kept < min(len(names), len(self._there)) and self._there[kept][0] == names[kept]:
            kept += 1
        self.leave(kept)
        for name in names[kept:]:
            inside = ExitStack()
            around = transaction.atomic()
            around._from_testcase = True  # as of Django's own TestCase: a durable transaction may begin inside
            inside.enter_context(around)
            person = MADE[name]()
            self._there.append((name, person.pk if person else None, inside))

    def leave(self, kept: int = 0) -> None:
        """Undo all but the first of them."""
        while len(self._there) > kept:
            _, _, inside = self._there.pop()
            transaction.set_rollback(True)
            inside.close()

    def person(self, name: str):
        """Return the account with what belongs to it; enter it in the test's own transaction if it is not there."""
        found = next((key for known, key, _ in self._there if known == name), None)
        if found is None:
            return MADE[name]()
        rows = get_user_model().objects.select_related("contributor", "board_member")
        return rows.get(pk=found)


cast = Cast()


def prepare(wanted: set[str], folder) -> None:
    with override_settings(CHECKPOINT_DIR=folder):
        cast.assemble(wanted)

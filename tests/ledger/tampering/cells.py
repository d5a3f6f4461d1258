"""Changes of one cell of one row, the rows they are tried on, and whether a problem names the place."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviews.evidence.ledger.rows import columns
from tests.ledger import attacks
from tests.ledger.attacks import undone


def is_named(problems, kind: str, position: int, *words: str) -> bool:
    """Tell whether one of the problems is of this kind, at this position, and has one of these words."""
    return any(
        problem.kind == kind
        and problem.position == position
        and (not words or any(w in problem.message for w in words))
        for problem in problems
    )


def middle(model):
    there = attacks.keys_of(model)
    return there[len(there) // 2]


def sample(model) -> list:
    """Return the first, the middle and the last key of a table."""
    keys_there = attacks.keys_of(model)
    return list(dict.fromkeys([keys_there[0], keys_there[len(keys_there) // 2], keys_there[-1]]))


@dataclass(frozen=True)
class Cell:
    """A change of one column of one row."""

    model: type
    key: object
    column: str
    how: str
    value: object

    def is_changed(self) -> bool:
        """Change it; tell whether the row differs now: PostgreSQL refuses some, and cuts off spaces that do not fit."""
        before = attacks.raw(self.model, self.key)[self.column]
        taken = attacks.change(self.model, self.key, self.column, self.value)
        return taken and (
            self.column == self.model._meta.pk.column or attacks.raw(self.model, self.key)[self.column] != before
        )


def cells(model, key, *names) -> list[Cell]:
    """Return every change of every column of the row, or of those named."""
    before = attacks.raw(model, key)
    return [
        Cell(model, key, field.column, how, value)
        for field in columns(model)
        for how, value in attacks.other_values(field, before[field.column])
        if not names or field.column in names
    ]


def tried(every: list[Cell]) -> Iterator[Cell]:
    """Yield each change that the database takes, while it is in force."""
    for cell in every:
        with undone():
            if cell.is_changed():
                yield cell

"""Rows of a draft saved by one person, so that each history row says who."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError

from articles.importing.imported import quoted


class NotImported(ValueError):
    """Raised where a file is well formed but cannot be stored: one sentence that says why."""


class Saver:
    """Save and delete tracked rows in a person's name; `changes` counts the rows that were touched."""

    def __init__(self, user):
        self.user = user
        self.changes = 0

    def save(self, row, **fields):
        """Give the row these values and save it if it is new or one of them differs; return the row."""
        differing = [name for name, value in fields.items() if getattr(row, name, None) != value]
        for name in differing:
            setattr(row, name, fields[name])
        if row._state.adding:
            self._write(row)
        elif differing:
            self._write(row, update_fields=differing)
        return row

    def delete(self, row) -> None:
        with self._named(row):
            row.delete()

    def _write(self, row, **kwargs) -> None:
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)  # the database does, and in one query
        except ValidationError as error:
            name = row._meta.verbose_name
            reason = " ".join(" ".join(error.messages).split()).rstrip(".")
            raise NotImported(f"The {name} {quoted(str(row))} cannot be stored: {reason}.") from None
        with self._named(row):
            row.save(**kwargs)

    @contextmanager
    def _named(self, row):
        row._history_user = self.user
        try:
            yield
        finally:
            del row._history_user
        self.changes += 1

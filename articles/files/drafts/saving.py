"""Rows of a draft saved by one person, so that each history row says who."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from articles.models import Reference
from articles.models.rows.told import tell
from articles.text.plain.plaintext import quoted

AT_ONCE = 400  # rows in one statement


class NotImported(ValueError):
    """Raised where a file is well formed but cannot be stored: one sentence that says why."""


class Saver:
    """Save and delete tracked rows in a person's name; `changes` counts the rows that were touched."""

    def __init__(self, user):
        self.user = user
        self.changes = 0

    def save(self, row, **fields):
        """Give the row these values and save it if it is new or one of them differs; return the row."""
        differing = _change(row, fields)
        if row._state.adding:
            self._write(row)
        elif differing:
            self._write(row, update_fields=differing)
        return row

    def save_all(self, rows: list[tuple]) -> list:
        """
        Do what `save` does with each (row, fields), all of one model, in a few statements; return the rows.

        The models' own `save` is not run: the values have to be in the form in which it stores them. Call within
        `together`, so that what is told of is told once.
        """
        found = [(row, _change(row, fields)) for row, fields in rows]
        new = [row for row, _ in found if row._state.adding]
        changed = [row for row, differing in found if differing and not row._state.adding]
        names = sorted({name for row, differing in found if not row._state.adding for name in differing})
        for row in new + changed:
            _check(row, exclude=[field.name for field in row._meta.fields if field.is_relation])
        how = {"batch_size": AT_ONCE, "default_user": self.user}
        if new:
            bulk_create_with_history(new, type(new[0]), **how)
        if changed:
            bulk_update_with_history(changed, type(changed[0]), names, **how)
        for row in new + changed:
            if isinstance(row, Reference):
                tell(row, self.user)
        self.changes += len(new) + len(changed)
        return [row for row, _ in rows]

    def delete_all(self, rows: list) -> None:
        """Delete rows of one model, which nothing else points at, in a few statements; each leaves its history."""
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            manager = type(some[0])._base_manager
            history = type(some[0]).history.model
            history.objects.bulk_create(_deletion(history, row, self.user) for row in some)
            manager.filter(pk__in=[row.pk for row in some])._raw_delete(manager.db)
        self.changes += len(rows)

    def _write(self, row, **kwargs) -> None:
        _check(row)
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


def _change(row, fields: dict) -> list[str]:
    """Give the row these values and return the names of those that were others."""
    differing = [name for name, value in fields.items() if getattr(row, name, None) != value]
    for name in differing:
        setattr(row, name, fields[name])
    return differing


def _check(row, exclude=()) -> None:
    """Raise NotImported where a value breaks a rule of its field."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)  # the database checks those
    except ValidationError as error:
        name = row._meta.verbose_name
        reason = " ".join(" ".join(error.messages).split()).rstrip(".")
        raise NotImported(f"The {name} {quoted(str(row))} cannot be stored: {reason}.") from None


def _deletion(history, row, user):
    """Return the history row that says who deleted the row, and what it held."""
    held = {field.attname: getattr(row, field.attname) for field in history.tracked_fields}
    return history(history_type="-", history_date=timezone.now(), history_user=user, **held)

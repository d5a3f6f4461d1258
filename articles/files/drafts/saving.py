"""Save the rows of a draft in one person's name, which each history row records."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.utils import (
    bulk_create_with_history,
    bulk_update_with_history,
    get_history_model_for_model,
)

from articles.models import Reference
from articles.models.rows.announced import announce
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

Row = TypeVar("Row", bound=models.Model)

AT_ONCE = 400  # rows in one statement


class NotImported(ValueError):
    """Raised if a well-formed file cannot be stored, with the reason as a sentence."""


class Saver:
    """Saves and deletes tracked rows in a person's name. `changes` counts the changed rows."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.changes = 0

    def save(self, row: Row, **fields: Any) -> Row:
        """Set these fields of the row, save it if it is new or changed, and return it."""
        differing = _change(row, fields)
        if row._state.adding:
            self._write(row)
        elif differing:
            self._write(row, update_fields=differing)
        return row

    def save_all(self, rows: Sequence[tuple[Row, dict[str, Any]]]) -> list[Row]:
        """
        Save each (row, fields) of one model as `save` does, in a few statements; return the rows.

        The model's own `save` does not run, so the values must be in their stored form. Call it within
        `announced_together`, so that all changes are announced at once.
        """
        found = [(row, _change(row, fields)) for row, fields in rows]
        new = [row for row, _ in found if row._state.adding]
        changed = [row for row, differing in found if differing and not row._state.adding]
        names = sorted({name for row, differing in found if not row._state.adding for name in differing})
        for row in new + changed:
            _check(row, exclude=[field.name for field in row._meta.fields if field.is_relation])
        how: dict[str, Any] = {"batch_size": AT_ONCE, "default_user": self.user}
        if new:
            bulk_create_with_history(new, type(new[0]), **how)
        if changed:
            bulk_update_with_history(changed, type(changed[0]), names, **how)
        for row in new + changed:
            if isinstance(row, Reference):
                announce(row, self.user)
        self.changes += len(new) + len(changed)
        return [row for row, _ in rows]

    def delete_all(self, rows: Sequence[models.Model]) -> None:
        """Delete rows of one model, to which no other row points, in a few statements, and keep their history."""
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            manager = type(some[0])._base_manager
            history = get_history_model_for_model(type(some[0]))
            history.objects.bulk_create(_deletion(history, row, self.user) for row in some)
            manager.filter(pk__in=[row.pk for row in some])._raw_delete(manager.db)
        self.changes += len(rows)

    def _write(self, row: models.Model, **kwargs: Any) -> None:
        _check(row)
        with self._named(row):
            row.save(**kwargs)

    @contextmanager
    def _named(self, row: models.Model) -> Iterator[None]:
        row._history_user = self.user  # type: ignore[attr-defined]  # read by simple-history
        try:
            yield
        finally:
            del row._history_user  # type: ignore[attr-defined]  # set above
        self.changes += 1


def _change(row: models.Model, fields: dict[str, Any]) -> list[str]:
    """Set these fields of the row and return the names of the changed ones."""
    differing = [name for name, value in fields.items() if getattr(row, name, None) != value]
    for name in differing:
        setattr(row, name, fields[name])
    return differing


def _check(row: models.Model, exclude: Iterable[str] = ()) -> None:
    """Raise NotImported if a value is not valid for its field."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)  # the database checks those
    except ValidationError as error:
        name = row._meta.verbose_name
        reason = " ".join(" ".join(error.messages).split()).rstrip(".")
        raise NotImported(
            _("The {name} {row} cannot be stored: {reason}.").format(name=name, row=quoted(str(row)), reason=reason)
        ) from None


def _deletion(history: Any, row: models.Model, user: User) -> models.Model:
    """Return the history row of a deletion, with the user and the row's last values."""
    held = {field.attname: getattr(row, field.attname) for field in history.tracked_fields}
    return history(history_type="-", history_date=timezone.now(), history_user=user, **held)

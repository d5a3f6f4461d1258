"""
Append-only models: rows are inserted once, and never updated or deleted.

These guards only give a clear error in Python. The protection is the triggers: the database itself refuses the same.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords

from articles.models.rows.put import insert

Row = TypeVar("Row", bound=models.Model, covariant=True)


class EvidenceIsAppendOnly(TypeError):
    """Raised when code tries to change or delete a row that is evidence."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"{str(model._meta.verbose_name).capitalize()} rows are evidence: they are only ever added.")


class AppendOnlyQuerySet(models.QuerySet[Row]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise EvidenceIsAppendOnly(self.model)

    def delete(self) -> NoReturn:
        raise EvidenceIsAppendOnly(self.model)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsAppendOnly(self.model)

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsAppendOnly(self.model)

    def bulk_create(self, objs: Iterable[Row], *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Row]:
        if update_conflicts:
            raise EvidenceIsAppendOnly(self.model)
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyHistoryQuerySet(AppendOnlyQuerySet[Any], HistoricalQuerySet):
    pass


class AppendOnlyHistoryManager(HistoryManager):
    """The history manager of a model. Its class is cached: the library makes a new one at each access of `history`."""

    from_queryset = cache(HistoryManager.from_queryset)


class AppendOnly(models.Model):
    """A row that is inserted once. Saving it again, or deleting it, raises EvidenceIsAppendOnly."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. No signal is sent: nothing else is done when evidence is added."""
        if not self._state.adding:
            raise EvidenceIsAppendOnly(type(self))
        insert(self, kwargs.get("using") or DEFAULT_DB_ALIAS)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsAppendOnly(type(self))


def history(**kwargs: Any) -> HistoricalRecords:
    """Return the history of a model: append-only rows, kept after the row itself is deleted, with the user of each."""
    return HistoricalRecords(
        bases=[AppendOnly],
        history_manager=AppendOnlyHistoryManager,
        historical_queryset=AppendOnlyHistoryQuerySet,
        user_db_constraint=False,
        **kwargs,
    )

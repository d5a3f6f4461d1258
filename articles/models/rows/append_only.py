"""
What is written once and never changed.

These guards give a clear error in Python. Triggers protect: the database refuses the same, whatever the door.
"""

from functools import cache

from django.db import models
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords


class EvidenceIsAppendOnly(TypeError):
    """Raised when code tries to change or delete a row that is evidence."""

    def __init__(self, model):
        super().__init__(f"{model._meta.verbose_name.capitalize()} rows are evidence: they are only ever added.")


class AppendOnlyQuerySetMixin:
    def update(self, **kwargs):
        raise EvidenceIsAppendOnly(self.model)

    def delete(self):
        raise EvidenceIsAppendOnly(self.model)

    def bulk_update(self, objs, fields, batch_size=None):
        raise EvidenceIsAppendOnly(self.model)

    def update_or_create(self, defaults=None, create_defaults=None, **kwargs):
        raise EvidenceIsAppendOnly(self.model)

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise EvidenceIsAppendOnly(self.model)
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyQuerySet(AppendOnlyQuerySetMixin, models.QuerySet):
    pass


class AppendOnlyHistoryQuerySet(AppendOnlyQuerySetMixin, HistoricalQuerySet):
    pass


class AppendOnlyHistoryManager(HistoryManager):
    """The history of a model. Its class is made once, not at every mention of `history` as the library does."""

    from_queryset = cache(HistoryManager.from_queryset)


class AppendOnly(models.Model):
    """A row that is inserted once. Saving it again, or deleting it, raises EvidenceIsAppendOnly."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise EvidenceIsAppendOnly(type(self))
        kwargs["force_insert"] = True
        kwargs.pop("force_update", None)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise EvidenceIsAppendOnly(type(self))


def history(**kwargs) -> HistoricalRecords:
    """Return the history of a model: append-only rows that outlive what they tell of, with who made them."""
    return HistoricalRecords(
        bases=[AppendOnly],
        history_manager=AppendOnlyHistoryManager,
        historical_queryset=AppendOnlyHistoryQuerySet,
        user_db_constraint=False,
        **kwargs,
    )

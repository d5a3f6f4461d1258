"""What is alike in all that readers send: a private address, an outcome, and a form that stores nothing twice."""

import datetime
import hashlib
from typing import Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SentQuerySet(models.QuerySet[Any]):
    """Rows that readers sent: each with a state, a date of deletion and the digest of a token."""

    def open(self) -> Self:
        """Return the rows that wait for an editor."""
        return self.filter(state=self.model.State.OPEN)

    def expired(self, today: datetime.date) -> Self:
        """Return the rows whose date of deletion is over."""
        return self.filter(delete_after__lt=today)

    def with_token(self, token: str) -> Any:
        """Return the row with this private status address, or None."""
        return self.filter(token_digest=digest_of(token)).select_related("merged_into").first()

    def locked(self) -> list[Any]:
        """Return the rows, locked until the transaction ends, always in the same order."""
        return list(self.select_for_update(of=("self",)).order_by("pk"))


class Settled(models.Model):
    """
    Something that a reader sent and that an editor settles. It may be merged into another, whose outcome then counts.

    `NO_OUTCOME` has the columns of the outcome, with their values while there is none.
    """

    State: ClassVar[Any]
    NO_OUTCOME: ClassVar[dict[str, Any]]

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; those merged into it take over its state first, so that their senders lose nothing."""
        rows: Any = type(self)._default_manager
        with transaction.atomic():
            for current in rows.filter(pk=self.pk).locked():
                for other in rows.filter(merged_into=current).locked():
                    other.settle(**{name: getattr(current, name) for name in self.NO_OUTCOME})
            return super().delete(*args, **kwargs)

    def settle(self, **outcome: Any) -> None:
        """
        Save this outcome, without any part of an earlier one. The row has to be locked.

        Only the columns of the outcome are written, so that a row deleted in the meantime does not come back.
        """
        for name, value in {**self.NO_OUTCOME, **outcome}.items():
            setattr(self, name, value)
        self.save(update_fields=[*self.NO_OUTCOME])

    @property
    def outcome(self) -> Self:
        """Return the row whose state counts: the one that this was merged into, or itself."""
        other: Self | None = getattr(self, "merged_into")  # noqa: B009 (a field of each subclass)
        return other or self

    @property
    def is_open(self) -> bool:
        return self._is(self.State.OPEN)

    @property
    def is_merged(self) -> bool:
        return self._is(self.State.MERGED)

    def _is(self, state: str) -> bool:
        return bool(getattr(self, "state") == state)  # noqa: B009 (a field of each subclass)


def digest_of(token: str) -> str:
    """Return what is stored of a private status address."""
    return hashlib.sha256(token.encode()).hexdigest()


class SentForm(models.Model):
    """
    That a form was sent, by the digest of its token, so that the same form stores nothing again once that is deleted.

    The digest says nothing about what was sent or who sent it. It is deleted after a date, when the form sends no more.
    """

    KEPT = datetime.timedelta(days=1)  # longer than a form can be sent

    token_digest = models.CharField(max_length=64, primary_key=True)
    delete_after = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["delete_after"], name="sent_form_to_delete")]  # the daily deletion

    def __str__(self) -> str:
        return str(_("A form that was sent"))


Row = TypeVar("Row", bound=Settled)
SENT_BEFORE = {
    "question": _(
        "You sent this question before, and it has been deleted. If you want to send it again, send it from here."
    ),
    "errorreport": _(
        "You sent this report before, and it has been deleted. If you want to send it again, send it from here."
    ),
}


def stored_once(model: type[Row], token: str, days: int, **fields: Any) -> Row:
    """
    Store what a reader sends with a form; return the stored row if the form was sent twice.

    Raise ValidationError if it was sent before and is deleted: only a new page of the form can send it again.
    """
    today, digest = timezone.localdate(), digest_of(token)
    delete_after = today + datetime.timedelta(days=days)
    try:
        with transaction.atomic():
            SentForm.objects.create(token_digest=digest, delete_after=today + SentForm.KEPT)
            row: Row = model._default_manager.create(token_digest=digest, delete_after=delete_after, **fields)
            return row
    except IntegrityError:
        if stored := model._default_manager.filter(token_digest=digest).first():
            known: Row = stored
            return known
        raise ValidationError(SENT_BEFORE[model._meta.model_name or ""]) from None

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints
from reviews.evidence.ledger.keys import WrongKey
from reviews.models import Checkpoint, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import restored


class Command(BaseCommand):
    help = "Sign the ledger's head, and write the missing files of all checkpoints. Run daily."

    def handle(self, **options: Any) -> None:
        head = LedgerHead.objects.get(pk=1)
        if head.position:
            restored.put_apart(head.ledger_id)
            _require_no_later_one(head)
        newest = Checkpoint.objects.order_by("size").last()
        if newest is None or newest.size < head.position or not head.position:
            try:
                with transaction.atomic(durable=True):
                    ledger.append(Action.CHECKPOINT_MADE, actor=None)
            except WrongKey as error:
                raise CommandError(error) from error
            newest = Checkpoint.objects.latest("size")
        written = checkpoints.write_missing_files(newest.ledger_id)
        if not all(path.exists() for path in checkpoints.paths_of(newest)):
            raise CommandError(
                f"The checkpoint at {newest.size} events in the database is not signed by this ledger, so its file was "
                "not written: run “manage.py verify_ledger”."
            )
        folder = checkpoints.folder(newest.ledger_id)
        self.stdout.write(
            f"The newest checkpoint is at {newest.size} events, in {folder}; wrote the missing files of {written} "
            "checkpoints."
        )
        if unlike := checkpoints.unlike():
            raise CommandError(
                f"Different from the database, and left unchanged: {', '.join(unlike)}. Keep both versions. “manage.py "
                "verify_ledger” says which of the two is not signed by this ledger. If it is the file, remove it: the "
                "next run writes it again."
            )


def _require_no_later_one(head: LedgerHead) -> None:
    """Raise CommandError if a kept checkpoint is newer: a new one would be mistaken for the lost one of its size."""
    sizes = [int(path.stem) for path in checkpoints.folder(head.ledger_id).glob("*.txt") if path.stem.isdecimal()]
    if max(sizes, default=0) > LedgerHead.objects.get(pk=1).position:
        raise CommandError(
            f"A checkpoint kept outside is at {max(sizes)} events, and the ledger ends at {head.position}. "
            "If an older backup was restored, run “manage.py accept_restore” first."
        )

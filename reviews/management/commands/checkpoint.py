from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints
from reviews.evidence.ledger.keys import WrongKey
from reviews.models import Checkpoint, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import restored


class Command(BaseCommand):
    help = "Sign the ledger's head, and write the file of every checkpoint that has none. Run daily."

    def handle(self, **options):
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
            newest = Checkpoint.objects.order_by("size").last()
        written = checkpoints.write_missing_files(newest.ledger_id)
        if not all(path.exists() for path in checkpoints.paths_of(newest)):
            raise CommandError(
                f"The checkpoint at {newest.size} events, as the database holds it, is not signed by this ledger, and "
                "is written nowhere: run “manage.py verify_ledger”."
            )
        folder = checkpoints.folder(newest.ledger_id)
        self.stdout.write(
            f"The newest checkpoint is at {newest.size} events, in {folder}; {written} checkpoints lacked a file."
        )
        if unlike := checkpoints.unlike():
            raise CommandError(
                f"Not what the database holds, and left as found: {', '.join(unlike)}. Keep both. “manage.py "
                "verify_ledger” says which of the two is not signed by this ledger; a file that is not can be taken "
                "away, and is then written anew."
            )


def _require_no_later_one(head: LedgerHead):
    """Refuse to go on with an older database: what is signed now could not be told from what was lost."""
    sizes = [int(path.stem) for path in checkpoints.folder(head.ledger_id).glob("*.txt") if path.stem.isdecimal()]
    if max(sizes, default=0) > LedgerHead.objects.get(pk=1).position:
        raise CommandError(
            f"A checkpoint kept outside is at {max(sizes)} events, and the ledger ends at {head.position}. "
            "If an older backup was restored, run “manage.py accept_restore” first."
        )

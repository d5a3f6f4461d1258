from django.core.management.base import BaseCommand
from django.db import transaction

from reviews import ledger
from reviews.ledger import checkpoints
from reviews.ledger.verifying import restored
from reviews.models import Checkpoint, LedgerHead


class Command(BaseCommand):
    help = "Sign the ledger's head, and write the file of every checkpoint that has none. Run daily."

    def handle(self, **options):
        head = LedgerHead.objects.get(pk=1)
        newest = Checkpoint.objects.order_by("size").last()
        if newest is None or newest.size < head.position or not head.position:
            with transaction.atomic(durable=True):
                ledger.append("checkpoint_made", actor=None, checkpoint=True)
            newest = Checkpoint.objects.order_by("size").last()
        restored.put_apart(newest.ledger_id)
        written = checkpoints.write_missing_files(newest.ledger_id)
        folder = checkpoints.folder(newest.ledger_id)
        self.stdout.write(
            f"The newest checkpoint is at {newest.size} events, in {folder}; {written} files were missing."
        )

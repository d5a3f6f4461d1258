import dataclasses
import json
import sys
import time
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.evidence.ledger import keys
from reviews.verifying import Report, verify


class Command(BaseCommand):
    help = (
        "Verify the whole ledger: links, hashes, signatures, the rows of each event, the replayed state, checkpoints "
        "and triggers. Names the first bad position and exits with 1 if there is a problem."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--no-signatures", action="store_true", help="do not verify the signatures of the events")
        parser.add_argument(
            "--public-key",
            type=keys.public_key,
            metavar="HEX",
            help="the key to trust, instead of that of LEDGER_KEY_FILE",
        )

    def handle(self, *, no_signatures: bool, public_key: str | None, **options: Any) -> None:
        start = time.perf_counter()
        try:
            report = verify(check_signatures=not no_signatures, public_key=public_key)
        except ImproperlyConfigured as error:
            raise CommandError(f"{error} Or name the key to trust with --public-key.") from error
        seconds = time.perf_counter() - start
        if options["json"]:
            fields = {**dataclasses.asdict(report), "whole": report.is_whole, "seconds": round(seconds, 3)}
            self.stdout.write(json.dumps(fields, indent=2, ensure_ascii=False))
        else:
            self._print(report, seconds, looked_at_signatures=not no_signatures)
        if not report.is_whole:
            sys.exit(1)

    def _print(self, report: Report, seconds: float, *, looked_at_signatures: bool) -> None:
        self.stdout.write(
            f"Verified {report.events:,} events, {report.signatures:,} signatures, {report.rows:,} rows of evidence, "
            f"{report.history_rows:,} history rows of drafts, {report.settings:,} settings, {report.checkpoints:,} "
            f"checkpoints and {report.checkpoint_files:,} checkpoint files in {seconds:.1f} s."
        )
        if report.events and not report.settings_from:
            self.stdout.write("Names, addresses and accounts are not recorded yet: the next event records them.")
        for restore in report.restored:
            self.stdout.write(f"{restore.position}: restored: {restore}")
        for problem in report.problems:
            self.stdout.write(f"{problem.position}: {problem.kind}: {problem.message}")
        if first := report.first:
            self.stdout.write(f"The first bad position is {first.position}: {first.message}")
        elif looked_at_signatures:
            self.stdout.write("All is well: the ledger is whole, and the database agrees with it.")
        else:
            self.stdout.write("The database agrees with the ledger. The signatures of the events were not verified.")

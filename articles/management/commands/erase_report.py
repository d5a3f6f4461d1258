from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import ErrorReport


class Command(BaseCommand):
    help = (
        "Delete a reader's report of an error before its date, at the wish of the person who sent it. Name it by its "
        "number, or by its private status address or the code at the end of that. Reports that were merged into it "
        "keep its outcome."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", metavar="REPORT", help="number, status address, or code of the report")

    def handle(self, *, report: str, **options: Any) -> None:
        name = report.rstrip("/").rpartition("/")[2]
        is_number = name.isascii() and name.isdigit() and len(name) < 19
        row = ErrorReport.objects.filter(pk=name).first() if is_number else ErrorReport.objects.with_token(name)
        if row is None:
            raise CommandError("There is no such report. It may have been deleted already.")
        number = row.pk
        row.delete()
        self.stdout.write(f"Report {number} was deleted. Backups made before still have it.")

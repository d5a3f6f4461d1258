import datetime
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import OperationalError
from django.utils import timezone

from articles.text.citations.retractions.standing import Standing
from articles.text.citations.retractions.watch import MOST_BYTES, NotAList, WatchList, read
from articles.text.plain.plaintext import quoted
from reviews import workflow
from reviews.workflow.steps.beside.retractions import ReadList, Touched

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Load the list of Retraction Watch, a CSV file, and put it in force. Every reference is compared with it by "
        "DOI and PMID. The editors get a task for each published article that cites a work whose standing changed. A "
        "refusal changes nothing and exits 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument(
            "--as-of", type=day, metavar="DAY", help="the day of the list, as 2026-11-30; today if left out"
        )
        parser.add_argument("--name", default="", help="its name; “Retraction Watch” if left out")
        parser.add_argument(
            "--accept-fewer", action="store_true", help="load it although it names far fewer works than the last one"
        )

    @no_translations  # what a command says is English
    def handle(self, *, file: Path, as_of: datetime.date | None, name: str, accept_fewer: bool, **options: Any) -> None:
        today = timezone.localdate()
        if as_of and as_of > today:
            raise CommandError(f"The list cannot be of a day to come: {as_of.isoformat()}.")
        data = content(file)
        try:
            found = read(data)
            listed = ReadList(
                name=name.strip()[:200] or "Retraction Watch",
                as_of=as_of or today,
                sha256=hashlib.sha256(data).hexdigest(),
                rows=found.rows,
                records=found.records,
            )
            touched = workflow.load_retractions(listed, actor=None, accept_fewer=accept_fewer)
        except (NotAList, workflow.NotNow) as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The database cannot be used now ({' '.join(str(error).split())}).") from None
        for sentence in sentences(listed, found, touched):
            self.stdout.write(sentence)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def content(file: Path) -> bytes:
    """Return the bytes of the file, at most one more than the limit."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CommandError(f"The file {quoted(str(file))} cannot be read: {said}.") from None


def sentences(listed: ReadList, found: WatchList, touched: list[Touched]) -> list[str]:
    """Return the results as sentences."""
    said = [
        f"{listed.name}, as of {listed.as_of.isoformat()}: {found.rows:,} rows, SHA-256 {listed.sha256}. "
        f"{found.unnamed:,} rows name neither a DOI nor a PMID of the work."
    ]
    said += shown(found.faults, "row that could not be read", "rows that could not be read")
    works = [
        f"{work.version.article.slug}, version {work.version.number}: [@{work.key}] "
        f"{Standing(work.standing).label.lower()}"
        for work in touched
    ]
    return said + (
        shown(works, "cited work to look at", "cited works to look at") or ["No published article is touched."]
    )


def shown(lines: list[str], one: str, many: str) -> list[str]:
    """Return the first lines under their number; nothing if there are none."""
    if not lines:
        return []
    more = [f"  and {len(lines) - MOST_SHOWN:,} more"] if len(lines) > MOST_SHOWN else []
    return [f"{len(lines):,} {one if len(lines) == 1 else many}:", *(f"  {line}" for line in lines[:MOST_SHOWN]), *more]

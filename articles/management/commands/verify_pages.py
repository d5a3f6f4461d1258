import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.site.verifying import comparing, edge


class Command(BaseCommand):
    help = (
        "Compare the pages of every published version, for every audience, with the signed text: as rendered now and "
        "as cached. With --url, fetch the live pages too, by every kind of request that may get another copy. Exits "
        "with 1 and names each page that differs, with the place (database, renderer, cache or edge), and each page "
        "that cannot be fetched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", metavar="BASE", help="fetch the pages from this site, as https://example.org")

    def handle(self, *, url: str | None, **options: Any) -> None:
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise CommandError("Give the address of the site as https://example.org.")
        compared = unseen = 0
        differ: set[str] = set()
        try:
            for version in comparing.versions().iterator(chunk_size=100):
                done = comparing.compare(version, url or "")
                compared += done.pages
                differ |= {finding.page for finding in done.findings if finding.place}
                unseen += sum(not finding.place for finding in done.findings)
                for finding in done.findings:
                    self.stdout.write(str(finding))
        except edge.Unreachable as error:
            raise CommandError(f"{error} No further page was compared.") from error
        not_seen = f" {unseen} could not be fetched." if unseen else ""
        self.stdout.write(f"Compared {compared} pages with what was signed: {len(differ)} differ.{not_seen}")
        if differ or unseen:
            sys.exit(1)

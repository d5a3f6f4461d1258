import sys
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from articles.site.verifying import comparing, edge


class Command(BaseCommand):
    help = (
        "Compare what readers are shown with what was signed: every published version, for every audience, as it is "
        "rendered and as it is kept in the cache. With --url the live pages are fetched as well, by every way of "
        "asking that may lead to another copy. Exits with 1 and names each page that differs and the place, "
        "which is database, renderer, cache or edge, and each page that cannot be fetched."
    )

    def add_arguments(self, parser):
        parser.add_argument("--url", metavar="BASE", help="fetch the pages from this site, as https://example.org")

    def handle(self, *, url, **options):
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise CommandError("Give the address of the site as https://example.org.")
        compared, differ, unseen = 0, set(), 0
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

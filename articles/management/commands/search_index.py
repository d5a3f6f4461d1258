import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.search.index import checking, rebuilding
from articles.search.meaning import vectors


class Command(BaseCommand):
    help = (
        "Make the search index anew from the signed texts of everything that readers may find. The site stays in use. "
        "With --check, change nothing: name each article that is missing in the index, differs from its signed text or "
        "may not be found, and exit with 1 if there is one, or if passages lack a vector of the installed encoder."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare the index with the signed texts")

    def handle(self, *, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"The search index was made anew: {rebuilding.rebuild()} articles.")
            return
        found = checking.differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            self.stdout.write("Run “manage.py search_index” to make the index anew.")
        else:
            self.stdout.write("The search index is what the signed texts say.")
        if lacking := vectors.number_missing():
            self.stdout.write(f"Passages in the index: {lacking} without a vector. The worker makes vectors.")
        if found or lacking:
            sys.exit(1)

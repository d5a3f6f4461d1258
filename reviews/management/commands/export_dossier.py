from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Article
from reviews.desk.article.dossier import making
from reviews.evidence.ledger import dossiers


class Command(BaseCommand):
    help = (
        "Write the dossier of an article as an archive: all that is recorded of it, with the ledger that proves it. "
        "It is confidential. Anyone can verify it with “verify_export.py --dossier FILE”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the address of the article")
        parser.add_argument("file", type=Path, metavar="FILE", help="the archive to write, such as dossier.zip")

    def handle(self, *, slug: str, file: Path, **options: Any) -> None:
        article = Article.objects.filter(slug=slug).first() or Article.objects.filter(former_slugs__slug=slug).first()
        if article is None:
            raise CommandError(f"There is no article at the address “{slug}”.")
        try:
            content = making.archive_of(article)
        except (dossiers.NotAsRecorded, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        beside = file.with_name(f".{file.name}.part")
        try:
            beside.touch(mode=0o600)
            beside.write_bytes(content)
            beside.replace(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        finally:
            beside.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {len(content):,} bytes. Verify it with “verify_export.py --dossier {file}”.")

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import OperationalError

from articles.files.apart import MOST_BYTES, read
from articles.files.drafts.store import NotImported, Report, store
from articles.files.imported import BadFile, ImportedArticle
from articles.models import Article, Audience
from articles.text.plain.plaintext import quoted


class Command(BaseCommand):
    help = "Store a Word file, or a Markdown file with front matter, as a draft. A refusal stores nothing and exits 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a .docx file of at most 10 MB, or .html or Markdown of at most 5 MB"
        )
        parser.add_argument("--author", required=True, metavar="USERNAME", help="the account that imports and writes")
        parser.add_argument(
            "--update",
            action="store_true",
            help="update the draft of an existing article with the changes of the file",
        )

    @no_translations  # what a command says is English
    def handle(self, *, file: Path, author: str, update: bool, **options: Any) -> None:
        report = Report()
        try:
            known = frozenset(Audience.objects.values_list("key", flat=True))
            imported = read(content(file), audiences=known, name=file.name)
            article = store(imported, author=account(author), update=update, report=report)
        except (BadFile, NotImported) as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The database cannot be used now ({' '.join(str(error).split())}).") from None
        for sentence in sentences(article, imported, report):
            self.stdout.write(sentence)


def content(file: Path) -> bytes:
    """Return the bytes of the file, at most one more than the limit."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise NotImported(f"There is no file {quoted(str(file))}.") from None
    except IsADirectoryError:
        raise NotImported(f"{quoted(str(file))} is a directory; name a file in it.") from None
    except PermissionError:
        raise NotImported(f"The file {quoted(str(file))} may not be read by this account of the computer.") from None
    except (OSError, ValueError):
        raise NotImported(f"The file {quoted(str(file))} cannot be read.") from None


def account(username: str) -> User:
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        raise NotImported(f"There is no account {quoted(username)}.") from None


def sentences(article: Article, imported: ImportedArticle, report: Report) -> list[str]:
    """Return the results of the import as sentences."""
    said = [first_sentence(article, report)]
    if report.topics_created:
        said.append(f"Topics created: {', '.join(report.topics_created)}.")
    return said + imported.kept + imported.warnings + report.warnings


def first_sentence(article: Article, report: Report) -> str:
    title = quoted(article.title, limit=300)
    if not report.changes:
        return f"The file contains nothing new. The draft of {title} is unchanged."
    done = f"The draft of {title} is {'made' if report.created else 'updated'} ({article.slug})"
    works = f"{report.references_new} new, {report.references_matched} matched in the library"
    works += f", {report.references_kept} kept" if report.references_kept else ""
    works += f", {report.references_stay} as the desk has it" if report.references_stay else ""
    sections, references = report.sections, report.references
    return (
        f"{done}: {sections} {'section' if sections == 1 else 'sections'}, "
        f"{references} {'reference' if references == 1 else 'references'} ({works})."
    )

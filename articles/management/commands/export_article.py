from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db.models import Q

from articles.files.drafts.as_content import of_draft
from articles.files.exporting.documents.markdown import CannotBeWritten, markdown
from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Notice, Version, VersionText
from articles.text.addresses import address_of
from articles.text.plain.plaintext import quoted

DRAFT = "Draft, not reviewed"


class Command(BaseCommand):
    help = "Write an article as a Markdown file that import_article reads again. A refusal writes nothing and exits 1."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version name a version of the article, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the address of the article")
        parser.add_argument("--format", choices=["md"], default="md", help="md, the default: Markdown")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--version", type=int, dest="number", metavar="N", help="this version; else the public one")
        which.add_argument("--draft", action="store_true", help="the draft, marked as not reviewed")
        parser.add_argument("--output", type=Path, metavar="FILE", help="a new file; without it the text is printed")

    @no_translations  # what a command says is English
    def handle(self, *, slug: str, number: int | None, draft: bool, output: Path | None, **options: Any) -> None:
        article = Article.objects.filter(slug=slug).first()
        if article is None:
            raise CommandError(f"There is no article {quoted(slug)}.")
        content, status = (of_draft(article), DRAFT) if draft else frozen(article, number)
        try:
            text = markdown(content, slug=slug, status=status, original=original_of(content))
        except CannotBeWritten as refusal:
            raise CommandError(str(refusal)) from None
        if output is None:
            self.stdout.write(text, ending="")
        else:
            save(output, text)


def frozen(article: Article, number: int | None) -> tuple[dict[str, Any], str]:
    """Return the content of a version and a sentence about its status. Raise CommandError if there is none."""
    versions = Version.objects.filter(article=article)
    wanted = {"pk": article.published_version_id or 0} if number is None else {"number": number}
    found = versions.filter(**wanted).first()
    if found is None:
        raise CommandError(
            "The article has no public version; use --draft or --version N."
            if number is None
            else f"The article has no version {number}."
        )
    try:
        content = frozen_content(found)
    except VersionText.DoesNotExist:
        raise CommandError(f"The text of version {found.number} is erased.") from None
    except DamagedText:
        raise CommandError(f"The stored text of version {found.number} is not the signed one.") from None
    state = "public" if found.pk == article.published_version_id else "not the public version"
    travelling = Q(kind__in=Notice.kinds("travels"), versions__number__lt=found.number)
    notices = article.notices.in_force().filter(Q(versions=found) | travelling).order_by("pk").distinct()
    called = [notice.get_kind_display() for notice in notices]
    return content, ", ".join([f"Version {found.number}", state, *called, f"SHA-256 {found.digest}"])


def original_of(content: dict[str, Any]) -> str:
    """Return the path of the version that was translated; empty for a text that is no translation."""
    original = content.get("translation_of")
    if original is None:
        return ""
    slug = Article.objects.values_list("slug", flat=True).get(public_id=original["article"])
    return address_of(slug, original["version"])


def save(output: Path, text: str) -> None:
    """Write a new file; an existing one stays as it is."""
    try:
        with output.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise CommandError(f"The file {quoted(str(output))} exists already; name a new one.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise CommandError(f"The file {quoted(str(output))} cannot be written ({reason}).") from None

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from articles import checks
from articles.checks.grouped import Group, grouped
from articles.files.apart import read
from articles.files.drafts.as_content import of_draft, of_file
from articles.files.drafts.saving import NotImported
from articles.files.imported import BadFile
from articles.management.commands.import_article import content as bytes_of
from articles.models import Article, Audience
from articles.review_process import review_process
from articles.text.plain.plaintext import quoted


class Command(BaseCommand):
    help = "Run the automatic checks over a file or the draft of an article. Exits 1 if anything blocks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "text", metavar="FILE|SLUG", help="a file that ends with .md, .docx or .html, or the address of an article"
        )
        parser.add_argument("--json", action="store_true", help="print the findings as canonical JSON")
        parser.add_argument(
            "--as-of",
            type=datetime.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day on which the text is judged; today without it",
        )

    @no_translations  # what a command says is English
    def handle(self, *, text: str, json: bool, as_of: datetime.date | None, **options: Any) -> None:
        day = as_of or timezone.localdate()
        content = content_of(text)
        found = checks.run(content, day)
        if article := Article.objects.filter(slug=text).first():
            found = checks.as_overridden(found, review_process().overridden(article.pk, found))
        for line in [checks.as_json(found, day)] if json else lines(content, found):
            self.stdout.write(line)
        if any(finding.blocks for finding in found):
            raise SystemExit(1)


def content_of(text: str) -> dict[str, Any]:
    """Return the content of a file or draft. Raise CommandError if there is none, or if the file cannot be read."""
    if not text.lower().endswith((".md", ".docx", ".html", ".htm")):
        article = Article.objects.filter(slug=text).first()
        if article is None:
            raise CommandError(f"There is no article {quoted(text)}. A file ends with .md, .docx or .html.")
        return of_draft(article)
    audiences = dict(Audience.objects.order_by("position", "key").values_list("key", "label"))
    try:
        return of_file(read(bytes_of(Path(text)), audiences=frozenset(audiences), name=Path(text).name), audiences)
    except (BadFile, NotImported) as refusal:
        raise CommandError(str(refusal)) from None


def lines(content: dict[str, Any], found: list[checks.Finding]) -> Iterator[str]:
    """Yield the findings, grouped by severity and rule."""
    levels = grouped(found, content)
    for level in levels:
        yield f"{level.label} ({level.count})"
        for group in level.groups:
            yield from of_group(group)
    if not levels:
        yield "Nothing found."
    yield f"Rules: {checks.ruleset()}"


def of_group(group: Group) -> Iterator[str]:
    yield f"  {group.rule.number} {group.rule.title} ({len(group.shown)})"
    for each in group.first:
        yield f"    {each.finding.message}{f' [{each.where}]' if each.where else ''}"
    if group.rest:
        yield f"    and {len(group.rest)} more"
    if group.hint:
        yield f"    -> {group.hint}"

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.http import Http404, HttpRequest

from articles.files.exporting.whole import CannotBeWritten, of_version, of_whole_draft
from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Version, VersionText
from articles.review_process import review_process
from articles.site.machines.files.context import context_of
from articles.site.machines.files.html.page import written as saved
from articles.site.machines.files.pdf.page import set_from
from articles.site.machines.files.pdf.typesetting import NoFont
from articles.text.languages import around_a_text
from articles.text.plain.plaintext import quoted

WHOLE = {"md": "md", "docx": "docx", "jats": "xml"}  # formats with the text for every audience, and their endings
PAGES = ("html", "pdf")
ONLY_VERSIONS = {"jats": "JATS", "html": "a page", "pdf": "a page"}
NOT_PRINTED = {"docx": "Word", "pdf": "PDF"}


class Command(BaseCommand):
    help = (
        "Write an article as Markdown or Word, which can be imported again, as JATS, or as the page that readers see: "
        "HTML or PDF. A refusal writes nothing and exits 1."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version name a version of the article, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the address of the article")
        parser.add_argument(
            "--format",
            choices=[*WHOLE, *PAGES],
            default="md",
            dest="form",
            help="md, the default: Markdown; docx: Word; jats: XML for archives; html and pdf: the page of a version",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--version", type=int, dest="number", metavar="N", help="this version; else the public one")
        which.add_argument("--draft", action="store_true", help="the draft, marked as not reviewed")
        parser.add_argument("--audience", metavar="KEY", help="of a page; else those for whom the text was written")
        parser.add_argument("--output", type=Path, metavar="FILE", help="a new file; without it the text is printed")

    @no_translations  # what a command says is English
    def handle(
        self,
        *,
        slug: str,
        form: str,
        number: int | None,
        draft: bool,
        audience: str | None,
        output: Path | None,
        **options: Any,
    ) -> None:
        article = Article.objects.filter(slug=slug).first()
        if article is None:
            raise CommandError(f"There is no article {quoted(slug)}.")
        if form in ONLY_VERSIONS and draft:
            raise CommandError(f"Only a version can be written as {ONLY_VERSIONS[form]}: a draft changes daily.")
        if form in NOT_PRINTED and output is None:
            raise CommandError(f"A {NOT_PRINTED[form]} file cannot be printed; name a new file with --output.")
        if audience and form in WHOLE:
            raise CommandError("--audience is for html and pdf: the other formats have the text for every audience.")
        data = self.written(article, number, form, audience, is_draft=draft)
        if output is None:
            self.stdout.write(data.decode(), ending="")
        else:
            save(output, data)

    def written(
        self, article: Article, number: int | None, form: str, audience: str | None, *, is_draft: bool
    ) -> bytes:
        try:
            if is_draft:
                return of_whole_draft(article, WHOLE[form])
            version = frozen(article, number)
            if form in WHOLE:
                return of_version(article, version, WHOLE[form])
            return as_page(version, form, audience or version.written_for)
        except CannotBeWritten as refusal:
            raise CommandError(str(refusal)) from None
        except NoFont:
            raise CommandError("The text has letters for which there is no font; write it as html.") from None


class FromTheSite(HttpRequest):
    """A request at the address of the site that the settings name: nobody has asked for this page by the web."""

    @property
    def scheme(self) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_host(self) -> str:
        return urlsplit(settings.SITE_URL).netloc


def as_page(version: Version, form: str, audience: str) -> bytes:
    """Return the page of a version as readers would see it, with its status. Raise CommandError or NoFont."""
    state = review_process().state(version)
    if not (state.is_submitted or state.is_under_review or state.is_approved):
        raise CommandError(f"Version {version.number} has no page: {state.stands.label}. Use another format.")
    request = FromTheSite()
    with around_a_text(version.language):
        try:
            context = context_of(version.article, version, audience)
        except Http404:
            raise CommandError(
                f"Version {version.number} was not signed for the audience {quoted(audience)}."
            ) from None
        return saved(request, context) if form == "html" else set_from(request, context)


def frozen(article: Article, number: int | None) -> Version:
    """Return a version with its text, the public one if no number is given. Raise CommandError if there is none."""
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
        frozen_content(found)
    except VersionText.DoesNotExist:
        raise CommandError(f"The text of version {found.number} is erased.") from None
    except DamagedText:
        raise CommandError(f"The stored text of version {found.number} is not the signed one.") from None
    return found


def save(output: Path, data: bytes) -> None:
    """Write a new file; an existing one stays as it is."""
    try:
        with output.open("xb") as opened:
            opened.write(data)
    except FileExistsError:
        raise CommandError(f"The file {quoted(str(output))} exists already; name a new one.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise CommandError(f"The file {quoted(str(output))} cannot be written ({reason}).") from None

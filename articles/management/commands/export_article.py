from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from articles.files.drafts.as_content import of_draft
from articles.files.exporting.documents.docx import docx
from articles.files.exporting.documents.jats import jats
from articles.files.exporting.documents.markdown import CannotBeWritten, markdown
from articles.files.exporting.told import beside, notices_called, original_of, signature
from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, PictureFile, Version, VersionText
from articles.review_process import review_process
from articles.site.machines.json_ld import NAME
from articles.text.plain.plaintext import quoted

DRAFT = "Draft, not reviewed"


class Command(BaseCommand):
    help = (
        "Write an article as Markdown or Word, which can be imported again, or as JATS. A refusal writes nothing and "
        "exits 1."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version name a version of the article, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the address of the article")
        parser.add_argument(
            "--format",
            choices=["md", "docx", "jats"],
            default="md",
            dest="form",
            help="md, the default: Markdown; docx: Word; jats: XML for archives",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--version", type=int, dest="number", metavar="N", help="this version; else the public one")
        which.add_argument("--draft", action="store_true", help="the draft, marked as not reviewed")
        parser.add_argument("--output", type=Path, metavar="FILE", help="a new file; without it the text is printed")

    @no_translations  # what a command says is English
    def handle(
        self, *, slug: str, form: str, number: int | None, draft: bool, output: Path | None, **options: Any
    ) -> None:
        article = Article.objects.filter(slug=slug).first()
        if article is None:
            raise CommandError(f"There is no article {quoted(slug)}.")
        if form == "jats" and draft:
            raise CommandError("Only a version can be written as JATS: a draft changes from day to day.")
        if form == "docx" and output is None:
            raise CommandError("A Word file cannot be printed; name a new file with --output.")
        try:
            if form == "docx":
                data = as_word(article, number, draft=draft)
            elif form == "jats":
                data = archived(article, number).encode()
            else:
                data = written(article, number, draft=draft).encode()
        except CannotBeWritten as refusal:
            raise CommandError(str(refusal)) from None
        if output is None:
            self.stdout.write(data.decode(), ending="")
        else:
            save(output, data)


def written(article: Article, number: int | None, *, draft: bool) -> str:
    """Return the draft or a version as Markdown. Raise CannotBeWritten or CommandError."""
    if draft:
        content, status = of_draft(article), DRAFT
    else:
        version, content = frozen(article, number)
        status = status_of(article, version)
    return markdown(content, slug=article.slug, status=status, original=original_of(content))


def as_word(article: Article, number: int | None, *, draft: bool) -> bytes:
    """Return the draft or a version as a Word file. Raise CannotBeWritten or CommandError."""
    version, content = (None, of_draft(article)) if draft else frozen(article, number)
    digests = {file["sha256"] for figure in content["figures"] for file in figure["files"]}
    rows = PictureFile.objects.filter(sha256__in=digests).values_list("sha256", "data") if digests else ()
    files = {digest: bytes(data) for digest, data in rows}
    told = beside(article, version, content)
    return docx(content, slug=article.slug, site=settings.SITE_URL, beside=told, files=files)


def archived(article: Article, number: int | None) -> str:
    """Return a version as JATS, with its status, its digest and who signed it. Raise CommandError if there is none."""
    version, content = frozen(article, number)
    state, process = review_process().state(version), review_process()
    facts = [
        ("status", status_of(article, version)),
        ("state of review", str(state.stands.label)),
        ("version", str(version.number)),
        ("SHA-256", version.digest),
        ("written for", content["written_for"]),
        ("risk", content["risk"]),
        ("use of artificial intelligence", " ".join(filter(None, content["ai_use"].values()))),
        ("evidence current to", content.get("evidence_current_to", "")),
        *(("approved by", signature(row)) for row in process.approvals([version]).get(version.pk, [])),
    ]
    return jats(
        content,
        publisher=NAME,
        slug=article.slug,
        site=settings.SITE_URL,
        facts=[(name, value) for name, value in facts if value],
        published=state.published_at.date().isoformat() if state.published_at else "",
    ).decode()


def frozen(article: Article, number: int | None) -> tuple[Version, dict[str, Any]]:
    """Return a version, the public one if no number is given, and its content. Raise CommandError if there is none."""
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
        return found, frozen_content(found)
    except VersionText.DoesNotExist:
        raise CommandError(f"The text of version {found.number} is erased.") from None
    except DamagedText:
        raise CommandError(f"The stored text of version {found.number} is not the signed one.") from None


def status_of(article: Article, version: Version) -> str:
    """Return what a reader of the file has to know of the version: whether it is public, its notices, its digest."""
    state = "public" if version.pk == article.published_version_id else "not the public version"
    called = notices_called(article, version)
    return ", ".join([f"Version {version.number}", state, *called, f"SHA-256 {version.digest}"])


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

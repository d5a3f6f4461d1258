"""
A whole article as a file, for every audience: the draft or a frozen version as Word, Markdown or JATS.

The command, the desk and readers' pages write their files here, so a version is the same file at each of these doors.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from articles.files.drafts.as_content import of_draft
from articles.files.exporting.documents.docx import docx
from articles.files.exporting.documents.jats import jats
from articles.files.exporting.documents.markdown import CannotBeWritten, markdown
from articles.files.exporting.told import beside, notices_called, original_of, signature
from articles.frozen.signed_text import frozen_content
from articles.models import Article, PictureFile, Version
from articles.review_process import review_process
from articles.site.machines.json_ld import NAME

__all__ = ["FORMS", "CannotBeWritten", "Form", "file_of", "of_version", "of_whole_draft"]

DRAFT = "Draft, not reviewed"
ENGLISH = "en"  # of what programs read beside a text


class Form(NamedTuple):
    """
    A kind of file, known by its ending.

    `write` takes the article, its version or None for the draft, and the content. `imports` tells whether the file can
    be imported again.
    """

    called: str
    media_type: str
    write: Callable[[Article, Version | None, dict[str, Any]], bytes]
    imports: bool = True


def of_version(article: Article, version: Version, form: str) -> bytes:
    """
    Return a frozen version as a file of one of `FORMS`; the same bytes until its status or a notice changes.

    Raise CannotBeWritten with a sentence for what the form cannot hold, VersionText.DoesNotExist if the text is erased,
    and DamagedText if it is not the signed one.
    """
    return FORMS[form].write(article, version, frozen_content(version))


def of_whole_draft(article: Article, form: str) -> bytes:
    """Return the draft as it is stored now, in a form that can be imported again. Raise CannotBeWritten."""
    return FORMS[form].write(article, None, of_draft(article))


def file_of(data: bytes, article: Article, version: Version | None, form: str) -> HttpResponse:
    """Return the response with which a browser saves the file of a version, or of the draft without one."""
    called = f"{article.slug}-v{version.number}" if version else f"{article.slug}-draft"
    response = HttpResponse(data, content_type=FORMS[form].media_type)
    response["Content-Disposition"] = f'attachment; filename="{called}.{form}"'
    return response


def _as_word(article: Article, version: Version | None, content: dict[str, Any]) -> bytes:
    digests = {file["sha256"] for figure in content["figures"] for file in figure["files"]}
    rows = PictureFile.objects.filter(sha256__in=digests).values_list("sha256", "data") if digests else ()
    files = {digest: bytes(data) for digest, data in rows}
    told = beside(article, version, content)
    return docx(content, slug=article.slug, site=settings.SITE_URL, beside=told, files=files)


def _as_markdown(article: Article, version: Version | None, content: dict[str, Any]) -> bytes:
    with translation.override(ENGLISH):  # a comment, as the keys of the front matter are
        status = DRAFT if version is None else status_of(article, version)
    return markdown(content, slug=article.slug, status=status, original=original_of(content)).encode()


def _as_jats(article: Article, version: Version | None, content: dict[str, Any]) -> bytes:
    """Return a version as JATS, with its status, its digest and who signed it."""
    assert version is not None  # noqa: S101 (a draft was refused before)
    state, process = review_process().state(version), review_process()
    with translation.override(ENGLISH):
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
    )


def status_of(article: Article, version: Version) -> str:
    """Return what a reader of the file has to know of the version: whether it is public, its notices, its digest."""
    state = "public" if version.pk == article.published_version_id else "not the public version"
    called = notices_called(article, version)
    return ", ".join([f"Version {version.number}", state, *called, f"SHA-256 {version.digest}"])


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    "docx": Form("Word", WORD, _as_word),
    "md": Form("Markdown", "text/markdown; charset=utf-8", _as_markdown),
    "xml": Form("JATS", "application/xml", _as_jats, imports=False),
}

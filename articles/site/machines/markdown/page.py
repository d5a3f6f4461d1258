"""
The public text of an article as Markdown, with its status before and after it.

Programs cut texts into parts and drop what stands around them. So a text that a notice pulls or doubts has its label
before each heading too, and its status again before its first words. A pending text has no Markdown: nobody has
approved it.
"""

import datetime
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as formatted

from articles.models import Article, Version
from articles.review_process import Approval, ReviewState, review_process
from articles.site.article_pages import at_its_address, retracted_rows, shown_version
from articles.site.facts import Facts, facts
from articles.site.machines.address import site
from articles.site.machines.markdown.blocks import Writer, paragraph
from articles.site.machines.markdown.escaping import escaped, link
from articles.site.machines.words.standing import named, standing
from articles.site.page import Page, page_of
from articles.text.languages import own_name

TYPE = "text/markdown; charset=utf-8"
SIGNS = "A superscript is written with ^ and a subscript with \\_."


@at_its_address
def markdown(request: HttpRequest, article: Article, audience: str) -> HttpResponse:
    """Return the published text of an article for an audience as Markdown; 404 for a text that is pending."""
    version = shown_version(article)
    around = facts(article, version, audience)
    page = page_of(version, audience)
    if around["is_pending"] or audience not in page.labels:
        raise Http404
    address = site(request) + reverse("article_for", args=[article.slug, audience])
    response = HttpResponse(written(address, article, version, audience, page, around), content_type=TYPE)
    response["Link"] = f'<{address}>; rel="canonical"'
    return response


def written(address: str, article: Article, version: Version, audience: str, page: Page, around: Facts) -> str:
    """Return the whole Markdown of a published text, whose page has this address."""
    doubted = around["pulled"] or around["concern"]
    label = doubted.consequences.called if doubted else ""
    status = status_of(version, page, around)
    blocks = [
        *status,
        f"# {escaped(named(version, around))}",
        "\n".join(f"- {line}" for line in _facts(address, article, version, audience, page, around)),
        *([status[0]] if label else []),
        Writer(address, label).article(page.html),
        *_section("Please note", label, lines_of(around["disclaimer"])),
        *_section("About this page", label, _about(version, page)),
        status[0],
    ]
    return "\n\n".join(blocks) + "\n"


def status_of(version: Version, page: Page, around: Facts) -> list[str]:
    """Return the status in a line, and after it each notice and each retracted work in a paragraph."""
    said = [*standing(around), f"Version {version.number}"]
    warning = around["pulled"].consequences.warning if around["pulled"] else ""
    found = [" ".join([f"Status: {'. '.join(said)}.", warning]).strip()]
    for row in around["notices"]:
        kind = row.notice.get_kind_display()
        title = f"{kind} of {row.earlier}, published before this one" if row.earlier else kind
        reason = " ".join(lines_of(row.notice.reason))
        issuer = escaped(row.notice.issued_by_name)
        found.append(f"Notice: {title}, issued by {issuer} on {_date(row.notice.issued_at)}. {reason}")
    for work in retracted_rows(around["retracted_works"], page.not_called_retracted):
        title = f" (“{escaped(work.work.title)}”)" if work.work.title else ""
        found.append(f"Notice: Reference {work.number}{title} is retracted.")
    return found


def _facts(address: str, article: Article, version: Version, audience: str, page: Page, around: Facts) -> Iterable[str]:
    """Yield a line for each fact about the text."""
    base = "/".join(address.split("/")[:3])
    yield f"Web page: {link(escaped(address), address)}"
    yield f"This text is for: {escaped(page.labels[audience])}"
    yield f"First published {_date(around['first_published'])}, last updated {_date(around['updated'])}"
    if page.authors:
        yield f"Written by {_listed(page.authors)}"
    for did, people in page.others.items():
        yield f"{did} by {_listed(people)}"
    yield from _reviewers(around, review_process().state(version))
    if around["reviewed"] and not around["concern"]:
        yield f"Page last reviewed {_date(around['reviewed'])}"
    if page.searched:
        yield f"Evidence current to {_date(page.searched)}"
    if page.translation_of and (original := around["original"]):
        title = link(escaped(original.title), base + reverse("article", args=[original.slug]))
        changed = ". The original has changed since" if around["original_changed"] else ""
        yield f"Translated from version {page.translation_of['version']} of {title}{changed}"
    elif page.translation_of:
        yield "Translated from a text that is no longer offered"
    for other in around["others"]:
        address = base + reverse("article", args=[other.slug])
        yield f"In {own_name(other.language)}: {link(escaped(other.title), address)}"
    if around["due"]:
        yield f"Next review due {_date(around['due'])}"
    if around["topics"]:
        yield f"Topics: {escaped(', '.join(topic.name for topic in around['topics']))}"
    signed = base + reverse("signed", args=[article.slug, version.number])
    yield f"Digest (SHA-256) of {link('the text that was signed', signed)}: {version.digest}"
    yield SIGNS


def _reviewers(around: Facts, state: ReviewState) -> Iterable[str]:
    """Yield who signed, in the words of the byline; nothing for a text that a notice pulls or doubts."""
    if around["pulled"] or around["concern"] or not around["signatures"]:
        return
    if around["full_review"]:
        yield f"Medically reviewed in full by {_signed(around['full_review'])}"
    if around["minor_since"]:
        yield f"Earlier minor changes reviewed by {_signed(around['minor_since'])}"
    if around["correction_since"]:
        yield f"Earlier corrections checked by {_signed(around['correction_since'])}"
    later = "Later " if around["full_review"] else ""
    change = "correction checked" if state.is_correction else "minor change reviewed" if state.is_minor else ""
    did = f"{later}{change}" if change else "Medically reviewed"
    yield f"{did[0].upper()}{did[1:]} by {_signed(around['signatures'])}"


def _signed(approvals: list[Approval]) -> str:
    return "; ".join(
        escaped(", ".join(filter(None, (one.printed_name, one.credentials, one.capacity))))
        + f", on {_date(one.signed_at)}"
        for one in approvals
    )


def _about(version: Version, page: Page) -> list[str]:
    changed = " ".join(lines_of(version.note))
    use = " ".join([f"{page.ai_use}.", *lines_of(page.ai_note)])
    return [f"What changed in version {version.number}: {changed}", f"Use of artificial intelligence: {use}"]


def _section(heading: str, label: str, paragraphs: list[str]) -> list[str]:
    return [f"## {f'{label}: ' if label else ''}{heading}", *paragraphs] if paragraphs else []


def lines_of(text: str) -> list[str]:
    """Return the lines of a plain text, each as a paragraph of Markdown."""
    return [line for line in (paragraph(escaped(line)) for line in text.splitlines()) if line]


def _listed(people: list[str]) -> str:
    return escaped("; ".join(people))


def _date(at: datetime.date | None) -> str:
    return formatted(at, "j F Y") if at else ""

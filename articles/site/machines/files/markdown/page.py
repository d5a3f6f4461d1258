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
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Authorship, Version
from articles.review_process import Approval, ReviewState, Translation, review_process
from articles.site.article_pages import at_its_address, retracted_rows, shown_version
from articles.site.facts import Facts, facts
from articles.site.machines.address import site
from articles.site.machines.files.markdown.blocks import Writer, paragraph
from articles.site.machines.files.markdown.escaping import escaped, link
from articles.site.machines.words.standing import named, standing
from articles.site.page import OTHERS, Page, page_of
from articles.text.languages import own_name

TYPE = "text/markdown; charset=utf-8"
SIGNS = gettext_lazy("A superscript is written with ^ and a subscript with \\_.")

DID = {  # what those who signed exactly this text did, by its change class, and whether a full review came before it
    (Version.Change.CORRECTION, True): gettext_lazy("Later correction checked by {names}"),
    (Version.Change.CORRECTION, False): gettext_lazy("Correction checked by {names}"),
    (Version.Change.MINOR, True): gettext_lazy("Later minor change reviewed by {names}"),
    (Version.Change.MINOR, False): gettext_lazy("Minor change reviewed by {names}"),
    (Version.Change.MAJOR, True): gettext_lazy("Medically reviewed by {names}"),
    (Version.Change.MAJOR, False): gettext_lazy("Medically reviewed by {names}"),
}


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
    label = str(doubted.consequences.called) if doubted else ""
    status = status_of(version, page, around)
    blocks = [
        *status,
        f"# {escaped(named(version, around))}",
        "\n".join(f"- {line}" for line in _facts(address, article, version, audience, page, around)),
        *([status[0]] if label else []),
        Writer(address, label).article(page.html),
        *_section(_("Please note"), label, lines_of(around["disclaimer"])),
        *_section(_("About this page"), label, _about(version, page)),
        status[0],
    ]
    return "\n\n".join(blocks) + "\n"


def status_of(version: Version, page: Page, around: Facts) -> list[str]:
    """Return the status in a line, and after it each notice and each retracted work in a paragraph."""
    said = [*standing(around), _("Version {number}").format(number=version.number)]
    warning = around["pulled"].consequences.warning if around["pulled"] else ""
    status = _("Status: {status}.").format(status=". ".join(said))
    found = [f"{status} {warning}".strip()]
    for row in around["notices"]:
        issued = _("Notice: {title}, issued by {name} on {day}.").format(
            title=row.title, name=escaped(row.notice.issued_by_name), day=_date(row.notice.issued_at)
        )
        found.append(" ".join([issued, *lines_of(row.notice.reason)]))
    for listed in retracted_rows(around["retracted_works"], page.not_called_retracted):
        title, number = escaped(listed.work.title), listed.number
        named = _("Notice: Reference {number} (“{title}”) is retracted.").format(number=number, title=title)
        found.append(named if title else _("Notice: Reference {number} is retracted.").format(number=number))
    for listed in retracted_rows(around["doubted_works"], page.not_called_retracted):
        doubt = _("Notice: there is an expression of concern about reference {number} (“{title}”).")
        found.append(doubt.format(number=listed.number, title=escaped(listed.work.title)))
    return found


def _named(other: Translation, base: str) -> str:
    """Return the title of a translation as a link, behind the label that it has."""
    title = link(escaped(other.title), base + reverse("article", args=[other.slug]))
    return f"{_('Under an expression of concern')}: {title}" if other.has_concern else title


def _facts(address: str, article: Article, version: Version, audience: str, page: Page, around: Facts) -> Iterable[str]:
    """Yield a line for each fact about the text."""
    base = "/".join(address.split("/")[:3])
    yield _("Web page: {link}").format(link=link(escaped(address), address))
    yield _("This text is for: {readers}").format(readers=escaped(page.labels[audience]))
    yield _("First published {first}, last updated {last}").format(
        first=_date(around["first_published"]), last=_date(around["updated"])
    )
    if page.authors:
        yield _("Written by {names}").format(names=_listed(page.authors))
    for role, people in page.others.items():
        yield str(OTHERS[Authorship.Role(role)]).format(names=_listed(people))
    yield from _reviewers(around, review_process().state(version), version.number)
    if around["reviewed"] and not around["concern"]:
        yield _("Page last reviewed {day}").format(day=_date(around["reviewed"]))
    if page.searched:
        yield _("Evidence current to {day}").format(day=_date(page.searched))
    if page.translation_of and (original := around["original"]):
        title = _named(original, base)
        said = _("Translated from version {number} of {title}")
        if around["original_changed"]:
            said = _("Translated from version {number} of {title}. The original has changed since")
        yield said.format(number=page.translation_of["version"], title=title)
    elif page.translation_of:
        yield _("Translated from a text that was retracted, or is no longer offered")
    for other in around["others"]:
        yield _("In {language}: {link}").format(language=own_name(other.language), link=_named(other, base))
    if around["due"]:
        yield _("Next review due {day}").format(day=_date(around["due"]))
    if around["topics"]:
        names = escaped(", ".join(topic.name for topic in around["topics"]))
        yield _("Topics: {names}").format(names=names)
    signed = base + reverse("signed", args=[article.slug, version.number])
    yield _("Digest (SHA-256) of {link}: {digest}").format(
        link=link(_("the text that was signed"), signed), digest=version.digest
    )
    yield str(SIGNS)


def _reviewers(around: Facts, state: ReviewState, number: int) -> Iterable[str]:
    """Yield who signed, in the words of the byline; nothing for a text that a notice pulls or doubts."""
    if around["pulled"] or around["concern"] or not around["signatures"]:
        return
    if around["full_review"]:
        yield _("Medically reviewed in full by {names}").format(names=_signed(around["full_review"]))
    if around["minor_since"]:
        yield _("Earlier minor changes reviewed by {names}").format(names=_signed(around["minor_since"]))
    if around["correction_since"]:
        yield _("Earlier corrections checked by {names}").format(names=_signed(around["correction_since"]))
    did = (
        _("Approved urgently by {names}")
        if state.full_review_due
        else str(DID[Version.Change(state.change), bool(around["full_review"])])
    )
    yield did.format(names=_signed(around["signatures"]))
    if confirmed := around["confirmed"]:
        names = _signed(confirmed.signatures)
        if confirmed.number == number:
            yield _("Read again, no change needed: {names}").format(names=names)
        else:
            said = _("Version {number} read again, no change needed: {names}")
            yield said.format(number=confirmed.number, names=names)


def _signed(approvals: list[Approval]) -> str:
    return "; ".join(
        _("{name}, {capacity}, on {day}").format(
            name=escaped(", ".join(filter(None, (one.printed_name, one.credentials)))),
            capacity=escaped(one.capacity),
            day=_date(one.signed_at),
        )
        for one in approvals
    )


def _about(version: Version, page: Page) -> list[str]:
    changed = " ".join(lines_of(version.note))
    use = " ".join([f"{page.ai_use}.", *lines_of(page.ai_note)])
    return [
        _("What changed in version {number}: {note}").format(number=version.number, note=changed),
        _("Use of artificial intelligence: {use}").format(use=use),
    ]


def _section(heading: str, label: str, paragraphs: list[str]) -> list[str]:
    return [f"## {f'{label}: ' if label else ''}{heading}", *paragraphs] if paragraphs else []


def lines_of(text: str) -> list[str]:
    """Return the lines of a plain text, each as a paragraph of Markdown."""
    return [line for line in (paragraph(escaped(line)) for line in text.splitlines()) if line]


def _listed(people: list[str]) -> str:
    return escaped("; ".join(people))


def _date(at: datetime.date | None) -> str:
    return date_format(at, "DATE_FORMAT") if at else ""

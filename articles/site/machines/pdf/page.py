"""The public text of an article as a PDF: the page itself, with its status on every sheet."""

import copy
import datetime
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.models import Article, PictureFile, Version
from articles.site.article_pages import at_its_address, shown_version, works_told
from articles.site.facts import Facts, facts
from articles.site.machines.address import site
from articles.site.machines.pdf.blocks import Tree, row_headers
from articles.site.machines.pdf.typesetting import NoFont, typeset
from articles.site.machines.words.standing import named
from articles.site.page import Page, page_of
from articles.text.languages import direction, interface_language

LARGEST = 110  # points
WIDEST = 1_000  # points that the label across a sheet may take, at about half its size for each letter

logger = logging.getLogger("imprimatur")


@at_its_address
def pdf(request: HttpRequest, article: Article, audience: str) -> HttpResponse:
    """Return the published text of an article for an audience as a PDF; 404 for a text that is pending."""
    version = shown_version(article)
    around = facts(article, version, audience)
    page = page_of(version, audience)
    if around["is_pending"] or audience not in page.labels:
        raise Http404
    path = reverse("article_for", args=[article.slug, audience])
    try:
        data, row_headers, names = written(_at(request, path), article, version, audience, page, around)
        made = typeset(data, row_headers, pictures(names))
    except NoFont as error:
        logger.error("No PDF of version %s of %s: %s", version.number, article.slug, error)
        return render(request, "site/no_pdf.html", {"version": version, "path": path}, status=404)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{article.slug}-{version.number}-{audience}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Link"] = f'<{site(request)}{path}>; rel="canonical"'
    return response


def written(
    request: HttpRequest, article: Article, version: Version, audience: str, page: Page, around: Facts
) -> tuple[dict[str, Any], list[list[bool]], list[str]]:
    """Return the data of the PDF, which cells of its tables are headings of rows, and the names of its pictures."""
    context = {
        **around,
        "article": article,
        "version": version,
        "audience": audience,
        "page": page,
        **works_told(around, page),
    }
    sheet = html.fragment_fromstring(render_to_string("site/_sheet.html", context, request))
    doubted = around["pulled"] or around["concern"]
    label = str(doubted.consequences.called) if doubted else ""
    tree = Tree(request.build_absolute_uri())
    blocks = tree.of(render_to_string("site/pdf.html", context, request))
    language, region = _language(version.language)
    data = {
        "title": named(version, around),
        "authors": page.authors,
        "day": _day(timezone.localdate(around["updated"] or version.submitted_at)),
        "lang": language,
        "region": region,
        "dir": direction(version.language),
        "interface": interface_language(),
        "label": label,
        "label_size": min(LARGEST, WIDEST // max(1, len(label)) * 1.6),
        "sheet": " ".join(sheet.text_content().split()),
        "digest": version.digest,
        "blocks": blocks,
    }
    return data, row_headers(blocks), tree.pictures


def pictures(names: list[str]) -> dict[str, bytes]:
    """Return the files of these pictures by their names, such as <SHA-256>.png, in one query."""
    digests = {name.partition(".")[0]: name for name in names}
    rows = PictureFile.objects.filter(sha256__in=digests).values_list("sha256", "data") if names else ()
    return {digests[digest]: bytes(data) for digest, data in rows}


def _at(request: HttpRequest, path: str) -> HttpRequest:
    """Return the request as if it were for the page itself, whose address the PDF says."""
    other = copy.copy(request)
    other.path = other.path_info = path
    return other


def _day(day: datetime.date) -> dict[str, int]:
    """Return the day as typst takes it; PDF/A needs one, and that of the text gives the same bytes at any time."""
    return {"year": day.year, "month": day.month, "day": day.day}


def _language(code: str) -> tuple[str, str | None]:
    """Return the language and the region of a code."""
    first, *others = code.split("-")
    region = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), None)
    return first.lower(), region

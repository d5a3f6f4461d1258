"""The public text of an article as a PDF: the page itself, with its status on every sheet."""

import datetime
import logging
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from articles.models import Article
from articles.site.article_pages import at_its_address
from articles.site.facts import Facts
from articles.site.machines.address import site
from articles.site.machines.files.context import Context, at, path_of, pictures, public_context, sheet_of
from articles.site.machines.files.pdf.blocks import Tree, row_headers
from articles.site.machines.files.pdf.typesetting import NoFont, typeset
from articles.site.machines.words.standing import named
from articles.text.languages import direction, interface_language

LARGEST = 110  # points
WIDEST = 1_000  # points that the label across a sheet may take, at about half its size for each letter

logger = logging.getLogger("imprimatur")


@at_its_address
def pdf(request: HttpRequest, article: Article, audience: str) -> HttpResponse:
    """Return the published text of an article for an audience as a PDF; 404 for a text that is pending."""
    context = public_context(article, audience)
    version, path = context["version"], path_of(context)
    try:
        made = set_from(request, context)
    except NoFont as error:
        logger.error("No PDF of version %s of %s: %s", version.number, article.slug, error)
        return render(request, "site/no_pdf.html", {"version": version, "path": path}, status=404)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{article.slug}-{version.number}-{audience}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Link"] = f'<{site(request)}{path}>; rel="canonical"'
    return response


def set_from(request: HttpRequest, context: Context) -> bytes:
    """Return the PDF of the page of this context. Raise NoFont."""
    data, row_headers, names = written(at(request, path_of(context)), context)
    return typeset(data, row_headers, pictures(names))


def written(request: HttpRequest, context: Context) -> tuple[dict[str, Any], list[list[bool]], list[str]]:
    """Return the data of the PDF, which cells of its tables are headings of rows, and the names of its pictures."""
    version, page, around = context["version"], context["page"], cast("Facts", context)
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
        "sheet": sheet_of(request, context),
        "digest": version.digest,
        "blocks": blocks,
    }
    return data, row_headers(blocks), tree.pictures


def _day(day: datetime.date) -> dict[str, int]:
    """Return the day as typst takes it; PDF/A needs one, and that of the text gives the same bytes at any time."""
    return {"year": day.year, "month": day.month, "day": day.day}


def _language(code: str) -> tuple[str, str | None]:
    """Return the language and the region of a code."""
    first, *others = code.split("-")
    region = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), None)
    return first.lower(), region

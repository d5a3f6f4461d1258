"""What the head of a page tells search engines, and other sites that link to it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.models import Version
from articles.site.facts import Facts
from articles.site.keeping.kept_responses import PARAMETERS
from articles.site.machines.address import site
from articles.site.machines.json_ld import Data, as_script
from articles.site.machines.json_ld.article import article_data
from articles.site.machines.words.standing import description, named
from articles.site.page import Page

ORIGINAL = "x-default"  # for readers of all other languages
OUR_ENGLISH = "en_GB"


@dataclass(frozen=True)
class Head:
    """
    The description of a page, by the names of Open Graph.

    `locale` is empty for a language without a region, because Open Graph knows no language alone. `alternates` are
    this page and its translations, for the readers that each is written for.
    """

    type: str
    title: str
    description: str
    url: str
    locale: str
    json_ld: SafeString
    alternates: tuple[tuple[str, str], ...] = ()  # language and address
    published: datetime.datetime | None = None
    modified: datetime.datetime | None = None
    image: dict[str, Any] | None = None  # the first figure, with its absolute address


def head_of(request: HttpRequest, version: Version, audience: str, page: Page, around: Facts) -> Head:
    """Return the head of the page of a version that is or was published."""
    return Head(
        type="article",
        title=named(version, around),
        description=description(page, around),
        url=site(request) + request.path,
        locale=locale_of(version.language),
        alternates=tuple(_alternates(request, around)),
        published=around["first_published"],
        modified=around["updated"],
        image={**page.images[0], "url": site(request) + page.images[0]["contentUrl"]} if page.images else None,
        json_ld=as_script(article_data(site(request), request.path, version, audience, page, around)),
    )


def _alternates(request: HttpRequest, around: Facts) -> Iterator[tuple[str, str]]:
    """
    Yield each language of the text with the canonical address, and the original's for all others.

    Search engines want them on canonical pages alone, so other audiences' pages have none.
    """
    addresses = [(row, reverse("article_for", args=[row.slug, row.written_for])) for row in around["alternates"]]
    if request.path not in [path for _, path in addresses]:
        return
    for row, path in addresses:
        yield row.language, site(request) + path
    for row, path in addresses:
        if row.is_original:
            yield ORIGINAL, site(request) + path


def list_head(request: HttpRequest, title: str, description: str, *data: Data) -> Head:
    """Return the head of a page that lists others. Its address has the parameters that a list reads, and no others."""
    asked = {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}
    query = f"?{urlencode(asked)}" if asked else ""
    return Head(
        "website",
        title,
        description,
        site(request) + request.path + query,
        locale_of(get_language() or ""),
        as_script(*data),
    )


def locale_of(language: str) -> str:
    """Return the language as Open Graph has it, language_REGION; empty if the code names no region."""
    first, *others = language.split("-")
    region = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), "")
    if region:
        return f"{first.lower()}_{region}"
    return OUR_ENGLISH if first.lower() == "en" else ""

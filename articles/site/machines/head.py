"""What the head of a page tells search engines, and other sites that link to it."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import SafeString

from articles.models import Version
from articles.site.facts import Facts
from articles.site.keeping.kept_responses import PARAMETERS
from articles.site.machines.address import site
from articles.site.machines.json_ld import Data, as_script
from articles.site.machines.json_ld.article import article_data
from articles.site.machines.words.standing import description, named
from articles.site.page import Page

OUR_ENGLISH = "en_GB"


@dataclass(frozen=True)
class Head:
    """
    The description of a page, by the names of Open Graph.

    `locale` is empty for a language without a region, because Open Graph knows no language alone.
    """

    type: str
    title: str
    description: str
    url: str
    locale: str
    json_ld: SafeString
    published: datetime.datetime | None = None
    modified: datetime.datetime | None = None


def head_of(request: HttpRequest, version: Version, audience: str, page: Page, around: Facts) -> Head:
    """Return the head of the page of a version that is or was published."""
    return Head(
        type="article",
        title=named(version, around),
        description=description(page, around),
        url=site(request) + request.path,
        locale=locale_of(version.language),
        published=around["first_published"],
        modified=around["updated"],
        json_ld=as_script(article_data(site(request), request.path, version, audience, page, around)),
    )


def list_head(request: HttpRequest, title: str, description: str, *data: Data) -> Head:
    """Return the head of a page that lists others. Its address has the parameters that a list reads, and no others."""
    asked = {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}
    query = f"?{urlencode(asked)}" if asked else ""
    return Head("website", title, description, site(request) + request.path + query, OUR_ENGLISH, as_script(*data))


def locale_of(language: str) -> str:
    """Return the language as Open Graph has it, language_REGION; empty if the code names no region."""
    first, *others = language.split("-")
    region = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), "")
    if region:
        return f"{first.lower()}_{region}"
    return OUR_ENGLISH if first.lower() == "en" else ""

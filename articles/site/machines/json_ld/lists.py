"""The home page and the lists in the words of schema.org."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from articles.models import Article, Notice
from articles.review_process import approved_urgently, review_process
from articles.site.machines.json_ld import NAME, Data, publisher
from articles.site.machines.words.standing import CORRECTED, OVERDUE
from articles.text.languages import in_english, interface_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Crumb = tuple[str, str]  # name and path


def site_data(site: str, *, has_policy: bool) -> list[Data]:
    """Return the publisher, and the website with its search."""
    principles = {"publishingPrinciples": site + reverse("editorial_policy")} if has_policy else {}
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{site}{reverse('search')}?q={{words}}"},
        "query-input": "required name=words",
    }
    website = {
        "@type": "WebSite",
        "@id": f"{site}/#website",
        "name": NAME,
        "url": f"{site}/",
        "inLanguage": interface_language(),
    }
    own = publisher(site)
    return [{**own, **principles}, {**website, "publisher": {"@id": own["@id"]}, "potentialAction": search}]


def list_data(
    site: str, address: str, name: str, above: Iterable[Crumb] = (), articles: Iterable[Article] = ()
) -> Data:
    """Return a list of articles at this address, and the pages above it."""
    data = page_data(site, address, name, above, "CollectionPage")
    return {**data, **of_items(_article(site, article) for article in articles)}


def of_items(items: Iterable[Data]) -> Data:
    """Return the items as what a page is about; nothing for none."""
    rows = numbered(items)
    listed = {"@type": "ItemList", "numberOfItems": len(rows), "itemListElement": rows}
    return {"mainEntity": listed} if rows else {}


def page_data(site: str, address: str, name: str, above: Iterable[Crumb] = (), kind: str = "WebPage") -> Data:
    """Return a page of ours that is no article, and the pages above it."""
    data: Data = {
        "@type": kind,
        "url": site + address,
        "name": name,
        "inLanguage": interface_language(),
        "isPartOf": {"@type": "WebSite", "@id": f"{site}/#website", "name": NAME, "url": f"{site}/"},
        "publisher": publisher(site),
    }
    if crumbs := [_page(site + path, crumb) for crumb, path in above]:
        data["breadcrumb"] = {
            "@type": "BreadcrumbList",
            "itemListElement": numbered([*crumbs, _page(data["url"], name)]),
        }
    return data


def numbered(items: Iterable[Data]) -> list[Data]:
    return [{"@type": "ListItem", "position": place, "item": item} for place, item in enumerate(items, start=1)]


def _page(url: str, name: str) -> Data:
    return {"@type": "WebPage", "@id": url, "url": url, "name": name}


def _article(site: str, article: Article) -> Data:
    """Return a row of `in_lists`, with what stands beside its title."""
    version = article.published_version
    assert version is not None  # noqa: S101 (lists hold published articles only)
    status = [in_english(said) for said in status_of(article)]  # programs compare it
    page = _page(site + article.get_absolute_url(), version.title)
    return {**page, "inLanguage": version.language, **({"creativeWorkStatus": status} if status else {})}


def status_of(article: Article) -> "list[StrOrPromise]":
    """Return what stands beside the title of a row of `in_lists`."""
    doubt = [Notice.CONSEQUENCES[kind].called for kind in Notice.kinds("doubts")]
    version = article.published_version
    due = review_process().state(version).full_review_due if version else None
    urgent = [approved_urgently(due)] if due else []
    return [
        *doubt * article.has_concern,
        *urgent,
        *[CORRECTED] * article.has_correction,
        *[OVERDUE] * article.is_overdue,
    ]

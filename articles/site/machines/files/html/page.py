"""
The public text of an article as one HTML file that needs nothing else: its pictures and its style are in it.

The `<article>` is that of the page, so its visible text has the digest that was signed for these readers. What only a
site can do is left out, and links to the site lead there.
"""

from base64 import b64encode
from functools import cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from lxml import html

from articles.models import Article
from articles.site.article_pages import at_its_address
from articles.site.facts import Facts
from articles.site.machines.address import site
from articles.site.machines.files.context import Context, at, path_of, pictures, public_context, sheet_of
from articles.site.machines.words.standing import named
from articles.text.languages import direction

STYLE = settings.BASE_DIR / "config" / "static" / "site.css"
CONTROLS = ("change", "other-notices")  # by class: what only a site can do
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@at_its_address
def saved(request: HttpRequest, article: Article, audience: str) -> HttpResponse:
    """Return the published text of an article for an audience as an HTML file; 404 for a text that is pending."""
    context = public_context(article, audience)
    response = HttpResponse(written(request, context), content_type="text/html; charset=utf-8")
    name = f"{article.slug}-{context['version'].number}-{audience}.html"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Link"] = f'<{site(request)}{path_of(context)}>; rel="canonical"'
    response["X-Robots-Tag"] = "noindex"
    return response


def written(request: HttpRequest, context: Context) -> bytes:
    """Return the page of this context as a file in UTF-8, with its status above it. Nothing in it is fetched."""
    base, path = site(request), path_of(context)
    request = at(request, path)
    whole = {
        **context,
        "title": named(context["version"], cast("Facts", context)),
        "address": f"{base}{path}",
        "direction": direction(context["version"].language),
        "status": sheet_of(request, context),
        "style": style(),
    }
    root = cast("html.HtmlElement", html.document_fromstring(render_to_string("site/saved.html", whole, request)))
    for control in [one for name in CONTROLS for one in root.find_class(name)]:
        control.drop_tree()
    _with_pictures(root)
    for link in root.iter("a"):
        if (address := link.get("href", "")).startswith("/"):
            link.set("href", base + address)
    return bytes(html.tostring(root, encoding="utf-8", doctype="<!doctype html>"))


def _with_pictures(root: html.HtmlElement) -> None:
    """Put each picture into the file, in the width that the page shows."""
    images = [image for image in root.iter("img") if image.get("src", "").startswith("/figures/")]
    files = pictures([_name(image) for image in images])
    for image in images:
        name = _name(image)
        kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        if name in files:
            image.set("src", f"data:{kind};base64,{b64encode(files[name]).decode()}")
        for other in ("srcset", "sizes"):
            image.attrib.pop(other, None)


def _name(image: html.HtmlElement) -> str:
    return str(image.get("src")).rpartition("/")[2]


@cache
def style() -> str:
    return STYLE.read_text()

import sys
import urllib.request
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from lxml import html
from lxml.etree import ParserError

from articles.canonical import sha256
from articles.content import thaw
from articles.models import Article, Version
from articles.rendering import render, visible_text
from articles.rendering.visible import visible


class Unseen(Exception):
    """Raised with the reason why a page could not be fetched, and so not be compared."""


class Command(BaseCommand):
    help = (
        "Compare what readers are shown with what was signed: every published version, for every audience, in reading "
        "order. With --url the live pages are fetched. Exits with 1 and names the pages that differ or "
        "cannot be fetched."
    )

    def add_arguments(self, parser):
        parser.add_argument("--url", metavar="BASE", help="fetch the pages from this site, as https://example.org")

    def handle(self, *, url, **options):
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise CommandError("Give the address of the site as https://example.org.")
        compared = different = unseen = 0
        for article, version, content in shown():
            for audience, digest in content["visible"].items():
                try:
                    difference = _difference(url, article, version, content, audience, digest)
                    compared += 1
                    different += bool(difference)
                except Unseen as error:
                    difference, unseen = str(error), unseen + 1
                if difference:
                    self.stdout.write(f"{article.slug}, version {version.number}, for {audience}: {difference}")
        not_seen = f" {unseen} could not be fetched." if unseen else ""
        self.stdout.write(f"Compared {compared} pages with what was signed: {different} differ.{not_seen}")
        if different or unseen:
            sys.exit(1)


def shown():
    """Yield (article, version, content) of every public article that is published."""
    articles = Article.objects.public().filter(published_version__isnull=False)
    for article in articles.select_related("published_version__frozen").iterator(chunk_size=100):
        yield article, article.published_version, thaw(article.published_version.frozen.text)


def _difference(url: str, article: Article, version: Version, content: dict, audience: str, digest: str) -> str:
    """Return in words how the page differs from what was signed, or nothing."""
    if not url:
        seen = visible_text(render(content, audience).html)
        return "" if sha256(seen) == digest else "the text rendered is not the text signed."
    page = _fetch(url.rstrip("/") + reverse("article_for", args=[article.slug, audience]))
    bodies, titles = page.xpath("//article[contains(@class, 'text')]"), page.xpath("//h1")
    if len(bodies) != 1 or sha256(visible(bodies[0])) != digest:
        return "the text on the page is not the text signed."
    if len(titles) != 1 or not " ".join(titles[0].text_content().split()).endswith(version.title):
        return "the title on the page is not the title signed."
    return ""


def _fetch(address: str) -> html.HtmlElement:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (http or https: checked above)
            return html.document_fromstring(answer.read().decode("utf-8"))
    except HTTPError as error:
        raise Unseen(f"the page cannot be fetched: it answers {error.code} {error.reason}.") from error
    except URLError as error:
        raise CommandError(f"{address} cannot be reached: {error.reason}. No further page was compared.") from error
    except (HTTPException, OSError, UnicodeDecodeError, ParserError) as error:
        raise Unseen(f"the page cannot be read ({error}).") from error

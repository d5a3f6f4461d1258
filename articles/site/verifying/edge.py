"""Pages as they arrive at a reader, by every kind of request that may get another copy."""

import copy
import datetime
import gzip
import hashlib
import secrets
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import PurePosixPath
from urllib.error import URLError
from urllib.parse import urljoin

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from lxml import html
from lxml.etree import ParserError

from articles.site.forms.audience import AUDIENCE_COOKIE
from articles.site.keeping.kept_responses import etag_of
from articles.site.page import Page
from articles.text.canonical import sha256
from articles.text.languages import around_a_text
from articles.text.rendering.visible import visible

LARGEST = 20_000_000  # bytes of one page


class NotFetched(Exception):
    """Raised with the reason if a page could not be fetched, and so could not be compared."""


class Unreachable(Exception):
    """Raised with the reason if nothing answers at the site's address."""


@dataclass(frozen=True)
class Signed:
    """
    The signed page: its title, the digest of its visible text, and the frozen words beside the text.

    `now` has all words of the page as the site shows it now, with its notices, status and signatures.
    """

    title: str
    digest: str
    page: Page
    now: str


@dataclass(frozen=True)
class Answer:
    status: int
    reason: str
    headers: HTTPMessage
    body: bytes

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "").removeprefix("W/")  # a proxy that compresses calls it weak


class Unprocessed(urllib.request.HTTPErrorProcessor):
    """Return each response unchanged: follow no redirect, and raise no exception for any status."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


OPENER = urllib.request.build_opener(Unprocessed)


def differences(address: str, signed: Signed, timeout: float) -> dict[str, list[str]]:
    """
    Return the differences from the signed page: for each sentence, the kinds of request for which it is true.

    Raise NotFetched if the address answers a plain request without a page, and Unreachable if nothing answers.
    """
    plain = ask(address, timeout)
    if plain.status != 200:
        raise NotFetched(f"the page cannot be fetched: it answers {plain.status} {plain.reason}.")
    found: dict[str, list[str]] = {}
    for way, sentence in _answers(address, plain, signed, timeout):
        if sentence:
            found.setdefault(sentence, []).append(way)
    return found


def gives_anything(address: str, timeout: float) -> bool:
    """Tell whether any kind of request still gets a page or file from an address that should show nothing."""
    ways = [(address, {}), (f"{address}?{secrets.token_hex(4)}", {}), (address, {"Accept-Encoding": "gzip"})]
    answers = (ask(where, timeout, headers) for where, headers in ways)
    return any(answer.status == 200 for answer in answers)


def _answers(address: str, plain: Answer, signed: Signed, timeout: float) -> Iterator[tuple[str, str]]:
    """
    Yield each kind of request with a sentence about its answer; the sentence is empty if the answer is right.

    The order matters: the answer to one request, if it is cached, could be returned to the next.
    """
    yield "plainly", difference(plain, signed)
    query = f"{address}?{secrets.token_hex(4)}"
    yield "with a query", difference(ask(query, timeout), signed)
    yield "for gzip", difference(ask(address, timeout, {"Accept-Encoding": "gzip"}), signed)
    yield "with another ETag", difference(ask(address, timeout, {"If-None-Match": '"0"'}), signed)
    cookie = {"Cookie": f"{AUDIENCE_COOKIE}={secrets.token_hex(4)}"}
    yield "with a cookie", difference(ask(address, timeout, cookie), signed)
    again = ask(address, timeout, {"If-None-Match": plain.headers.get("ETag", "")})
    yield "with its own ETag", "" if again.status == 304 else difference(again, signed)
    head = ask(address, timeout, method="HEAD")
    said = f"it answers {head.status} {head.reason}." if head.status != 200 else ""
    yield "with HEAD", said or ("" if head.etag == plain.etag else "its ETag is not that of the page.")
    yield "plainly again", difference(ask(address, timeout), signed)
    yield from (("for its pictures", sentence) for sentence in _of_pictures(address, signed.page.html, timeout))


def difference(answer: Answer, signed: Signed) -> str:
    """Return a sentence about the first difference from the signed page; empty if there is none."""
    if answer.status != 200:
        return f"it answers {answer.status} {answer.reason}."
    try:
        page = html.document_fromstring(answer.body.decode("utf-8"))
    except (UnicodeDecodeError, ParserError) as error:
        return f"the page cannot be read ({type(error).__name__})."
    bodies = [article for article in page.iter("article") if "text" in (article.get("class") or "")]
    titles = list(page.iter("h1"))
    if len(bodies) != 1 or sha256(visible(bodies[0])) != signed.digest:
        return "the text on the page is not the text signed."
    if _pictures(bodies[0]) != _pictures(html.fragment_fromstring(signed.page.html)):
        return "the pictures on the page are not those signed."
    if len(titles) != 1 or not _words(titles[0]).endswith(" ".join(signed.title.split())):
        return "the title on the page is not the title signed."
    words = _words(page)
    for person in [*signed.page.authors, *(each for people in signed.page.others.values() for each in people)]:
        if " ".join(person.split()) not in words:
            return "the authors on the page are not those signed."
    with around_a_text(signed.page.beside["language"]):
        ai_use, searched = signed.page.ai_use, _searched(signed.page.searched)
    if " ".join(signed.page.ai_note.split()) not in words or ai_use not in words:
        return "the statement on artificial intelligence is not the one signed."
    if searched not in words:
        return "the day to which the evidence is current is not the one signed."
    if words_around(page) != signed.now:
        return "the notices, status, signatures or related texts are not those that the site shows now."
    return "" if answer.etag == etag_of(answer.body) else "the bytes of the page are not those of its ETag."


def _pictures(article: html.HtmlElement) -> list[tuple[str, str, str]]:
    """Return the address of each picture of a page, its addresses by width, and its alternative text."""
    return [(each.get("src", ""), each.get("srcset", ""), each.get("alt", "")) for each in article.iter("img")]


def _files(page: str) -> list[str]:
    """Return the paths of all files of pictures that a page names, each once."""
    article = html.fragment_fromstring(page)
    named = [src for src, _srcset, _alt in _pictures(article)]
    sets = [part for _src, srcset, _alt in _pictures(article) for part in srcset.split(",")]
    named += [part.split()[0] for part in sets if part.strip()]
    named += [link.get("href", "") for link in article.xpath(".//figcaption//a")]
    return list(dict.fromkeys(named))


def _of_pictures(address: str, page: str, timeout: float) -> Iterator[str]:
    """Yield a sentence about each picture of the page that does not arrive with the bytes that its name says."""
    for path in _files(page):
        answer = ask(urljoin(address, path), timeout)
        if answer.status != 200:
            yield f"the picture {path} answers {answer.status} {answer.reason}."
        elif hashlib.sha256(answer.body).hexdigest() != PurePosixPath(path).stem:
            yield f"the picture {path} has other bytes than those signed."


def _searched(day: datetime.date | None) -> str:
    """Return the day to which the evidence is current, as the page says it; empty for none."""
    return f"{_('Evidence current to')} {date_format(day, 'DATE_FORMAT')}" if day else ""


def ask(address: str, timeout: float, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    """Return the answer, decompressed; raise Unreachable or NotFetched if there is none."""
    request = urllib.request.Request(address, headers=headers or {}, method=method)  # noqa: S310 (callers check it)
    try:
        with OPENER.open(request, timeout=timeout) as response:
            body = response.read(LARGEST)
            if response.headers.get("Content-Encoding") == "gzip" and body:
                body = gzip.decompress(body)
            return Answer(response.status, response.reason, response.headers, body)
    except URLError as error:
        raise Unreachable(f"{address} cannot be reached: {error.reason}.") from error
    except (HTTPException, OSError, EOFError) as error:
        raise NotFetched(f"the page cannot be read ({type(error).__name__}).") from error


def words_around(page: html.HtmlElement) -> str:
    """Return the words of a page's main part, without what is only printed: it has the address of the page."""
    main = copy.deepcopy(page.find(".//main"))
    if main is None:
        return ""
    for line in [*main.find_class("sheet"), *main.find_class("on-paper")]:
        line.drop_tree()
    return _words(main)


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())

"""Pages as they arrive at a reader, by every way of asking that may lead to another copy."""

import copy
import gzip
import secrets
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from urllib.error import URLError

from lxml import html
from lxml.etree import ParserError

from articles.site.audience import AUDIENCE_COOKIE
from articles.site.page import Page
from articles.site.reading import etag_of
from articles.text.canonical import sha256
from articles.text.rendering.visible import visible

LARGEST = 20_000_000  # bytes of one page


class Unseen(Exception):
    """Raised with the reason why a page could not be fetched, and so not be compared."""


class Unreachable(Exception):
    """Raised with the reason when nobody answers at the site's address."""


@dataclass(frozen=True)
class Signed:
    """
    What has to arrive: the title, the digest of the visible text, and the frozen words beside it.

    `now` are all words of the page, as the site gives it at this moment: its notices, its status and who signed.
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


class AsItIs(urllib.request.HTTPErrorProcessor):
    """Take each answer as it is: a redirect is followed nowhere, and no status is an exception."""

    def http_response(self, request, response):
        return response

    https_response = http_response


OPENER = urllib.request.build_opener(AsItIs)


def differences(address: str, signed: Signed, timeout: float) -> dict[str, list[str]]:
    """
    Return what does not arrive as it was signed: for each sentence the ways of asking that it is true of.

    Raise Unseen for an address that answers none of them with a page, Unreachable when nobody is there.
    """
    plain = ask(address, timeout)
    if plain.status != 200:
        raise Unseen(f"the page cannot be fetched: it answers {plain.status} {plain.reason}.")
    found: dict[str, list[str]] = {}
    for way, sentence in _asked_in_every_way(address, plain, signed, timeout):
        if sentence:
            found.setdefault(sentence, []).append(way)
    return found


def gives_anything(address: str, timeout: float) -> bool:
    """Tell whether an address that has nothing to show gives a page or file, whichever way it is asked for."""
    ways = [(address, {}), (f"{address}?{secrets.token_hex(4)}", {}), (address, {"Accept-Encoding": "gzip"})]
    answers = (ask(where, timeout, headers) for where, headers in ways)
    return any(answer.status == 200 for answer in answers)


def _asked_in_every_way(address: str, plain: Answer, signed: Signed, timeout: float):
    """Yield each way of asking with what is wrong about the answer, in an order in which one could spoil the next."""
    yield "plainly", difference(plain, signed)
    query = f"{address}?{secrets.token_hex(4)}"
    yield "with a query", difference(ask(query, timeout), signed)
    yield "for it compressed", difference(ask(address, timeout, {"Accept-Encoding": "gzip"}), signed)
    yield "with another page at hand", difference(ask(address, timeout, {"If-None-Match": '"0"'}), signed)
    cookie = {"Cookie": f"{AUDIENCE_COOKIE}={secrets.token_hex(4)}"}
    yield "with a cookie", difference(ask(address, timeout, cookie), signed)
    again = ask(address, timeout, {"If-None-Match": plain.headers.get("ETag", "")})
    yield "with this page at hand", "" if again.status == 304 else difference(again, signed)
    head = ask(address, timeout, method="HEAD")
    said = f"it answers {head.status} {head.reason}." if head.status != 200 else ""
    yield "for its head", said or ("" if head.etag == plain.etag else "it names other bytes than the page has.")
    yield "plainly again", difference(ask(address, timeout), signed)


def difference(answer: Answer, signed: Signed) -> str:
    """Return in words how a page that arrived differs from the one signed, or nothing."""
    if answer.status != 200:
        return f"it answers {answer.status} {answer.reason}."
    try:
        page = html.document_fromstring(answer.body.decode("utf-8"))
    except (UnicodeDecodeError, ParserError) as error:
        return f"the page cannot be read ({type(error).__name__})."
    bodies, titles = page.xpath("//article[contains(@class, 'text')]"), page.xpath("//h1")
    if len(bodies) != 1 or sha256(visible(bodies[0])) != signed.digest:
        return "the text on the page is not the text signed."
    if len(titles) != 1 or not _words(titles[0]).endswith(" ".join(signed.title.split())):
        return "the title on the page is not the title signed."
    words = _words(page)
    for person in [*signed.page.authors, *(each for _, people in signed.page.others for each in people)]:
        if " ".join(person.split()) not in words:
            return "the authors on the page are not those signed."
    if " ".join(signed.page.ai_note.split()) not in words or signed.page.ai_use not in words:
        return "what the page says of artificial intelligence is not what was signed."
    if words_around(page) != signed.now:
        return "the page does not say what the site says now of notices, status, signatures or related texts."
    return "" if answer.etag == etag_of(answer.body) else "the page has other bytes than the site gave it."


def ask(address: str, timeout: float, headers: dict | None = None, method: str = "GET") -> Answer:
    """Return what is answered, not compressed any more; raise Unreachable or Unseen where nothing is."""
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
        raise Unseen(f"the page cannot be read ({type(error).__name__}).") from error


def words_around(page: html.HtmlElement) -> str:
    """Return the words of a page's main part, but for the line that each printed sheet begins with: its own address."""
    main = copy.deepcopy(page.find(".//main"))
    if main is None:
        return ""
    for line in main.find_class("sheet"):
        line.drop_tree()
    return _words(main)


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())

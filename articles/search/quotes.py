"""
Quotes of signed texts: the blocks of one section that a reader is shown as an answer, with the works they cite.

A quote is cut out of the page that was rendered from the signed text, in whole blocks. So no word, number or negation
can get lost within a sentence. A list or table keeps what is before it, since that may say “Do not take it if:”.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from lxml import html
from lxml.html import HtmlElement

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Version
from articles.site.page import page_of
from articles.text.rendering.sections import choose
from articles.text.richtext.statements import Above, depends, leads_on

SHORT = 900  # characters: a section of this length is quoted whole, a longer one in part
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_RANGE = re.compile(r"(\d+)(?:–(\d+))?")


class Cited(NamedTuple):
    """A cited work: its number in the article, and its printed entry as safe HTML."""

    number: int
    entry: str


@dataclass(frozen=True)
class Quote:
    """
    A quote from one section, as safe HTML. `audience` is the key of the page it stands on, `label` its readers.

    `is_general`: the section has no wording for these readers, and the general text is quoted. `is_whole`: nothing of
    the section was left out.
    """

    version: Version
    audience: str
    label: str
    section: str
    heading: str
    html: str
    cited: list[Cited]
    is_general: bool
    is_whole: bool

    @property
    def anchor(self) -> str:
        return f"s-{self.section}"

    @property
    def address(self) -> str:
        return f"{address_of(self.version, self.audience)}#{self.anchor}"


class Block(NamedTuple):
    """Elements that are only quoted together, and what stands over them: headings, and paragraphs that lead to them."""

    headings: tuple[HtmlElement, ...]
    elements: tuple[HtmlElement, ...]

    @property
    def text(self) -> str:
        return "\n".join(element.text_content() for element in self.elements)


def quote(version: Version, section: str, audience: str, score: Callable[[str], float] = len) -> Quote | None:
    """
    Return the quote of a section, by its key, from the page for this audience; None if that page does not have it.

    Of a long section the blocks with the best `score` are quoted. An audience for which the text was not signed gets
    the page for the audience it was written for. Raise DamagedText if the stored text is not the signed one.
    """
    content = frozen_content(version)
    labels = {known["key"]: known["label"] for known in content["audiences"]}
    audience = audience if audience in labels else version.written_for
    shown = next((one for one in choose(content, audience) if one.key == section), None)
    page = html.fragment_fromstring(page_of(version, audience).html)
    found = next((one for one in page.iterfind("section") if one.get("id") == f"s-{section}"), None)
    if shown is None or found is None:
        return None
    blocks = _blocks(found)
    chosen = _best(blocks, score)
    return Quote(
        version=version,
        audience=audience,
        label=labels.get(audience, ""),
        section=section,
        heading=shown.heading,
        html=_markup(chosen, f"{version.pk}-{section}", address_of(version, audience)),
        cited=_cited(chosen, page),
        is_general=shown.general,
        is_whole=len(chosen) == len(blocks),
    )


def address_of(version: Version, audience: str) -> str:
    """Return the address of the page that shows this version, also when a newer one is public."""
    if version.pk == version.article.published_version_id:
        return reverse("article_for", args=[version.article.slug, audience])
    return reverse("version", args=[version.article.slug, version.number])


def intact(version: Version, section: str, audience: str, score: Callable[[str], float] = len) -> Quote | None:
    """Return the quote as `quote` does; None also if the stored text is damaged, which no reader is shown."""
    try:
        return quote(version, section, audience, score)
    except DamagedText:
        return None


def _blocks(section: HtmlElement) -> list[Block]:
    """Return the blocks of a section in order: a list or table together with what is before it."""
    blocks: list[Block] = []
    above: Above[HtmlElement] = Above()
    for element in section:
        if element.tag == "h2":
            continue
        before = blocks[-1].elements[-1] if blocks else None
        if element.tag in HEADINGS:
            is_led = before is not None and before.tag == "p" and element.getprevious() is before
            above.add(element.tag, element, blocks[-1].elements if is_led and leads_on(_said(before)) else ())
        elif before is not None and blocks[-1].headings == above.all and _goes_with(before, element):
            blocks[-1] = Block(blocks[-1].headings, (*blocks[-1].elements, element))
        else:
            blocks.append(Block(above.all, (element,)))
    return blocks


def _goes_with(before: HtmlElement, element: HtmlElement) -> bool:
    """Tell whether an element is never quoted without the one before it."""
    if element.tag != "p":
        return True
    line = _said(element)
    return depends(line, _said(before)) if before.tag == "p" else line[:1].islower()


def _said(element: HtmlElement) -> str:
    """Return the text without what is raised, such as the numbers of citations."""
    return "".join(element.xpath(".//text()[not(ancestor::sup)]")).strip()


def _best(blocks: list[Block], score: Callable[[str], float]) -> list[Block]:
    """Return all blocks of a short section; of a long one the best block and what fits after it, without a gap."""
    if sum(len(block.text) for block in blocks) <= SHORT:
        return blocks
    first = max(range(len(blocks)), key=lambda at: (score(blocks[at].text), -at))
    end, length = first + 1, len(blocks[first].text)
    while end < len(blocks) and length + len(blocks[end].text) <= SHORT:
        length += len(blocks[end].text)
        end += 1
    return blocks[first:end]


def _markup(blocks: list[Block], name: str, address: str) -> str:
    """Return the blocks as HTML, each heading once. Links within the article lead to its own page."""
    shown: list[HtmlElement] = []
    for block in blocks:
        shown += [element for element in (*block.headings, *block.elements) if element not in shown]
    return "".join(_alone(element, name, address) for element in shown)


def _alone(element: HtmlElement, name: str, address: str) -> str:
    """Return the element as HTML; only ids that name a table are kept, made unique by the name of the quote."""
    copy = html.fragment_fromstring(html.tostring(element, encoding="unicode", with_tail=False))
    if copy.tag in HEADINGS:
        copy.tag = "h4"
    named = {each for one in copy.iter() for each in one.get("aria-labelledby", "").split()}
    for one in copy.iter():
        own = one.attrib.pop("id", "")
        if own in named:
            one.set("id", f"{name}-{own}")
        if one.get("aria-labelledby"):
            one.set("aria-labelledby", " ".join(f"{name}-{each}" for each in one.get("aria-labelledby").split()))
        if one.get("href", "").startswith("#"):
            one.set("href", address + one.get("href"))
    return html.tostring(copy, encoding="unicode")


def _cited(blocks: list[Block], page: HtmlElement) -> list[Cited]:
    """Return the works that the blocks cite, by number, each as printed in the article's own list."""
    elements = [element for block in blocks for element in (*block.headings, *block.elements)]
    marks = [mark.text_content() for element in elements for mark in element.iter("sup") if _is_citation(mark)]
    ranges = [found for mark in marks for found in _RANGE.findall(mark)]
    numbers = sorted({number for first, last in ranges for number in range(int(first), int(last or first) + 1)})
    entries = {entry.get("id"): entry for entry in page.iter("li")}
    return [Cited(number, _entry(entries[f"ref-{number}"])) for number in numbers if f"ref-{number}" in entries]


def _is_citation(mark: HtmlElement) -> bool:
    return "citation" in mark.get("class", "").split()


def _entry(entry: HtmlElement) -> str:
    """Return a work as printed, without the links back into the text."""
    copy = html.fragment_fromstring(html.tostring(entry, encoding="unicode", with_tail=False))
    for link in copy.find_class("back"):
        link.drop_tree()
    return html.tostring(copy, encoding="unicode").partition(">")[2].removesuffix("</li>").strip()

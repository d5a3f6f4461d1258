"""Render a frozen version as the <article> that readers see."""

from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from articles.text.canonical import sha256
from articles.text.languages import direction
from articles.text.rendering.citing import earlier_printings, link_citations, not_called_retracted, reference_list
from articles.text.rendering.numbered.figures import finish_figures
from articles.text.rendering.numbered.tables import finish_tables
from articles.text.rendering.our_words import call_english, words_of
from articles.text.rendering.quantities import isolate_quantities
from articles.text.rendering.reading_time import minutes_to_read
from articles.text.rendering.renderer import name_of
from articles.text.rendering.sections import Shown, build, choose, contents_list, lead_end, wording_note
from articles.text.rendering.visible import visible, visible_text

__all__ = ["RENDERER", "Rendered", "markup", "printed_works", "render", "visible_text"]

RENDERER = name_of()  # part of the key of everything cached of a page


@dataclass(frozen=True)
class Rendered:
    """
    One version as shown to one audience.

    `contents` are (anchor, heading) of the sections after the lead. `minutes` is the reading time, 0 if unknown.
    `works` are the listed works in the order of their numbers: key, and CSL-JSON as printed.
    `general`: some sections have no wording for this audience and show the general text. `not_called_retracted` has
    the number of each listed work whose entry does not say that it is retracted.
    """

    html: str
    contents: tuple[tuple[str, str], ...]
    minutes: int
    general: bool
    works: tuple[tuple[str, str], ...]
    not_called_retracted: dict[str, int]


def render(content: dict[str, Any], audience: str) -> Rendered:
    """
    Return the rendered content of a frozen version (`imprimatur/version/1`) for the audience with this key.

    The same content and audience give the same bytes, in every process.
    """
    shown = choose(content, audience)
    words = "\n".join(visible(build(one, words_of(content))) for one in shown)
    text, works, numbers = _write(content, audience, shown)
    return Rendered(
        html=text,
        contents=_contents(shown),
        minutes=minutes_to_read(words),
        general=any(one.general for one in shown),
        works=tuple((key, works[key]) for key in numbers),
        not_called_retracted=not_called_retracted(works, numbers),
    )


def markup(content: dict[str, Any], audience: str) -> str:
    """Return the `<article>` of `render` only."""
    return _write(content, audience, choose(content, audience))[0]


def printed_works(content: dict[str, Any], audiences: list[str]) -> dict[str, dict[str, str]]:
    """Return for each audience the works of a version by key, with their printed fields."""
    works = {reference["key"]: reference["csl"] for reference in content["references"]}
    if not earlier_printings(works):
        return dict.fromkeys(audiences, works)
    return {audience: _write(content, audience, choose(content, audience))[1] for audience in audiences}


def _write(content: dict[str, Any], audience: str, shown: list[Shown]) -> tuple[str, dict[str, str], dict[str, int]]:
    """
    Return the `<article>`, its works by key as printed, and their numbers.

    References are printed in the form of an earlier release if that is the form that was signed.
    """
    works = {reference["key"]: reference["csl"] for reference in content["references"]}
    now, numbers = _printed(content, audience, shown, works)
    signed = _signed(content, audience)
    earlier = earlier_printings(works) if signed else []
    if not earlier or sha256(visible_text(now)) == signed:
        return now, works, numbers
    for former in earlier:
        before, _ = _printed(content, audience, shown, former)
        if sha256(visible_text(before)) == signed:
            return before, former, numbers
    return now, works, numbers


def _signed(content: dict[str, Any], audience: str) -> str:
    """Return the signed digest of the visible text; empty while the content is being frozen."""
    return content.get("visible", {}).get(audience, "")


def _printed(
    content: dict[str, Any], audience: str, shown: list[Shown], works: dict[str, str]
) -> tuple[str, dict[str, int]]:
    own = words_of(content)
    sections = [build(one, own) for one in shown]
    _mark_other_sites(sections)
    finish_tables(((section, one.heading) for section, one in zip(sections, shown, strict=True)), own)
    finish_figures(sections, content.get("figures", []), own)
    if direction(content["language"]):
        for section in sections:
            isolate_quantities(section)
    article = _assemble(content, sections, wording_note(content, audience, shown))
    numbers, clusters = link_citations(article, works, own)
    leads = lead_end(shown)
    if (listed := contents_list(_contents(shown), own, is_folded=leads == 0)) is not None:
        article.insert(article.index(sections[0]) + leads, listed)
    if numbers:
        article.append(reference_list(works, numbers, clusters, _although(content), own))
    if "words" not in content:
        call_english(article, content["language"])
    return html.tostring(article, encoding="unicode"), numbers


def _although(content: dict[str, Any]) -> dict[str, str]:
    """Return the reasons why retracted works are cited, by key."""
    rows = content["references"]
    return {row["key"]: row["although_retracted"] for row in rows if "although_retracted" in row}


def _contents(shown: list[Shown]) -> tuple[tuple[str, str], ...]:
    return tuple((one.anchor, one.heading) for one in shown if one.heading and one.role != "lead")


def _assemble(content: dict[str, Any], sections: list[html.HtmlElement], note: str) -> etree._Element:
    article = html.Element("article", {"class": "text", "lang": content["language"]})
    if content.get("kind") == "question":
        article.set("data-kind", "question")
    if towards := direction(content["language"]):
        article.set("dir", towards)
    if note:
        etree.SubElement(article, "p", {"class": "wording-note"}).text = note
    article.extend(sections)
    return article


def _mark_other_sites(sections: list[html.HtmlElement]) -> None:
    """Give links to other sites a `rel` that hides this page from them."""
    for section in sections:
        for link in section.iter("a"):
            if link.get("href", "").lower().startswith(("http:", "https:", "//")):
                link.set("rel", "noopener noreferrer")

"""A frozen version as the <article> a reader sees."""

from dataclasses import dataclass

from lxml import etree, html

from articles.rendering.citing import link_citations, reference_list
from articles.rendering.sections import Shown, build, choose, contents_list, lead_end, wording_note
from articles.rendering.tables import finish_tables
from articles.rendering.visible import visible, visible_text

__all__ = ["RENDERER", "Rendered", "markup", "render", "visible_text"]

RENDERER = "1"  # Part of the cache key. Raise it whenever the same content may give other bytes.
WORDS_PER_MINUTE = 230


@dataclass(frozen=True)
class Rendered:
    """
    What a reader of one audience is shown of one version.

    `contents` are (anchor, heading) of the sections after the lead; `minutes` is the reading time, at least 1;
    `general` says that some of the text is the general one although the reader is of another audience.
    """

    html: str
    contents: tuple[tuple[str, str], ...]
    minutes: int
    general: bool


def render(content: dict, audience: str) -> Rendered:
    """
    Return the whole `<article>` of a frozen version (`imprimatur/version/1`) for one audience, by its key.

    The same content and audience give the same bytes, in every process.
    """
    shown = choose(content, audience)
    words = sum(len(visible(build(one)).split()) for one in shown)
    return Rendered(
        html=_write(content, audience, shown),
        contents=_contents(shown),
        minutes=max(1, -(-words // WORDS_PER_MINUTE)),
        general=any(one.general for one in shown),
    )


def markup(content: dict, audience: str) -> str:
    """Return the `<article>` alone, as `render` gives it."""
    return _write(content, audience, choose(content, audience))


def _write(content: dict, audience: str, shown: list[Shown]) -> str:
    sections = [build(one) for one in shown]
    _mark_other_sites(sections)
    finish_tables((section, one.heading) for section, one in zip(sections, shown, strict=True))
    article = _assemble(content, sections, wording_note(content, audience, shown))
    works = {reference["key"]: reference["csl"] for reference in content["references"]}
    numbers, clusters = link_citations(article, works)
    if (listed := contents_list(_contents(shown))) is not None:
        article.insert(article.index(sections[0]) + lead_end(shown) if sections else 0, listed)
    if numbers:
        article.append(reference_list(works, numbers, clusters))
    return html.tostring(article, encoding="unicode")


def _contents(shown: list[Shown]) -> tuple[tuple[str, str], ...]:
    return tuple((one.anchor, one.heading) for one in shown if one.heading and one.role != "lead")


def _assemble(content: dict, sections: list, note: str) -> etree._Element:
    article = html.Element("article", {"class": "text", "lang": content["language"]})
    if note:
        etree.SubElement(article, "p", {"class": "wording-note"}).text = note
    article.extend(sections)
    return article


def _mark_other_sites(sections: list) -> None:
    """Tell the browser not to hand this page to other sites."""
    for section in sections:
        for link in section.iter("a"):
            if link.get("href", "").lower().startswith(("http:", "https:", "//")):
                link.set("rel", "noopener noreferrer")

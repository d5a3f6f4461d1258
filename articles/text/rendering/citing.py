"""Citations: their numbers in the text, the reference list, and the links between them."""

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import TypeAlias

from lxml import etree, html

from articles.text import citations
from articles.text.citations import format_reference, is_retracted, number_keys, ranges
from articles.text.citations.fields import Work
from articles.text.citations.retracted import work_of
from articles.text.rendering.our_words import Words
from articles.text.rendering.sections import parse

Clusters: TypeAlias = dict[int, list[int]]  # the clusters that cite each reference, by its number


def link_citations(article: html.HtmlElement, works: dict[str, str], words: Words) -> tuple[dict[str, int], Clusters]:
    """Replace the cites by numbers in order of first use; return the number of each key, and its clusters."""
    clusters = list(_clusters(article))
    keys = [[cite.get("data-ref") for cite in cluster] for cluster in clusters]
    numbers = number_keys(key for cluster in keys for key in cluster if key in works)
    cited: Clusters = {number: [] for number in numbers.values()}
    count = 0
    for cites, cited_keys in zip(clusters, keys, strict=True):
        found = {numbers[key] for key in cited_keys if key in numbers}
        count += bool(found)
        for number in found:
            cited[number].append(count)
        missing = [_missing(words) for key in dict.fromkeys(cited_keys) if key not in numbers]
        _replace(cites, [_mark(found, count, words), *missing] if found else missing)
    return numbers, cited


def _clusters(article: html.HtmlElement) -> Iterator[list[html.HtmlElement]]:
    """Yield each cluster of adjacent cites, with at most white space between them, in reading order."""
    cluster: list[html.HtmlElement] = []
    for cite in article.iter("cite"):
        if cluster and not (cite.getprevious() is cluster[-1] and not (cluster[-1].tail or "").strip()):
            yield cluster
            cluster = []
        cluster.append(cite)
    if cluster:
        yield cluster


def _mark(numbers: set[int], cluster: int, words: Words) -> etree._Element:
    """Return `[1,3–5]`, in which each number links to its reference."""
    mark = html.Element("sup", {"class": "citation", "id": f"cite-{cluster}"})
    mark.text = "["
    for first, last in ranges(numbers):
        if len(mark):
            mark[-1].tail = ","
        _number(mark, first, words)
        if last != first:
            mark[-1].tail = "–"
            _number(mark, last, words)
    mark[-1].tail = "]"
    return mark


def _number(mark: etree._Element, number: int, words: Words) -> None:
    link = etree.SubElement(mark, "a", {"href": f"#ref-{number}", "aria-label": words.reference.format(number=number)})
    link.text = str(number)


def _missing(words: Words) -> etree._Element:
    mark = html.Element("sup", {"class": "citation missing"})
    mark.text = words.missing
    return mark


def _replace(cites: list[html.HtmlElement], marks: list[etree._Element]) -> None:
    parent, tail = cites[0].getparent(), cites[-1].tail
    place = parent.index(cites[0])
    parent[place : place + len(cites)] = marks
    marks[-1].tail = tail


def reference_list(
    works: dict[str, str], numbers: dict[str, int], cited: Clusters, although: dict[str, str], words: Words
) -> etree._Element:
    """
    Return the works in order of number, each with links back to its citations.

    `although` holds the reasons, by key, why retracted works are cited.
    """
    section = html.Element("section", {"id": "references", "class": "references"})
    etree.SubElement(section, "h2").text = words.references
    entries = etree.SubElement(section, "ol")
    for key, number in numbers.items():
        back = " ".join(
            f'<a class="back" href="#cite-{cluster}" aria-label="{words.back.format(number=cluster)}">↩</a>'
            for cluster in cited[number]
        )
        entry = parse(f"{listed(works[key], although.get(key, ''), words)} {back}", "li")
        entry.set("id", f"ref-{number}")
        entries.append(entry)
    return section


def listed(work: str, although_retracted: str, words: Words) -> str:
    """Return the entry of a work in the list, with the reason why it is cited if it is retracted."""
    entry = format_reference(work_of(work))
    if not although_retracted:
        return entry
    return f'{entry} <span class="credit-name">{words.although_retracted}</span> {escape(although_retracted)}'


def earlier_printings(works: dict[str, str]) -> list[dict[str, str]]:
    """Return the works by key as earlier releases printed them, the newest first, without repeats."""
    found: list[dict[str, str]] = []
    for printed in (citations.as_second_printed, citations.as_first_printed):
        former = {key: _printed_as(printed, text) for key, text in works.items()}
        if former != works and former not in found:
            found.append(former)
    return found


def _printed_as(printed: Callable[[Work], Work], text: str) -> str:
    work = work_of(text)
    former = printed(work)
    return text if former == work else json.dumps(former)


def not_called_retracted(works: dict[str, str], numbers: dict[str, int]) -> dict[str, int]:
    """Return the number of each work whose entry in the list does not say that it is retracted."""
    return {key: number for key, number in numbers.items() if not is_retracted(work_of(works[key]))}

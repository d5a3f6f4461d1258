"""People and cited works of a frozen text in the words of schema.org: only what the page prints of them."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from lxml import html

from articles.models import Article, Authorship
from articles.site.machines.json_ld import CONTEXT, Data
from articles.text.citations import format_reference, is_retracted
from articles.text.citations.dates import nlm_year
from articles.text.citations.names import ET_AL, NAMES_SHOWN, names
from articles.text.citations.retracted import plain_title, work_of
from articles.text.rendering.numbered.figures import address
from articles.text.rendering.visible import visible

Part = Authorship.Role
PROPERTIES = {
    Part.AUTHOR: "author",
    Part.EDITOR: "editor",
    Part.TRANSLATOR: "translator",
    Part.ILLUSTRATOR: "contributor",
}
TYPES = {
    "article": "ScholarlyArticle",
    "article-journal": "ScholarlyArticle",
    "paper-conference": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "chapter": "Chapter",
    "dataset": "Dataset",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
}
RETRACTED = "Retracted"
MADE_WITH_AI = {
    Article.AIUse.ASSISTED: f"{CONTEXT}/CompositeWithTrainedAlgorithmicMediaDigitalSource",
    Article.AIUse.GENERATED: f"{CONTEXT}/TrainedAlgorithmicMediaDigitalSource",
}


def people_of(content: dict[str, Any]) -> Data:
    """Return the people that the byline names, by their part."""
    found: Data = {}
    for person in content["contributors"]:
        if name := PROPERTIES.get(person["role"]):
            found.setdefault(name, []).append(person_named(person["name"], person["credentials"]))
    return found


def source_of(content: dict[str, Any]) -> Data:
    """Return the use of artificial intelligence that the authors declared; nothing if there was none."""
    source = MADE_WITH_AI.get(content["ai_use"]["level"])
    return {"digitalSourceType": source} if source else {}


def person_named(name: str, credentials: str) -> Data:
    return {"@type": "Person", "name": name, **({"honorificSuffix": credentials} if credentials else {})}


def images_of(content: dict[str, Any], page: str) -> list[Data]:
    """Return the figures that the page shows and that say something, each once, in the order of the frozen content."""
    found = []
    for figure in content.get("figures", []):
        widest = figure["files"][-1]
        if figure["alt"] and any(file["sha256"] in page for file in figure["files"]):
            data = {
                "@type": "ImageObject",
                "contentUrl": address(widest["sha256"], figure["media_type"]),
                "encodingFormat": figure["media_type"],
                "width": widest["width"],
                "height": widest["height"],
                "sha256": widest["sha256"],
                "description": figure["alt"],
                "caption": figure["caption"],
                "creditText": figure["source"],
                "copyrightNotice": figure["licence"],
            }
            found.append({name: value for name, value in data.items() if value})
    return found


def works_of(works: Iterable[tuple[str, str]]) -> Data:
    """Return the listed works, (key, CSL-JSON), in the order of their numbers, which are their positions."""
    found = [{**cited(csl), "position": number} for number, (_, csl) in enumerate(works, start=1)]
    return {"citation": found} if found else {}


def cited(csl_text: str) -> Data:
    """Return a cited work: the title, names, year and links that the list of references prints."""
    work = work_of(csl_text)
    printed = html.fragment_fromstring(format_reference(work), create_parent="div")
    said = visible(printed)
    kind = work.get("type")
    found: Data = {"@type": TYPES.get(kind, "CreativeWork") if isinstance(kind, str) else "CreativeWork"}
    found["name"] = plain_title(work) or said
    people = [name for name in names(work.get("author"))[:NAMES_SHOWN] if name != ET_AL]
    if people:
        kinds = {True: "Organization", False: "Person"}
        found["author"] = [{"@type": kinds[one.organisation], "name": unescape(one.html)} for one in people]
    year = nlm_year(work.get("issued"))
    if re.fullmatch("[0-9]{4}", year) and year in said:
        found["datePublished"] = year
    if links := printed.xpath(".//a/@href"):
        found["sameAs"] = [str(link) for link in links]
    if is_retracted(work):
        found["creativeWorkStatus"] = RETRACTED
    return found

"""
Fill a site with a library of medical texts: each of its articles becomes a published one, past the workflow.

The library is `library.jsonl.gz` in a folder that LIBRARY names: one article on each line, with `id`, `title`,
`synonyms`, and `sections` of `question` and `answer`. None of its texts is a part of this project.
"""

import gzip
import json
import os
import uuid
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from articles.frozen.content import thaw
from articles.models import Article, ArticleName, Version, VersionText
from articles.search.index import rebuilding
from articles.search.names import add_synonyms, groups_in
from articles.text.canonical import canonical, sha256
from reviews.demo.story import SYNONYMS
from reviews.evidence import triggers
from reviews.models import Review

FOLDER = Path(os.environ.get("LIBRARY", "../shared/library"))
LIBRARY = FOLDER / "library.jsonl.gz"
LONGEST_HEADING = 300
TOGETHER = 500  # articles in one statement


def articles() -> Iterator[dict[str, Any]]:
    """Yield the articles; those of one `id` as one, and none without a title."""
    found: dict[str, dict[str, Any]] = {}
    with gzip.open(LIBRARY, "rt", encoding="utf-8") as lines:
        for text in map(json.loads, lines):
            if text["title"].strip():
                found.setdefault(text["id"], {**text, "sections": []})["sections"] += text["sections"]
    yield from found.values()


def fill(published: Version, texts: list[dict[str, Any]]) -> None:
    """Publish the texts as copies of a published version, with their synonyms, and put all into the index."""
    content = thaw(published.frozen.text)
    review = Review.objects.get(version=published)
    triggers.drop()
    for start in range(0, len(texts), TOGETHER):
        _write(published, review, content, texts[start : start + TOGETHER])
    triggers.install()
    add_synonyms(groups_in(SYNONYMS.read_text(encoding="utf-8")), actor=published.submitted_by)
    rebuilding.rebuild()


def _write(published: Version, review: Review, content: dict[str, Any], texts: list[dict[str, Any]]) -> None:
    original = published.article
    rows = [_copy(original, public_id=uuid.uuid4(), slug=slug(text), title=text["title"][:200]) for text in texts]
    for row in rows:
        row.latest_version = row.published_version = None
    Article._base_manager.bulk_create(rows)
    frozen = [canonical(_frozen(content, text)) for text in texts]
    versions = [
        _copy(published, article=row, title=row.title, digest=sha256(text))
        for row, text in zip(rows, frozen, strict=True)
    ]
    Version._base_manager.bulk_create(versions)
    VersionText._base_manager.bulk_create(
        VersionText(version=version, text=text) for version, text in zip(versions, frozen, strict=True)
    )
    Review._base_manager.bulk_create(_copy(review, version=version, article=version.article) for version in versions)
    for row, version in zip(rows, versions, strict=True):
        row.latest_version = row.published_version = version
    Article._base_manager.bulk_update(rows, ["latest_version", "published_version"])
    ArticleName._base_manager.bulk_create(
        ArticleName(article=row, name=name)
        for row, text in zip(rows, texts, strict=True)
        for name in dict.fromkeys(name[:200] for name in text["synonyms"])
    )


def slug(text: dict[str, Any]) -> str:
    return text["id"].lower().replace("_", "-")


def _copy(row: Any, **changes: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    copy = type(row)(**{**values, row._meta.pk.attname: None})
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _frozen(content: dict[str, Any], text: dict[str, Any]) -> dict[str, Any]:
    first = content["sections"][0]
    sections = [
        {
            **first,
            "key": f"{number:08d}",
            "heading": section["question"][:LONGEST_HEADING],
            "body": _html(section["answer"]),
        }
        for number, section in enumerate(text["sections"])
    ]
    return {**content, "title": text["title"][:200], "sections": sections, "references": []}


def _html(answer: str) -> str:
    blocks = [" ".join(block.split()) for block in answer.split("\n\n")]
    return "".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)

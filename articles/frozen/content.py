"""
Freezing: turn an article, as its readers will see it, into one canonical text with one digest.

FROZEN lists the fields of each model that readers see. LEFT_OUT gives for each other field the reason why readers see
no change of it. A test compares both with the models, so each new field must be added to one of them.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Disclaimer,
    Figure,
    Picture,
    PictureFile,
    Reference,
    Section,
    Topic,
    Version,
    Wording,
)
from articles.models.rows.together import Found, Together
from articles.text import rendering, richtext
from articles.text.canonical import canonical, sha256
from articles.text.rendering.our_words import name_for

FORMAT = "imprimatur/version/1"

FROZEN = {
    Article: {
        "public_id",
        "kind",
        "title",
        "language",
        "written_for",
        "risk",
        "ai_use",
        "ai_note",
        "topics",
        "evidence_current_to",
        "translation_of",
    },
    ArticleTopic: {"article", "topic"},
    Topic: {"name", "slug"},
    Authorship: {"article", "contributor", "role", "position"},
    Contributor: {"name", "credentials", "orcid"},
    Section: {"article", "key", "role", "heading", "body", "position", "topic"},
    Wording: {"section", "audience", "heading", "body"},
    ArticleReference: {"article", "key", "reference", "although_retracted"},
    Reference: {"csl"},
    Figure: {"article", "key", "picture", "alt", "caption", "source", "licence"},
    Picture: {"sha256", "media_type", "width", "height"},
    PictureFile: {"picture", "sha256", "width", "height"},
    Audience: {"key", "label", "position"},
    Disclaimer: {"audience", "number", "text"},
}
LEFT_OUT = {
    Article: {
        "id": "internal",
        "slug": "the address: a change redirects and touches no word",
        "created_by": "a writer: frozen in Version.writers",
        "created_at": "internal",
        "imported_by": "a writer: frozen in Version.writers",
        "latest_version": "a pointer of the workflow",
        "published_version": "a pointer of the workflow",
        "last_reviewed": "a live fact beside the text",
        "next_review_due": "a live fact beside the text",
    },
    ArticleTopic: {"id": "internal"},
    Topic: {"id": "internal", "parent": "where lists show the topic"},
    Authorship: {"id": "internal"},
    Contributor: {"id": "internal", "user": "internal", "bio": "shown on the person's own page"},
    Section: {"id": "internal"},
    Wording: {"id": "internal"},
    ArticleReference: {"id": "internal"},
    Reference: {
        "id": "internal",
        "doi": "the library's index of csl.DOI",
        "pmid": "the library's index of csl.PMID",
        "title_key": "the library's index of csl.title and csl.issued",
        "merged_into": "a record that stays for the texts that cite it: its csl is theirs",
    },
    Figure: {"id": "internal", "decorative": "it has no alternative text"},
    Picture: {"id": "internal"},
    PictureFile: {"id": "internal", "data": "the bytes whose SHA-256 is frozen"},
    Audience: {"id": "internal"},
    Disclaimer: {
        "id": "internal",
        "issued_by": "evidence of its own",
        "issued_by_name": "evidence of its own",
        "issued_at": "evidence of its own",
    },
}


@dataclass(frozen=True)
class Frozen:
    """The frozen content of an article, its canonical text and SHA-256, and the rows it was made from."""

    content: dict[str, Any]
    topics: list[Topic]
    references: list[ArticleReference]

    @cached_property
    def text(self) -> str:
        return canonical(self.content)

    @cached_property
    def digest(self) -> str:
        return sha256(self.text)


def freeze(article: Article) -> Frozen:
    """
    Return the draft as it would be submitted now.

    Any change that an audience could see changes the digest, even of one character. Other changes do not: of uncited
    references, internal numbers, or the order in which rows were saved.
    """
    content, topics, references = content_of(article, rows_of(article))
    content["visible"] = visible_digests(content)
    return Frozen(content, topics, references)


def rows_of(article: Article) -> Found:
    """Return the rows of the draft as they are now, with what they refer to, by one statement."""
    return _draft.read(article=article.pk)


def content_of(article: Article, draft: Found) -> tuple[dict[str, Any], list[Topic], list[ArticleReference]]:
    """Return from its rows the content without visible digests, with the topics and the cited references."""
    sections = _sections(draft)
    cited = {key for section in sections for key in cited_in(section)}
    references = sorted((row for row in draft["references"] if row.key in cited), key=lambda row: row.key)
    topics = sorted((row.topic for row in draft["topics"]), key=lambda topic: topic.name)
    audiences = sorted(draft["audiences"], key=lambda row: (row.position, row.key))
    content = {
        "format": FORMAT,
        "article": str(article.public_id),
        "kind": article.kind,
        "language": article.language,
        "title": article.title,
        "risk": article.risk,
        "written_for": next(audience.key for audience in audiences if audience.pk == article.written_for_id),
        "ai_use": {"level": article.ai_use, "note": article.ai_note},
        "audiences": [{"key": audience.key, "label": audience.label} for audience in audiences],
        "topics": [{"name": topic.name, "slug": topic.slug} for topic in topics],
        "contributors": _contributors(draft["authorships"]),
        "sections": sections,
        "references": [_reference(row) for row in references],
        "figures": _figures(draft["figures"], draft["files"], sections),
        "disclaimers": _disclaimers(audiences, draft["disclaimers"]),
    }
    if article.evidence_current_to:  # an article without it has the same bytes as before this field
        content["evidence_current_to"] = article.evidence_current_to.isoformat()
    if article.translation_of_id:  # likewise
        content["translation_of"] = _original(article.translation_of_id)
    if words := name_for(article.language):  # so too, a text whose own words are English
        content["words"] = words
    return content, topics, references


_draft = Together(
    lambda article: {
        "sections": Section.objects.filter(article=article),
        "wordings": Wording.objects.filter(section__article=article).select_related("audience"),
        "references": ArticleReference.objects.filter(article=article).select_related("reference"),
        "topics": ArticleTopic.objects.filter(article=article).select_related("topic"),
        "authorships": Authorship.objects.filter(article=article).select_related("contributor"),
        "figures": Figure.objects.filter(article=article).select_related("picture"),
        "files": files_of(Figure.objects.filter(article=article).order_by().values("picture")),
        "audiences": Audience.objects.all(),
        "disclaimers": Disclaimer.objects.in_force(),
    }
)


def visible_digests(content: dict[str, Any]) -> dict[str, str]:
    """Return for each audience the SHA-256 of the visible text of the rendered content."""
    return {
        audience["key"]: sha256(rendering.visible_text(rendering.markup(content, audience["key"])))
        for audience in content["audiences"]
    }


def thaw(text: str) -> dict[str, Any]:
    """Return the content of a version from its canonical text."""
    return json.loads(text)


def _sections(draft: Found) -> list[dict[str, Any]]:
    """Return the sections in their order, each with its wordings by audience."""
    rows = sorted(draft["sections"], key=lambda row: (row.position, row.pk))
    topics = {row.topic_id: row.topic.name for row in draft["topics"]}
    wordings: dict[int, dict[str, Any]] = {row.pk: {} for row in rows}
    for row in draft["wordings"]:
        wordings[row.section_id][row.audience.key] = {"heading": row.heading, "body": row.body}
    return [
        {
            "key": row.key,
            "role": row.role,
            "heading": row.heading,
            "body": row.body,
            "wordings": wordings[row.pk],
            **({"topic": topics[row.topic_id]} if row.topic_id in topics else {}),  # others have the bytes of before
        }
        for row in rows
    ]


def cited_in(section: dict[str, Any]) -> list[str]:
    """Return the keys of the references that a frozen section cites, in the order of its texts."""
    bodies = [section["body"], *(wording["body"] for wording in section["wordings"].values())]
    return [key for body in bodies for key in richtext.cited_keys(body)]


def placed_in(section: dict[str, Any]) -> list[str]:
    """Return the keys of the figures that a frozen section places, in the order of its texts."""
    bodies = [section["body"], *(wording["body"] for wording in section["wordings"].values())]
    return [key for body in bodies for key in richtext.figure_keys(body)]


def files_of(pictures: QuerySet[Any, Any] | list[int]) -> QuerySet[PictureFile, tuple[Any, ...]]:
    """Return the files of these pictures: (picture, width, height, SHA-256)."""
    files = PictureFile.objects.filter(picture__in=pictures)
    return files.values_list("picture_id", "width", "height", "sha256")


def _figures(
    rows: list[Figure], files: list[tuple[int, int, int, str]], sections: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the figures that some text places, by key, each with the files of its picture from narrow to wide."""
    placed = {key for section in sections for key in placed_in(section)}
    sizes: dict[int, list[dict[str, Any]]] = {}
    for picture, width, height, digest in sorted(files, key=lambda file: file[1]):
        sizes.setdefault(picture, []).append({"width": width, "height": height, "sha256": digest})
    return [
        {
            "key": row.key,
            "sha256": row.picture.sha256,
            "media_type": row.picture.media_type,
            "width": row.picture.width,
            "height": row.picture.height,
            "files": sizes.get(row.picture_id, []),
            "alt": row.alt,
            "caption": row.caption,
            "source": row.source,
            "licence": row.licence,
        }
        for row in sorted(rows, key=lambda row: row.key)
        if row.key in placed
    ]


def _reference(row: ArticleReference) -> dict[str, Any]:
    """Return a cited work; one that is cited although it is retracted is called so, with the reason."""
    if not row.although_retracted:  # it has the bytes of before this field
        return {"key": row.key, "csl": canonical(row.reference.csl)}
    csl = canonical({**row.reference.csl, "status": "retracted"})
    return {"key": row.key, "csl": csl, "although_retracted": row.although_retracted}


def _contributors(authorships: list[Authorship]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.contributor.name,
            "credentials": row.contributor.credentials,
            "orcid": row.contributor.orcid,
            "role": row.role,
        }
        for row in sorted(authorships, key=lambda row: (row.position, row.pk))
    ]


def _original(version: int) -> dict[str, Any]:
    """Return the text that this one was translated from, as it was signed."""
    original = Version.objects.select_related("article").get(pk=version)
    return {
        "article": str(original.article.public_id),
        "version": original.number,
        "title": original.title,
        "language": original.language,
        "sha256": original.digest,
    }


def _disclaimers(audiences: list[Audience], in_force: list[Disclaimer]) -> dict[str, Any]:
    keys = {audience.pk: audience.key for audience in audiences}
    return {
        keys[disclaimer.audience_id]: {"number": disclaimer.number, "sha256": disclaimer.sha256}
        for disclaimer in in_force
    }

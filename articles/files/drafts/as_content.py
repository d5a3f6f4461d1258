"""A file or a draft as the checks read it: the content that would be frozen, and references that nothing cites."""

from typing import Any

from articles.files.imported import ImportedArticle, ImportedReference, ImportedSection
from articles.frozen.content import content_of, rows_of
from articles.models import Article, Authorship
from articles.models.rows.together import Found
from articles.text.canonical import canonical

IMPORTER = {"name": "-", "credentials": "-", "orcid": "", "role": Authorship.Role.AUTHOR.value}  # named at the import


def of_file(imported: ImportedArticle, audiences: dict[str, str]) -> dict[str, Any]:
    """Return the content of a file; `audiences` has their labels. Its author and disclaimers are taken as given."""
    return {
        "kind": imported.kind,
        "language": imported.language,
        "title": imported.title,
        "risk": imported.risk,
        "written_for": imported.written_for,
        "ai_use": {"level": imported.ai_use, "note": imported.ai_note},
        "audiences": [{"key": key, "label": label} for key, label in audiences.items()],
        "topics": [{"name": topic, "slug": topic} for topic in imported.topics],
        "contributors": [IMPORTER],
        "sections": [_section(number, section) for number, section in enumerate(imported.sections, start=1)],
        "references": [_work(row) for row in imported.references],
        "figures": [],
        "disclaimers": {key: {} for key in audiences},
        **({"evidence_current_to": imported.evidence_current_to} if imported.evidence_current_to else {}),
    }


def _section(number: int, section: ImportedSection) -> dict[str, Any]:
    wordings = {key: {"heading": section.headings.get(key, ""), "body": body} for key, body in section.wordings.items()}
    key, topic = f"section-{number}", {"topic": section.topic} if section.topic else {}
    named = {"key": key, "role": section.role, "heading": section.heading}
    return {**named, "body": section.body, "wordings": wordings, **topic}


def _work(row: ImportedReference) -> dict[str, Any]:
    reason = {"although_retracted": row.although_retracted} if row.although_retracted else {}
    return {"key": row.key, "csl": canonical(row.csl), **reason}


def of_draft(article: Article, draft: Found | None = None) -> dict[str, Any]:
    """Return the content of a draft as it is stored, or with these rows. It is one statement, without a rendering."""
    draft = rows_of(article) if draft is None else draft
    return with_uncited(content_of(article, draft)[0], draft)


def with_uncited(content: dict[str, Any], draft: Found) -> dict[str, Any]:
    """Add what is not frozen but named by checks: references that nothing cites, and figures that no text shows."""
    cited = {reference["key"] for reference in content["references"]}
    others = [row for row in draft["references"] if row.key not in cited]
    content["references"] += [
        {"key": row.key, "csl": canonical(row.reference.csl)} for row in sorted(others, key=lambda row: row.key)
    ]
    placed = {figure["key"] for figure in content["figures"]}
    content["unplaced"] = sorted(row.key for row in draft["figures"] if row.key not in placed)
    return content

"""What an exported file says beside its text: where its review stands, its notices, who signed it, the disclaimers."""

from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.files.exporting.documents.docx import Beside
from articles.models import Article, Authorship, Disclaimer, Notice, Version
from articles.review_process import Approval, ReviewState, approved_urgently, review_process
from articles.text.addresses import address_of
from articles.text.languages import around_a_text, own_name, within_sentence

__all__ = ["beside", "notices_called", "original_of", "signature"]

Facts = list[tuple[str, str]]


def beside(article: Article, version: Version | None, content: dict[str, Any]) -> Beside:
    """Return what a Word file says beside this version, or beside the draft without one, in the text's language."""
    with around_a_text(content["language"]):
        state = review_process().state(version) if version else None
        return Beside(
            status=_("Draft, not reviewed") if version is None or state is None else _status(article, version, state),
            details=_details(content),
            facts=_facts(article, version, state) if version and state else [],
            disclaimers=_disclaimers(content),
            original=original_of(content),
            advice=_(
                "Grey lines are information and are not imported. Edit all other text, and import the file again."
            ),
        )


def _status(article: Article, version: Version, state: ReviewState) -> str:
    called = notices_called(article, version)
    stands = str(approved_urgently(state.full_review_due) if state.full_review_due else state.stands.label)
    parts = [_("Version {number}").format(number=version.number), within_sentence(stands), *called]
    if state.published_at:
        day = date_format(state.published_at, "DATE_FORMAT")
        parts.append(_("published {day}").format(day=day))
    if article.published_version_id not in (None, version.pk):
        parts.append(_("not the current version"))
    return ", ".join(parts)


def notices_called(article: Article, version: Version) -> list[str]:
    """Return the kinds of the notices in force on this version, and of those on earlier ones that concern it too."""
    travelling = Q(kind__in=Notice.kinds("travels"), versions__number__lt=version.number)
    notices = article.notices.in_force().filter(Q(versions=version) | travelling).order_by("pk").distinct()
    return [str(notice.get_kind_display()) for notice in notices]


def _details(content: dict[str, Any]) -> Facts:
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    people = [_person(row) for row in content["contributors"]]
    level, note = content["ai_use"]["level"], content["ai_use"]["note"]
    used = str(Article.AIUse(level).label) if level else _("The use of artificial intelligence is not declared")
    return [
        (_("Authors and others named"), "; ".join(people)),
        (_("Kind"), str(Article.Kind(content["kind"]).label)),
        (_("Topics"), ", ".join(row["name"] for row in content["topics"])),
        (_("Written for"), labels[content["written_for"]]),
        (_("Language"), own_name(content["language"])),
        (_("Risk"), str(Article.Risk(content["risk"]).label)),
        (_("Evidence current to"), content.get("evidence_current_to", "")),
        (_("Use of artificial intelligence"), " ".join(filter(None, [f"{used}.", note]))),
    ]


def _person(row: dict[str, str]) -> str:
    name = f"{row['name']}, {row['credentials']}" if row["credentials"] else row["name"]
    if row["role"] == Authorship.Role.AUTHOR:
        return name
    return f"{name} ({within_sentence(str(Authorship.Role(row['role']).label))})"


def _facts(article: Article, version: Version, state: ReviewState) -> Facts:
    approvals = review_process().approvals([version]).get(version.pk, [])
    published = date_format(state.published_at, "DATE_FORMAT") if state.published_at else ""
    return [
        (_("State"), _status(article, version, state)),
        (_("Published"), published),
        (_("Approved by"), "; ".join(map(signature, approvals))),
        (_("Digest (SHA-256)"), version.digest),
    ]


def signature(row: Approval) -> str:
    """Return who signed, in which capacity, and on which day."""
    name = f"{row.printed_name}, {row.credentials}" if row.credentials else row.printed_name
    return _("{name}, as {capacity}, {day}").format(
        name=name, capacity=row.capacity, day=row.signed_at.date().isoformat()
    )


def _disclaimers(content: dict[str, Any]) -> Facts:
    """Return the disclaimers that were in force when the text was frozen, each with the label of its readers."""
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    numbers = {(key, row["number"]) for key, row in content["disclaimers"].items() if row}
    rows = Disclaimer.objects.filter(audience__key__in=labels).select_related("audience")
    return [
        (labels[row.audience.key], " ".join(row.text.split()))
        for row in rows
        if (row.audience.key, row.number) in numbers
    ]


def original_of(content: dict[str, Any]) -> str:
    """Return the path of the version that was translated; empty for a text that is no translation."""
    original = content.get("translation_of")
    if original is None:
        return ""
    slug = Article.objects.values_list("slug", flat=True).get(public_id=original["article"])
    return address_of(slug, original["version"])

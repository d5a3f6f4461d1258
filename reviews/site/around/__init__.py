"""
The facts around a text, fetched by one SQL statement: `around`.

The statement is a union of arms, in one module for each subject. Each arm has a queryset that returns the same rows.
"""

import json
from functools import cache

from django.utils import timezone

from articles.models import Article, Audience, GlossaryTerm, Notice, Topic, Version
from articles.models.version import numbered
from articles.review_process import Approval, Around, Byline, Cited, Related, Remarks, ShownNotice, Translation
from reviews.models import Capacity
from reviews.site.around import approvals, beside, notices, progress, translations
from reviews.site.around.arms import Asked, Union
from reviews.site.state import confirmed, state_of, steps_of
from reviews.workflow.approval.blockers import overridden_in
from reviews.workflow.approval.full_review.resting import beginning
from reviews.workflow.approval.opened import read_by


def around(article: Article, version: Version, audience: str) -> Around:
    """Return the facts around the version; one query, whatever the size of the library."""
    rows = union().fetch(Asked(article.pk, version.pk, audience, timezone.localdate().isoformat()))
    reviews = {row.version: row for row in rows.of(progress.Reviews)}
    own = reviews.pop(version.pk)
    version.review.is_taken_up = own.is_taken_up
    pending = next(iter(reviews.values()), None)
    newer = article.latest_version if pending else None
    if pending and newer:
        newer.review.is_taken_up = pending.is_taken_up
    return Around(
        state=state_of(version.review),
        newer=state_of(newer.review) if newer else None,
        asked=own.asked,
        steps=steps_of(version.review, own.began_at),
        byline=_byline(rows.of(approvals.Approvals)),
        confirmed=next((confirmed(row.number, json.loads(row.counted)) for row in rows.of(approvals.Attested)), None),
        notices=_notices(rows.of(notices.Notices), version),
        has_earlier=bool(rows.of(progress.Earlier)),
        first_published=next((row.at for row in rows.of(progress.Beginning)), None),
        remarks=next((Remarks(row.made, row.resolved) for row in rows.of(progress.Remarks)), None),
        topics=[Topic(name=row.name, slug=row.slug) for row in rows.of(beside.Topics)],
        audiences=[Audience(key=row.key, label=row.label) for row in rows.of(beside.Audiences)],
        disclaimer=next((row.text for row in rows.of(beside.Disclaimers)), ""),
        related=[
            Related(
                row.title,
                row.slug,
                row.language,
                bool(row.has_concern),
                bool(row.has_correction),
                bool(row.is_overdue),
            )
            for row in rows.of(beside.Sharing)
        ],
        has_policy=bool(rows.of(beside.Policies)),
        cited=[Cited(*row) for row in rows.of(beside.Works)],
        glossary=[
            GlossaryTerm(word=row.word, forms=row.forms, definition=row.definition) for row in rows.of(beside.Glossary)
        ],
        group=[
            Translation(*row[2:6], row.article, bool(row.is_original), bool(row.has_concern))
            for row in rows.of(translations.Translations)
        ],
        original_changed=bool(rows.of(translations.Since)),
    )


@cache
def union() -> Union:
    """Return the statement; it is built once per process, when the models are loaded."""
    arms = [*notices.arms(), *approvals.arms(), *progress.arms(), *beside.arms(), *translations.arms()]
    return Union(beginning(f"{beside.THIS} UNION ALL {beside.LATE}", beside.RELATED_TEXTS), arms)


def _byline(rows: list[approvals.Approvals]) -> Byline:
    def of(text: str) -> list[Approval]:
        return [
            Approval(
                row.printed_name,
                row.credentials,
                str(Capacity(row.capacity).in_a_sentence),
                row.signed_at,
                row.person,
                read_by(row.statement, row.digest),
                overridden_in(row.statement, row.digest),
            )
            for row in rows
            if row.text == text
        ]

    return Byline(
        signatures=of(approvals.THIS_TEXT),
        full_review=of(approvals.FULL_REVIEW),
        minor_since=of(approvals.SINCE[Version.Change.MINOR]),
        correction_since=of(approvals.SINCE[Version.Change.CORRECTION]),
    )


def _notices(rows: list[notices.Notices], version: Version) -> list[ShownNotice]:
    found: dict[int, Notice] = {}
    named: dict[int, set[int]] = {}
    for row in rows:
        notice = Notice(pk=row.id, kind=row.kind, reason=row.reason, issued_by_name=row.issuer, issued_at=row.issued_at)
        found.setdefault(row.id, notice)
        named.setdefault(row.id, set()).add(row.number)
    return [
        ShownNotice(notice, "" if version.number in named[pk] else numbered(named[pk])) for pk, notice in found.items()
    ]

"""The change log of an article: each published version in a few sentences, and the notices between them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Notice, Version, VersionReference
from articles.models.notice import Consequences
from articles.models.version import doubted_among, numbered
from articles.review_process import Approval, Confirmed, ReviewState, review_process
from articles.site.facts import to_readers
from articles.site.versions.changes import Counted, counts_between
from articles.templatetags.sentences import listed
from articles.text.citations.retracted import Retracted

IN_A_PAGE = 20  # versions; each is compared with the one before it, once


REVIEWED = {  # by the change class, and whether there are signatures to name
    (Version.Change.CORRECTION, True): gettext_lazy("Only spelling or punctuation changed, checked by {names}."),
    (Version.Change.CORRECTION, False): gettext_lazy("Only spelling or punctuation changed."),
    (Version.Change.MINOR, True): gettext_lazy("The advice stayed the same, reviewed by {names}."),
    (Version.Change.MINOR, False): gettext_lazy("The advice stayed the same."),
    (Version.Change.MAJOR, True): gettext_lazy("A full review, signed by {names}."),
    (Version.Change.MAJOR, False): gettext_lazy("A full review."),
}


@dataclass(frozen=True)
class VersionRow:
    """
    A published version.

    `earlier` is the version published before it, if readers may compare the two, and `counted` what changed since. The
    retracted works are those that were not yet retracted when the text was frozen. `reviewed` is the day that became
    “last reviewed” with it, if it moved that. `confirmed` are the later readings that found nothing to change.
    """

    version: Version
    at: datetime.datetime
    state: ReviewState
    is_removed: bool
    retracted_works: list[Retracted]
    earlier: Version | None
    counted: Counted | None
    signatures: list[Approval]
    reviewed: datetime.date | None
    confirmed: list[Confirmed]

    @property
    def reviewed_in_words(self) -> str:
        """Return what kind of review the version had, and who signed it."""
        people = [
            _("{name} ({capacity})").format(name=row.printed_name, capacity=row.capacity) for row in self.signatures
        ]
        said = str(REVIEWED[Version.Change(self.state.change), bool(people)])
        if self.state.full_review_due:
            said = _("Approved urgently by {names}. The full review is not complete.")
        return format_html(said, names=listed(people))


@dataclass(frozen=True)
class NoticeRow:
    """A notice when it was issued, or when another lifted it; `named`: version 1, versions 1 and 2."""

    notice: Notice
    at: datetime.datetime
    named: str
    is_lifting: bool = False


@dataclass(frozen=True)
class Log:
    """A page of the change log, the newest first; `older` is the number below which the next page begins."""

    rows: list[VersionRow | NoticeRow]
    any_removed: bool
    compared: list[int]  # the numbers of all versions that can be compared, the newest first
    older: int | None
    set_aside: Consequences | None  # of the version that readers see


def change_log(article: Article, before: int | None = None) -> Log:
    """Return the versions with a number below `before`, or the newest; the same queries however many there are."""
    notices = list(Notice.objects.filter(article=article).select_related("lifted_by").prefetch_related("versions"))
    in_force = [row for row in notices if row.lifts_id is None and _lifting(row) is None]
    removed = {version.pk for row in in_force if row.consequences.removes for version in row.versions.all()}
    every = review_process().with_state(Version.objects.published().filter(article=article).order_by("-number"), "")
    published = list(every)
    later = [version for version in published if before is not None and version.number >= before]
    versions = published[len(later) : len(later) + IN_A_PAGE + 1]
    for version in published:
        version.notices_in_force = [row for row in in_force if version in row.versions.all()]
    shown = version_rows(versions, removed)[:IN_A_PAGE]
    is_last = len(versions) <= IN_A_PAGE
    first, last = None if is_last or not shown else shown[-1].at, _published_at(later[-1]) if later else None
    public = {version.pk for version in published}
    told = [row for notice in notices for row in _notice_rows(notice, public, removed) if _between(row.at, first, last)]
    return Log(
        rows=sorted([*shown, *told], key=lambda row: row.at, reverse=True),
        any_removed=bool(removed & public),
        compared=[version.number for version in published if version.pk not in removed],
        older=None if is_last else shown[-1].version.number,
        set_aside=next(
            (version.set_aside for version in published if version.pk == article.published_version_id), None
        ),
    )


def version_rows(versions: list[Version], removed: set[int]) -> list[VersionRow]:
    """Return a row for each of an article's published versions, the newest first; the oldest is compared with none."""
    works = _works_of(versions)
    signatures = review_process().approvals(versions)
    confirmed = review_process().confirmed(versions)
    pairs = [
        (earlier, later)
        for later, earlier in pairwise(versions)
        if later.pk not in removed and earlier.pk not in removed
    ]
    counted = dict(zip([later.pk for _, later in pairs], counts_between(pairs), strict=True))
    earlier = {later.pk: earlier for earlier, later in pairs}
    return [
        VersionRow(
            version=version,
            at=_published_at(version),
            state=review_process().state(version),
            is_removed=version.pk in removed,
            retracted_works=[work for pk, work in works if pk == version.pk and work.since],
            earlier=earlier.get(version.pk),
            counted=counted.get(version.pk),
            signatures=signatures.get(version.pk, []),
            reviewed=_reviewed(review_process().state(version)),
            confirmed=confirmed.get(version.pk, []),
        )
        for version in versions
    ]


def _works_of(versions: list[Version]) -> list[tuple[int, Retracted]]:
    """Return (version key, work) for the retracted works that readers are told of, in one query."""
    rows = VersionReference.objects.filter(version__in=versions).perhaps_doubted()
    told = doubted_among([(*row[:-1], to_readers(row[-1])) for row in rows])
    return [(version, work) for version, work in told if work.is_retracted]


def _notice_rows(notice: Notice, public: set[int], removed: set[int]) -> Iterator[NoticeRow]:
    """Yield a notice as it was issued, and as it was lifted. Of a removed version only the removal is told."""
    named = [version for version in notice.versions.all() if version.pk in public]
    if not notice.consequences.removes or _lifting(notice):
        named = [version for version in named if version.pk not in removed]
    if notice.lifts_id is None and named:
        words = numbered(version.number for version in named)
        yield NoticeRow(notice, notice.issued_at, words)
        if lifting := _lifting(notice):
            yield NoticeRow(notice, lifting.issued_at, words, is_lifting=True)


def _lifting(notice: Notice) -> Notice | None:
    """Return the notice that lifted this one."""
    found: Notice | None = getattr(notice, "lifted_by", None)
    return found


def _reviewed(state: ReviewState) -> datetime.date | None:
    """Return the day that became “last reviewed”: that on which a full review was complete, in UTC."""
    is_full = not state.is_correction and not state.is_minor and state.full_review_due is None
    at = state.completed_at or state.approved_at
    return at.astimezone(datetime.UTC).date() if is_full and at else None


def _published_at(version: Version) -> datetime.datetime:
    at = review_process().state(version).published_at
    if at is None:
        raise ValueError(f"Version {version.pk} was never published.")
    return at


def _between(at: datetime.datetime, first: datetime.datetime | None, last: datetime.datetime | None) -> bool:
    return (first is None or at >= first) and (last is None or at < last)

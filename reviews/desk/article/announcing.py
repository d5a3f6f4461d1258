"""The sentences that say, before a notice is issued, what readers will see and what becomes of open reviews."""

import hashlib
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Notice, Version
from articles.models.notice import Consequences
from articles.models.version import numbered
from articles.text.languages import moment
from reviews.models import Review, Schedule
from reviews.workflow.approval import full_review


@dataclass(frozen=True)
class Announcement:
    """What a notice does to the public version `shown` and the others, in sentences; it names these `numbers`."""

    notice: Notice
    shown: int
    numbers: list[int]
    readers: list[str]
    desk: list[str]

    @property
    def digest(self) -> str:
        """Return a value that differs once anything differs that the editor was told."""
        told = [self.notice.kind, self.notice.reason, self.shown, self.numbers, self.readers, self.desk]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def announce(notice: Notice, named: list[Version]) -> Announcement:
    """Announce a notice, not saved yet, on these versions of a published article."""
    public = notice.article.published_version
    if public is None:
        raise TypeError("There is a notice only on an article that was published.")
    rows = Version.objects.filter(pk__in=[row.pk for row in named]).select_related("review").with_notices()
    known = list(rows.order_by("number"))
    readers, desk = _to_readers(notice, public, known), _at_the_desk(notice, public, known)
    return Announcement(notice, public.number, [row.number for row in known], readers, desk)


def _to_readers(notice: Notice, public: Version, named: list[Version]) -> list[str]:
    does, shown = notice.consequences, next((row for row in named if row == public), None)
    if not (does.removes and shown) and Notice.objects.closing(public.pk).exists():
        return [
            _("This article is removed. Readers see nothing of it, and no other notice, until the removal is lifted.")
        ]
    seen = [row for row in named if row.review.published_at]
    if does.removes:
        said = _of_removed(seen, public, is_shown=shown is not None)
    else:
        said = [sentence for row in seen for sentence in _of_labelled(notice, row)]
    if does.warning:
        said.append(_("The notice begins: “{warning}”").format(warning=does.warning))
    return [*said, _on_lists(notice, public, shown), _("The list of all notices and its feed show your reason.")]


def _of_removed(seen: list[Version], public: Version, *, is_shown: bool) -> list[str]:
    instead = _("The page shows your reason, your name and the date instead of the text.")
    if is_shown:
        return [_("Every page of this article answers “gone” (status 410). No version of it can be read."), instead]
    gone = _("The page of {versions} answers “gone” (status 410). The text is no longer shown.")
    stays = _("Version {number}, the public one, can still be read.").format(number=public.number)
    return [gone.format(versions=numbered(row.number for row in seen)), instead, stays]


def _of_labelled(notice: Notice, version: Version) -> list[str]:
    """Return what becomes of a version that stays, unless an earlier notice, still in force, is the graver one."""
    now = version.set_aside
    if now and now.removes:
        return [_("Version {number} stays removed (status 410).").format(number=version.number)]
    stays = _("Version {number} can still be read (status 200), under your reason, your name and the date.")
    label = _("Its label is “{label}” instead of “Approved”.")
    called = _gravest(notice, version).called
    return [f"{stays.format(number=version.number)} {label.format(label=called)}"]


def _gravest(notice: Notice, version: Version) -> Consequences:
    kinds = {notice.kind, *(row.kind for row in version.notices_in_force)}
    return next(row for kind, row in Notice.CONSEQUENCES.items() if kind in kinds)


def _on_lists(notice: Notice, public: Version, shown: Version | None) -> str:
    if shown is None:
        return _("Lists, search and feeds do not change: they show version {number}.").format(number=public.number)
    does = _gravest(notice, shown)
    if does.leaves_lists:
        return _("No list, no search result and no sitemap names the article. Feeds tell of its notices alone.")
    return _("Lists, search and feeds still show the article, labelled “{label}”.").format(label=does.called)


def _at_the_desk(notice: Notice, public: Version, named: list[Version]) -> list[str]:
    does, said = notice.consequences, []
    scheduled = {row.version_id: row for row in Schedule.objects.open().filter(article=notice.article)}
    on_its_way = Review.objects.filter(
        article=notice.article, status__in=Review.ON_ITS_WAY, version__number__gt=public.number
    )
    for review in on_its_way.select_related("version").order_by("version__number"):
        number, row = review.version.number, scheduled.get(review.version_id)
        if not _holds_back(notice, review, public, named):
            words = _("Version {number} is not held back: it can still be approved and published.")
        elif row:
            words = _(
                "Version {number} is scheduled for {at}. That publication will be refused unless the notice is lifted "
                "before."
            )
        else:
            words = _("Version {number} cannot be published while the notice is in force.")
        said.append(words.format(number=number, at=moment(row.publish_at) if row else ""))
    if does.ends_full_review:
        said += [
            _("The full review of version {number} is due. The notice ends its open requests for review.").format(
                number=row.number
            )
            for row in named
            if row.review.owes_full_review
        ]
        if public in named:
            said.append(_("The next version needs a full review, whatever it changes."))
    return said or [_("No other version is under review or scheduled.")]


def _holds_back(notice: Notice, review: Review, public: Version, named: list[Version]) -> bool:
    """Tell whether the notice prevents the publication of this version, as `publication_blockers` will say."""
    does = notice.consequences
    is_smaller = review.change != Version.Change.MAJOR
    if review.version in named:
        return does.forbids_publication
    if is_smaller and does.doubts and public in named:
        return True
    rests_on = full_review.behind(review) if is_smaller and does.ends_full_review else None
    return rests_on is not None and rests_on.version in named

"""
The interface through which articles ask about their review: the only link between the two apps.

`articles` names nothing of the app that runs the reviews. It asks `review_process()`, which that app registers when
Django starts. A system check reports a missing registration.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Case, F, Q, QuerySet, TextChoices
    from django_stubs_ext import StrOrPromise

# Models of articles.models, which imports this module: an import here would make a circle.
Article: TypeAlias = Any
Audience: TypeAlias = Any
Comment: TypeAlias = Any
GlossaryTerm: TypeAlias = Any
Notice: TypeAlias = Any
Topic: TypeAlias = Any
Version: TypeAlias = Any


@dataclass(frozen=True)
class ReviewState:
    """
    The state of one version's review. `stands` is the status shown to readers and staff, with its label.

    `is_submitted` and `is_under_review` compare it with these two statuses. `is_correction` and `is_minor` give the
    change class under which the version is reviewed. `full_review_due` is the day by which an urgent version needs its
    full review, None once the whole quorum has signed; `completed_at` is when it had. `was_urgent` stays.
    `has_specialists` tells whether a specialist in its topic has signed for each section that had changed.
    """

    stands: "TextChoices"
    change: str
    change_label: str
    is_correction: bool
    is_minor: bool
    is_submitted: bool
    is_under_review: bool
    is_approved: bool
    submitted_at: datetime.datetime
    approved_at: datetime.datetime | None
    published_at: datetime.datetime | None
    was_urgent: bool
    full_review_due: datetime.date | None
    completed_at: datetime.datetime | None
    has_specialists: bool

    @property
    def full_review_is_overdue(self) -> bool:
        return self.full_review_due is not None and self.full_review_due < timezone.localdate()


NEVER_COMPLETED = gettext_lazy("Approved urgently, full review never completed")  # of a replaced version


def approved_urgently(due: datetime.date) -> "StrOrPromise":
    """Return, translated late, the status of an urgent version whose full review is due by this day, or overdue."""
    return lazystr(_ApprovedUrgently(due))


@dataclass(frozen=True)
class _ApprovedUrgently:
    due: datetime.date

    def __str__(self) -> str:
        if self.due < timezone.localdate():
            said = _("Approved urgently, full review overdue since {day}")
        else:
            said = _("Approved urgently, full review due by {day}")
        return said.format(day=date_format(self.due, "DATE_FORMAT"))


@dataclass(frozen=True)
class Step:
    """One of the three steps that every text goes through, in the words shown to readers."""

    label: str
    state: str  # completed, current or not started
    state_in_words: str
    at: datetime.datetime | None

    @property
    def is_current(self) -> bool:
        return self.state == "current"


class Read(NamedTuple):
    """
    What a signer signed that they read: the labels of the audiences whose texts they read `whole`.

    Of other texts they read what changed `since` a version that they had approved, 0 if of none. The rest of the texts
    did not change since then.
    """

    whole: frozenset[str]
    since: int


class Overridden(NamedTuple):
    """A finding of the automatic checks that an editor overrode: by whom, which rule, on what words, and why."""

    by: str
    rule: str
    words: str
    reason: str


@dataclass(frozen=True)
class Approval:
    """
    An approving signature as printed. `person` is the signer's number on the board's page, None if they left.

    `read` is None if their statement does not say what they read, or was not asked. `overridden` are the findings that
    the signer said to know.
    """

    printed_name: str
    credentials: str
    capacity: str
    signed_at: datetime.datetime
    person: int | None
    read: Read | None = None
    overridden: tuple[Overridden, ...] = ()


@dataclass(frozen=True)
class Byline:
    """The approvals of this very text, of the full review that it rests on, and of the changes in between."""

    signatures: list[Approval]
    full_review: list[Approval]
    minor_since: list[Approval]
    correction_since: list[Approval]


@dataclass(frozen=True)
class Confirmed:
    """A reading of version `number` that found nothing to change, and who signed that, in the order of signing."""

    number: int
    signatures: list[Approval]

    @property
    def day(self) -> datetime.date:
        """The day that became “last reviewed”: that of the last signature, in UTC."""
        return self.signatures[-1].signed_at.astimezone(datetime.UTC).date()


@dataclass(frozen=True)
class ShownNotice:
    """A notice with `earlier`: the earlier versions that it names, such as "version 1". Empty if it names this one."""

    notice: Notice
    earlier: str

    @property
    def title(self) -> str:
        kind = self.notice.get_kind_display()
        if not self.earlier:
            return str(kind)
        return _("{kind} of {earlier}, published before this one").format(kind=kind, earlier=self.earlier)


@dataclass(frozen=True)
class Related:
    """An article on the same topics, if lists may name it."""

    title: str
    slug: str
    language: str
    has_concern: bool
    has_correction: bool
    is_overdue: bool


@dataclass(frozen=True)
class Translation:
    """A public text of a group of translations: the original, or a translation of it. `article` is its primary key."""

    language: str
    title: str
    slug: str
    written_for: str
    article: int
    is_original: bool
    has_concern: bool


@dataclass(frozen=True)
class Remarks:
    """How many comments were made in the review of a published text, and how many of them were resolved by then."""

    made: int
    resolved: int

    @property
    def open(self) -> int:
        return self.made - self.resolved


@dataclass(frozen=True)
class DraftRemark:
    """
    An open comment beside the draft, with its replies. `section` is the key of the section that it is about, or "";
    `readers` is the label of the audience on whose own wording it is, or "".

    `audience` is the key of the audience in whose own wording the quoted words stand in the draft; "" for the main
    text. They stand there `times` times, and the comment means the `nth` of these, from 0. `nth` is None if the quoted
    words are not in the body of a text: there are none, they are gone, or they are in a heading or a figure.

    `is_gone`: the quoted words are not in the draft any more as they were, or it is not known which are meant. `answer`
    and `take_over` are the paths to which a reply and the order to take the suggested wording over are sent.
    """

    comment: Comment
    replies: list[Comment]
    section: str
    readers: str
    audience: str
    quoted: str
    nth: int | None
    times: int
    is_gone: bool
    answer: str
    take_over: str


class Cited(NamedTuple):
    """
    A cited work that may be retracted or doubted: its key, its CSL-JSON as frozen, and its CSL-JSON in the library now.

    `listed` is what the list of retractions says of it, as `said_of` has it.
    """

    key: str
    frozen: str
    now: str
    listed: str


@dataclass(frozen=True)
class Around:
    """
    The facts shown around the text of a version. They may change; the text never does.

    `state` is the review state of the version, `newer` that of a newer version under review. `asked` counts the
    reviewers who have not answered yet. `confirmed` is about this version, or about the last one before it that was
    read again, back to its full review. The notices are in force, the newest first. `first_published` is when the
    first version of the article was published. There are `remarks` of a text that was published. The `group` of
    translations, the original first, holds this text too, if lists may name it. `original_changed`: the original has a
    newer published version that is no correction.
    """

    state: ReviewState
    newer: ReviewState | None
    asked: int
    steps: list[Step]
    byline: Byline
    confirmed: Confirmed | None
    notices: list[ShownNotice]
    has_earlier: bool
    first_published: datetime.datetime | None
    remarks: Remarks | None
    topics: list[Topic]
    audiences: list[Audience]
    disclaimer: str
    related: list[Related]
    has_policy: bool
    cited: list[Cited]
    glossary: list[GlossaryTerm]
    group: list[Translation]
    original_changed: bool


class ReviewProcess(Protocol):
    """
    The questions that the app that runs the reviews answers.

    `version` is the lookup path to a version, such as "published_version". The empty path is the version itself.
    """

    def in_open_review(self, version: str = "") -> "Q":
        """Return the condition that readers may see the version before it is published."""

    def was_published(self, version: str = "") -> "Q":
        """Return the condition that the version is or was published."""

    def published_at(self, version: str = "") -> "F":
        """Return the column with the time of publication of the version."""

    def approved_at(self, version: str = "") -> "F":
        """Return the column with the time of approval of the version."""

    def full_review_due(self, version: str = "") -> "Case":
        """Return the day by which an urgent version needs its full review; NULL if the whole quorum has signed."""

    def visible_to_reviewer(self, user: int) -> "Q":
        """Return the condition, on articles, that the board member with this account may see them at the desk."""

    def open_to(self, user: int, roles: "Collection[str]") -> "Q":
        """Return the condition, on versions, that their texts are open at the desk to the account with these roles."""

    def with_state(self, rows: "QuerySet[Any]", *versions: str) -> "QuerySet[Any]":
        """Return the rows with the reviews of these versions fetched, so that `state` costs no query."""

    def state(self, version: Version) -> ReviewState:
        """Return the state of the version's review."""

    def generation(self) -> str:
        """Return a text that every step and every change of what readers' pages show moves; one small query."""

    def around(self, article: Article, version: Version, audience: str) -> Around:
        """Return the facts around the version for this audience: one query, whatever the size of the library."""

    def approvals(self, versions: Iterable[Version]) -> dict[int, list[Approval]]:
        """Return the approvals of each of these very texts that a byline names, by the version's key; one query."""

    def confirmed(self, versions: Iterable[Version]) -> dict[int, list[Confirmed]]:
        """Return the readings of these very texts that found nothing to change, by the version's key; one query."""

    def as_reviewed(self, articles: Iterable[Article]) -> list[Article]:
        """
        Return these published articles, each with `reviewed`: the date of its last full review, if still valid.

        One query, and one more if any of them is a minor change or a correction. The articles must come from
        `with_state`.
        """

    def remarks_on_draft(self, article: Article, user: "User") -> list[DraftRemark]:
        """Return the open comments on the article that this person may read, oldest first."""

    def overridden(self, article: int, found: Iterable[Any]) -> Collection[str]:
        """Return the fingerprints of those findings for the article with this primary key that an editor overrode."""

    def board_member(self, person: int) -> str:
        """Return the path of a board member's entry on the page of the board, by the number of an `Approval`."""

    def public_pages(self) -> list[str]:
        """Return the paths of the readers' pages about the review: who reviews, and how to check it."""

    def desk(self, article: int | None = None) -> str:
        """Return the path of the desk, or of the desk page of the article with this primary key."""


_registered: list[ReviewProcess] = []


def register(process: ReviewProcess) -> None:
    """Register the process that `review_process()` returns. It replaces an earlier one."""
    _registered[:] = [process]


def review_process() -> ReviewProcess:
    """Return the registered process; raise ImproperlyConfigured if no app has registered one."""
    if not _registered:
        raise ImproperlyConfigured(
            "No app runs the reviews: its AppConfig.ready() has to call articles.review_process.register()."
        )
    return _registered[0]


@checks.register(checks.Tags.compatibility)
def an_app_runs_the_reviews(app_configs: Any = None, **kwargs: Any) -> list[checks.Error]:
    """Report an error if no app has registered a review process."""
    if _registered:
        return []
    hint = "Put the app that runs the reviews into INSTALLED_APPS."
    return [checks.Error("No app runs the reviews of the articles.", hint=hint, id="articles.E001")]

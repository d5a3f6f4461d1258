"""
What the articles are told of their review: the only door between the two apps.

`articles` names nothing of the app that runs the reviews. It asks `review_process()`, which that app registers when
Django starts. A system check reports when none is registered.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import F, Model, Q, QuerySet, TextChoices

# Rows of articles.models, which import this module: it names them without importing them.
Article = Audience = Notice = Topic = Version = Any


@dataclass(frozen=True)
class ReviewState:
    """
    How the review of one version stands. `stands` is the word that readers and staff are told, with its label.

    `is_submitted` and `is_under_review` say whether it is one of these two; `is_correction` and `is_minor` as which
    class of change it is reviewed.
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


@dataclass(frozen=True)
class Step:
    """One of the three steps that every text goes through, in the words that readers are told."""

    label: str
    state: str
    at: datetime.datetime | None

    @property
    def is_current(self) -> bool:
        return self.state == "current"


@dataclass(frozen=True)
class Approval:
    """An approving signature as printed; `person` is the signer's number on the board's page while they sit there."""

    printed_name: str
    credentials: str
    capacity: str
    signed_at: datetime.datetime
    person: int | None


@dataclass(frozen=True)
class Byline:
    """The approvals of exactly this text, of the full review that it rests on, and of what changed in between."""

    signatures: list[Approval]
    full_review: list[Approval]
    minor_since: list[Approval]
    correction_since: list[Approval]


@dataclass(frozen=True)
class Related:
    """An article on the same topics that lists may name."""

    title: str
    slug: str
    language: str
    has_concern: bool
    has_correction: bool


class Cited(NamedTuple):
    """A cited work that the library may call retracted: its key, and its CSL-JSON as it was frozen and as it is now."""

    key: str
    frozen: str
    now: str


@dataclass(frozen=True)
class Around:
    """
    All that may change around the text of a version while no letter of the text does.

    `state` is that of the version, `newer` that of a newer version under review. `asked` counts the reviewers who have
    not answered yet. The notices are in force, the newest first; each has `earlier`, the versions it names if this
    version is not among them.
    """

    state: ReviewState
    newer: ReviewState | None
    asked: int
    steps: list[Step]
    byline: Byline
    notices: list[Notice]
    has_earlier: bool
    topics: list[Topic]
    audiences: list[Audience]
    disclaimer: str
    related: list[Related]
    has_policy: bool
    cited: list[Cited]


class ReviewProcess(Protocol):
    """
    What the app that runs the reviews answers.

    `version` is the path of a lookup that leads to a version, such as "published_version". The empty path is the
    version itself.
    """

    def in_open_review(self, version: str = "") -> "Q":
        """Return the condition that readers may see the version before it is published."""

    def was_published(self, version: str = "") -> "Q":
        """Return the condition that the version is or was published."""

    def published_at(self, version: str = "") -> "F":
        """Return the column that says when the version was published."""

    def approved_at(self, version: str = "") -> "F":
        """Return the column that says when the version was approved."""

    def visible_to_reviewer(self, user: "Model") -> "Q":
        """Return the condition, on articles, that this member of the board may see the article at the desk."""

    def with_state(self, rows: "QuerySet[Any]", *versions: str) -> "QuerySet[Any]":
        """Return the rows so that `state` of these versions of theirs costs no query."""

    def state(self, version: Version) -> ReviewState:
        """Return how the review of the version stands."""

    def around(self, article: Article, version: Version, audience: str) -> Around:
        """Return what stands around the version for this audience: one query, whatever the size of the library."""

    def as_reviewed(self, articles: Iterable[Article]) -> list[Article]:
        """
        Return these published articles, each with `reviewed`: when it was last reviewed, if that full review stands.

        One query, and one more when any of them is a smaller change. They have to come `with_state`.
        """

    def public_pages(self) -> list[str]:
        """Return the paths of the pages that tell readers of the review: who reviews, and how to check it."""

    def desk(self, article: int | None = None) -> str:
        """Return the path of the desk, or of the page of the article with this key."""


_registered: list[ReviewProcess] = []


def register(process: ReviewProcess) -> None:
    """Let `review_process()` return this one, in the place of any before."""
    _registered[:] = [process]


def review_process() -> ReviewProcess:
    """Return the registered process; raise ImproperlyConfigured when no app has registered one."""
    if not _registered:
        raise ImproperlyConfigured(
            "No app runs the reviews: its AppConfig.ready() has to call articles.review_process.register()."
        )
    return _registered[0]


@checks.register(checks.Tags.compatibility)
def an_app_runs_the_reviews(app_configs=None, **kwargs) -> list[checks.Error]:
    """Report that no app has registered a review process."""
    if _registered:
        return []
    hint = "Put the app that runs the reviews into INSTALLED_APPS."
    return [checks.Error("No app runs the reviews of the articles.", hint=hint, id="articles.E001")]

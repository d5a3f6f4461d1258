"""The things of the model's world: people, drafts, versions and all that hangs on them, attempts and events."""

import datetime
from dataclasses import dataclass, field, replace
from typing import NamedTuple

INPUT, WHO, WHEN = "input", "who", "when"
PENDING = ("submitted", "under_review")
OWING = ("approved_urgently", "published_urgently")
WEIGHT = {"standard": 0, "high": 1, "correction": 0, "minor": 1, "major": 2}
FORBID_PUBLICATION = ("retraction", "removal", "withdrawal")
GUESSES, WINDOW = 5, datetime.timedelta(minutes=15)
COUNTS_FOR = datetime.timedelta(days=90)


def fills(given: list[str], quorum: dict[str, int]) -> bool:
    """Tell whether signatures in these capacities meet the quorum."""
    clinicians = given.count("clinical") + given.count("specialist")
    return (
        clinicians >= quorum["clinical"]
        and given.count("specialist") >= quorum["specialist"]
        and given.count("pharmacist") >= quorum["pharmacist"]
    )


class Draft(NamedTuple):
    """All of a draft that differs between drafts here: which fact it states, with a slip of the pen or without."""

    fact: int = 0
    slip: bool = False
    ai: str = "none"
    risk: str = "standard"
    authors: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        comma = "" if self.slip else ","
        return f"<p>Fact {self.fact} about lymph nodes is known.</p>\n<p>In most people{comma} it is well known.</p>"


@dataclass
class Person:
    name: str
    pk: int
    roles: set[str]
    capacities: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    conflicts: set[str] = field(default_factory=set)
    active: bool = True
    checked_until: datetime.date | None = None
    disclosed_until: datetime.date | None = None
    guesses: list[datetime.datetime] = field(default_factory=list)

    @property
    def is_board_member(self) -> bool:
        return bool(self.capacities)

    def holds(self, role: str) -> bool:
        return self.active and role in self.roles


@dataclass
class Assignment:
    reviewer: str
    capacity: str
    by: str
    ended: str = ""
    accepted: bool = False


@dataclass
class Decision:
    reviewer: str
    capacity: str
    outcome: str
    live: bool = True


@dataclass
class Attestation:
    reviewer: str
    capacity: str
    at: datetime.datetime
    moved: bool = False
    used: bool = False


@dataclass
class Version:
    number: int
    draft: Draft
    change: str
    risk: str
    writers: frozenset[str]
    quorum: dict[str, int]
    open_review: bool
    base: int | None = None  # the version that was public when it was submitted
    corrects: bool = False  # it was submitted as a correction, to whatever class an editor raised it
    digest: str = ""
    status: str = "submitted"
    approved_on: datetime.date | None = None  # of an urgent version, when its whole quorum had signed
    published: bool = False
    urgent_days: int | None = None
    due: datetime.date | None = None  # once the review was declared urgent
    completed: bool = False
    assignments: list[Assignment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)
    planned_for: set[str] = field(default_factory=set)  # whose interests on the topic an editor has a plan for

    @property
    def state(self) -> str:
        return ("published" if self.published else self.status) + ("_urgently" if self.owing else "")

    @property
    def owing(self) -> bool:
        return self.status == "approved" and self.due is not None and not self.completed

    def approves_urgently(self) -> bool:
        return any(row.capacity in ("clinical", "specialist") for row in self.live("approve"))

    def open_assignments(self) -> list[Assignment]:
        return [row for row in self.assignments if not row.ended]

    def live(self, outcome: str) -> list[Decision]:
        return [row for row in self.decisions if row.live and row.outcome == outcome]

    def has_full_quorum(self, without=()) -> bool:
        """Tell whether the quorum is met, the approvals of these people left out."""
        return fills([row.capacity for row in self.live("approve") if row.reviewer not in without], self.quorum)


@dataclass
class Notice:
    kind: str
    versions: tuple[int, ...]
    lifts: int | None = None
    lifted: bool = False

    @property
    def in_force(self) -> bool:
        return self.lifts is None and not self.lifted


@dataclass
class Comment:
    author: str
    version: int
    blocking: bool
    resolved: bool = False


@dataclass
class Schedule:
    version: int
    at: datetime.datetime
    by: str
    known: int  # the latest version when it was ordered
    outcome: str = ""


@dataclass
class Article:
    name: str
    kind: str
    topic: str
    created_by: str
    draft: Draft
    touched: set[str]  # whoever edited the draft, or was ever linked to it
    versions: list[Version] = field(default_factory=list)
    public: int | None = None
    last_reviewed: datetime.date | None = None
    next_due: datetime.date | None = None
    notices: list[Notice] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    was_high_since: bool = False  # the draft, since the last version was submitted

    @property
    def latest(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> str:
        return self.latest.state if self.latest else "draft"

    def forbidden(self, number: int, kinds=FORBID_PUBLICATION) -> bool:
        return any(row.in_force and row.kind in kinds and number in row.versions for row in self.notices)

    def shown(self) -> tuple[int, bool] | None:
        """Return what a reader is shown: (version, whether it is still on its way), or nothing."""
        if self.public:
            return None if self.forbidden(self.public, ("removal",)) else (self.public, False)
        last = self.latest
        on_its_way = last and last.open_review and last.status in (*PENDING, "approved")
        return (last.number, True) if on_its_way else None

    def needs_full_review(self, change: str) -> bool:
        public = self.versions[self.public - 1] if self.public else None
        if public is None or self.forbidden(public.number) or not self.rests(public) or public.owing:
            return True
        since = self.versions[self.whole(public).number :]
        unseen = [row for row in since if row.change == "major" and not row.published and row.status != "recalled"]
        return bool(unseen) and change != "correction"

    def whole(self, version: Version) -> Version | None:
        """Return the version that was read in full: this one, or that at the beginning of its line."""
        while version.change != "major":
            if not version.base:
                return None
            version = self.versions[version.base - 1]
        return version

    def rests(self, version: Version) -> bool:
        whole = self.whole(version)
        return whole is not None and not self.forbidden(whole.number) and not whole.owing

    def cannot_complete(self, version: Version) -> bool:
        """Tell whether the full review that a version owes is over: another is public, or a notice is on it."""
        return version.owing and ((self.public or 0) > version.number or self.forbidden(version.number))

    def listed(self) -> bool:
        return bool(self.public) and not self.forbidden(self.public)

    def was_accepted_by(self, name: str) -> bool:
        rows = [row for version in self.versions for row in version.assignments]
        return any(row.reviewer == name and row.accepted for row in rows)


@dataclass(frozen=True)
class Attempt:
    """One attempt at a step. `index` counts the assignment, notice, comment or schedule it is about."""

    step: str
    article: str = ""
    actor: str = ""
    version: int = 0
    index: int = -1
    options: tuple[tuple[str, object], ...] = ()

    def __getitem__(self, name: str):
        return dict(self.options).get(name)

    def but(self, **changes) -> "Attempt":
        """Return the attempt with other fields or, for names that are none, other options."""
        fields = {key: changes.pop(key) for key in list(changes) if key in ("actor", "article", "version", "index")}
        return replace(self, **fields, options=tuple({**dict(self.options), **changes}.items()))

    def __str__(self):
        options = " ".join(f"{key}={value}" for key, value in self.options)
        return f"{self.actor or 'the clock'}: {self.step} {self.article} v{self.version} #{self.index} {options}"


class Event(NamedTuple):
    """An event that has to stand in the ledger: `role` is one that its actor has to hold."""

    action: str
    article: str = ""
    actor: str = ""
    role: str = ""

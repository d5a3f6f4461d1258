"""
What should be: the workflow described once more, from DESIGN parts 1 to 4 and without a line of `reviews`.

A World holds people and articles as plain values. `refusal(attempt)` says what has to come of an attempt: nothing (it
is taken), "input" (ValidationError), "who" (NotAllowed) or "when" (NotNow); `apply(attempt)` makes the world what it
has to be afterwards and names the events that have to stand in the ledger.

Each rule of a step is a pair (kind, whether it refuses), in the order in which a person is told: who they are by
password, who may, when, what else. The first that refuses decides.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

INPUT, WHO, WHEN = "input", "who", "when"
PENDING = ("submitted", "under_review")
WEIGHT = {"standard": 0, "high": 1, "correction": 0, "minor": 1, "major": 2}
FORBID_PUBLICATION = ("retraction", "removal", "withdrawal")
GUESSES, WINDOW = 5, datetime.timedelta(minutes=15)


class Draft(NamedTuple):
    """All of a draft that differs between drafts here: which fact it states, with a slip of the pen or without."""

    fact: int = 0
    slip: bool = False
    ai: str = "none"
    risk: str = "standard"
    authors: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        return f"<p>Fact {self.fact} about lymph nodes is {'knwon' if self.slip else 'known'}.</p>"


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


@dataclass
class Decision:
    reviewer: str
    capacity: str
    outcome: str
    live: bool = True


@dataclass
class Version:
    number: int
    draft: Draft
    change: str
    risk: str
    writers: frozenset[str]
    quorum: dict[str, int]
    open_review: bool
    digest: str = ""
    status: str = "submitted"
    approved_on: datetime.date | None = None
    published: bool = False
    assignments: list[Assignment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "published" if self.published else self.status

    def open_assignments(self) -> list[Assignment]:
        return [row for row in self.assignments if not row.ended]

    def live(self, outcome: str) -> list[Decision]:
        return [row for row in self.decisions if row.live and row.outcome == outcome]

    def has_full_quorum(self) -> bool:
        given = [row.capacity for row in self.live("approve")]
        clinicians = given.count("clinical") + given.count("specialist")
        return (
            clinicians >= self.quorum["clinical"]
            and given.count("specialist") >= self.quorum["specialist"]
            and given.count("pharmacist") >= self.quorum["pharmacist"]
        )


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

    def listed(self) -> bool:
        return bool(self.public) and not self.forbidden(self.public)

    def was_asked(self, name: str) -> bool:
        return any(row.reviewer == name for version in self.versions for row in version.assignments)


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


@dataclass
class World:
    now: datetime.datetime
    people: dict[str, Person] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    quorums: dict[tuple[str, str], tuple[dict, bool]] = field(default_factory=dict)

    @property
    def today(self) -> datetime.date:
        return self.now.date()

    def refusal(self, attempt: Attempt) -> str:
        """Return the kind of refusal that this attempt has to meet; empty when it has to be taken."""
        return next((kind for kind, refuses in self._rules(attempt) if refuses), "")

    def refusals(self, attempt: Attempt) -> list[int]:
        """Return which rules of the step refuse the attempt, by their place among them."""
        return [place for place, (_, refuses) in enumerate(self._rules(attempt)) if refuses]

    def _rules(self, attempt: Attempt) -> Iterator[tuple[str, bool]]:
        article, actor = self.articles[attempt.article], self.people[attempt.actor]
        version = article.versions[attempt.version - 1] if attempt.version else None
        return getattr(self, f"_{attempt.step}")(attempt, article, version, actor)

    def state(self, attempt: Attempt) -> str:
        """Return the state, as the table of steps names it, in which the attempt is made."""
        article = self.articles[attempt.article]
        about_the_article = attempt.step in ("submit", "cancel_schedule", "issue_notice", "comment", "resolve")
        return article.state if about_the_article else article.versions[attempt.version - 1].state

    def is_author(self, article: Article, actor: Person) -> bool:
        return actor.name in article.draft.authors and actor.holds("author")

    def is_publisher(self, version: Version, actor: Person) -> bool:
        """Tell whether this editor may publish: no writer, or there is no other editor."""
        others = [each for each in self.people.values() if each.holds("editor") and each.name not in version.writers]
        return actor.holds("editor") and (actor.name not in version.writers or not others)

    def is_commentator(self, article: Article, actor: Person) -> bool:
        return self.is_author(article, actor) or actor.holds("editor") or self.is_asked(article, actor)

    def is_asked(self, article: Article, actor: Person) -> bool:
        return article.was_asked(actor.name) and actor.holds("reviewer")

    def _judge(self, person: Person, article: Article, version: Version, capacity: str) -> Iterator:
        """An active member of the board in that capacity, in date, who wrote no part of it and has no conflict."""
        asked = [(each.number, row) for each in article.versions for row in each.assignments]
        ended = [(number, row.ended) for number, row in asked if row.reviewer == person.name]
        yield WHO, not person.holds("reviewer")
        yield WHO, capacity not in person.capacities
        yield WHO, capacity != "lay" and not self._in_date(person.checked_until)
        yield WHO, not self._in_date(person.disclosed_until)
        yield WHO, article.topic in person.conflicts
        yield WHO, capacity == "specialist" and article.topic not in person.specialties
        yield WHO, person.name in version.writers
        yield WHO, (version.number, "recused") in ended
        yield WHO, any(how == "conflict" for _, how in ended)

    def _in_date(self, until: datetime.date | None) -> bool:
        return until is not None and self.today <= until

    # What refuses each step

    def _submit(self, attempt, article, version, actor) -> Iterator:
        change, latest = attempt["change"], article.latest
        yield WHO, not self.is_author(article, actor)
        yield WHEN, article.state in PENDING
        yield INPUT, latest is None and change != "major"
        yield WHEN, latest is not None and latest.draft == article.draft
        yield WHEN, not article.draft.ai
        yield INPUT, change == "correction" and not self._is_correction(article)

    def _is_correction(self, article: Article) -> bool:
        if not article.public:
            return False
        published = article.versions[article.public - 1].draft
        return published._replace(slip=article.draft.slip) == article.draft

    def _assign(self, attempt, article, version, actor) -> Iterator:
        reviewer = self.people[attempt["reviewer"]]
        yield from self._editors_own(version, actor)
        yield WHEN, version.state not in PENDING
        yield WHO, reviewer.name == actor.name
        yield from self._judge(reviewer, article, version, attempt["capacity"])
        yield WHEN, any(row.reviewer == reviewer.name for row in version.open_assignments())
        yield WHEN, any(row.reviewer == reviewer.name for row in version.live("approve"))
        yield INPUT, bool(attempt["risk"]) and WEIGHT[attempt["risk"]] < WEIGHT[version.risk]
        yield INPUT, bool(attempt["change"]) and WEIGHT[attempt["change"]] < WEIGHT[version.change]

    def _editors_own(self, version: Version, actor: Person) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHO, actor.name in version.writers

    def _unassign(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield from self._open_assignment(attempt, version)

    def _recuse(self, attempt, article, version, actor) -> Iterator:
        yield from self._own_assignment(attempt, version, actor)
        yield from self._open_assignment(attempt, version)

    def _own_assignment(self, attempt, version, actor) -> Iterator:
        yield WHO, version.assignments[attempt.index].reviewer != actor.name
        yield WHO, not actor.holds("reviewer")

    def _open_assignment(self, attempt, version) -> Iterator:
        yield WHEN, version.state != "under_review"
        yield WHEN, bool(version.assignments[attempt.index].ended)

    def _recall(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not self.is_author(article, actor)
        yield WHEN, version.state not in PENDING
        yield WHEN, bool(version.decisions)

    def _decline(self, attempt, article, version, actor) -> Iterator:
        yield from self._editors_own(version, actor)
        yield WHEN, version.state not in PENDING

    def _end_round(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, version.state != "under_review"
        yield WHEN, not version.live("request_changes")

    def _password(self, attempt, actor) -> Iterator:
        recent = [at for at in actor.guesses if at > self.now - WINDOW]
        yield INPUT, len(recent) >= GUESSES
        yield INPUT, bool(attempt["wrong_password"])

    def _request_changes(self, attempt, article, version, actor) -> Iterator:
        row = version.assignments[attempt.index]
        yield from self._password(attempt, actor)
        yield from self._own_assignment(attempt, version, actor)
        yield from self._judge(actor, article, version, row.capacity)
        yield from self._open_assignment(attempt, version)
        yield WHEN, bool(attempt["stale"])

    def _approve(self, attempt, article, version, actor) -> Iterator:
        yield from self._request_changes(attempt, article, version, actor)
        yield WHEN, any(row.reviewer != actor.name for row in version.live("request_changes"))
        yield WHEN, any(row.blocking and not row.resolved for row in article.comments)

    def _withdraw_approval(self, attempt, article, version, actor) -> Iterator:
        yield from self._password(attempt, actor)
        yield WHO, not actor.holds("reviewer")
        own = [row for row in version.live("approve") if row.reviewer == actor.name]
        yield WHO, not any(row.capacity != "lay" for row in own)  # a lay approval made nothing approved
        yield WHEN, version.state != "approved"

    def _publish(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not self.is_publisher(version, actor)
        yield WHEN, version.state != "approved"
        yield WHEN, bool(article.public) and version.number <= article.public
        yield WHEN, article.forbidden(version.number)

    def _schedule(self, attempt, article, version, actor) -> Iterator:
        yield from self._publish(attempt, article, version, actor)
        yield WHEN, any(not row.outcome for row in article.schedules)
        yield INPUT, attempt["hours"] <= 0

    def _cancel_schedule(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, bool(article.schedules[attempt.index].outcome)

    def _issue_notice(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, not article.public
        if attempt.index >= 0:
            yield INPUT, article.notices[attempt.index].kind != attempt["kind"]
            yield WHEN, not article.notices[attempt.index].in_force
        elif attempt["versions"]:
            yield INPUT, not set(attempt["versions"]) <= {each.number for each in article.versions}

    def _comment(self, attempt, article, version, actor) -> Iterator:
        yield WHO, bool(attempt["blocking"]) and not self.is_asked(article, actor)
        yield WHO, not self.is_commentator(article, actor)

    def _resolve(self, attempt, article, version, actor) -> Iterator:
        row = article.comments[attempt.index]
        writers = article.versions[row.version - 1].writers | article.latest.writers
        mine = row.author == actor.name
        yield WHO, row.blocking and actor.name in writers
        yield WHO, not actor.holds("reviewer") and not (mine and self.is_commentator(article, actor))
        yield INPUT, not mine and not attempt["reason"]
        yield WHEN, row.resolved

    # What each step leads to

    def apply(self, attempt: Attempt) -> list[Event]:
        """Make the world what it is once the step is taken; return the events that tell of it."""
        article = self.articles[attempt.article]
        version = article.versions[attempt.version - 1] if attempt.version else None
        action, role = getattr(self, f"_then_{attempt.step}")(attempt, article, version)
        return [Event(action, attempt.article, attempt.actor, role)]

    def _then_submit(self, attempt, article, version):
        draft, change = article.draft, attempt["change"]
        quorum, open_review = self._quorum(article.kind, draft.risk, change)
        article.versions.append(
            Version(
                number=len(article.versions) + 1,
                draft=draft,
                change=change,
                risk=draft.risk,
                writers=frozenset({article.created_by, *article.touched}),
                quorum=quorum,
                open_review=open_review,
            )
        )
        return "submitted", "author"

    def _quorum(self, kind: str, risk: str, change: str) -> tuple[dict, bool]:
        default = {"clinical": 2, "specialist": 1, "pharmacist": int(risk == "high")}
        quorum, open_review = self.quorums.get((kind, risk), (default, False))
        return ({"clinical": 1, "specialist": 0, "pharmacist": 0} if change == "correction" else quorum), open_review

    def _then_assign(self, attempt, article, version):
        old = (version.risk, version.change)
        version.risk, version.change = attempt["risk"] or version.risk, attempt["change"] or version.change
        if (version.risk, version.change) != old:
            raised, _ = self._quorum(article.kind, version.risk, version.change)
            version.quorum = {capacity: max(raised[capacity], version.quorum[capacity]) for capacity in raised}
        version.status = "under_review"
        version.assignments.append(Assignment(attempt["reviewer"], attempt["capacity"], attempt.actor))
        return "assigned", "editor"

    def _then_unassign(self, attempt, article, version):
        version.assignments[attempt.index].ended = "unassigned"
        self._end_round_if_finished(version)
        return "unassigned", "editor"

    def _then_recuse(self, attempt, article, version):
        version.assignments[attempt.index].ended = "conflict" if attempt["conflict"] else "recused"
        self._end_round_if_finished(version)
        return "recused", "reviewer"

    def _end_round_if_finished(self, version: Version):
        if version.live("request_changes") and not version.open_assignments():
            version.status = "changes_requested"

    def _end(self, version: Version, status: str):
        version.status = status
        for row in version.open_assignments():
            row.ended = "review_ended"

    def _then_recall(self, attempt, article, version):
        self._end(version, "recalled")
        return "recalled", "author"

    def _then_decline(self, attempt, article, version):
        self._end(version, "declined")
        return "declined", "editor"

    def _then_end_round(self, attempt, article, version):
        self._end(version, "changes_requested")
        return "round_ended", "editor"

    def _decide(self, attempt, version):
        row = version.assignments[attempt.index]
        row.ended = "decided"
        for earlier in version.decisions:
            earlier.live = earlier.live and earlier.reviewer != row.reviewer
        version.decisions.append(Decision(row.reviewer, row.capacity, attempt.step))

    def _then_approve(self, attempt, article, version):
        self._decide(attempt, version)
        if version.has_full_quorum():
            self._end(version, "approved")
            version.approved_on = self.today
        return "decided", "reviewer"

    def _then_request_changes(self, attempt, article, version):
        self._decide(attempt, version)
        self._end_round_if_finished(version)
        return "decided", "reviewer"

    def _then_withdraw_approval(self, attempt, article, version):
        approval = next(row for row in version.live("approve") if row.reviewer == attempt.actor)
        approval.live = False
        version.decisions.append(Decision(approval.reviewer, approval.capacity, "withdraw"))
        self._end(version, "changes_requested")
        return "approval_withdrawn", "reviewer"

    def _then_publish(self, attempt, article, version):
        version.published, article.public = True, version.number
        if version.change == "major":
            article.last_reviewed = version.approved_on
            years = 1 if version.risk == "high" else 2
            article.next_due = version.approved_on.replace(year=version.approved_on.year + years)
        for row in article.schedules:
            if row.version == version.number and not row.outcome:
                row.outcome = "published"
        return "published", "editor"

    def _then_schedule(self, attempt, article, version):
        at = self.now + datetime.timedelta(hours=attempt["hours"])
        article.schedules.append(Schedule(version.number, at, attempt.actor))
        return "scheduled", "editor"

    def _then_cancel_schedule(self, attempt, article, version):
        article.schedules[attempt.index].outcome = "cancelled"
        return "schedule_cancelled", "editor"

    def _then_issue_notice(self, attempt, article, version):
        every = tuple(each.number for each in article.versions)
        versions = attempt["versions"] or (every if attempt["kind"] == "removal" else (article.public,))
        if attempt.index >= 0:
            lifted = article.notices[attempt.index]
            lifted.lifted, versions = True, lifted.versions
        lifts = attempt.index if attempt.index >= 0 else None
        article.notices.append(Notice(attempt["kind"], tuple(sorted(versions)), lifts))
        return "notice_issued", "editor"

    def _then_comment(self, attempt, article, version):
        article.comments.append(Comment(attempt.actor, version.number, bool(attempt["blocking"])))
        return "commented", ""

    def _then_resolve(self, attempt, article, version):
        article.comments[attempt.index].resolved = True
        return "comment_resolved", ""

    def carry_out(self, now: datetime.datetime) -> list[Event]:
        """Publish what is due by now, or close its schedule as refused; return the events in their order."""
        due = [
            (row.at, article, row)
            for article in self.articles.values()
            for row in article.schedules
            if not row.outcome and row.at <= now
        ]
        return [self._carry_out(article, row) for _, article, row in sorted(due, key=lambda each: each[0])]

    def _carry_out(self, article: Article, row: Schedule) -> Event:
        attempt = Attempt("publish", article.name, row.by, row.version)
        if not self.refusal(attempt):
            return self.apply(attempt)[0]
        row.outcome = "refused"
        return Event("schedule_refused", article.name)

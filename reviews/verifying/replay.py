"""The replay of the ledger: the status and pointers that the events lead to, and whether each step was possible."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast

from articles.models import Article
from articles.models.people import Role
from reviews.models import Assignment, Decision, Review, Signature
from reviews.models.actions import Action
from reviews.verifying.chain import Event
from reviews.verifying.problem import Report
from reviews.workflow import table
from reviews.workflow.approval import quorum, sections

MOVES = table.moves()


class Decided(NamedTuple):
    """The last decision of a person; `sections` are the keys of those that it was signed for as a specialist."""

    outcome: str
    capacity: str
    sections: list[str] | None


@dataclass
class ReplayedVersion:
    status: str = Review.Status.SUBMITTED
    published: bool = False
    quorum: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, Decided] = field(default_factory=dict)
    sections: list[str] | None = None  # the keys of those that specialists have to sign for
    attested: dict[str, str] = field(
        default_factory=dict
    )  # capacities by row name, of those not used to move the dates
    position: int = 0
    urgent_days: int | None = None
    full_review_due: str | None = None  # the day, once the review is declared urgent
    completed: bool = False
    requests: dict[str, str] = field(default_factory=dict)  # by row name: the account that accepted it, or ""

    @property
    def owing(self) -> bool:
        return self.status == Review.Status.APPROVED and self.full_review_due is not None and not self.completed

    @property
    def state(self) -> table.State:
        return table.state_as(self.status, published=self.published, owing=self.owing)

    @property
    def approvals(self) -> list[Decided]:
        return [row for row in self.decisions.values() if row.outcome == Decision.Outcome.APPROVE]

    @property
    def given(self) -> list[str]:
        """The capacities of the approvals."""
        return [row.capacity for row in self.approvals]

    @property
    def is_signed_in_full(self) -> bool:
        """Tell whether the approvals meet the quorum, and specialists have signed for all sections that need it."""
        needed = quorum.still_needed(self.quorum, self.given)
        return not needed and not sections.unread(self.sections, [row.sections for row in self.approvals])

    @property
    def is_on_its_way(self) -> bool:
        return self.status in Review.ON_ITS_WAY


@dataclass
class ReplayedArticle:
    versions: dict[int, ReplayedVersion] = field(default_factory=dict)
    published: int | None = None
    last_reviewed: str | None = None
    next_review_due: str | None = None
    position: int = 0


class Replay:
    """The state of every article and role, computed from the events alone."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.articles: dict[str, ReplayedArticle] = defaultdict(ReplayedArticle)
        self.roles: dict[str, tuple[list[str], int]] = {}
        self.accounts: dict[str, tuple[bool, str | None, int]] = {}
        self.requests_are_accepted = False  # in releases before 0.4 nobody accepted one

    def play(self, event: Event) -> None:
        """Apply one event; report a step that was not possible in its state."""
        if event.action == Action.SUBMITTED:
            self._submitted(event)
        elif event.action == Action.PUBLISHED:
            self._published(event)
        elif event.action == Action.ATTESTED:
            self._attested(event)
        elif event.action == Action.FULL_REVIEW_COMPLETED:
            self._completed(event)
        elif event.action == Action.ACCEPTED:
            self._accepted(event)
        elif event.action in MOVES:
            self._stepped(event)
        elif event.action == Action.ROLES_CHANGED:
            self._roles_changed(event)
        elif event.action == Action.ACCOUNT_CHANGED and "settings" in event.private:
            self._account_in_settings(event)
        elif event.action == Action.ACCOUNT_CHANGED:  # by a release before 0.3
            recorded = (event.payload["active"], event.private.get("email_sha256"), event.position)
            self.accounts[event.account] = recorded

    def compare(self) -> None:
        """Compare the replayed state with every review, pointer and role in the database."""
        self._compare_reviews()
        self._compare_articles()
        self._compare_roles()
        self._compare_accounts()

    def _submitted(self, event: Event) -> None:
        article, number = self.articles[event.article], int(event.payload["version"])
        pending = any(version.status in Review.PENDING for version in article.versions.values())
        if pending or number != len(article.versions) + 1:
            self._illegal(event)
        article.versions[number] = ReplayedVersion(
            quorum=event.payload.get("quorum", {}),
            urgent_days=event.payload.get("urgent_days"),
            sections=event.payload.get("sections"),
            position=event.position,
        )
        article.position = event.position

    def _stepped(self, event: Event) -> None:
        version = self.articles[event.article].versions.get(event.payload.get("version", 0))
        to = MOVES[event.action].get(version.state, ()) if version else ()
        if version is None or not to:
            self._illegal(event)
            return
        was_approved = version.status == Review.Status.APPROVED
        if event.action == Action.URGENCY_DECLARED:
            self._declared_urgent(event, version)
        version.status = event.payload.get("status", version.status if was_approved else to[0])
        version.position = event.position
        if version.state not in to:
            self._illegal(event)
        if event.action == Action.ASSIGNED:
            self._confirmed(event, version)
        elif event.action == Action.DECIDED:
            self._decided(event, version, was_approved)
        self._note_requests(event, version)

    def _note_requests(self, event: Event, version: ReplayedVersion) -> None:
        """Note which requests of the version are open: those that the event tells of began with it, or ended."""
        for name in _requests(event):
            if event.action == Action.ASSIGNED:
                version.requests[name] = ""
            elif event.action != Action.URGENCY_DECLARED:  # it only brings them forward
                version.requests.pop(name, None)

    def _accepted(self, event: Event) -> None:
        version = self.articles[event.article].versions.get(event.payload.get("version", 0))
        names = _requests(event)
        is_open = version is not None and version.state in table.STEPS["accept"].states
        if version is None or not is_open or [version.requests.get(name) for name in names] != [""]:
            self._illegal(event)
            return
        version.requests[names[0]] = event.actor
        self.requests_are_accepted = True

    def _confirmed(self, event: Event, version: ReplayedVersion) -> None:
        """Note the terms of the review; report one that needs other sections signed for than before."""
        payload = event.payload
        version.quorum, version.urgent_days = payload["quorum"], payload.get("urgent_days")
        if version.sections not in (None, payload.get("sections")):
            self._illegal(event)
        version.sections = payload.get("sections")

    def _decided(self, event: Event, version: ReplayedVersion, was_approved: bool) -> None:
        payload = event.payload
        if self.requests_are_accepted and event.actor not in map(version.requests.get, _requests(event)):
            self._illegal(event)
        version.decisions[event.actor] = Decided(payload["outcome"], payload["capacity"], payload.get("sections"))
        if version.full_review_due is None:
            suffices = version.is_signed_in_full
        else:
            suffices = quorum.approves_urgently(version.given)
        is_now = suffices and event.payload["outcome"] == Decision.Outcome.APPROVE
        if (version.status == Review.Status.APPROVED) != (was_approved or is_now):
            self._illegal(event)

    def _declared_urgent(self, event: Event, version: ReplayedVersion) -> None:
        """Note the day of the full review; report a declaration that the quorum did not permit, or another status."""
        is_approved = event.payload["status"] == Review.Status.APPROVED
        is_first = version.full_review_due is None
        if not (version.urgent_days and is_first and is_approved == quorum.approves_urgently(version.given)):
            self._illegal(event)
        version.full_review_due = event.payload["full_review_due"]

    def _completed(self, event: Event) -> None:
        article = self.articles[event.article]
        version = article.versions.get(event.payload.get("version", 0))
        if version is None or not version.owing or not version.is_signed_in_full:
            self._illegal(event)
            return
        version.completed, version.position = True, event.position
        article.last_reviewed = event.payload["last_reviewed"]
        article.next_review_due = event.payload["next_review_due"]
        article.position = event.position

    def _published(self, event: Event) -> None:
        article, number = self.articles[event.article], event.payload.get("version", 0)
        version = article.versions.get(number)
        if version is None or version.status != Review.Status.APPROVED or number <= (article.published or 0):
            self._illegal(event)
            return
        version.published, article.published = True, number
        article.last_reviewed = event.payload["last_reviewed"]
        article.next_review_due = event.payload["next_review_due"]
        article.position = version.position = event.position

    def _attested(self, event: Event) -> None:
        article, payload = self.articles[event.article], event.payload
        number, latest = payload.get("version", 0), max(article.versions, default=0)
        version = article.versions.get(number)
        is_public = version is not None and article.published == number
        if version is None or not is_public or (latest != number and article.versions[latest].is_on_its_way):
            self._illegal(event)
            return
        version.attested |= {
            name: payload["capacity"] for name in payload["rows"] if name.startswith(f"{Signature._meta.db_table}:")
        }
        if not payload["last_reviewed"]:
            return
        given = [version.attested.get(name, "") for name in payload["signatures"]]
        if not all(given) or quorum.still_needed(payload["quorum"], given):
            self._illegal(event)
            return
        version.attested.clear()
        article.last_reviewed, article.next_review_due = payload["last_reviewed"], payload["next_review_due"]
        article.position = version.position = event.position

    def _roles_changed(self, event: Event) -> None:
        account = event.account
        before, _ = self.roles.get(account, ([], 0))
        if not before:
            self.accounts.pop(account, None)  # changes of an account without a role had no events
        self.roles[account] = (event.payload["groups"], event.position)

    def _account_in_settings(self, event: Event) -> None:
        """Leave the account to `Settings`: this event has a digest of it, which replaces older events."""
        for name in event.private["settings"]:
            self.accounts.pop(name.partition(":")[2], None)

    def _illegal(self, event: Event) -> None:
        self.report.add(event.position, "step", f"Event {event.position} ({event.action}) was not possible then.")

    def _compare_reviews(self) -> None:
        rows = Review.objects.annotate(
            article_id_text=_stored("version__article__public_id"),
            is_public=Q(published_at__isnull=False),
            is_completed=Q(completed_at__isnull=False),
            due_text=_stored("full_review_due"),
        ).values_list("article_id_text", "version__number", "status", "is_public", "pk", "due_text", "is_completed")
        left = {
            (_as_stored(name), number): version
            for name, article in self.articles.items()
            for number, version in article.versions.items()
        }
        for public_id, number, status, is_public, pk, due, completed in rows.iterator(chunk_size=2000):
            expected = left.pop((public_id, number), None)
            if expected is None:
                message = f"Review {pk} is of a version that no event tells of."
                self.report.add(self.report.events + 1, "status", message)
            elif (expected.status, expected.published) != (status, is_public):
                message = f"Review {pk} is {status}; by event {expected.position} it has to be {expected.status}."
                self.report.add(expected.position, "status", message)
            elif (expected.full_review_due, expected.completed) != (due, completed):
                message = (
                    f"The full review of review {pk} is not due, or not completed, as event {expected.position} says."
                )
                self.report.add(expected.position, "status", message)
        for (_, number), expected in left.items():
            message = f"The review of version {number}, of event {expected.position}, is missing."
            self.report.add(expected.position, "status", message)

    def _compare_articles(self) -> None:
        rows = Article.objects.annotate(
            name=_stored("public_id"),
            reviewed_text=_stored("last_reviewed"),
            due_text=_stored("next_review_due"),
        ).values_list(
            "name", "latest_version__number", "published_version__number", "latest_version__article_id",
            "published_version__article_id", "latest_version_id", "published_version_id", "reviewed_text", "due_text",
            "pk",
        )  # fmt: skip
        left = {_as_stored(name): article for name, article in self.articles.items() if article.versions}
        for name, latest, published, latest_of, published_of, *ids, reviewed, due, pk in rows.iterator(chunk_size=2000):
            expected = left.pop(name, None) or ReplayedArticle(position=self.report.events + 1)
            owners = [pk if each is not None else None for each in ids]
            numbers = [max(expected.versions, default=None), expected.published]
            if [latest_of, published_of] != owners or [latest, published] != numbers:
                message = f"Article {pk} points at another version than its events say."
                self.report.add(expected.position, "pointer", message)
            if (reviewed, due) != (expected.last_reviewed, expected.next_review_due):
                message = f"Article {pk} has other review dates than its events say."
                self.report.add(expected.position, "pointer", message)
        for name, article in left.items():
            self.report.add(article.position, "pointer", f"Article {name} is missing.")

    def _compare_roles(self) -> None:
        rows = User.objects.filter(groups__name__in=Role.groups()).values_list("pk", "groups__name")
        now: dict[str, list[str]] = defaultdict(list)
        for pk, group in rows:
            now[str(pk)].append(group)
        for account in now.keys() | self.roles.keys():
            expected, position = self.roles.get(account, ([], self.report.events + 1))
            if sorted(now.get(account, [])) != expected:
                self.report.add(position, "role", f"Account {account} holds other roles than the ledger says.")

    def _compare_accounts(self) -> None:
        """Compare each account that holds a role with the last event about it by a release before 0.3."""
        rows = User.objects.filter(groups__name__in=Role.groups()).distinct()
        for pk, active, email in rows.values_list("pk", "is_active", "email"):
            was_active, email_digest, position = self.accounts.get(str(pk), (active, None, 0))
            if active != was_active or (email_digest and email_digest != _sha256(email)):
                self.report.add(position, "account", f"Account {pk} is not as event {position} left it.")


def _requests(event: Event) -> list[str]:
    """Return the names of the requests to review that the event tells of."""
    return [name for name in event.payload.get("rows", ()) if name.startswith(f"{Assignment._meta.db_table}:")]


def _sha256(value: object) -> str:
    """Return the value of `canonical.sha256`, also for any value of a damaged row."""
    return hashlib.sha256(str(value).encode("utf-8", "surrogatepass")).hexdigest()


def _stored(column: str) -> Func:
    """Return the column as text; on SQLite as its raw value, so that a value of another type equals no text."""
    if connection.vendor == "sqlite":
        return Func(F(column), template="+%(expressions)s", output_field=TextField())
    return Cast(column, TextField())


def _as_stored(name: str) -> str:
    """Return a UUID in the form that the database stores."""
    return name.replace("-", "") if connection.vendor == "sqlite" else name

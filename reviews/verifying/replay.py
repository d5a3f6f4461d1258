"""Playing the ledger again: what every status and pointer has to be by now, and whether each step was legal."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast

from articles.models import Article
from articles.models.people import Role
from reviews.models import Decision, Review
from reviews.models.actions import Action
from reviews.verifying.chain import Event
from reviews.verifying.problem import Report
from reviews.workflow import table
from reviews.workflow.approval import quorum

MOVES = table.moves()


@dataclass
class ReplayedVersion:
    status: str = Review.Status.SUBMITTED
    published: bool = False
    quorum: dict = field(default_factory=dict)
    decisions: dict[str, tuple[str, str]] = field(default_factory=dict)
    position: int = 0


@dataclass
class ReplayedArticle:
    versions: dict[int, ReplayedVersion] = field(default_factory=dict)
    published: int | None = None
    last_reviewed: str | None = None
    next_review_due: str | None = None
    position: int = 0


class Replay:
    """The state of every article and role, built from events alone."""

    def __init__(self, report: Report):
        self.report = report
        self.articles: dict[str, ReplayedArticle] = defaultdict(ReplayedArticle)
        self.roles: dict[str, tuple[list[str], int]] = {}
        self.accounts: dict[str, tuple[bool, str | None, int]] = {}

    def play(self, event: Event):
        """Take in one event; a step that no state allows is a problem."""
        if event.action == Action.SUBMITTED:
            self._submitted(event)
        elif event.action == Action.PUBLISHED:
            self._published(event)
        elif event.action in MOVES:
            self._stepped(event)
        elif event.action == Action.ROLES_CHANGED:
            self._roles_changed(event)
        elif event.action == Action.ACCOUNT_CHANGED and "settings" in event.private:
            self._account_told(event)
        elif event.action == Action.ACCOUNT_CHANGED:  # as a release before 0.3 wrote it
            said = (event.payload["active"], event.private.get("email_sha256"), event.position)
            self.accounts[event.account] = said

    def compare(self):
        """Compare what the events lead to with every review, pointer and role in the database."""
        self._compare_reviews()
        self._compare_articles()
        self._compare_roles()
        self._compare_accounts()

    def _submitted(self, event: Event):
        article, number = self.articles[event.article], int(event.payload["version"])
        pending = any(version.status in Review.PENDING for version in article.versions.values())
        if pending or number != len(article.versions) + 1:
            self._illegal(event)
        article.versions[number] = ReplayedVersion(quorum=event.payload.get("quorum", {}), position=event.position)
        article.position = event.position

    def _stepped(self, event: Event):
        version = self.articles[event.article].versions.get(event.payload.get("version"))
        before, after = MOVES[event.action]
        status = event.payload.get("status", after[0])
        if version is None or version.status not in before or status not in after or version.published:
            self._illegal(event)
            return
        version.status, version.position = status, event.position
        if event.action == Action.ASSIGNED:
            version.quorum = event.payload["quorum"]
        elif event.action == Action.DECIDED:
            self._decided(event, version)

    def _decided(self, event: Event, version: ReplayedVersion):
        version.decisions[event.actor] = (event.payload["outcome"], event.payload["capacity"])
        given = [capacity for outcome, capacity in version.decisions.values() if outcome == Decision.Outcome.APPROVE]
        is_approved = version.status == Review.Status.APPROVED
        is_full = not quorum.lacking(version.quorum, given)
        if is_approved != (is_full and event.payload["outcome"] == Decision.Outcome.APPROVE):
            self._illegal(event)

    def _published(self, event: Event):
        article, number = self.articles[event.article], event.payload.get("version")
        version = article.versions.get(number)
        if version is None or version.status != Review.Status.APPROVED or number <= (article.published or 0):
            self._illegal(event)
            return
        version.published, article.published = True, number
        article.last_reviewed = event.payload["last_reviewed"]
        article.next_review_due = event.payload["next_review_due"]
        article.position = version.position = event.position

    def _roles_changed(self, event: Event):
        account = event.account
        before, _ = self.roles.get(account, ([], 0))
        if not before:
            self.accounts.pop(account, None)  # while an account holds no role, its changes are no events
        self.roles[account] = (event.payload["groups"], event.position)

    def _account_told(self, event: Event):
        """Leave the account to `settings`: the event holds a digest of it, whatever an older one said."""
        for name in event.private["settings"]:
            self.accounts.pop(name.partition(":")[2], None)

    def _illegal(self, event: Event):
        self.report.add(event.position, "step", f"Event {event.position} ({event.action}) was not possible then.")

    def _compare_reviews(self):
        rows = Review.objects.annotate(
            article_id_text=_stored("version__article__public_id"), is_public=Q(published_at__isnull=False)
        ).values_list("article_id_text", "version__number", "status", "is_public", "pk")
        left = {
            (_as_stored(name), number): said
            for name, article in self.articles.items()
            for number, said in article.versions.items()
        }
        for article, number, status, is_public, pk in rows.iterator(chunk_size=2000):
            said = left.pop((article, number), None)
            if said is None:
                message = f"Review {pk} is of a version that no event tells of."
                self.report.add(self.report.events + 1, "status", message)
            elif (said.status, said.published) != (status, is_public):
                message = f"Review {pk} is {status}; by event {said.position} it has to be {said.status}."
                self.report.add(said.position, "status", message)
        for (_, number), said in left.items():
            message = f"The review of version {number}, of event {said.position}, is missing."
            self.report.add(said.position, "status", message)

    def _compare_articles(self):
        rows = Article.objects.annotate(
            name=_stored("public_id"),
            reviewed=_stored("last_reviewed"),
            due=_stored("next_review_due"),
        ).values_list(
            "name", "latest_version__number", "published_version__number", "latest_version__article_id",
            "published_version__article_id", "latest_version_id", "published_version_id", "reviewed", "due", "pk",
        )  # fmt: skip
        left = {_as_stored(name): article for name, article in self.articles.items() if article.versions}
        for name, latest, published, latest_of, published_of, *ids, reviewed, due, pk in rows.iterator(chunk_size=2000):
            said = left.pop(name, None) or ReplayedArticle(position=self.report.events + 1)
            owners = [pk if each is not None else None for each in ids]
            numbers = [max(said.versions, default=None), said.published]
            if [latest_of, published_of] != owners or [latest, published] != numbers:
                message = f"Article {pk} points at another version than its events say."
                self.report.add(said.position, "pointer", message)
            if (reviewed, due) != (said.last_reviewed, said.next_review_due):
                message = f"Article {pk} has other review dates than its events say."
                self.report.add(said.position, "pointer", message)
        for name, article in left.items():
            self.report.add(article.position, "pointer", f"Article {name} is missing.")

    def _compare_roles(self):
        rows = get_user_model().objects.filter(groups__name__in=Role.groups()).values_list("pk", "groups__name")
        now: dict[str, list[str]] = defaultdict(list)
        for account, group in rows:
            now[str(account)].append(group)
        for account in now.keys() | self.roles.keys():
            said, position = self.roles.get(account, ([], self.report.events + 1))
            if sorted(now.get(account, [])) != said:
                self.report.add(position, "role", f"Account {account} holds other roles than the ledger says.")

    def _compare_accounts(self):
        """Compare each account that holds a role with what an event of a release before 0.3 says of it."""
        rows = get_user_model().objects.filter(groups__name__in=Role.groups()).distinct()
        for pk, active, email in rows.values_list("pk", "is_active", "email"):
            said_active, said_email, position = self.accounts.get(str(pk), (active, None, 0))
            if active != said_active or (said_email and said_email != _sha256(email)):
                self.report.add(position, "account", f"Account {pk} is not as event {position} left it.")


def _sha256(value) -> str:
    """Return what `canonical.sha256` gives, for anything that a damaged row may hold."""
    return hashlib.sha256(str(value).encode("utf-8", "surrogatepass")).hexdigest()


def _stored(column: str):
    """Return the column as text, and on SQLite just as it stands there, so that nothing but that text equals it."""
    if connection.vendor == "sqlite":
        return Func(F(column), template="+%(expressions)s", output_field=TextField())
    return Cast(column, TextField())


def _as_stored(name: str) -> str:
    """Return a UUID as the database holds it."""
    return name.replace("-", "") if connection.vendor == "sqlite" else name

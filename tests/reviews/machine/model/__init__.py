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
from dataclasses import dataclass, field

from tests.reviews.machine.model.effects import Effects
from tests.reviews.machine.model.rules import Rules
from tests.reviews.machine.model.things import (
    GUESSES,
    INPUT,
    WHEN,
    WHO,
    WINDOW,
    Article,
    Attempt,
    Draft,
    Event,
    Person,
    Schedule,
    Version,
)

__all__ = [
    "GUESSES",
    "INPUT",
    "WHEN",
    "WHO",
    "WINDOW",
    "Article",
    "Attempt",
    "Draft",
    "Event",
    "Person",
    "Schedule",
    "Version",
    "World",
]


@dataclass
class World(Rules, Effects):
    now: datetime.datetime
    people: dict[str, Person] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    quorums: dict[tuple[str, str], tuple[dict, bool, int | None]] = field(default_factory=dict)

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

    def apply(self, attempt: Attempt) -> list[Event]:
        """Make the world what it is once the step is taken; return the events that tell of it."""
        article = self.articles[attempt.article]
        version = article.versions[attempt.version - 1] if attempt.version else None
        was_owing = bool(version and version.due and not version.completed)
        action, role = getattr(self, f"_then_{attempt.step}")(attempt, article, version)
        events = [Event(action, attempt.article, attempt.actor, role)]
        if was_owing and version and version.completed:
            events.append(Event("full_review_completed", attempt.article, attempt.actor, role))
        return events

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
        options = (("despite", article.latest.number == row.known),)
        attempt = Attempt("publish", article.name, row.by, row.version, options=options)
        if not self.refusal(attempt):
            return self.apply(attempt)[0]
        row.outcome = "refused"
        return Event("schedule_refused", article.name)

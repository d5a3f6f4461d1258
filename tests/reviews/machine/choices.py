"""
Which attempt to make next: a pure function of the world and of a random number.

`right` is a step that has to be taken; `near_miss` an attempt that a single rule refuses, so that it would be taken if
that rule were missing; `insisting` has the right person and any state; `anybody` has any person too.
"""

import random
from collections import defaultdict
from collections.abc import Iterator

from tests.reviews.machine.model import Article, Attempt, Version, World

STEPS = {
    "submit": 3,
    "assign": 4,
    "approve": 6,
    "request_changes": 3,
    "declare_urgent": 3,
    "publish": 4,
    "recall": 2,
    "decline": 1,
    "unassign": 2,
    "accept": 3,
    "record_plan": 2,
    "recuse": 3,
    "end_round": 3,
    "withdraw_approval": 3,
    "schedule": 2,
    "cancel_schedule": 2,
    "issue_notice": 4,
    "attest": 5,
    "comment": 1,
    "resolve": 2,
}
RULES = {**STEPS, "assign": 14, "approve": 8, "recuse": 4, "end_round": 9, "attest": 11}  # by how many rules they have
CAPACITIES = ("clinical", "specialist", "pharmacist", "lay")
NOTICES = ("correction", "concern", "retraction", "removal", "withdrawal")
OF_ARTICLE = ("submit", "cancel_schedule", "issue_notice", "resolve")
OF_ASSIGNMENT = ("unassign", "accept", "recuse", "approve", "request_changes")
SAMPLE = 60


class Choices:
    """`tried` are the situations that this history has seen: those it has not seen go first."""

    def __init__(self, world: World, articles: list[str], number: int, tried: set[tuple]):
        self.world, self.articles, self.random, self.tried = world, articles, random.Random(number), tried

    def right(self) -> Attempt | None:
        """Return a step that has to be taken: rare situations as often as common ones."""
        found = defaultdict(list)
        for attempt in self._many(STEPS, SAMPLE, nominal=True):
            if not self.world.refusal(attempt):
                found[attempt.step, *self._situation(attempt)].append(attempt)
        return self._any_of(found)

    def near_miss(self) -> Attempt | None:
        """Return an attempt that one rule alone refuses: each rule as often as any other."""
        found = defaultdict(list)
        for attempt in self._many(RULES, 2 * SAMPLE, nominal=None):
            refused = self.world.refusals(attempt)
            if len(refused) == 1:
                found[attempt.step, refused[0], self._state_that_matters_not(attempt)].append(attempt)
        return self._any_of(found)

    def insisting(self) -> Attempt | None:
        """Return a step by one whose part it is, in whatever state."""
        return next(self._many(STEPS, 1, nominal=True), None)

    def anybody(self) -> Attempt | None:
        return next(self._many(STEPS, 1, nominal=False), None)

    def _many(self, steps: dict[str, int], number: int, *, nominal: bool | None) -> Iterator[Attempt]:
        """Make so many attempts; `nominal`: by one whose part the step is, or by either where None."""
        for step in self.random.choices(list(steps), steps.values(), k=number):
            by_nominal = self.random.random() < 0.7 if nominal is None else nominal
            if attempt := self._attempt(step, nominal=by_nominal):
                yield attempt

    def _situation(self, attempt: Attempt) -> tuple:
        """Return what sets a step that is taken apart from others of its name."""
        version = self.world.articles[attempt.article].versions[attempt.version - 1] if attempt.version else None
        if version is None:
            return (self.world.state(attempt),)
        wants_changes, by_writer = bool(version.live("request_changes")), attempt.actor in version.writers
        again = any(row.live and row.reviewer == attempt.actor for row in version.decisions)
        with_lay = any(row.capacity == "lay" for row in version.live("approve"))
        about = (version.risk, version.change == "correction", wants_changes, by_writer, again, with_lay)
        return (self.world.state(attempt), attempt["risk"] == "high", *about)

    def _state_that_matters_not(self, attempt: Attempt) -> str:
        """Return the state of a step that the table allows in any: it is to be tried in each."""
        return self.world.state(attempt) if attempt.step in ("issue_notice", "cancel_schedule") else ""

    def _any_of(self, found: dict[tuple, list[Attempt]]) -> Attempt | None:
        keys = [key for key in found if key not in self.tried] or list(found)
        if not keys:
            return None
        key = self.random.choice(keys)
        self.tried.add(key)
        return self.random.choice(found[key])

    def of_assignment(self, article: str, version: int, index: int, reviewer: str) -> Attempt:
        return Attempt(self.random.choice(["approve", "approve", "request_changes"]), article, reviewer, version, index)

    def person(self, *, concerned: bool = False) -> str:
        """Return anybody; `concerned`: mostly one who has something to do with an article just now."""
        names = list(self.world.people)
        if concerned and self.random.random() < 0.75:
            names = self._concerned() or names
        return self.random.choice(names)

    def _concerned(self) -> list[str]:
        names = []
        for name in self.articles:
            article = self.world.articles[name]
            names += [row.by for row in article.schedules if not row.outcome]
            if article.latest:
                names += [row.reviewer for row in article.latest.open_assignments()]
                names += [row.reviewer for row in article.latest.live("approve")]
        return names

    def _step(self) -> str:
        return self.random.choices(list(STEPS), STEPS.values())[0]

    def _attempt(self, step: str, *, nominal: bool) -> Attempt | None:
        article = self._article(step)
        version = self._version(article, step)
        if version is None and step not in OF_ARTICLE:
            return None
        index = self._index(step, article, version)
        if index is None:
            return None
        number = version.number if version and step not in OF_ARTICLE else 0
        options = tuple(getattr(self, f"_{step}", dict)(*self._about(step, article, index)).items())
        attempt = Attempt(step, article.name, "", number, index, options)
        return attempt.but(actor=self._nominal(attempt, article, version) if nominal else self._anybody())

    def _anybody(self) -> str:
        """Return anybody, half of the time somebody who holds two roles."""
        two = [person.name for person in self.world.people.values() if len(person.roles) > 1]
        return self.random.choice(two) if two and self.random.random() < 0.5 else self.person()

    def _article(self, step: str) -> Article:
        """Return an article, where the step asks for one with a schedule or a comment if there is such a one."""
        articles = [self.world.articles[name] for name in self.articles]
        rows = {"cancel_schedule": lambda each: each.schedules, "resolve": lambda each: each.comments}.get(step)
        return self.random.choice((list(filter(rows, articles)) if rows else []) or articles)

    def _about(self, step: str, article: Article, index: int) -> tuple:
        return (article, index) if step in ("issue_notice", "submit", "assign") else ()

    def _version(self, article: Article, step: str) -> Version | None:
        """Return mostly the latest version; for what is done with an approval, often any that is approved."""
        approved = [version for version in article.versions if version.status == "approved" and not version.published]
        if step in ("publish", "schedule", "withdraw_approval") and approved and self.random.random() < 0.5:
            return self.random.choice(approved)
        if step == "attest" and article.public and self.random.random() < 0.8:
            return article.versions[article.public - 1]
        if not article.versions:
            return None
        return article.latest if self.random.random() < 0.8 else self.random.choice(article.versions)

    def _index(self, step: str, article: Article, version: Version | None) -> int | None:
        """Return which assignment, comment, notice or schedule it is about: -1 for none, None where there is none."""
        if step == "issue_notice":
            return self._pick(article.notices) if article.notices and self.random.random() < 0.5 else -1
        if step in OF_ASSIGNMENT:
            open_ones = [i for i, row in enumerate(version.assignments) if not row.ended]
            if open_ones and self.random.random() < 0.85:
                return self.random.choice(open_ones)
            return self._pick(version.assignments)
        rows = {"cancel_schedule": article.schedules, "resolve": article.comments}.get(step)
        return -1 if rows is None else self._pick(rows)

    def _pick(self, rows: list) -> int | None:
        return self.random.randrange(len(rows)) if rows else None

    def _nominal(self, attempt: Attempt, article: Article, version: Version | None) -> str:
        """Return somebody whose part this step is."""
        if attempt.step in OF_ASSIGNMENT and attempt.step != "unassign":
            return version.assignments[attempt.index].reviewer
        if attempt.step in ("submit", "recall"):
            return self.random.choice(article.draft.authors or ("ada",))
        if attempt.step == "withdraw_approval":
            signers = [row.reviewer for row in version.decisions]
            return self.random.choice(signers or self._holding("reviewer"))
        if attempt.step == "resolve":
            raised_by = article.comments[attempt.index].author
            return raised_by if self.random.random() < 0.3 else self.random.choice(self._holding("reviewer"))
        if attempt.step == "comment":
            asked = [row.reviewer for row in version.assignments]
            return self.random.choice([*asked, *article.draft.authors, "edith"])
        if attempt.step == "attest":
            board = [name for name in self._holding("reviewer") if attempt["capacity"] in self._capacities(name)]
            return self.random.choice(board or self._holding("reviewer"))
        if attempt.step == "assign" and self.random.random() < 0.1:
            return attempt["reviewer"]
        return self.random.choice(self._holding("editor"))

    def _capacities(self, name: str) -> tuple[str, ...]:
        return self.world.people[name].capacities

    def _holding(self, role: str) -> list[str]:
        return [person.name for person in self.world.people.values() if role in person.roles] or ["ada"]

    # What a step is made with

    def _submit(self, article: Article, _) -> dict:
        if not article.versions:
            return {"change": "major" if self.random.random() < 0.8 else "minor"}
        return {"change": self.random.choice(["correction", "minor", "major"])}

    def _assign(self, article: Article, _) -> dict:
        """Ask anybody of the board, often one who knows the article, in a capacity of theirs; seldom otherwise."""
        known = {row.reviewer for version in article.versions for row in version.assignments} | article.touched
        names = [person.name for person in self.world.people.values() if person.is_board_member]
        familiar = [name for name in names if name in known]
        some = familiar if familiar and self.random.random() < 0.5 else names
        reviewer = self.world.people[self.random.choice(some)]
        own = [*reviewer.capacities] if self.random.random() < 0.9 else [*CAPACITIES]
        return {
            "reviewer": reviewer.name,
            "capacity": self.random.choice(own or CAPACITIES),
            "risk": self.random.choices([None, "standard", "high"], [6, 1, 3])[0],
            "change": self.random.choices([None, "correction", "minor", "major"], [8, 1, 1, 1])[0],
        }

    def _record_plan(self) -> dict:
        """Plan for anybody, mostly for somebody with an interest."""
        with_interest = [person.name for person in self.world.people.values() if person.conflicts]
        names = with_interest if with_interest and self.random.random() < 0.8 else [*self.world.people]
        return {"reviewer": self.random.choice(names)}

    def _approve(self) -> dict:
        return {"wrong_password": self.random.random() < 0.1, "stale": self.random.random() < 0.1}

    _request_changes = _approve

    def _attest(self) -> dict:
        return {"capacity": self.random.choices(CAPACITIES, [5, 5, 2, 1])[0], **self._approve()}

    def _withdraw_approval(self) -> dict:
        return {"wrong_password": self.random.random() < 0.1}

    def _recuse(self) -> dict:
        return {"conflict": self.random.random() < 0.4}

    def _publish(self) -> dict:
        return {"despite": self.random.random() < 0.6}

    def _schedule(self) -> dict:
        return {"hours": self.random.choice([-1, 0, 3, 12, 24, 30]), **self._publish()}

    def _issue_notice(self, article: Article, index: int) -> dict:
        kind = article.notices[index].kind if index >= 0 else self.random.choice(NOTICES)
        if index >= 0:
            return {"kind": kind if self.random.random() < 0.9 else self.random.choice(NOTICES), "versions": None}
        numbers = [version.number for version in article.versions] + [len(article.versions) + 1]
        versions = self.random.choice([None, None, tuple(numbers[:-1]) or None, (self.random.choice(numbers),)])
        return {"kind": kind, "versions": versions}

    def _comment(self) -> dict:
        return {"blocking": self.random.random() < 0.5}

    def _resolve(self) -> dict:
        return {"reason": self.random.random() < 0.8}

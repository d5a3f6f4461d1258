"""
Random histories of articles, each step compared with the model of what should be.

After every step this holds:

 1. Where each article stands is what a replay of its ledger events tells: the state of every version, and what is
    public.
 2. Only steps of the table happened: each was allowed by the model to that person in that state, and its event names
    who took it and the roles they then held.
 3. A refused step changes nothing in content, process or evidence, sends no mail, and is refused by the kind of error
    that fits: wrong input, not this person, or not now.
 4. A step that is taken adds exactly one event; positions run from 1 without gap, each hash follows from the one
    before, is right and is signed with the ledger's key; every row the step wrote is committed to in its event.
 5. The text of a version never changes: its digest stays that of the draft at submission; versions are numbered 1..n,
    and n+1 comes only after n was returned, recalled, declined, approved or published.
 6. The public text is that of the version named in the last publish event, and has its full quorum of live approvals,
    signed after submission over that digest.
 7. Nothing else is public, but the first version in open review until that review ends.
 8. A retracted or withdrawn article is on no list; a removed one is not shown; a version that a notice forbids is not
    published.
 9. Who signs wrote no part of the version, was asked by somebody else, and was then active, on the board in that
    capacity, with credentials and disclosure in date and no conflict; the signature means what the decision says.
10. At most one review under way and one open schedule per article; at most one open assignment and one live decision
    per reviewer and version.
11. A version cannot be recalled once somebody decided on it, and nobody decides on it after it was recalled or ended.
12. The draft is open at all times: to edit it changes no version, no pointer and no event, and no step changes it.
    Whoever edits it is a writer of the next version, not of the last.
13. Whoever is deactivated, or loses a role, is refused from the next step on; what they signed stands.
"""

import hypothesis
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.reviews.machine.choices import Choices
from tests.reviews.machine.driver import Driver, Stage, Tally
from tests.reviews.machine.model import Attempt
from tests.reviews.machine.stage import LONELY, PATHS

NUMBERS = st.integers(0, 2**24 - 1)  # the seed of a choice; larger ranges would favour small numbers
NAMES = st.sampled_from(sorted(PATHS))
KINDS = st.sampled_from(
    ["right_actor"] * 5 + ["right_actor_anywhere"] * 3 + ["near_miss"] * 7 + ["near_miss_anywhere"] * 7
    + ["random_actor"] * 2 + ["edit"] * 2 + ["change_person"] * 2 + ["time_passes", "seeded"]
)  # fmt: skip
RARELY = st.integers(0, 5).map(lambda number: number == 5)
AT_ONCE = 5


class WorkflowMachine(RuleBasedStateMachine):
    """One history, played on a stage that stands as it was when the history is over."""

    stage: Stage
    tally: Tally

    def __init__(self):
        super().__init__()
        self.queued = list(connection.run_on_commit)
        self.savepoint = transaction.savepoint()
        self.driver = Driver(self.stage.copy(), self.tally)
        self.articles: list[str] = []
        self.moments, self.tried = 0, set()
        self.tally.examples += 1

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)
        transaction.savepoint_commit(self.savepoint)
        connection.run_on_commit = self.queued

    @initialize(names=st.lists(NAMES, min_size=AT_ONCE - 1, max_size=AT_ONCE, unique=True), lonely=RARELY)
    def begin(self, names, lonely):
        """Begin with some articles; now and then without the one editor who wrote no part of one of them."""
        self.articles = names
        if lonely:
            self.articles = [*names[1:], LONELY]
            self.driver.toggle_active("edith")

    @rule(kind=KINDS, number=NUMBERS)
    def turn(self, kind, number):
        """Do one thing of this kind; a single rule, so that the weights of the kinds are ours."""
        self.moments += 1  # so that the same number, met again, leads elsewhere
        articles = sorted(PATHS) if kind.endswith("anywhere") else self.articles
        choices = Choices(self.driver.world, articles, number + (self.moments << 24), self.tried)
        getattr(self, kind.removesuffix("_anywhere"))(choices)

    def seeded(self, choices: Choices):
        """Take up an article that stands in a deep state already, in place of one played with so far."""
        path = choices.random.choice(sorted(PATHS))
        if path not in self.articles:
            self.articles = [*self.articles[1 - AT_ONCE :], path]

    def right_actor(self, choices: Choices):
        """Take a step that has to be taken."""
        self._take(choices.right())

    def near_miss(self, choices: Choices):
        """Try what one rule alone refuses."""
        self._take(choices.near_miss())

    def random_actor(self, choices: Choices):
        """Try a step in whatever state, by one whose part it is or by anybody."""
        self._take(choices.anybody() if choices.random.random() < 0.5 else choices.insisting())

    def edit(self, choices: Choices):
        """Change a draft: its fact, a slip, its risk, its declaration or its authors, by anybody."""
        name = choices.random.choice(self.articles)
        draft = self.driver.world.articles[name].draft
        changes = choices.random.choice(self._changes(draft, choices))
        by = choices.random.choice(["ada", "aubrey", "eve", "amy", "edgar", "simon", "clara"])
        note(f"{by}: edit {name} {changes}")
        self.driver.edit(name, by, **changes)

    def _changes(self, draft, choices: Choices) -> list[dict]:
        link = choices.random.choice(["abel", "aubrey", "amy", "carl"])
        others = tuple(name for name in draft.authors if name != link)
        return [
            {"fact": choices.random.randrange(3)},
            {"fact": choices.random.randrange(3)},
            {"slip": not draft.slip},
            {"slip": not draft.slip},
            {"ai": "" if draft.ai else "none"},
            {"risk": "high" if draft.risk == "standard" else "standard"},
            {"authors": others if link in draft.authors else (*draft.authors, link)},
        ]

    def change_person(self, choices: Choices):
        """Let somebody lose or get a role, be deactivated, or credentials or disclosure run out."""
        name = choices.person(concerned=True)
        person = self.driver.world.people[name]
        changes = [lambda: self.driver.toggle_active(name), lambda: self._toggle_role(choices, name)]
        if person.is_board_member:
            valid, conflict = choices.random.random() < 0.4, choices.random.choice(["", "Oncology", "Cardiology"])
            changes += [
                lambda: self.driver.check_credentials(name, valid=valid),
                lambda: self.driver.disclose(name, valid=valid),
                lambda: self.driver.disclose(name, valid=True, conflict=conflict),
            ]
        note(f"change {name}")
        choices.random.choice(changes)()
        if person.is_board_member:
            self._let_them_try(choices, name)

    def _let_them_try(self, choices: Choices, name: str):
        """Let the person whose standing has just changed try something that they were asked for."""
        asked = [
            (article.name, article.latest.number, index)
            for article in self.driver.world.articles.values()
            if article.latest
            for index, row in enumerate(article.latest.assignments)
            if row.reviewer == name and not row.ended
        ]
        if asked:
            self._take(choices.of_assignment(*choices.random.choice(asked), name))

    def _toggle_role(self, choices: Choices, name: str):
        roles = sorted(self.driver.world.people[name].roles)
        lose = roles and choices.random.random() < 0.7
        self.driver.toggle_role(name, choices.random.choice(roles if lose else ["author", "editor", "reviewer"]))

    def time_passes(self, choices: Choices):
        hours = choices.random.choice([0, 2, 8, 13, 25])
        note(f"{hours} hours pass")
        self.driver.publish_due(hours)

    def _take(self, attempt):
        if attempt:
            note(str(attempt))
            self.driver.take(attempt)


def run(stage: Stage, tally: Tally, *, seed: int, examples: int, steps: int):
    """Play so many histories of so many steps with this seed; raise what the first one that fails raises."""
    machine = type("Machine", (WorkflowMachine,), {"stage": stage, "tally": tally})
    run_state_machine_as_test(
        hypothesis.seed(seed)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.generate],
            derandomize=False,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


# What a random history seldom comes to, tried on articles that stand there already.
SCRIPTED = [
    Attempt("schedule", "scheduled", "edith", version=1, options=(("hours", 2000),)),
    Attempt("publish", "removed, newer approved", "edith", version=2),
    *(
        Attempt("cancel_schedule", "approved urgently, scheduled", who, index=0)
        for who in ("edith", "edgar", "eve", "ada", "clara")
    ),
    *(
        Attempt("submit", "approved urgently, another draft", who, options=(("change", "major"),))
        for who in ("ada", "aubrey", "abel", "edith", "clara")
    ),
]


def run_scripted(stage: Stage, tally: Tally):
    """Make each scripted attempt; raise what the first one raises that does not do what the model says."""
    machine = type("Machine", (WorkflowMachine,), {"stage": stage, "tally": tally})
    for attempt in SCRIPTED:
        play = machine()
        try:
            play.driver.take(attempt)
        finally:
            play.teardown()

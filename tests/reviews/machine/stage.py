"""The cast, and an article in every deep state, each brought there through the workflow and checked on the way."""

import datetime

from django.utils.text import slugify

from articles.models import Article
from reviews.models import Quorum
from tests import factories
from tests.reviews.machine import model
from tests.reviews.machine.driver import Driver, Stage, Tally

START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
YEAR = datetime.timedelta(days=365)

LONELY = "written by all editors but one"

# name, roles, capacities, specialties, conflicts. Many hold two roles, because that is where rules collide.
CAST = [
    ("ada", ["author"], [], [], []),
    ("abel", ["author"], [], [], []),
    ("aubrey", ["author", "reviewer"], ["clinical", "specialist"], ["Oncology"], []),
    ("amy", ["author", "editor"], [], [], []),
    ("edith", ["editor"], [], [], []),
    ("edgar", ["editor"], [], [], []),
    ("eve", ["editor", "reviewer"], ["clinical"], [], []),
    ("clara", ["reviewer"], ["clinical"], [], []),
    ("carl", ["reviewer"], ["clinical"], [], []),
    ("simon", ["reviewer"], ["clinical", "specialist"], ["Oncology"], []),
    ("sofia", ["reviewer"], ["clinical", "specialist"], ["Cardiology"], []),
    ("petra", ["reviewer"], ["pharmacist"], [], []),
    ("larry", ["reviewer"], ["lay"], [], []),
    ("conny", ["reviewer"], ["clinical"], [], ["Oncology"]),
]


def build() -> Stage:
    """Return the stage, in the database that is connected now."""
    stage = Stage(START)
    driver = Driver(stage, Tally())
    with driver.clock():
        _open_questions(stage)
        for member in CAST:
            _person(stage, *member)
        for name in [*PATHS, *DUE]:
            _draft(stage, name)
    stage.chain.follow()
    driver = Driver(stage, Tally())
    driver._changed_as_said([], [*PATHS, *DUE], draft_stays=False)
    for name, path in [*PATHS.items(), *DUE.items()]:
        stage.world.now += datetime.timedelta(days=1)
        path(Director(driver, name))
    return stage


def _open_questions(stage: Stage):
    quorum = {"clinical": 2, "specialist": 1, "pharmacist": 0}
    Quorum.objects.create(kind="question", risk="standard", open_review=True, **quorum)
    stage.world.quorums["question", "standard"] = (quorum, True, None)
    Quorum.objects.create(kind="topic", risk="standard", urgent_days=7, **quorum)
    stage.world.quorums["topic", "standard"] = (quorum, False, 7)


def _person(stage: Stage, name, roles, capacities, specialties, conflicts):
    if capacities:
        user = factories.board_member(name, groups=roles, capacities=capacities, specialties=specialties,
                                      conflicts=conflicts)  # fmt: skip
    else:
        user = factories.person(name, groups=roles)
    until = START.date() + YEAR if capacities else None
    stage.rows["person", name] = user
    stage.world.people[name] = model.Person(
        name, user.pk, set(roles), tuple(capacities), tuple(specialties), set(conflicts), True, until, until
    )


def _draft(stage: Stage, name: str):
    """Make a draft by Ada, of which Aubrey is an author too and in which an editor may have changed a word."""
    kind = "question" if name.startswith("question") else "topic"
    draft = model.Draft(authors=("ada", "aubrey"))
    row = factories.article(
        stage.rows["person", "ada"], title=name, slug=slugify(name), kind=kind, body=draft.body, urgent=True
    )
    stage.rows["article", name] = Article.objects.get(pk=row.pk)
    editor = ["eve", "edgar", "ada"][len(stage.world.articles) % 3]
    factories.save(row.sections.first(), stage.rows["person", editor])
    link = row.authorships.model(article=row, contributor=stage.rows["person", "aubrey"].contributor)
    factories.save(link, stage.rows["person", "ada"])
    stage.world.articles[name] = model.Article(name, kind, "Oncology", "ada", draft, {*draft.authors, editor})


class Director:
    """Takes steps on one article that have to be taken, by those whose part they are."""

    def __init__(self, driver: Driver, name: str):
        self.driver, self.name = driver, name
        self.article = driver.world.articles[name]

    def step(self, step: str, actor: str, *, version: int = 0, index: int = -1, **options) -> "Director":
        if step not in ("submit", "issue_notice", "cancel_schedule", "resolve"):
            version = version or len(self.article.versions)
        refusal = self.driver.take(model.Attempt(step, self.name, actor, version, index, tuple(options.items())))
        if refusal:
            raise ValueError(f"{self.name}: {step} was refused ({refusal})")
        return self

    def edit(self, by: str = "ada", **changes) -> "Director":
        self.driver.edit(self.name, by, **changes)
        return self

    def submit(self, change: str = "major", **changes) -> "Director":
        if self.article.versions:
            self.edit(**(changes or {"fact": self.article.draft.fact + 1}))
        return self.step("submit", "ada", change=change)

    def ask(self, *people: tuple[str, str], **terms) -> "Director":
        for reviewer, capacity in people:
            self.step("assign", "edith", reviewer=reviewer, capacity=capacity, **terms)
        return self

    def decide(self, *people: str, outcome: str = "approve") -> "Director":
        for name in people:
            rows = self.article.latest.assignments
            index = next(i for i, row in enumerate(rows) if row.reviewer == name and not row.ended)
            if not rows[index].accepted:
                self.step("accept", name, index=index)
            self.step(outcome, name, index=index)
        return self

    def review(self) -> "Director":
        return self.ask(("clara", "clinical"), ("simon", "specialist"))

    def approve(self, change: str = "major", **changes) -> "Director":
        return self.submit(change, **changes).review().decide("clara", "simon")

    def scheduled(self) -> "Director":
        return self.approve().step("schedule", "edith", hours=1000)

    def publish(self) -> "Director":
        self.approve()
        self.driver.world.now += datetime.timedelta(days=1)
        return self.step("publish", "edith")

    def urgent(self) -> "Director":
        return self.submit().review().step("declare_urgent", "edith").decide("clara")

    def public_urgently(self) -> "Director":
        return self.urgent().step("publish", "edith")

    def returned(self) -> "Director":
        return self.submit().ask(("clara", "clinical")).decide("clara", outcome="request_changes")

    def asked_again(self) -> "Director":
        return self.review().decide("clara", outcome="request_changes").ask(("clara", "clinical"))

    def stepped_back(self, *, conflict: bool) -> "Director":
        self.submit().ask(("carl", "clinical"), ("simon", "specialist"))
        return self.step("accept", "carl", index=0).step("recuse", "carl", index=0, conflict=conflict)


PATHS = {
    "draft": lambda it: it,
    "submitted": lambda it: it.submit(),
    "asked": lambda it: it.submit().review(),
    "accepted by one": lambda it: it.submit().review().step("accept", "clara", index=0),
    "declined by one": lambda it: it.submit().review().step("recuse", "clara", index=0, conflict=False),
    "declined in conflict": lambda it: it.submit().review().step("recuse", "clara", index=0, conflict=True),
    "one of two approved": lambda it: it.submit().review().decide("clara"),
    "clinicians only": lambda it: it.submit().ask(("clara", "clinical"), ("carl", "clinical")).decide("clara"),
    "with a lay reviewer": lambda it: it.submit().ask(("larry", "lay"), ("clara", "clinical"), ("carl", "clinical"))
    .decide("larry", "clara"),
    "changes asked by one": lambda it: it.submit().review().decide("clara", outcome="request_changes"),
    "asked again": lambda it: it.submit().asked_again(),
    "published, newer asked again": lambda it: it.publish().submit("minor").asked_again(),
    "question asked again": lambda it: it.submit().asked_again(),
    "changes requested twice": lambda it: it.returned().returned().edit(fact=3),
    "recalled": lambda it: it.submit().step("recall", "ada").edit(fact=1),
    "declined": lambda it: it.submit().step("decline", "edith"),
    "stepped back": lambda it: it.stepped_back(conflict=False),
    "in conflict earlier": lambda it: it.stepped_back(conflict=True).step("recall", "ada").submit(),
    "in conflict once": lambda it: it.stepped_back(conflict=True).decide("simon", outcome="request_changes")
    .submit().ask(("clara", "clinical")),
    "approved": lambda it: it.approve(),
    "withdrawn": lambda it: it.approve().step("withdraw_approval", "simon"),
    "approved by three": lambda it: it.submit().ask(("carl", "clinical"), ("clara", "clinical"),
                                                   ("simon", "specialist")).decide("carl", "clara", "simon"),
    "declared urgent": lambda it: it.submit().review().step("declare_urgent", "edith"),
    "urgent, one had approved": lambda it: it.submit().review().decide("simon").step("declare_urgent", "edgar"),
    "approved urgently": lambda it: it.urgent(),
    "approved urgently, another draft": lambda it: it.urgent().edit(fact=3),
    "approved urgently, scheduled": lambda it: it.urgent().step("schedule", "edith", hours=1000),
    "approved urgently, then completed": lambda it: it.urgent().decide("simon"),
    "published urgently": lambda it: it.public_urgently(),
    "published urgently, nobody asked": lambda it: it.public_urgently().step("unassign", "edith", index=1),
    "published urgently, changes wanted": lambda it: it.public_urgently().decide("simon", outcome="request_changes")
    .ask(("carl", "clinical")),
    "published urgently, newer approved": lambda it: it.public_urgently().approve(),
    "published, minor urgently": lambda it: it.publish().submit("minor").review()
    .step("declare_urgent", "edith").decide("simon").step("publish", "edith"),
    "another draft": lambda it: it.edit("amy", slip=True),
    "scheduled": lambda it: it.scheduled(),
    "scheduled, newer submitted": lambda it: it.scheduled().submit(),
    "scheduled, newer asked": lambda it: it.scheduled().submit().ask(("clara", "clinical")),
    "scheduled, newer published": lambda it: it.scheduled().publish(),
    "scheduled, newer returned": lambda it: it.scheduled().returned(),
    "scheduled, newer recalled": lambda it: it.scheduled().submit().step("recall", "ada"),
    "scheduled, newer declined": lambda it: it.scheduled().submit().step("decline", "edith"),
    "published": lambda it: it.publish(),
    "published, once scheduled": lambda it: it.scheduled().step("publish", "edith"),
    "published, newer asked": lambda it: it.publish().submit("minor").review().decide("simon"),
    "published, slip corrected": lambda it: it.publish().submit("correction", slip=True)
    .ask(("clara", "clinical"), ("larry", "lay")),
    "published, minor approved": lambda it: it.publish().approve("minor"),
    "approved twice": lambda it: it.approve().approve(),
    "newer published": lambda it: it.approve().publish(),
    "returned after approval": lambda it: it.approve().returned(),
    "resubmitted": lambda it: it.approve().step("withdraw_approval", "clara").submit()
    .ask(("clara", "clinical"), ("carl", "clinical")).decide("clara"),
    "retracted": lambda it: it.publish().step("issue_notice", "edith", kind="retraction"),
    "removed, newer approved": lambda it: it.publish().approve("minor").step("issue_notice", "edith", kind="removal"),
    "attested by one": lambda it: it.publish().step("attest", "clara", capacity="clinical"),
    "attested": lambda it: it.publish().step("attest", "clara", capacity="clinical")
    .step("attest", "simon", capacity="specialist"),
    "notice lifted": lambda it: it.publish().step("issue_notice", "edith", kind="concern")
    .step("issue_notice", "edgar", kind="concern", index=0),
    "blocked": lambda it: it.submit().review().decide("simon").step("accept", "clara", index=0)
    .step("comment", "clara", blocking=True),
    "blocked at once": lambda it: it.submit().review().step("accept", "simon", index=1)
    .step("comment", "simon", blocking=True),
    "published, newer blocked": lambda it: it.publish().submit("minor").review()
    .step("comment", "clara", blocking=True),
    "approved and blocked": lambda it: it.approve().step("comment", "clara", blocking=True),
    "scheduled and blocked": lambda it: it.scheduled().step("comment", "clara", blocking=True),
    "high risk": lambda it: it.submit().ask(("clara", "clinical"), risk="high")
    .ask(("simon", "specialist"), ("petra", "pharmacist")).decide("clara"),
    LONELY: lambda it: it.edit("edgar", fact=1).edit("amy", fact=2).edit("eve", fact=0).approve(),
    "question asked": lambda it: it.submit().review(),
    "question declined": lambda it: it.submit().step("decline", "edith"),
    "question published": lambda it: it.publish().submit("minor"),
}  # fmt: skip

# Nobody plays with these: as soon as time passes, the clock acts on them.
DUE = {
    "due soon": lambda it: it.approve().step("schedule", "edith", hours=1),
    "due soon, newer submitted": lambda it: it.approve().step("schedule", "edith", hours=1).submit(),
}  # fmt: skip

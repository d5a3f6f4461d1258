"""Two processes and the pages that readers get: one does everything that can be done, the other keeps responses."""

import datetime

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Audience, Contributor, GlossaryTerm, Notice, Reference, Topic
from articles.models.people import Role
from articles.site.keeping import kept_responses
from articles.site.keeping.kept_responses import KeptResponses
from reviews import workflow
from reviews.models import BoardMember, LedgerEvent, Quorum, Schedule, Specialty
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories, populated, retractions
from tests.factories import PASSWORD, decide, edit, submitted, under_review

REAL = [name.replace("tests.never_stale.NeverStale", f"{__name__}.Noting") for name in settings.MIDDLEWARE]

CITED = '<cite data-ref="smith2020"></cite>'


class Noting(KeptResponses):
    """Notes the addresses of responses that were made anew: only one that was kept can be stale."""

    anew: set[str] = set()

    def _whole(self, request):
        self.anew.add(request.path)
        return super()._whole(request)


class World:
    """The people, the article that most things are done to, and what is remembered from one doing to the next."""

    def __init__(self):
        self.author, self.editor = factories.author(), factories.editor()
        self.clinical, self.specialist = factories.clinical(), factories.specialist()
        Quorum.objects.create(kind="question", risk="standard", open_review=True, urgent_days=7)
        populated.publish_the_policy(self.author, self.editor, self.clinical, self.specialist)
        self.draft = factories.article(self.author, kind="question", slug="nodes", body=f"<p>Lymph {CITED}.</p>")
        self.cited = factories.cite(self.draft, by=self.author)
        self.other = factories.published(
            submitted(self.author, slug="beside"), self.editor, self.clinical, self.specialist
        )
        self.version = self.asked = self.thread = self.notice = self.schedule = None

    def newer(self, word, change="major"):
        edit(self.draft, f"{word} {CITED}.", by=self.author)
        self.version = submitted(self.author, self.draft, change=change, note=word)

    def review(self):
        return factories.review_of(self.version)

    def ask(self):
        self.asked = under_review(
            self.version, self.editor, (self.clinical, "clinical"), (self.specialist, "specialist")
        )


def submit(world):
    world.newer("First")


def assign(world):
    world.asked = factories.asked(world.version, world.editor, (world.clinical, "clinical"))


def ask(world):
    reviewers = [(world.specialist, "specialist")]
    world.asked += workflow.ask(world.review(), actor=world.editor, reviewers=reviewers)


def accept(world):
    world.asked = [factories.accepted(row) for row in world.asked]


def record_plan(world):
    tied = factories.board_member("tied", "Tina Tied", conflicts=["Oncology"])
    plan = {"reason": "She knows it.", "measures": "A second reader."}
    workflow.record_plan(world.review(), actor=world.editor, reviewer=tied, **plan)
    tied.groups.clear()


def override(world):
    quoting = factories.article(world.author, title="Prescribing", body="<p>Never write 5.0 mg.</p>")
    world.overridden = factories.overridden(quoting, world.editor)


def take_back_override(world):
    terms = {"reason": "It was a mistake.", "password": factories.PASSWORD}
    workflow.take_back_override(world.overridden, actor=world.editor, **terms)


def unassign(world):
    workflow.unassign(world.asked[1], actor=world.editor, reason="Asked by mistake.")


def recuse(world):
    workflow.recuse(world.asked[0], actor=world.clinical, reason="No time this week.")


def comment(world):
    world.thread = workflow.comment(world.version, actor=world.clinical, text="Look at this.", blocking=True)


def resolve_comment(world):
    workflow.resolve_comment(world.thread, actor=world.clinical)


def assign_comment(world):
    workflow.assign_comment(world.thread, actor=world.clinical, assignee=world.author)


def take_over(world):
    row = workflow.comment(world.version, actor=world.clinical, text="Better so.", exact="First", suggestion="At first")
    workflow.take_over(row, actor=world.author)


def recall(world):
    workflow.recall(world.review(), actor=world.author, reason="A table is missing.")


def decline(world):
    world.newer("Second")
    workflow.decline(world.review(), actor=world.editor, reason="Not for us.")


def end_round(world):
    world.newer("Third")
    world.ask()
    decide(world.asked[0], "request_changes")
    workflow.end_round(world.review(), actor=world.editor, reason="Enough is said.")


def decide_one(world):
    world.newer("Fourth")
    world.ask()
    decide(world.asked[0])


def decide_all(world):
    decide(world.asked[1])


def withdraw_approval(world):
    workflow.withdraw_approval(world.review(), actor=world.clinical, password=PASSWORD, reason="A dose is wrong.")


def approve_again(world, word="Fifth"):
    world.newer(word)
    world.ask()
    for assignment in world.asked:
        decide(assignment)


def publish(world):
    workflow.publish(world.version, actor=world.editor)


def schedule(world):
    approve_again(world, "Sixth")
    at = timezone.now() + datetime.timedelta(days=1)
    world.schedule = workflow.schedule(world.version, actor=world.editor, at=at)


def cancel_schedule(world):
    workflow.cancel_schedule(world.schedule, actor=world.editor, reason="Too early.")


def publish_due(world):
    at = timezone.now() + datetime.timedelta(seconds=2)
    world.schedule = workflow.schedule(world.version, actor=world.editor, at=at)
    workflow.publish_due(now=at + datetime.timedelta(seconds=1))
    assert Schedule.objects.get(pk=world.schedule.pk).outcome


def attest_as(name):
    def attest(world):
        who = getattr(world, name)
        terms = {"capacity": name, "password": PASSWORD, "digest": world.version.digest}
        workflow.attest(world.version, actor=who, **terms)

    return attest


def declare_urgent(world):
    world.newer("Seventh")
    world.ask()
    workflow.declare_urgent(world.review(), actor=world.editor, reason="A medicine was recalled.")


def publish_urgently(world):
    decide(world.asked[0])
    publish(world)


def issue(kind):
    def issue_notice(world):
        article = Article.objects.get(pk=world.draft.pk)
        world.notice = workflow.issue_notice(article, actor=world.editor, kind=kind, reason=f"A {kind} has a reason.")

    return issue_notice


def lift_notice(world):
    article = Article.objects.get(pk=world.draft.pk)
    lifting = workflow.issue_notice(
        article, actor=world.editor, kind=world.notice.kind, reason="It is lifted.", lifts=world.notice
    )
    assert lifting.lifts == world.notice


def issue_disclaimer(world):
    audience = Audience.objects.get(key="public")
    world.disclaimer = workflow.issue_disclaimer(audience, actor=world.editor, text="Newer words.")


def confirm_disclaimer(world):
    workflow.confirm_disclaimer(world.disclaimer, actor=factories.person("second", groups=["editor"]))


def saved(model, change, **which):
    """Return a doing: this row gets these values, as a form of the administration saves it."""

    def save(world):
        row = model.objects.get(**which)
        for name, value in change.items():
            setattr(row, name, value)
        row.save()

    return save


def retracted_work(world):
    work = Reference.objects.get(pk=world.cited.reference_id)
    work.csl = {**work.csl, "status": "Retracted"}
    work.save()


def listed(nature, day):
    """Return a doing: a list of retractions is loaded that names the cited work."""

    def load(world):
        work = Reference.objects.get(pk=world.cited.reference_id)
        work.doi = "10.5555/cited"
        work.save()
        retractions.load(retractions.row(doi=work.doi, nature=nature, day=day))

    return load


def new_address(world):
    article = Article.objects.get(pk=world.other.article_id)
    article.slug = "beside-anew"
    factories.save(article, world.editor)


def new_seat(world):
    factories.board_member("later", "Lara Later", ["clinical"])


def new_specialty(world):
    Specialty.objects.create(member=BoardMember.objects.get(user=world.specialist), topic=factories.topic("Nursing"))


def disclosed(world):
    factories.disclose(BoardMember.objects.get(user=world.clinical), conflicts=["Oncology"])


def disclosed_on_the_desk(world):
    member = BoardMember.objects.get(user=world.clinical)
    workflow.disclose(member, actor=world.clinical, interests=[Declared("Acme", "grants", timezone.localdate())])


def renewed(world):
    member = BoardMember.objects.get(user=world.clinical)
    newest = member.disclosures.current(timezone.localdate()).get()
    workflow.renew_disclosure(newest, actor=world.clinical)


def explained(world):
    factories.save(GlossaryTerm(word="Lymph", definition="A fluid."), world.editor)


def left_the_board(world):
    world.clinical.groups.remove(Group.objects.get(name=Role.REVIEWER.group))


def deleted_account(world):
    User.objects.create_user("unused").delete()


UNSEEN = "no page shows it"
DOINGS = {  # done in this order; after each, some page has to have changed, but for those that no page shows
    "submit": (submit, ""),
    "assign": (assign, ""),
    "ask": (ask, UNSEEN),
    "accept": (accept, UNSEEN),
    "record_plan": (record_plan, UNSEEN),
    "override": (override, UNSEEN),
    "take_back_override": (take_back_override, UNSEEN),
    "unassign": (unassign, UNSEEN),
    "comment": (comment, UNSEEN),
    "assign_comment": (assign_comment, UNSEEN),
    "resolve_comment": (resolve_comment, UNSEEN),
    "take_over": (take_over, UNSEEN),
    "recuse": (recuse, ""),
    "recall": (recall, ""),
    "decline": (decline, UNSEEN),
    "end_round": (end_round, UNSEEN),
    "decide": (decide_one, ""),
    "the last decision": (decide_all, ""),
    "withdraw_approval": (withdraw_approval, ""),
    "approve again": (approve_again, ""),
    "publish": (publish, ""),
    "schedule": (schedule, UNSEEN),
    "cancel_schedule": (cancel_schedule, UNSEEN),
    "publish_due": (publish_due, ""),
    "attest": (attest_as("clinical"), UNSEEN),
    "the last attestation": (attest_as("specialist"), ""),
    "declare_urgent": (declare_urgent, ""),
    "publish urgently": (publish_urgently, ""),
    "the full review of an urgent text": (decide_all, ""),
    **{
        f"{name} a {kind}": (doing, "")
        for kind in Notice.Kind.values
        for name, doing in (("issue", issue(kind)), ("lift", lift_notice))
    },
    "issue_disclaimer": (issue_disclaimer, UNSEEN),
    "confirm_disclaimer": (confirm_disclaimer, ""),
    "a word of the glossary": (explained, ""),
    "a word's definition": (saved(GlossaryTerm, {"definition": "It flows."}, word="Lymph"), ""),
    "a topic's name": (saved(Topic, {"name": "Cancer"}, slug="oncology"), ""),
    "a topic's address": (saved(Topic, {"slug": "cancer"}, slug="oncology"), ""),
    "an audience's place": (saved(Audience, {"position": 9}, key="public"), ""),
    "a list with an expression of concern": (listed("Expression of concern", "8/14/2022 0:00"), ""),
    "a retracted work": (retracted_work, ""),
    "load_retractions": (listed("Retraction", "9/1/2023 0:00"), ""),
    "an article's address": (new_address, ""),
    "a person's name": (saved(Contributor, {"name": "Clara Changed"}, user__username="reviewer1"), ""),
    "a person's life": (saved(Contributor, {"bio": "Works in Sampletown."}, user__username="reviewer1"), ""),
    "a seat": (new_seat, ""),
    "the capacities of a seat": (saved(BoardMember, {"capacities": ["pharmacist"]}, user__username="later"), ""),
    "a specialty": (new_specialty, ""),
    "a disclosure": (disclosed, ""),
    "disclose": (disclosed_on_the_desk, ""),
    "renew_disclosure": (renewed, UNSEEN),
    "a role": (left_the_board, ""),
    "an account": (saved(User, {"is_active": False}, username="later"), ""),
    "an account that is deleted": (deleted_account, UNSEEN),
    "a quorum": (saved(Quorum, {"open_review": False}, kind="question"), UNSEEN),
}


def act(barrier) -> list[str]:
    """Do everything, one thing at a time, each after the other process has kept what it shows; return the events."""
    world = World()
    barrier.wait()
    for doing, _ in DOINGS.values():
        barrier.wait()
        doing(world)
        barrier.wait()
    return sorted(set(LedgerEvent.objects.values_list("action", flat=True)))


def read(barrier) -> dict[str, tuple[list[str], bool]]:
    """Return for each doing the stale pages, and whether any page changed."""
    settings.MIDDLEWARE = REAL
    client, found = Client(), {}
    barrier.wait()
    for name in DOINGS:
        before = {path: asked(client, path) for path in paths()}
        barrier.wait()
        barrier.wait()
        Noting.anew.clear()
        sent = {path: asked(client, path) for path in {*before, *paths()}}
        kept = sent.keys() - Noting.anew
        forget(kept)
        made = sent | {path: asked(client, path) for path in kept}
        found[name] = (
            [path for path in sent if sent[path] != made[path]],
            any(made[path] != before.get(path) for path in before),
        )
    return found


def forget(addresses: set[str]):
    store = kept_responses.store
    for key in [key for key in store._kept if key.path in addresses]:
        store._drop(key)


def asked(client: Client, path: str) -> tuple[int, str, bytes]:
    answer = client.get(path)
    return answer.status_code, answer.get("Location", ""), answer.content


def paths() -> set[str]:
    """Return the addresses of one kept page of each kind, and of all pages of the article that things are done to."""
    once = {reverse(name) for name in ONCE}
    maps = {reverse("sitemap_of", args=[section]) for section in ("pages", "topics", "articles")}
    slugs = Topic.objects.values_list("slug", flat=True)
    topics = {reverse(name, args=[slug]) for name in ("topic", "topic_feed") for slug in slugs}
    notices = {reverse("public_notice", args=[pk]) for pk in Notice.objects.values_list("pk", flat=True)}
    member = BoardMember.objects.filter(user__username="reviewer1").values_list("user__contributor__pk", flat=True)
    board = {reverse("board_member", args=[person]) for person in member}
    others = Article.objects.exclude(slug="nodes").values_list("slug", flat=True)
    return (
        once
        | maps
        | topics
        | notices
        | board
        | {reverse("article_for", args=[slug, "public"]) for slug in others}
        | NODES
    )


ONCE = ("home", "articles", "topics", "glossary", "board", "feed", "sitemap", "editorial_policy", "public_notices",
        "notices_feed", "llms")  # fmt: skip
FORMS = ("article_for", "article_markdown")
NODES = {
    reverse("article", args=["nodes"]),
    reverse("versions", args=["nodes"]),
    *(reverse(name, args=["nodes", audience]) for name in FORMS for audience in ("public", "carer")),
    *(reverse("version", args=["nodes", number]) for number in (5, 6)),  # those that are published
    *(reverse(name, args=["nodes", 6]) for name in ("changes", "signed", "version_proof", "version_proof_file")),
    *(reverse(name, args=["nodes"]) for name in ("proof", "proof_file")),
    reverse("comparison", args=["nodes", 5, 6]),
}

"""One article in any of the states, reached through the workflow, and a person of each kind."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from articles.models import Article, Authorship
from reviews import workflow
from reviews.models import Assignment, Quorum, Review, Schedule
from tests import factories


@dataclass
class World:
    """One article in one state, and everybody who may try something on it."""

    people: dict
    article: Article
    state: str
    targets: dict = field(default_factory=dict)

    def review(self) -> Review | None:
        """Return the review of the latest version, read afresh."""
        latest = Article.objects.values_list("latest_version", flat=True).get(pk=self.article.pk)
        return Review.objects.select_related("version").filter(version=latest).first()

    @cached_property
    def shown(self) -> Review | None:
        """Return the review as it was on everybody's screen before anything was tried."""
        return self.review()

    @cached_property
    def requests(self) -> dict:
        """Return the latest request to review of each person who was asked, as it was on their screen."""
        found = Assignment.objects.filter(review__article=self.article).select_related("review__version", "reviewer")
        return {row.reviewer_id: row for row in found.order_by("pk")}

    def assignment_for(self, who):
        """Return this person's own latest assignment, or else the specialist's: somebody else's."""
        return self.requests.get(self.people[who].pk) or self.requests[self.people["specialist"].pk]


def build(state) -> World:
    """Return a world whose article is in this state, reached through the workflow."""
    people = cast()
    needed = {"clinical": 2, "specialist": 1, "pharmacist": 0}
    Quorum.objects.create(kind="topic", risk="standard", urgent_days=7, **needed)
    draft = written(people)
    world = World(people, draft, state)
    if state == "draft":
        return world
    version = factories.submitted(people["author"], draft)
    steps = {"submitted": [], "recalled": [asked, recalled], "declined": [asked, declined]}
    reviewing = [asked, all_accept]
    steps |= {
        "unanswered": [asked],
        "under_review": reviewing,
        "one_approval": [*reviewing, first_approves],
        "one_request": [*reviewing, first_requests],
        "changes_requested": [*reviewing, first_requests, round_ended],
        "approved": [*reviewing, all_approve, scheduled, cancelled],
        "scheduled": [*reviewing, all_approve, scheduled],
        "urgent": [*reviewing, declared_urgent],
        "approved_urgently": [*reviewing, declared_urgent, first_approves],
        "published_urgently": [*reviewing, declared_urgent, first_approves, scheduled, published],
    }
    public = [*reviewing, all_approve, scheduled, published]
    steps |= {
        "published": public,
        "newer_submitted": [*public, resubmitted],
        "retracted": [*public, retracted],
        "removed": [*public, removed],
    }
    for step in steps[state]:
        step(world, version)
    factories.edit(draft, f"Lymph nodes filter lymph, in state {state}.", by=people["author"])
    former = people["former"]
    former.groups.clear()
    return world


def cast():
    """Return a person of each kind."""
    people = {
        "author": factories.person("author", groups=["author"]),
        "coauthor_on_board": factories.board_member("coauthor", groups=["author", "reviewer"]),
        "other_author": factories.person("other", groups=["author"]),
        "deactivated_author": factories.person("gone_author", groups=["author"]),
        "editor": factories.person("editor", groups=["editor"]),
        "second_editor": factories.person("second", groups=["editor"]),
        "writing_editor": factories.person("writing", groups=["editor"]),
        "deactivated_editor": factories.person("gone_editor", groups=["editor"]),
        "clinical": factories.board_member("clinical"),
        "specialist": factories.board_member("specialist", capacities=["specialist"], specialties=["Oncology"]),
        "lay": factories.board_member("lay", capacities=["lay"]),
        "unassigned": factories.board_member("unassigned"),
        "former": factories.board_member("former"),
        "free": factories.board_member("free"),
        "tied": factories.board_member("tied", conflicts=["Oncology"]),
        "admin": factories.person("admin", groups=["admin"]),
        "superuser": factories.person("superuser"),
        "plain": factories.person("plain"),
    }
    people["superuser"].is_superuser = people["superuser"].is_staff = True
    people["superuser"].save()
    factories.article(people["other_author"])
    return people


def written(people):
    """Return a draft with two authors of whom one sits on the board, one who left, and an editor's comma in it."""
    draft = factories.article(people["author"])
    for who in ("coauthor_on_board", "deactivated_author"):
        factories.save(Authorship(article=draft, contributor=people[who].contributor), people["author"])
    factories.edit(draft, "Lymph nodes, filter lymph.", by=people["writing_editor"])
    for who in ("deactivated_author", "deactivated_editor"):
        people[who].is_active = False
        people[who].save()
    return draft


def asked(world, version):
    for who, capacity in [
        ("clinical", "clinical"), ("specialist", "specialist"), ("lay", "lay"), ("former", "clinical"),
    ]:  # fmt: skip
        row = workflow.assign(
            version.review, actor=world.people["editor"], reviewer=world.people[who], capacity=capacity
        )
        world.targets[who] = row


def all_accept(world, version):
    for who, row in world.targets.items():
        world.targets[who] = factories.accepted(row)


def first_approves(world, version):
    factories.decide(world.targets["clinical"])


def first_requests(world, version):
    factories.decide(world.targets["clinical"], "request_changes")


def declared_urgent(world, version):
    workflow.declare_urgent(version.review, actor=world.people["editor"], reason="A drug was recalled today.")


def all_approve(world, version):
    for who in ("lay", "clinical", "specialist"):
        factories.decide(world.targets[who])


def round_ended(world, version):
    workflow.end_round(version.review, actor=world.people["editor"])


def recalled(world, version):
    workflow.recall(version.review, actor=world.people["author"], reason="One more look.")


def declined(world, version):
    workflow.decline(version.review, actor=world.people["editor"], reason="We have this article.")


def scheduled(world, version):
    workflow.schedule(version, actor=world.people["editor"], at=timezone.now() + datetime.timedelta(days=1))


def cancelled(world, version):
    workflow.cancel_schedule(Schedule.objects.get(version=version), actor=world.people["editor"], reason="Not yet.")


def published(world, version):
    workflow.publish(version, actor=world.people["editor"])


def resubmitted(world, version):
    factories.edit(world.article, "Lymph nodes filter all lymph.", by=world.people["author"])
    factories.submitted(world.people["author"], world.article, change="minor", note="All of it")


def retracted(world, version):
    workflow.issue_notice(world.article, actor=world.people["editor"], kind="retraction", reason="It was wrong.")


def removed(world, version):
    workflow.issue_notice(world.article, actor=world.people["editor"], kind="removal", reason="A court asked for it.")

"""What has to hold after a race: each article is where its events lead, and the ledger is one chain without a gap."""

import base64
import json
from dataclasses import dataclass, field

from articles.models import Article, Notice
from articles.search.index import checking
from reviews.evidence.ledger import keys, merkle
from reviews.evidence.ledger.events import event_hash
from reviews.evidence.ledger.rows import row_name
from reviews.models import Conflict, LedgerEvent, LedgerHead, LedgerPrivate, Review
from reviews.models.actions import Action
from reviews.verifying import verify
from reviews.workflow.approval import quorum
from reviews.workflow.table import STEPS, state_of

STEP_OF = {
    "submitted": "submit",
    "assigned": "assign",
    "accepted": "accept",
    "recalled": "recall",
    "approval_withdrawn": "withdraw_approval",
    "published": "publish",
    "scheduled": "schedule",
    "notice_issued": "issue_notice",
}
LEADS_TO = {
    "submitted": "submitted",
    "assigned": "under_review",
    "recalled": "recalled",
    "published": "published",
    "full_review_completed": "approved",
}


@dataclass
class Story:
    """An article as its events tell of it, with what is wrong in the telling."""

    state: str = "draft"
    latest: int | None = None
    public: int | None = None
    forbidden: set = field(default_factory=set)
    is_held_back: bool = False
    problems: list[str] = field(default_factory=list)

    def tell(self, event: LedgerEvent):
        payload = json.loads(event.payload)
        step = STEP_OF.get(event.action) or payload.get("outcome")
        if step and self.state not in STEPS[step].states:
            self.problems.append(f"event {event.position}: {step} while {self.state}")
        is_urgent = payload.get("status") == "approved" and "full_review_due" in payload
        self.state = (
            "approved_urgently" if is_urgent else payload.get("status") or LEADS_TO.get(event.action, self.state)
        )
        if event.action == "submitted":
            self.latest = payload["version"]
        elif event.action == "published":
            self._publish(payload["version"])
        elif event.action == "commented":
            self.is_held_back |= payload["blocking"]
        elif event.action == "notice_issued":
            self._notice(payload)

    def _publish(self, number: int):
        if number in self.forbidden:
            self.problems.append(f"version {number} was published though a notice forbids it")
        if self.is_held_back:
            self.problems.append(f"version {number} was published though a comment holds it back")
        self.public = number

    def _notice(self, payload: dict):
        if payload["kind"] in Notice.kinds("forbids_publication"):
            self.forbidden |= set(payload["versions"])
        if payload["kind"] == Notice.Kind.RETRACTION and payload["versions"] != [self.public]:
            self.problems.append(f"the notice names {payload['versions']} while version {self.public} was public")


def state_and_problems(article: Article) -> tuple[str, list[str]]:
    """Return the state the article is in, and in words what does not fit its events."""
    story = Story()
    for event in LedgerEvent.objects.filter(article=str(article.public_id)).order_by("position"):
        story.tell(event)
    review = Review.objects.select_related("version").filter(version=article.latest_version_id).first()
    state = str(state_of(review))
    found = {
        "state": (state, story.state),
        "latest version": (article.latest_version and article.latest_version.number, story.latest),
        "public version": (article.published_version and article.published_version.number, story.public),
        "versions": (list(article.versions.values_list("number", flat=True)), list(range(1, (story.latest or 0) + 1))),
    }
    wrong = [f"{name}: {row} in the rows, {told} in the events" for name, (row, told) in found.items() if row != told]
    if review:
        wrong += _problems_of_review(review) + _problems_of_interests(article, review)
    return state, story.problems + wrong


def _problems_of_review(review: Review) -> list[str]:
    given = list(review.decisions.live_approvals().values_list("assignment__capacity", flat=True))
    full = not quorum.still_needed(review.quorum, given)
    problems = []
    if review.owes_full_review:
        return ["urgently approved with all approvals or with none"] if full or not given else []
    if review.status == Review.Status.APPROVED and (not full or len(given) < review.approvals_needed):
        problems.append(f"approved with {len(given)} of {review.approvals_needed} approvals")
    if review.status == Review.Status.UNDER_REVIEW and full:
        problems.append("still under review with all approvals")
    if not review.is_pending and review.assignments.open().exists():
        problems.append(f"{review.status} with somebody still asked")
    return problems


def _problems_of_interests(article: Article, review: Review) -> list[str]:
    """Return each approval and publication that comes after an interest in the text that its signer disclosed."""
    signers = review.decisions.live_approvals().values("assignment__reviewer")
    topics = review.version.version_topics.values("topic")
    conflicts = Conflict.objects.filter(topic__in=topics, disclosure__member__user__in=signers)
    problems = []
    for conflict in conflicts:
        disclosed = LedgerPrivate.objects.get(text__contains=f'"{row_name(conflict)}"').event_id
        events = LedgerEvent.objects.filter(article=str(article.public_id), position__gt=disclosed)
        rested = events.filter(action__in=(Action.DECIDED, Action.PUBLISHED))
        problems += [f"event {row.position}: {row.action} after its signer's disclosure {disclosed}" for row in rested]
    return problems


def ledger_problems() -> list[str]:
    """Return what is wrong with the index, and with the chain: gaps, links, hashes, signatures, head, the verifier."""
    problems, previous, hashes = [*checking.differences()], "0" * 64, []
    public = json.loads(LedgerEvent.objects.get(position=1).payload)["public_key"]
    for number, event in enumerate(LedgerEvent.objects.order_by("position"), start=1):
        right = {
            "position": event.position == number,
            "link": event.previous_hash == previous,
            "hash": event.hash == event_hash(event),
            "signature": keys.verifies(public, base64.b64decode(event.signature), bytes.fromhex(event.hash)),
        }
        problems += [f"event {event.position}: {name} is wrong" for name, fine in right.items() if not fine]
        previous = event.hash
        hashes.append(event.hash)
    head = LedgerHead.objects.get(pk=1)
    if (head.position, head.hash, merkle.root(head.frontier)) != (len(hashes), previous, merkle.root_of(hashes)):
        problems.append("the head is not where the events end")
    return problems + [str(problem) for problem in verify().problems]

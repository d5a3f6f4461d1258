"""
Two steps on one article at the same moment: who begins where, and which ends are legal.

`legal` maps the outcomes of the left and the right step to the state that the article is then in (DESIGN part 3).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.checks import fingerprint
from articles.frozen.signed_text import frozen_content
from articles.models import Article, ArticleTopic, Audience, Disclaimer
from reviews import workflow
from reviews.models import Assignment, BoardMember, Comment, Interest, Quorum, Review
from reviews.workflow.approval import signing
from reviews.workflow.steps.beside.overriding import blocking
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories

ACCEPTED, NOT_NOW, NOT_ALLOWED = "accepted", "NotNow", "NotAllowed"
REASON = "The dose has to be checked once more."

ROUNDS = int(os.environ.get("IMPRIMATUR_ROUNDS", 16))  # `make grade` runs a thousand


@dataclass(frozen=True)
class Pair:
    """`prepare` takes a draft to where the race begins; `left` and `right` return a step that is ready to be taken."""

    kind: str
    prepare: Callable
    left: Callable
    right: Callable
    legal: dict[tuple[str, str], str]


def make_cast():
    """Make the people that every race needs; a text of kind "question" needs one clinical approval only."""
    factories.person("author", groups=["author"])
    for name in ("editor", "editor2", "editor3"):
        factories.person(name, groups=["editor"])
    factories.board_member("reviewer1", capacities=["clinical"])
    factories.board_member("reviewer2", capacities=["clinical", "specialist"], specialties=["Oncology"])
    Quorum.objects.create(kind="question", risk="standard", clinical=1, specialist=0)
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, urgent_days=7)
    factories.disclaimers()


@cache
def person(username):
    return get_user_model().objects.select_related("contributor").get(username=username)


def draft(kind, slug) -> Article:
    return factories.article(person("author"), kind=kind, slug=slug, title=f"Lymph nodes, {slug}")


def under_review(article):
    """Submit the draft, ask both reviewers about it, and return the version."""
    version = factories.submitted(person("author"), article)
    second = "specialist" if article.kind == "topic" else "clinical"
    asked = (person("reviewer1"), "clinical"), (person("reviewer2"), second)
    factories.under_review(version, person("editor"), *asked)
    return version


def urgent(article):
    workflow.declare_urgent(under_review(article).review, actor=person("editor"), reason=REASON)


def declare_urgent(article):
    return partial(workflow.declare_urgent, review_of(article), actor=person("editor"), reason=REASON)


def approved(article, *, change="major"):
    version = factories.submitted(person("author"), article, change=change)
    [assignment] = factories.under_review(version, person("editor"), (person("reviewer1"), "clinical"))
    factories.decide(assignment)
    return version


def public_with_a_newer_approved(article):
    workflow.publish(approved(article), actor=person("editor"))
    factories.edit(article, "Lymph nodes filter lymph and swell in infection.", by=person("author"))
    return approved(article, change="minor")


def decide(username, outcome, article):
    assignment = Assignment.objects.select_related("review__version", "reviewer").get(
        review__version=article.latest_version_id, reviewer__username=username
    )
    return partial(factories.decide, assignment, outcome)


def recall(article):
    return partial(workflow.recall, review_of(article), actor=person("author"), reason=REASON)


def submit(article):
    return partial(workflow.submit, article, actor=person("author"), change="major", note="First version")


def publish(article):
    return partial(workflow.publish, article.latest_version, actor=person("editor"))


def issue(kind, article):
    return partial(workflow.issue_notice, article, actor=person("editor"), kind=kind, reason=REASON)


def published(article):
    workflow.publish(approved(article), actor=person("editor"))


def attest(username, article):
    version, capacity = article.published_version, "specialist" if username == "reviewer2" else "clinical"
    terms = {"capacity": capacity, "password": factories.PASSWORD, "digest": version.digest}
    return partial(workflow.attest, version, actor=person(username), **terms)


def issue_once(article):
    """Issue notice of a form that was opened when there was none: both sides send the same form."""
    form = {"kind": "concern", "reason": REASON, "seen": 0}
    return partial(workflow.issue_notice, article, actor=person("editor"), **form)


def withdraw(article):
    return partial(
        workflow.withdraw_approval,
        review_of(article),
        actor=person("reviewer1"),
        password=factories.PASSWORD,
        reason=REASON,
    )


def commented(article):
    """Ask both reviewers about the draft; the first raises a blocking comment."""
    workflow.comment(under_review(article), actor=person("reviewer1"), text="Which dose?", blocking=True)


def hold_back(article):
    return partial(workflow.comment, article.latest_version, actor=person("reviewer1"), text=REASON, blocking=True)


def resolve(username, article):
    comment = Comment.objects.get(article=article)
    return partial(workflow.resolve_comment, comment, actor=person(username), reason=REASON)


def issue_and_confirm(article):
    """Write a disclaimer, for both sides to confirm: to be in force is a matter of an audience, not of an article."""
    audience = Audience.objects.get(key="public")
    text = f"For information only, {article.slug}."
    disclaimer = workflow.issue_disclaimer(audience, actor=person("editor3"), text=text)
    return partial(workflow.confirm_disclaimer, disclaimer, actor=person("editor"))


def quoting(article):
    factories.edit(article, "Never write 5.0 mg.", by=person("author"))


def override(username, article):
    (found,) = blocking(article)
    terms = {"finding": fingerprint(found), "reason": REASON, "password": factories.PASSWORD}
    return partial(workflow.override, article, actor=person(username), **terms)


def own_subject(article):
    """Give the draft one more topic, of this round alone: a disclosure about it replaces that of the round before."""
    factories.save(ArticleTopic(article=article, topic=factories.topic(f"Subject of {article.slug}")), person("author"))


def under_review_on_its_own(article):
    own_subject(article)
    under_review(article)


def approved_on_its_own(article):
    own_subject(article)
    approved(article)


def disclose(article):
    """Disclose an interest of the first reviewer on the topic of this round's article."""
    member = BoardMember.objects.get(user=person("reviewer1"))
    topic = factories.topic(f"Subject of {article.slug}")
    interest = Declared("Acme", Interest.Relation.GRANTS, timezone.localdate(), topics=[topic])
    return partial(workflow.disclose, member, actor=person("reviewer1"), interests=[interest])


def disclose_as_late(article):
    """Disclose as `disclose` does, after as long as the other side takes to check a password and to read the text."""
    step, terms = disclose(article), (person("reviewer1"), factories.PASSWORD)
    frozen = article.latest_version

    def late():
        signing.authenticate(*terms)
        frozen_content(frozen)
        return step()

    return late


def write_disclaimer(username, article):
    text = f"For information only, {article.slug}, by {username}."
    return partial(workflow.issue_disclaimer, Audience.objects.get(key="carer"), actor=person(username), text=text)


def confirm(article):
    """Return a step that confirms the disclaimer of this round, which the other side writes before the round begins."""
    return lambda: workflow.confirm_disclaimer(
        Disclaimer.objects.get(text=f"For information only, {article.slug}."), actor=person("editor2")
    )


def review_of(article) -> Review:
    return Review.objects.select_related("version").get(version=article.latest_version_id)


approve, approve_too = partial(decide, "reviewer1", "approve"), partial(decide, "reviewer2", "approve")
ask_for_changes = partial(decide, "reviewer2", "request_changes")

PAIRS = {
    # One wins: nobody recalls what is decided on, nobody decides on what is recalled.
    "approve/recall": Pair(
        "question", under_review, approve, recall,
        {(ACCEPTED, NOT_NOW): "approved", (NOT_NOW, ACCEPTED): "recalled"},
    ),
    # Both count, in either order, and the second fills the quorum of two.
    "approve/approve": Pair(
        "topic", under_review, approve, approve_too,
        {(ACCEPTED, ACCEPTED): "approved"},
    ),
    # Both count: the first approves the urgent version, the second completes its full review, once.
    "approve/approve urgently": Pair(
        "topic", urgent, approve, approve_too,
        {(ACCEPTED, ACCEPTED): "approved"},
    ),
    # Whichever comes first, one signature then approves.
    "approve/declare urgent": Pair(
        "topic", under_review, approve, declare_urgent,
        {(ACCEPTED, ACCEPTED): "approved_urgently"},
    ),
    # One wins: an urgency is declared once.
    "declare urgent/the same": Pair(
        "topic", under_review, declare_urgent, declare_urgent,
        {(ACCEPTED, NOT_NOW): "under_review", (NOT_NOW, ACCEPTED): "under_review"},
    ),
    # One wins: an approved version takes no request for changes; after a request nobody can approve.
    "approve/request_changes": Pair(
        "question", under_review, approve, ask_for_changes,
        {(ACCEPTED, NOT_NOW): "approved", (NOT_NOW, ACCEPTED): "under_review"},
    ),
    # An approval that fills no quorum leaves room for the request; the other order refuses the approval.
    "first approve/request_changes": Pair(
        "topic", under_review, approve, ask_for_changes,
        {(ACCEPTED, ACCEPTED): "changes_requested", (NOT_NOW, ACCEPTED): "under_review"},
    ),
    # One wins: the second finds the first one's version under review.
    "submit/submit": Pair(
        "question", lambda article: None, submit, submit,
        {(ACCEPTED, NOT_NOW): "submitted", (NOT_NOW, ACCEPTED): "submitted"},
    ),
    # A removal names the newer version too, public or not: once it stands, that cannot be published.
    "publish/issue_notice": Pair(
        "question", public_with_a_newer_approved, publish, partial(issue, "removal"),
        {(ACCEPTED, ACCEPTED): "published", (NOT_NOW, ACCEPTED): "approved"},
    ),
    # A retraction names what is public at that moment. It comes after the newer version, or takes the full review away
    # on which that one rests.
    "publish/retraction": Pair(
        "question", public_with_a_newer_approved, publish, partial(issue, "retraction"),
        {(ACCEPTED, ACCEPTED): "published", (NOT_NOW, ACCEPTED): "approved"},
    ),
    # The dates move before the retraction, or not at all.
    "attest/retraction": Pair(
        "question", published, partial(attest, "reviewer1"), partial(issue, "retraction"),
        {(ACCEPTED, ACCEPTED): "published", (NOT_NOW, ACCEPTED): "published"},
    ),
    # One wins: a form that is sent twice signs once.
    "attest/the same": Pair(
        "question", published, partial(attest, "reviewer1"), partial(attest, "reviewer1"),
        {(ACCEPTED, NOT_NOW): "published", (NOT_NOW, ACCEPTED): "published"},
    ),
    # One wins: a form that is sent twice issues one notice.
    "issue_notice/the same": Pair(
        "question", published, issue_once, issue_once,
        {(ACCEPTED, NOT_NOW): "published", (NOT_NOW, ACCEPTED): "published"},
    ),
    # The comment comes after the publication, or holds it back.
    "publish/blocking comment": Pair(
        "question", approved, publish, hold_back,
        {(ACCEPTED, ACCEPTED): "published", (NOT_NOW, ACCEPTED): "approved"},
    ),
    # One wins: a public version keeps its approval, a version without it cannot be published.
    "publish/withdraw_approval": Pair(
        "question", approved, publish, withdraw,
        {(ACCEPTED, NOT_NOW): "published", (NOT_NOW, ACCEPTED): "changes_requested"},
    ),
    # One wins: the other is told that the comment is resolved already.
    "resolve/resolve": Pair(
        "topic", commented, partial(resolve, "reviewer1"), partial(resolve, "reviewer2"),
        {(ACCEPTED, NOT_NOW): "under_review", (NOT_NOW, ACCEPTED): "under_review"},
    ),
    # One wins: a finding is overridden once.
    "override/override": Pair(
        "topic", quoting, partial(override, "editor"), partial(override, "editor2"),
        {(ACCEPTED, NOT_NOW): "draft", (NOT_NOW, ACCEPTED): "draft"},
    ),
    # The disclosure comes after the signature, and the editors are told of it; or it bars the signer.
    "approve/disclose": Pair(
        "question", under_review_on_its_own, approve, disclose_as_late,
        {(ACCEPTED, ACCEPTED): "approved", (NOT_ALLOWED, ACCEPTED): "under_review"},
    ),
    # The disclosure comes after the publication, or the signature before it no longer counts.
    "publish/disclose": Pair(
        "question", approved_on_its_own, publish, disclose,
        {(ACCEPTED, ACCEPTED): "published", (NOT_NOW, ACCEPTED): "approved"},
    ),
    # One wins: the other is told that the disclaimer is confirmed already.
    "confirm/confirm": Pair(
        "topic", lambda article: None, issue_and_confirm, confirm,
        {(ACCEPTED, NOT_NOW): "draft", (NOT_NOW, ACCEPTED): "draft"},
    ),
    # Both are written, each under a number of its own.
    "disclaimer/disclaimer": Pair(
        "topic", lambda article: None, partial(write_disclaimer, "editor"), partial(write_disclaimer, "editor2"),
        {(ACCEPTED, ACCEPTED): "draft"},
    ),
}  # fmt: skip

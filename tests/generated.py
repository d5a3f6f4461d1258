"""
Sites made at random by the workflow, the same for the same number: for tests that hold two readings against each other.

A step that is refused leaves nothing behind, so any is tried at any time. A few rows are written past the workflow on
purpose: what earlier releases allowed, and evidence that no step writes.
"""

import datetime
import random
from contextlib import suppress
from unittest import mock

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.models import (
    Article,
    ArticleReference,
    Audience,
    GlossaryTerm,
    Notice,
    Reference,
    Version,
)
from articles.models.people import Role
from reviews import workflow
from reviews.models import Assignment, Capacity, Decision, Quorum, Review, Signature
from reviews.workflow import NotNow
from tests import factories

TOPICS = ("Oncology", "Surgery", "Anatomy")
TITLES = ("Lymph nodes", "Biopsy", "Éclat", "élan", "A rash", "Zoster")
SIGNERS = (
    ("Clara Clinical", "clinical"),
    ("Carl Clinical", "clinical"),
    ("Simon Specialist", "specialist"),
    ("Sofia Specialist", "specialist"),
    ("Petra Pharmacist", "pharmacist"),
    ("Larry Layman", "lay"),
)


FORGED = (Signature.Meaning.APPROVAL, Signature.Meaning.REVIEW, Signature.Meaning.WITHDRAWAL)


class Site:
    """A site of a few articles on shared topics, and the random steps by which it grows."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.now = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0)
        self.author = factories.author()
        self.editors = [factories.editor(), factories.person("editor2", "Edgar Second", groups=["editor"])]
        self.board = [
            (factories.board_member(f"signer{place}", name, [capacity], specialties=TOPICS), capacity)
            for place, (name, capacity) in enumerate(SIGNERS)
        ]
        self.topics = [factories.topic(name) for name in TOPICS]
        self.works = [
            Reference.objects.create(csl={"type": "article-journal", "title": title, "DOI": f"10.1000/{place}"})
            for place, title in enumerate(["A trial", "RETRACTED: A cohort", "A case"])
        ]
        for word, language in (("Lymph", "en"), ("élan", "en"), ("Lymphe", "de")):
            factories.save(GlossaryTerm(word=word, definition="It is a word.", language=language), self.author)
        Quorum.objects.create(kind="question", risk="standard", open_review=True)

    def grow(self, articles: int = 4, steps: int = 60) -> "Site":
        """Make the articles and take so many steps, each a little later than the one before."""
        for _ in range(articles):
            self._at_another_time(self.another_article)
        for _ in range(steps):
            self._at_another_time(self._any_step())
        return self

    def _any_step(self):
        steps = {
            self.publish_another: 6,
            self.submit: 3,
            self.decide: 4,
            self.withdraw: 2,
            self.publish: 2,
            self.issue_notice: 5,
            self.lift_notice: 2,
            self.change_beside: 3,
            self.forge_decision: 3,
        }
        return self.random.choices(list(steps), list(steps.values()))[0]

    def _at_another_time(self, step):
        """Take the step; a refusal is as good as no step."""
        self.now += datetime.timedelta(hours=self.random.choice([1, 30]))
        with mock.patch.object(timezone, "now", side_effect=lambda: self.now):
            attempt(step)

    def any_article(self) -> Article:
        return self.random.choice(list(Article.objects.order_by("pk")))

    # What people do

    def another_article(self):
        title = self.random.choice(TITLES)
        kind = self.random.choices(["topic", "question", "policy"], [5, 3, 2])[0]
        topics = self.random.sample(TOPICS, self.random.choice([1, 2, 3]))
        draft = factories.article(self.author, title=title, kind=kind, topics=topics, body="<p>As it was.</p>")
        cited = self.random.sample(range(3), self.random.choice([0, 1, 3]))
        public = Version.objects.published().filter(translation_of__isnull=True).order_by("pk")
        if public and self.random.random() < 0.4:
            draft.translation_of, draft.language = self.random.choice(list(public)), "de"
            factories.save(draft, self.author)
        for place in cited:
            factories.save(ArticleReference(article=draft, key=f"w{place}", reference=self.works[place]), self.author)

    def submit(self, article: Article | None = None) -> Review:
        """Change a word and submit; sometimes as an earlier release did, which asked for no full review."""
        article = article or self.any_article()
        cited = article.article_references.values_list("key", flat=True)
        marks = "".join(f'<cite data-ref="{key}">[{key}]</cite>' for key in cited)
        factories.edit(article, f"As it is at {self.now:%j %H}{marks}.", by=self.author)
        change = self.random.choice(["major", "minor", "minor", "minor"])
        if article.latest_version is None or self.random.random() < 0.6:
            return self._submit(article, change)
        with mock.patch("reviews.workflow.steps.submission.full_review_needed", return_value=""):
            return self._submit(article, change)

    def _submit(self, article: Article, change: str) -> Review:
        if article.latest_version is None:
            change = "major"
        elif self.random.random() < 0.3:
            change = "correction"
        proved = mock.patch("reviews.workflow.steps.submission._require_correction", return_value=["A slip."])
        with proved:
            return workflow.submit(article, actor=self.author, change=change, note="Another word.").review

    def ask(self, review: Review):
        for person, capacity in self.random.sample(self.board, 4):
            workflow.assign(review, actor=self.editors[0], reviewer=person, capacity=capacity)

    def decide(self):
        """Let somebody of whom it is asked decide, or ask somebody first."""
        review = self.random.choice(list(Review.objects.pending()) or [None])
        if review is None:
            return
        waiting = list(Assignment.objects.open().filter(review=review))
        if not waiting:
            self.ask(review)
            return
        outcome = self.random.choices(["approve", "request_changes"], [5, 1])[0]
        factories.decide(self.random.choice(waiting), outcome)

    def publish_another(self):
        """Take a version all the way."""
        article = self.any_article()
        review = Review.objects.filter(article=article).pending().first() or self.submit(article)
        for person, capacity in self.random.sample(self.board, len(self.board)):
            review = Review.objects.get(pk=review.pk)
            if not review.is_pending:
                break
            asked = Assignment.objects.open().filter(review=review, reviewer=person).first()
            attempt(self._let_approve, review, asked, person, capacity)
        if self.random.random() < 0.8:
            attempt(workflow.publish, review.version, actor=self.editors[0])
        self._read_again(Article.objects.get(pk=article.pk))

    def _let_approve(self, review: Review, asked: Assignment | None, person, capacity: str):
        asked = asked or workflow.assign(review, actor=self.editors[0], reviewer=person, capacity=capacity)
        factories.decide(asked)

    def publish(self):
        approved = list(Review.objects.filter(status="approved", published_at__isnull=True).order_by("pk"))
        if approved:
            chosen = self.random.choice(approved)
            latest = chosen.article.latest_version.number
            workflow.publish(chosen.version, actor=self.editors[0], despite=latest)

    def withdraw(self):
        approvals = list(Decision.objects.counting().filter(review__published_at__isnull=True).order_by("pk"))
        if approvals:
            approval = self.random.choice(approvals)
            workflow.withdraw_approval(
                approval.review, actor=approval.signature.signer, password=factories.PASSWORD, reason="A doubt."
            )

    def _read_again(self, article: Article):
        """Let one or all of the board say of every third public text that it needs no change."""
        version = article.published_version
        if version is None or version.pk % 3:
            return
        for person, capacity in self.board[: 1 if version.pk % 2 else 5]:
            attempt(
                workflow.attest,
                version,
                actor=person,
                capacity=capacity,
                password=factories.PASSWORD,
                digest=version.digest,
            )

    def issue_notice(self):
        article = self.any_article()
        numbers = list(article.versions.order_by("number").values_list("number", flat=True))
        some = self.random.sample(numbers, self.random.randint(1, len(numbers))) if numbers else None
        kind = self.random.choices(Notice.Kind.values, [4, 2, 2, 1, 2])[0]
        named = self.random.choice([None, some])
        workflow.issue_notice(article, actor=self.editors[0], kind=kind, reason=f"A {kind}.", versions=named)

    def lift_notice(self):
        standing = list(Notice.objects.in_force().order_by("pk"))
        if standing:
            row = self.random.choice(standing)
            workflow.issue_notice(row.article, actor=self.editors[1], kind=row.kind, reason="Settled.", lifts=row)

    # What changes beside the texts

    def change_beside(self):
        self.random.choice(
            [self._retract_a_work, self._another_disclaimer, self._another_audience, self._rename, self._leave]
        )()

    def _retract_a_work(self):
        work = self.random.choice(self.works)
        is_retracted = str(work.csl["title"]).startswith("RETRACTED")
        work.csl["title"] = str(work.csl["title"]).removeprefix("RETRACTED: ")
        work.csl["title"] = work.csl["title"] if is_retracted else f"RETRACTED: {work.csl['title']}"
        work.save()

    def _another_disclaimer(self):
        audience = self.random.choice(list(Audience.objects.all()))
        issued = workflow.issue_disclaimer(audience, actor=self.editors[0], text=f"As of {self.now:%j %H}.")
        if self.random.random() < 0.6:
            workflow.confirm_disclaimer(issued, actor=self.editors[1])

    def _another_audience(self):
        Audience.objects.get_or_create(key="student", defaults={"label": "student", "position": 2})
        factories.disclaimers()

    def _rename(self):
        topic = self.random.choice(self.topics)
        topic.name, topic.slug = f"{topic.name} II", f"{topic.slug}-2"
        topic.save()
        article = self.any_article()
        article.slug = f"{article.slug}-b"
        article.save()

    def _leave(self):
        """Let a member of the board leave, or come back."""
        person, _ = self.random.choice([self.board[1], self.board[3]])  # each has a colleague who stays
        if self.random.random() < 0.5:
            person.is_active = not person.is_active
            person.save()
        elif person.groups.exists():
            person.groups.clear()
        else:
            person.groups.set(Group.objects.filter(name=Role.REVIEWER.group))

    # What no step writes

    def forge_decision(self):
        """Write a signed decision whose parts were chosen at random: of another text, meaning, capacity or review."""
        reviews = list(Review.objects.order_by("pk"))
        if not reviews:
            return
        review, other = self.random.choice(reviews), self.random.choice(reviews)
        person, capacity = self.random.choice(self.board)
        likely = self.random.random
        assigned = Assignment.objects.create(
            review=other if likely() < 0.3 else review,
            reviewer=person,
            reviewer_name="Forged",
            capacity=self.random.choice(Capacity.values) if likely() < 0.2 else capacity,
            assigned_by=self.editors[0],
            assigned_at=self.now,
        )
        assigned.accepted_at = self.now
        assigned.save()
        assigned.ended_at, assigned.ended_as = self.now, Assignment.Ending.DECIDED
        assigned.save()
        version = (other if likely() < 0.2 else review).version
        signature = Signature.objects.create(
            signer=person,
            printed_name=f"Forged {capacity}",
            capacity=self.random.choice(Capacity.values) if likely() < 0.2 else assigned.capacity,
            meaning=self.random.choice(FORGED) if likely() < 0.2 else Signature.Meaning.APPROVAL,
            statement="Forged.",
            version=version,
            digest="0" * 64 if likely() < 0.2 else version.digest,
            signed_at=self.now,
        )
        live = list(Decision.objects.live().filter(review=review).order_by("pk"))
        Decision.objects.create(
            review=review,
            assignment=assigned,
            outcome=self.random.choice(Decision.Outcome.values) if likely() < 0.3 else Decision.Outcome.APPROVE,
            reason="Forged.",
            signature=signature,
            supersedes=self.random.choice(live) if live and likely() < 0.3 else None,
            decided_at=self.now,
        )


def attempt(step, *of, **named):
    """Take the step, wholly or not at all, in the transaction of the test; return nothing when it is refused."""
    inside = transaction.atomic()
    inside._from_testcase = True  # as of Django's own TestCase: a durable transaction may begin inside
    with suppress(NotNow, PermissionDenied, ValidationError, DatabaseError), inside:
        return step(*of, **named)

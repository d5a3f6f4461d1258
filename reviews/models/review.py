from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from articles.frozen.signed_text import frozen_content
from articles.models import Article, Version
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet, history
from articles.text.canonical import CanonicalJSONField
from reviews.models.board import Capacity


class ReviewQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status__in=Review.PENDING)

    def with_standing(self):
        """Fetch with each review whether the board has it in hand, for lists that say how it stands."""
        taken_up = Assignment.objects.taken_up().filter(review=models.OuterRef("pk"))
        return self.annotate(is_taken_up=models.Exists(taken_up))

    def standing(self, stands: str):
        """Return the reviews that stand so, as `Review.stands` says it."""
        if stands == Review.Status.SUBMITTED:
            return self.pending().with_standing().exclude(status=Review.Status.UNDER_REVIEW, is_taken_up=True)
        if stands == Review.Status.UNDER_REVIEW:
            return self.filter(status=stands).with_standing().filter(is_taken_up=True)
        return self.filter(status=stands)


class Review(models.Model):
    """What one version goes through. Its status is written by `reviews.workflow` alone."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        UNDER_REVIEW = "under_review", "Under review"
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        RECALLED = "recalled", "Recalled"
        DECLINED = "declined", "Declined"

    PENDING = (Status.SUBMITTED, Status.UNDER_REVIEW)
    RETURNED = (Status.CHANGES_REQUESTED, Status.DECLINED, Status.RECALLED)  # the authors go on from there
    ON_ITS_WAY = (*PENDING, Status.APPROVED)  # to its readers

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="review")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=20, choices=Status, default=Status.SUBMITTED)
    change = models.CharField(max_length=10, choices=Version.Change)
    risk = models.CharField(max_length=10, choices=Article.Risk)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quorum = CanonicalJSONField(help_text="Approvals needed: {clinical, specialist, pharmacist}.")
    approvals_needed = models.PositiveSmallIntegerField()
    open_review = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(status__in=["submitted", "under_review"]),
                name="review_pending_once_per_article",
                violation_error_message="This article already has a version under review.",
            ),
            models.CheckConstraint(condition=Q(approvals_needed__gte=1), name="review_needs_an_approval"),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False), name="review_approved_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status="approved"), name="review_published_is_approved"
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="review_queue")]  # the editors' queue

    def __str__(self):
        return f"Review of {self.version}"

    @cached_property
    def contributors(self) -> list[dict]:
        """Return whom the version names, as the frozen text has them."""
        return frozen_content(self.version)["contributors"]

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def is_high_risk(self) -> bool:
        return self.risk == Article.Risk.HIGH

    @property
    def is_pending(self) -> bool:
        return self.status in self.PENDING

    @cached_property
    def is_taken_up(self) -> bool:
        """Tell whether anybody is asked about the version now, or has decided on it."""
        return self.assignments.taken_up().exists()

    @property
    def stands(self) -> Status:
        """
        Return how the review stands, in the word that readers and staff are told.

        That is its status; but a version about which nobody is asked any more, and on which nobody decided, is
        submitted again and waits for its reviewers.
        """
        status = self.Status(self.status)
        return self.Status.SUBMITTED if status == self.Status.UNDER_REVIEW and not self.is_taken_up else status


class AssignmentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)

    def taken_up(self):
        """Return the requests that wait for a decision or have one: none was taken back or declined."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_as=Assignment.Ending.DECIDED))


class Assignment(models.Model):
    """One reviewer asked about one version, in a capacity. Open until it has a decision or is ended with a reason."""

    class Ending(models.TextChoices):
        DECIDED = "decided", "Decided"
        UNASSIGNED = "unassigned", "Taken back by an editor"
        RECUSED = "recused", "Recused"
        CONFLICT = "conflict", "Recused because of a conflict of interest"
        REVIEW_ENDED = "review_ended", "The review ended"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    reviewer_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=10, choices=Capacity)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=12, choices=Ending, blank=True)
    end_reason = models.TextField(blank=True)

    objects = AssignmentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reviewer"],
                condition=Q(ended_at__isnull=True),
                name="assignment_open_once_per_reviewer",
                violation_error_message="This reviewer has already been asked.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="assignment_end_has_a_way",
            ),
        ]
        indexes = [
            # what waits on a reviewer
            models.Index(fields=["reviewer", "due"], condition=Q(ended_at__isnull=True), name="assignment_waiting"),
        ]

    def __str__(self):
        return f"{self.reviewer_name} as {self.get_capacity_display().lower()} on {self.review_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def ended_in_conflict(self) -> bool:
        return self.ended_as == self.Ending.CONFLICT


class SignatureQuerySet(AppendOnlyQuerySet):
    def in_bylines(self):
        """
        Return the signatures that a byline names.

        The approval counts, is for exactly this text, in the capacity that was asked for, and the review ended in
        approval.
        """
        return self.filter(
            approval_that_counts("decision__"),
            meaning=Signature.Meaning.APPROVAL,
            digest=F("version__digest"),
            capacity=F("decision__assignment__capacity"),
            decision__review__version=F("version"),
            decision__review__status=Review.Status.APPROVED,
        )


class Signature(AppendOnly):
    """
    Who signed what, meaning what, when and how they proved to be who they are.

    Part 11 (21 CFR 11.50 and 11.70): printed name, date and time, meaning; linked to its record by the digest.
    """

    class Meaning(models.TextChoices):
        APPROVAL = "approval", "Approval"
        REVIEW = "review", "Review with changes requested"
        WITHDRAWAL = "withdrawal", "Withdrawal of an approval"

    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    printed_name = models.CharField(max_length=200)
    credentials = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=10, choices=Capacity)
    meaning = models.CharField(max_length=10, choices=Meaning)
    statement = models.TextField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    digest = models.CharField("SHA-256 of the signed text", max_length=64)
    signed_at = models.DateTimeField()
    authenticated_by = models.CharField(max_length=20, default="password")
    assertion = models.TextField(blank=True, help_text="Reserved for the signer's own passkey.")

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "pk"]

    def __str__(self):
        return f"{self.get_meaning_display()} by {self.printed_name}"


def approval_that_counts(path: str = "") -> Q:
    """
    Return the condition that a decision is an approval that counts; `path` leads a lookup to it, as "decision__" does.

    It approves, no later decision supersedes it, it answers a request of the same review, and no lay reader gave it.
    The one definition: quorum, table of steps, triggers, bylines and the board's page are made from it.
    """
    return Q(
        **{
            f"{path}outcome": Decision.Outcome.APPROVE,
            f"{path}superseded_by__isnull": True,
            f"{path}assignment__review": F(f"{path}review"),
            f"{path}assignment__capacity__in": Capacity.counting(),
        }
    )


class DecisionQuerySet(AppendOnlyQuerySet):
    def live(self):
        """Return the decisions that no later one supersedes."""
        return self.filter(superseded_by__isnull=True)

    def live_approvals(self):
        return self.live().filter(outcome=Decision.Outcome.APPROVE)

    def counting(self):
        """Return the approvals that make a version approved (`approval_that_counts`)."""
        return self.filter(approval_that_counts())

    def with_counting(self):
        """Fetch with each decision whether it is an approval that `counts`."""
        return self.annotate(counts=models.ExpressionWrapper(approval_that_counts(), models.BooleanField()))


class Decision(AppendOnly):
    """A reviewer's conclusion on a version. A later one of the same reviewer supersedes it and leaves it standing."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approved"
        REQUEST_CHANGES = "request_changes", "Changes requested"
        WITHDRAW = "withdraw", "Approval withdrawn"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=16, choices=Outcome)
    reason = models.TextField(blank=True)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="decision")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approve") | ~Q(reason=""),
                name="decision_against_has_a_reason",
                violation_error_message="Say what is wrong.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("pk")), name="decision_supersedes_another"
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} on {self.review_id}"

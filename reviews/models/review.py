import datetime
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.frozen.signed_text import frozen_content
from articles.models import Article, Version
from articles.models.rows.append_only import AppendOnly, AppendOnlyQuerySet, history
from articles.models.rows.remembered import remembered
from articles.text.canonical import CanonicalJSONField
from articles.text.languages import within_sentence
from reviews.models.board import Capacity


class ReviewQuerySet(models.QuerySet["Review"]):
    def pending(self) -> Self:
        return self.filter(status__in=Review.PENDING)

    def with_standing(self) -> Self:
        """Annotate each review with `is_taken_up`, so that `stands` costs a list no query."""
        taken_up = Assignment.objects.taken_up().filter(review=models.OuterRef("pk"))
        return self.annotate(is_taken_up=models.Exists(taken_up))

    def owing(self) -> Self:
        """Return the reviews approved urgently whose full quorum has not signed (`Review.owes_full_review`)."""
        return self.filter(status=Review.Status.APPROVED, full_review_due__isnull=False, completed_at__isnull=True)

    def standing(self, stands: str) -> Self:
        """Return the reviews for which `Review.stands` is this status."""
        if stands == Review.Status.SUBMITTED:
            return self.pending().with_standing().exclude(status=Review.Status.UNDER_REVIEW, is_taken_up=True)
        if stands == Review.Status.UNDER_REVIEW:
            return self.filter(status=stands).with_standing().filter(is_taken_up=True)
        return self.filter(status=stands)


class Review(models.Model):
    """The review of one version. Only `reviews.workflow` writes its status."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        UNDER_REVIEW = "under_review", _("Under review")
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        RECALLED = "recalled", _("Recalled")
        DECLINED = "declined", _("Declined")

    PENDING = (Status.SUBMITTED, Status.UNDER_REVIEW)
    RETURNED = (Status.CHANGES_REQUESTED, Status.DECLINED, Status.RECALLED)  # the authors can submit again
    ON_ITS_WAY = (*PENDING, Status.APPROVED)  # not returned to the authors

    EVERYBODY_ANSWERED = "Every reviewer has answered."  # reasons that are stored in English
    ENDED_BY_AN_EDITOR = "An editor ended the review."
    ASKED_INSTEAD = "Somebody else was asked instead."

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
    urgent_days = models.PositiveSmallIntegerField(null=True, blank=True)  # as `Quorum.urgent_days`
    urgent_because = models.TextField(null=True, blank=True)  # noqa: DJ001 (NULL in the rows of earlier releases)
    urgent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    urgent_by_name = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 (as above)
    full_review_due = models.DateField(null=True, blank=True)  # set if an editor declared the review urgent
    completed_at = models.DateTimeField(null=True, blank=True)  # when the whole quorum of an urgent version had signed
    sections = CanonicalJSONField(
        null=True,
        blank=True,
        help_text="The keys of the changed sections, if a specialist in its topic has to sign for each.",
    )

    attest_references = models.BooleanField(default=False)  # as `Quorum.attest_references`

    why_stalled = ""  # set by `reviews.desk.queues.waiting`, in words
    progress: Any = None  # set by `reviews.desk.queues.progress` on the rows of a list
    is_closed: bool  # to the person for whom `reviews.desk.access` read it
    is_asked: bool  # of that person, who has not answered

    objects = ReviewQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(status__in=["submitted", "under_review"]),
                name="review_pending_once_per_article",
                violation_error_message=_("This article already has a version under review."),
            ),
            models.CheckConstraint(condition=Q(approvals_needed__gte=1), name="review_needs_an_approval"),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False), name="review_approved_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status="approved"), name="review_published_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(full_review_due__isnull=True, urgent_because__isnull=True, urgent_by_name__isnull=True)
                | Q(full_review_due__isnull=False, urgent_because__isnull=False, urgent_by_name__isnull=False),
                name="review_urgent_has_a_reason_and_a_day",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(full_review_due__isnull=False),
                name="review_completed_was_urgent",
            ),
        ]
        indexes = [
            # the editors' queue: it sorts by these columns, and reads no others until it has the keys of a page
            models.Index(
                fields=["status", "submitted_at", "risk", "full_review_due", "completed_at"], name="review_queue"
            ),
            models.Index(fields=["status"], condition=Q(published_at__isnull=True), name="review_unpublished"),
            models.Index(fields=["published_at"], name="review_newly_published"),  # the readers' first page, the feed
            # the full reviews that are due
            models.Index(
                fields=["article", "full_review_due"],
                condition=Q(full_review_due__isnull=False, completed_at__isnull=True),
                name="review_owing",
            ),
            models.Index(
                fields=["status"],
                condition=Q(full_review_due__isnull=False, completed_at__isnull=True),
                name="review_owing_by_status",
            ),
            # the dashboard: the weeks, and the time in each state
            models.Index(
                fields=["submitted_at", "approved_at", "ended_at", "published_at", "status"], name="review_times"
            ),
            models.Index(fields=["approved_at"], condition=Q(approved_at__isnull=False), name="review_newly_approved"),
        ]

    def __str__(self) -> str:
        return _("Review of {version}").format(version=self.version)

    @cached_property
    def contributors(self) -> list[dict[str, Any]]:
        """The contributors in the version's frozen content."""
        return frozen_content(self.version)["contributors"]

    @property
    def reviewed_on(self) -> datetime.date:
        """The day, in UTC, on which the whole quorum had signed; raise ValueError if it has not."""
        at = self.completed_at if self.is_urgent else self.approved_at
        if at is None:
            raise ValueError(f"Review {self.pk} has no full quorum.")
        return at.astimezone(datetime.UTC).date()

    @property
    def change_in_a_word(self) -> str:
        return Version.Change(self.change).in_a_word

    @classmethod
    def reason_in_words(cls, reason: str) -> str:
        """Return the reason for a step as pages show it: a person's own, or one of those that are stored in English."""
        ours = {
            cls.EVERYBODY_ANSWERED: _("Every reviewer has answered."),
            cls.ENDED_BY_AN_EDITOR: _("An editor ended the review."),
            cls.ASKED_INSTEAD: _("Somebody else was asked instead."),
        }
        return str(ours.get(reason, reason))

    @property
    def why_ended(self) -> str:
        return self.reason_in_words(self.end_reason)

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def is_urgent(self) -> bool:
        """Tell whether an editor declared the review urgent: one clinical or specialist signature then approves."""
        return self.full_review_due is not None

    @property
    def owes_full_review(self) -> bool:
        """Tell whether the version is approved urgently, and its full quorum has not signed yet."""
        return self.is_approved and self.is_urgent and self.completed_at is None

    @property
    def takes_decisions(self) -> bool:
        """Tell whether reviewers can be asked and can sign: it is under way, or owes its full review."""
        return self.is_pending or self.owes_full_review

    @property
    def is_pressing(self) -> bool:
        """Tell whether it is urgent, and signatures are still awaited."""
        return self.is_urgent and self.takes_decisions

    @property
    def is_high_risk(self) -> bool:
        return self.risk == Article.Risk.HIGH

    @property
    def is_pending(self) -> bool:
        return self.status in self.PENDING

    @cached_property
    def is_taken_up(self) -> bool:
        """Tell whether the version has an open assignment or a decision."""
        return self.assignments.taken_up().exists()

    def all_assignments(self) -> list["Assignment"]:
        """Return every assignment with its reviewer, the oldest first; read once in a step."""
        return remembered(
            ("assignments", self.pk), lambda: self.with_assignments(Assignment.objects.of(self.version_id))
        )

    def all_decisions(self) -> list["Decision"]:
        """Return every decision with its signature, assignment and `counts`, the oldest first; read once in a step."""
        return remembered(("decisions", self.pk), lambda: self.with_decisions(Decision.objects.of(self.version_id)))

    def live_decisions(self) -> list["Decision"]:
        """Return the decisions that are not superseded, as `Decision.objects.live` does."""
        decisions = self.all_decisions()
        superseded = {row.supersedes_id for row in decisions}
        return [row for row in decisions if row.pk not in superseded]

    def counting_decisions(self) -> list["Decision"]:
        """Return the approvals that count, as `Decision.objects.counting` does."""
        return [row for row in self.live_decisions() if row.counts]

    def with_assignments(self, rows: Iterable["Assignment"]) -> list["Assignment"]:
        """Return these assignments of the review in their order, each with this review."""
        found = sorted(rows, key=lambda row: (row.assigned_at, row.pk))
        for row in found:
            row.review = self
        return found

    def with_decisions(self, rows: Iterable["Decision"]) -> list["Decision"]:
        """Return these decisions of the review in their order, each with this review and its assignment."""
        assignments = {row.pk: row for row in self.all_assignments()}
        found = sorted(rows, key=lambda row: (row.decided_at, row.pk))
        for row in found:
            row.review = self
            if row.assignment_id in assignments:
                row.assignment = assignments[row.assignment_id]
        return found

    @property
    def stands(self) -> Status:
        """
        Return the status that readers and staff see.

        It differs from `status` in one case: a review under way without an open assignment or a decision is shown as
        submitted, since it waits for reviewers again.
        """
        status = self.Status(self.status)
        return self.Status.SUBMITTED if status == self.Status.UNDER_REVIEW and not self.is_taken_up else status


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, version: int) -> Self:
        """Return the assignments of the version's review, each with its reviewer."""
        return self.filter(review__version=version).select_related("reviewer__contributor")

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def to_decide(self) -> Self:
        """Return the open assignments whose reviewer can sign: the review is under way, or owes its full review."""
        owing = Q(review__status=Review.Status.APPROVED, review__full_review_due__isnull=False)
        under_way = Q(review__status__in=Review.PENDING)
        return self.open().filter(under_way | owing, review__completed_at__isnull=True)

    def unanswered(self) -> Self:
        """Return the open assignments that the reviewer has neither accepted nor declined."""
        return self.open().filter(accepted_at__isnull=True)

    def admitted(self) -> Self:
        """Return those by which the reviewer may read the text: accepted, or ended so in release 0.3."""
        read = [Assignment.Ending.DECIDED, Assignment.Ending.RECUSED]
        return self.filter(Q(accepted_at__isnull=False) | Q(ended_as__in=read))

    def taken_up(self) -> Self:
        """Return the assignments that are open or have a decision."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_as=Assignment.Ending.DECIDED))


class Assignment(models.Model):
    """
    One reviewer asked about one version, in a capacity. Open until it has a decision or is ended with a reason.

    The reviewer accepts it and declares no conflict of interest, or declines it; who steps back had accepted it. In
    release 0.3 nobody accepted: its rows have no `accepted_at`, whatever became of them.
    """

    class Ending(models.TextChoices):
        DECIDED = "decided", _("Decided")
        UNASSIGNED = "unassigned", _("Request cancelled by an editor")
        DECLINED = "declined", _("Declined")
        RECUSED = "recused", _("Stepped back")
        CONFLICT = "conflict", _("Stepped back because of a conflict of interest")
        REVIEW_ENDED = "review_ended", _("The review ended before a decision")

    class Because(models.TextChoices):
        """Why a request was declined."""

        NO_TIME = "no_time", _("no time")
        OTHER_FIELD = "other_field", _("not their field")
        CONFLICT = "conflict", _("a conflict of interest")
        ANOTHER = "another", _("another reason")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    reviewer_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=10, choices=Capacity)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField("how it ended", max_length=12, choices=Ending, blank=True)
    end_reason = models.TextField(blank=True)
    declined_because = models.CharField(max_length=12, choices=Because, blank=True)
    suggestion = models.CharField("whom the reviewer suggests instead", max_length=300, blank=True)

    is_replaced = False  # set by the page that asks somebody else in this one's place
    answer_by: datetime.date | None = None  # set by `reviews.desk.queues.waiting` on requests that are not answered

    objects = AssignmentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reviewer"],
                condition=Q(ended_at__isnull=True),
                name="assignment_open_once_per_reviewer",
                violation_error_message=_("This reviewer has already been asked."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="assignment_end_has_a_way",
            ),
            models.CheckConstraint(
                condition=Q(declined_because="") & ~Q(ended_as="declined")
                | Q(declined_because="conflict", ended_as="conflict", accepted_at__isnull=True)
                | Q(declined_because__in=["no_time", "other_field", "another"], ended_as="declined")
                & Q(accepted_at__isnull=True),
                name="assignment_declined_unaccepted_and_why",
            ),
        ]
        indexes = [
            # a reviewer's open assignments
            models.Index(fields=["reviewer", "due"], condition=Q(ended_at__isnull=True), name="assignment_waiting"),
            # whether a review is taken up, in the editors' queue; when its first reviewer was asked, on the dashboard
            models.Index(fields=["review", "assigned_at", "ended_at", "ended_as"], name="assignment_of_review"),
            # the dashboard: how long decisions took
            models.Index(
                fields=["reviewer", "ended_at", "assigned_at"],
                condition=Q(ended_as="decided"),
                name="assignment_decided",
            ),
        ]

    def __str__(self) -> str:
        return _("{name} as {capacity} on {review}").format(
            name=self.reviewer_name,
            capacity=within_sentence(str(self.get_capacity_display())),
            review=self.review_id,
        )

    @property
    def is_taken_up(self) -> bool:
        """Tell whether it is open or has a decision, as `Assignment.objects.taken_up` does."""
        return self.is_open or self.ended_as == self.Ending.DECIDED

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def holds_place(self) -> bool:
        """Tell whether it is open, and nobody else is to be asked in its place."""
        return self.is_open and not self.is_replaced

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None

    @property
    def how_it_ended(self) -> str:
        """Return how it ended, in words: whoever had not accepted declined, whatever their reason."""
        return str(self.Ending.DECLINED.label if self.declined_because else self.get_ended_as_display())

    @property
    def suggests(self) -> str:
        """Return in a sentence whom the reviewer suggests instead; "" if nobody."""
        return self.suggestion_in_words(self.suggestion) if self.suggestion else ""

    @staticmethod
    def suggestion_in_words(suggestion: str) -> str:
        return gettext("Suggests instead: {suggestion}.").format(suggestion=suggestion.rstrip("."))

    @property
    def is_given_back(self) -> bool:
        """Tell whether the reviewer declined it or stepped back; only editors are told whether of a conflict."""
        return self.ended_as in (self.Ending.DECLINED, self.Ending.RECUSED, self.Ending.CONFLICT)


class SignatureQuerySet(AppendOnlyQuerySet["Signature"]):
    def in_bylines(self) -> Self:
        """
        Return the signatures that a byline names.

        The approval counts, its digest is that of the version, its capacity is that of the assignment, and the review
        is approved.
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
    A signature on a version's digest: signer, meaning, time, and how the signer was authenticated.

    21 CFR 11.50 and 11.70: it shows the printed name, date, time and meaning; the digest links it to its record.
    """

    class Meaning(models.TextChoices):
        APPROVAL = "approval", _("Approval")
        REVIEW = "review", _("Request for changes")
        WITHDRAWAL = "withdrawal", _("Withdrawal of an approval")
        NO_CHANGE = "no_change", _("Reviewed, no change needed")

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
    disclosed = models.TextField(  # noqa: DJ001 (NULL in the rows of earlier releases, and if there was none)
        null=True, help_text="The signer's disclosure of interests at that time, as the statement ends with it."
    )

    objects: ClassVar = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "pk"]
        indexes = [models.Index(fields=["signer", "id"], name="signatures_newest")]  # the page of the board

    def __str__(self) -> str:
        return _("{meaning} by {name}").format(meaning=self.get_meaning_display(), name=self.printed_name)

    @property
    def signed_as(self) -> str:
        """The signer's name and credentials as they were at the signing."""
        return f"{self.printed_name}, {self.credentials}" if self.credentials else self.printed_name


def approval_that_counts(path: str = "") -> Q:
    """
    Return the condition that a decision is an approval that counts; `path` is the lookup prefix, such as "decision__".

    Such a decision approves, is not superseded, answers an assignment of the same review, and is not by a lay reviewer.
    This is the only definition: quorum, step table, triggers, bylines and the board's page use it.
    """
    return Q(
        **{
            f"{path}outcome": Decision.Outcome.APPROVE,
            f"{path}superseded_by__isnull": True,
            f"{path}assignment__review": F(f"{path}review"),
            f"{path}assignment__capacity__in": Capacity.counting(),
        }
    )


class DecisionQuerySet(AppendOnlyQuerySet["Decision"]):
    def of(self, version: int) -> Self:
        """Return the decisions on the version, each with its signature and `counts`."""
        return self.filter(review__version=version).with_counting().select_related("signature__signer")

    def live(self) -> Self:
        """Return the decisions that are not superseded."""
        return self.filter(superseded_by__isnull=True)

    def live_approvals(self) -> Self:
        return self.live().filter(outcome=Decision.Outcome.APPROVE)

    def counting(self) -> Self:
        """Return the approvals that count towards a quorum (`approval_that_counts`)."""
        return self.filter(approval_that_counts())

    def with_counting(self) -> Self:
        """Annotate each decision with `counts`: whether it is an approval that counts."""
        return self.annotate(counts=models.ExpressionWrapper(approval_that_counts(), models.BooleanField()))


class Decision(AppendOnly):
    """A reviewer's conclusion on a version. The same reviewer's next decision supersedes it; the row stays."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("Approved")
        REQUEST_CHANGES = "request_changes", _("Changes requested")
        WITHDRAW = "withdraw", _("Approval withdrawn")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=16, choices=Outcome)
    reason = models.TextField(blank=True)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="decision")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    decided_at = models.DateTimeField()
    sections = CanonicalJSONField(
        null=True, help_text="If a specialist signed: the keys of the sections in whose topic they were one."
    )

    counts: bool  # set by `with_counting`

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approve") | ~Q(reason=""),
                name="decision_against_has_a_reason",
                violation_error_message=_("Say what is wrong."),
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("pk")), name="decision_supersedes_another"
            ),
        ]

    def __str__(self) -> str:
        return _("{outcome} on {review}").format(outcome=self.get_outcome_display(), review=self.review_id)

    @property
    def is_approval(self) -> bool:
        return self.outcome == self.Outcome.APPROVE

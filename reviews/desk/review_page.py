"""What the page of one review says."""

from dataclasses import dataclass
from functools import cached_property

from articles import checks
from articles.content import thaw
from articles.models import Article, Version, VersionText
from articles.roles import Role, roles_of
from reviews import eligibility, quorum, signing
from reviews.desk import forms
from reviews.desk.steps import OF_REVIEW, options
from reviews.models import Assignment, Capacity, Comment, Decision, Review, Schedule, Signature
from reviews.workflow.commenting import may_block, may_comment
from reviews.workflow.decision import approval_blockers


@dataclass
class Page:
    """What the page of one review says, each question asked once."""

    review: Review
    user: object
    bound: forms.StepForm | None = None

    @cached_property
    def roles(self) -> list[str]:
        return roles_of(self.user)

    @cached_property
    def is_editor(self) -> bool:
        return Role.EDITOR.label in self.roles

    @cached_property
    def content(self) -> dict:
        return thaw(VersionText.objects.values_list("text", flat=True).get(version=self.review.version_id))

    @cached_property
    def last_approved(self) -> dict | None:
        """Return the content of the last version before this one that was approved; None where there is none."""
        earlier = Version.objects.filter(
            article=self.review.article_id, number__lt=self.review.version.number, review__status=Review.Status.APPROVED
        ).order_by("-number")
        text = VersionText.objects.filter(version__in=earlier.values("pk")[:1]).values_list("text", flat=True).first()
        return thaw(text) if text else None

    @cached_property
    def options(self) -> dict:
        return options(self.user, self.review.article, self.review, OF_REVIEW)

    @property
    def closed(self) -> list:
        """Return the steps of this review that this person may take, but not now."""
        return [
            option
            for name, option in self.options.items()
            if option.blockers and name not in ("submit", "issue_notice")
        ]

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Return all requests to review, each with the form that takes it back."""
        rows = list(self.review.assignments.all())
        for row in rows:
            row.form = self._own(forms.UnassignForm, "assignment", row.pk)
        return rows

    @cached_property
    def mine(self) -> Assignment | None:
        """Return the open request to this person."""
        return next((row for row in self.assignments if row.is_open and row.reviewer_id == self.user.pk), None)

    @cached_property
    def decisions(self) -> list[Decision]:
        rows = self.review.decisions.select_related("signature", "assignment", "superseded_by").order_by("decided_at")
        return list(rows)

    @cached_property
    def lacking(self) -> list[str]:
        given = [row for row in self.decisions if row.outcome == Decision.Outcome.APPROVE and not _superseded(row)]
        return quorum.lacking(self.review.quorum, [row.assignment.capacity for row in given])

    @cached_property
    def needed(self) -> list[str]:
        return [words.replace(" more ", " ", 1) for words in quorum.lacking(self.review.quorum, [])]

    @cached_property
    def stops(self) -> list[str]:
        """Return what would stop an approval of this version now, for whoever asks: the author too."""
        return approval_blockers(self.review, self.mine.reviewer_id if self.mine else 0)

    @cached_property
    def findings(self) -> list:
        return [finding for finding in checks.run(self.content) if not finding.blocks]

    @cached_property
    def comments(self) -> list[Comment]:
        """Return the threads of the article, the open ones first, each with its answers."""
        rows = list(self.review.article.comments.select_related("version").prefetch_related("anchors"))
        if not reads_board(self.review.article, self.user, self.roles):
            rows = [row for row in rows if not row.board_only]
        threads = [row for row in rows if row.thread_id is None]
        headings = {section["key"]: section["heading"] or "Lead" for section in self.content["sections"]}
        for thread in threads:
            thread.replies = [row for row in rows if row.thread_id == thread.pk]
            anchor = next(iter(thread.anchors.all()), None)
            thread.about = headings.get(anchor.section_key, "") if anchor else ""
            thread.answer_form = self._own(forms.AnswerForm, "thread", thread.pk)
            thread.resolve_form = self._own(forms.ResolveForm, "thread", thread.pk)
        return sorted(threads, key=lambda row: (row.resolved_at is not None, row.written_at))

    @cached_property
    def candidates(self) -> list:
        """Return the board with the reasons against each member; for who may assign, while the review is open."""
        option = self.options.get("assign")
        return eligibility.candidates(self.review) if option and option.is_open else []

    @cached_property
    def earlier_reviewers(self) -> list[tuple[str, str]]:
        """Return (name, capacity) of those on the board who decided on an earlier version."""
        names = {person.user.pk: person.name for person, _ in self.candidates}
        earlier = eligibility.earlier_reviewers(self.review) if names else []
        return [(names[person.pk], capacity) for person, capacity in earlier if person.pk in names]

    @cached_property
    def may_comment(self) -> bool:
        return may_comment(self.review.article, self.user)

    @cached_property
    def open_schedule(self) -> Schedule | None:
        return Schedule.objects.filter(version=self.review.version_id, closed_at__isnull=True).first()

    @cached_property
    def statements(self) -> list[tuple[str, str]]:
        """Return what this person would sign, as (conclusion, statement)."""
        if self.mine is None:
            return []
        meanings = [("Approve", Signature.Meaning.APPROVAL), ("Ask for changes", Signature.Meaning.REVIEW)]
        return [
            (label, signing.statement(meaning, self.review.version, self.mine.capacity)) for label, meaning in meanings
        ]

    @cached_property
    def reasons_against_me(self) -> list[str]:
        return eligibility.reasons_against(self.user, self.review, self.mine.capacity) if self.mine else []

    @property
    def may_raise(self) -> dict:
        """Return the risks and change classes that the first assignment may still raise this review to."""
        return {"risk": self.review.risk == Article.Risk.STANDARD, "change": self.review.change != Version.Change.MAJOR}

    def people(self) -> list[tuple[int, str]]:
        """Return the choices of the assignment form: who may review in at least one capacity."""
        return [
            (
                person.user.pk,
                f"{person.name} ({', '.join(_label(each) for each, against in may.items() if not against)})",
            )
            for person, may in self.candidates
            if not all(may.values()) and person.user.pk != self.user.pk
        ]

    @cached_property
    def forms(self) -> dict:
        """Return a form for each step on this page, the refused one as it was sent."""
        made = {
            "recall": forms.RecallForm(),
            "decline": forms.DeclineForm(),
            "end_round": forms.EndRoundForm(),
            "withdraw": forms.WithdrawForm(),
            "publish": forms.PublishForm(),
            "schedule": forms.ScheduleForm(),
            "cancel": forms.CancelForm(),
            "recuse": forms.RecuseForm(),
            "decide": forms.DecideForm(initial={"digest": self.review.version.digest}),
            "assign": assign_form(self),
            "comment": comment_form(self),
        }
        return {name: self.bound if type(form) is type(self.bound) else form for name, form in made.items()}

    def _own(self, kind, name: str, pk: int):
        """Return the form of one row among several: the refused one where it is of this row."""
        if type(self.bound) is kind and getattr(self.bound, name) == pk:
            return self.bound
        return kind(auto_id=f"{kind.__name__.removesuffix('Form').lower()}-{pk}-%s")


def assign_form(page: Page, data=None) -> forms.AssignForm:
    initial = {"risk": page.review.risk, "change": page.review.change}
    return forms.AssignForm(data, people=page.people(), initial=initial)


def comment_form(page: Page, data=None) -> forms.CommentForm:
    sections = [(section["key"], section["heading"] or "Lead") for section in page.content["sections"]]
    return forms.CommentForm(data, sections=sections, for_board=may_block(page.review.article, page.user))


def reads_board(article: Article, user, roles: list[str]) -> bool:
    """Tell whether this person reads what is for the board: editors, and board members asked about the article."""
    asked = article.reviews.filter(assignments__reviewer=user.pk)
    return Role.EDITOR.label in roles or (Role.REVIEWER.label in roles and asked.exists())


def _superseded(row: Decision) -> bool:
    return hasattr(row, "superseded_by")


def _label(capacity: str) -> str:
    return Capacity(capacity).label.removesuffix(" reviewer").lower()

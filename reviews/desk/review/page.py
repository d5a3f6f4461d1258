"""What the page of one review says."""

import json
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from articles import checks
from articles.frozen.signed_text import frozen_content, frozen_contents
from articles.models import Disclaimer, Notice, Version
from articles.models.people import Role, roles_of
from articles.text.citations.retracted import Retracted
from articles.text.redline.signed import Fact, details, facts, unprinted
from reviews.desk import forms
from reviews.desk.article.options import OF_REVIEW, options
from reviews.desk.article.views import notices_in_force
from reviews.desk.forms import StepForm
from reviews.models import Assignment, Capacity, Comment, Decision, LedgerEvent, Review, Schedule, Signature
from reviews.models.actions import Action
from reviews.models.comment import may_block, may_comment, reads_board, resolve_blocker
from reviews.workflow.approval import eligibility, quorum, signing
from reviews.workflow.steps.decision import approval_blockers
from reviews.workflow.steps.publication.blockers import newer_version
from reviews.workflow.steps.publication.scheduling import schedule_blockers


@dataclass
class Against:
    """An earlier version to compare with, under all the names it has, by what an address calls each."""

    version: Version
    names: dict[str, str]

    @property
    def key(self) -> str:
        return next(iter(self.names))

    def __str__(self):
        return f"version {self.version.number} ({', '.join(self.names.values())})"


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
        return Role.EDITOR in self.roles

    @cached_property
    def content(self) -> dict:
        return frozen_content(self.review.version)

    @cached_property
    def comparisons(self) -> list[Against]:
        """Return the earlier versions to compare with, each under the first name it has; none of a first version."""
        earlier = list(
            Version.objects.filter(article=self.review.article_id, number__lt=self.review.version.number)
            .select_related("review")
            .order_by("-number")
        )
        decided = set(
            Decision.objects.filter(assignment__reviewer=self.user.pk, review__version__in=earlier).values_list(
                "review__version", flat=True
            )
            if earlier
            else ()
        )
        chosen = {
            "approved": ("last approved", lambda row: row.review.status == Review.Status.APPROVED),
            "published": ("public", lambda row: row.pk == self.review.article.published_version_id),
            "mine": ("your last decision", lambda row: row.pk in decided),
            "previous": ("previous", lambda row: True),
        }
        found: dict[int, Against] = {}
        for key, (name, is_it) in chosen.items():
            if row := next(filter(is_it, earlier), None):
                if row.pk in found:
                    found[row.pk].names[key] = name
                else:
                    found[row.pk] = Against(row, {key: name})
        return list(found.values())

    def against(self, key: str) -> Against:
        """Return the earlier version of this name; without one the first there is. Raise Http404 where it is none."""
        for row in self.comparisons:
            if not key or key in row.names:
                return row
        raise Http404

    @cached_property
    def proved(self) -> list[str]:
        """Return what was proved of a correction when it was submitted, as the ledger has it."""
        if self.review.version.change != Version.Change.CORRECTION:
            return []
        events = LedgerEvent.objects.filter(action=Action.SUBMITTED, article=str(self.review.article.public_id))
        rows = events.values_list("payload", "private__text").order_by("-position")
        digest = self.review.version.digest
        private = next((text for payload, text in rows if json.loads(payload).get("digest") == digest), None)
        return json.loads(private or "{}").get("proved", [])

    @cached_property
    def facts(self) -> list[Fact]:
        """Return what is signed beside the text."""
        return [*facts(self.content), *unprinted(self.content)]

    @cached_property
    def details(self) -> list[Fact]:
        """Return every detail of the works that the version cites."""
        return details(self.content)

    @cached_property
    def disclaimers(self) -> list[tuple[str, Disclaimer]]:
        """Return the disclaimers that the version names, each with the label of its audience."""
        labels = {row["key"]: row["label"] for row in self.content["audiences"]}
        rows = Disclaimer.objects.filter(audience__key__in=self.content["disclaimers"]).select_related("audience")
        signed = {(key, row["number"]): row["sha256"] for key, row in self.content["disclaimers"].items()}
        return [
            (labels.get(row.audience.key, row.audience.key), row)
            for row in rows
            if signed.get((row.audience.key, row.number)) == row.sha256
        ]

    @cached_property
    def options(self) -> dict:
        return options(self.user, self.review.article, self.review, OF_REVIEW)

    @property
    def closed(self) -> list:
        """Return the steps of this review that this person may take, but not now."""
        return [option for option in self.options.values() if option.blockers]

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Return all requests to review, each with the form that takes it back."""
        rows = list(self.review.assignments.all())
        for row in rows:
            row.form = self._own(forms.UnassignForm, row.pk)
        return rows

    @cached_property
    def mine(self) -> Assignment | None:
        """Return the open request to this person."""
        return next((row for row in self.assignments if row.is_open and row.reviewer_id == self.user.pk), None)

    @cached_property
    def decisions(self) -> list[Decision]:
        rows = self.review.decisions.with_counting().select_related("signature", "assignment", "superseded_by")
        return list(rows.order_by("decided_at"))

    @cached_property
    def lacking(self) -> list[str]:
        return quorum.lacking(self.review.quorum, [row.assignment.capacity for row in self.decisions if row.counts])

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
    def notices(self) -> list[Notice]:
        """Return what stands over the article's versions: also over the text that this one is compared with."""
        return list(notices_in_force(self.review.article))

    @cached_property
    def retracted(self) -> list[Retracted]:
        """Return the cited works that are retracted now and were not when this version was submitted."""
        return [work for work in self.review.version.version_references.retracted() if work.since]

    @cached_property
    def comments(self) -> list[Comment]:
        """Return the threads of the article, the open ones first, each with its answers."""
        rows = list(self.review.article.comments.select_related("version").prefetch_related("anchors"))
        if not reads_board(self.review.article, self.user, self.roles):
            rows = [row for row in rows if not row.board_only]
        threads = [row for row in rows if row.thread_id is None]
        may = {"on_board": Role.REVIEWER in self.roles, "comments": self.may_comment}
        headings = self._headings_of({thread.version for thread in threads})
        for thread in threads:
            thread.replies = [row for row in rows if row.thread_id == thread.pk]
            anchor = next(iter(thread.anchors.all()), None)
            thread.about = headings.get((thread.version_id, anchor.section_key), "") if anchor else ""
            thread.quoted = anchor.exact if anchor else ""
            thread.may_resolve = not resolve_blocker(thread, self.review.article, self.user, **may)
            thread.answer_form = self._own(forms.AnswerForm, thread.pk)
            thread.resolve_form = self._own(forms.ResolveForm, thread.pk)
        return sorted(threads, key=lambda row: (row.resolved_at is not None, row.written_at))

    def _headings_of(self, versions: set[Version]) -> dict[tuple[int, str], str]:
        """Return the heading of each section, by version and key: of each comment what its own version had."""
        contents = frozen_contents(sorted(versions, key=lambda version: version.pk))
        return {
            (version, section["key"]): section["heading"] or "Lead"
            for version, content in contents.items()
            for section in content["sections"]
        }

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
    def newer(self) -> Version | None:
        """Return the latest version of the article, with its review, where that is not this one."""
        return newer_version(self.review.article, self.review)

    @cached_property
    def older(self) -> Review | None:
        """Return the review of an older version that is approved, and not public yet."""
        public = self.review.article.published_version
        rows = self.review.article.reviews.filter(
            status=Review.Status.APPROVED,
            version__number__lt=self.review.version.number,
            version__number__gt=public.number if public else 0,
        )
        return rows.select_related("version").order_by("-version__number").first()

    @cached_property
    def older_schedule(self) -> Schedule | None:
        return Schedule.objects.open().filter(version=self.older.version_id).first() if self.older else None

    @cached_property
    def older_blockers(self) -> list[str]:
        """Return why the order to publish the older version would not be carried out as things stand."""
        return schedule_blockers(self.older_schedule, self.older) if self.older_schedule else []

    @cached_property
    def open_schedule(self) -> Schedule | None:
        return Schedule.objects.open().filter(version=self.review.version_id).first()

    @cached_property
    def order_blockers(self) -> list[str]:
        """Return why the order to publish this version would not be carried out as things stand."""
        return schedule_blockers(self.open_schedule, self.review) if self.open_schedule else []

    @cached_property
    def statements(self) -> list[tuple[str, str]]:
        """Return what this person would sign, as (conclusion, statement)."""
        if self.mine is None:
            return []
        meanings = [("Approve", Signature.Meaning.APPROVAL), ("Request changes", Signature.Meaning.REVIEW)]
        return [
            (label, signing.statement(meaning, self.review.version, self.mine.capacity)) for label, meaning in meanings
        ]

    @cached_property
    def reasons_against_me(self) -> list[str]:
        return eligibility.reasons_against(self.user, self.review, self.mine.capacity) if self.mine else []

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
        made = [
            forms.RecallForm(),
            forms.DeclineForm(),
            forms.EndRoundForm(),
            forms.WithdrawForm(),
            forms.PublishForm(newer=self.newer),
            forms.ScheduleForm(newer=self.newer),
            forms.CancelForm(),
            forms.RecuseForm(),
            forms.DecideForm(initial={"digest": self.review.version.digest}),
            assign_form(self),
            comment_form(self),
        ]
        return {form.name: self.bound if type(form) is type(self.bound) else form for form in made}

    def _own(self, kind: type[StepForm], about: int) -> StepForm:
        """Return the form of one row among several: the refused one if it is of this row."""
        return self.bound if self.bound and self.bound.is_of(kind, about) else kind(about=about)


def assign_form(page: Page, data=None) -> forms.AssignForm:
    initial = {"risk": page.review.risk, "change": page.review.change}
    return forms.AssignForm(data, people=page.people(), initial=initial)


def comment_form(page: Page, data=None) -> forms.CommentForm:
    sections = [(section["key"], section["heading"] or "Lead") for section in page.content["sections"]]
    return forms.CommentForm(data, sections=sections, for_board=may_block(page.review.article, page.user))


def _label(capacity: str) -> str:
    return Capacity(capacity).label.removesuffix(" reviewer").lower()

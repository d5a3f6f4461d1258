"""The facts on the page of a review."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import checks
from articles.checks.grouped import Level, grouped
from articles.frozen.signed_text import frozen_content, frozen_text
from articles.models import Disclaimer, Notice, Version
from articles.models.people import Role, roles_of
from articles.models.rows.remembered import remembered
from articles.text.citations.retracted import CitedWork, Retracted
from articles.text.languages import moment
from articles.text.redline.signed import Fact, details, facts, unprinted
from reviews.desk import forms
from reviews.desk.article.options import REVIEW_STEPS, Option, options
from reviews.desk.article.views import notices_in_force
from reviews.desk.forms import StepForm, form_of_row
from reviews.desk.review.changed.doses import Differing, doses_in_a_minor_change
from reviews.desk.review.comment_forms import CommentForm
from reviews.desk.review.deciding.request import DeclineRequestForm
from reviews.desk.review.deciding.worksheet import AnswerTable, WorksheetForm, worksheet_form
from reviews.desk.review.reading import requests
from reviews.desk.review.threads import Reader, ThreadRow, threads_of
from reviews.models import (
    Assignment,
    Capacity,
    Decision,
    LedgerEvent,
    ManagementPlan,
    Override,
    Review,
    Schedule,
    Signature,
)
from reviews.models.actions import Action
from reviews.models.comment import may_block, may_comment
from reviews.workflow.approval import eligibility, opened, quorum, sections, signing, worksheet
from reviews.workflow.approval.blockers import (
    approval_blockers,
    hidden_blocker,
    overridden,
    overridden_sentence,
    requests_for_changes,
)
from reviews.workflow.steps.comments.mentioning import Commentator, commentators
from reviews.workflow.steps.publication.blockers import newer_version
from reviews.workflow.steps.publication.scheduling import open_schedules, schedule_blockers


@dataclass(frozen=True)
class EarlierVersion:
    """An earlier version to compare with, and its descriptions by their key in the page's address."""

    version: Version
    names: dict[str, str]

    @property
    def key(self) -> str:
        return next(iter(self.names), str(self.version.number))

    def __str__(self) -> str:
        if not self.names:
            return _("version {number}").format(number=self.version.number)
        names = ", ".join(self.names.values())
        return _("version {number} ({names})").format(number=self.version.number, names=names)


@dataclass(frozen=True)
class AssignmentRow:
    """
    A request to review. `outcome` is the label of the reviewer's decision, or ""; `form` cancels the request.

    `plans` are the management plans for the reviewer's interests, if the person who reads may read them. An editor is
    told by `needs_plan` that one is missing.
    """

    assignment: Assignment
    outcome: str
    form: forms.UnassignForm
    plans: list[ManagementPlan]
    needs_plan: bool


@dataclass
class Page:
    """The facts on the page of a review for this user, each computed once. `bound` is the refused form, if any."""

    review: Review
    user: User
    bound: StepForm | None = None
    audience: str = ""  # whose text is shown
    view: str = ""  # how it is shown, as the end of the page's address
    is_unfolded: bool = False  # the sections without a change are open

    @cached_property
    def roles(self) -> list[str]:
        return roles_of(self.user)

    @cached_property
    def is_editor(self) -> bool:
        return Role.EDITOR in self.roles

    @cached_property
    def content(self) -> dict[str, Any]:
        return frozen_content(self.review.version)

    @cached_property
    def earlier_versions(self) -> list[EarlierVersion]:
        """Return the earlier versions to compare with, each once, with all its names."""
        public = self.review.article.published_version_id
        chosen: dict[str, tuple[str, Callable[[opened.Earlier], bool]]] = {
            "approved": (_("last approved"), lambda row: row.version.review.status == Review.Status.APPROVED),
            "published": (_("public"), lambda row: row.version.pk == public),
            "mine": (_("your last decision"), lambda row: row.is_mine),
            "commented": (_("your last comment"), lambda row: row.is_commented),
            "previous": (_("previous"), lambda row: True),
        }
        found: dict[int, EarlierVersion] = {}
        for key, (name, matches) in chosen.items():
            if row := next(filter(matches, self._earlier), None):
                found.setdefault(row.version.pk, EarlierVersion(row.version, {})).names[key] = name
        return list(found.values())

    @property
    def _earlier(self) -> list[opened.Earlier]:
        return opened.earlier_versions(self.user, self.review)

    def earlier_version(self, key: str) -> EarlierVersion:
        """Return the earlier version with this key or number, the first if the key is empty; raise Http404 if none."""
        for row in self.earlier_versions:
            if not key or key in row.names or key == str(row.version.number):
                return row
        for other in self._earlier:
            if key == str(other.version.number):
                return EarlierVersion(other.version, {})
        raise Http404

    @cached_property
    def proof(self) -> list[str]:
        """Return the sentences that the ledger has about the proof of a correction at its submission."""
        if self.review.version.change != Version.Change.CORRECTION:
            return []
        events = LedgerEvent.objects.filter(action=Action.SUBMITTED, article=str(self.review.article.public_id))
        rows = events.values_list("payload", "private__text").order_by("-position")
        digest = self.review.version.digest
        private = next((text for payload, text in rows if json.loads(payload).get("digest") == digest), None)
        return json.loads(private or "{}").get("proved", [])

    @cached_property
    def facts(self) -> list[Fact]:
        """Return the signed facts that are not part of the text."""
        return [*facts(self.content), *unprinted(self.content)]

    @cached_property
    def details(self) -> list[Fact]:
        """Return all details of the works that the version cites."""
        return details(self.content)

    @cached_property
    def disclaimers(self) -> list[tuple[str, Disclaimer]]:
        """Return (label of the audience, disclaimer) for each disclaimer that the version names."""
        labels = {row["key"]: row["label"] for row in self.content["audiences"]}
        rows = Disclaimer.objects.filter(audience__key__in=self.content["disclaimers"]).select_related("audience")
        signed = {(key, row["number"]): row["sha256"] for key, row in self.content["disclaimers"].items()}
        return [
            (labels.get(row.audience.key, row.audience.key), row)
            for row in rows
            if signed.get((row.audience.key, row.number)) == row.sha256
        ]

    @cached_property
    def options(self) -> dict[str, Option]:
        return options(self.user, self.review.article, self.review, REVIEW_STEPS)

    @property
    def blocked(self) -> list[Option]:
        """Return the steps that this person may take, but not now."""
        return [option for option in self.options.values() if option.blockers]

    @cached_property
    def assignments(self) -> list[AssignmentRow]:
        reads_plans = self.is_editor or Role.REVIEWER in self.roles
        plans = eligibility.plans_of_those_asked(self.review) if reads_plans else {}
        to_plan = eligibility.without_plan(self.review) if self.is_editor else set()
        outcomes = {decision.assignment_id: decision.get_outcome_display() for decision in self.decisions}
        return [
            AssignmentRow(
                row,
                outcomes.get(row.pk, ""),
                form_of_row(forms.UnassignForm, row.pk, self.bound),
                plans.get(row.reviewer_id, []),
                row.reviewer_id in to_plan,
            )
            for row in self.review.all_assignments()
        ]

    @cached_property
    def my_assignment(self) -> Assignment | None:
        """Return this person's open assignment."""
        rows = [row.assignment for row in self.assignments]
        return next((row for row in rows if row.is_open and row.reviewer_id == self.user.pk), None)

    @cached_property
    def my_plans(self) -> list[ManagementPlan]:
        """Return the management plans for this person's own interests, if they are asked."""
        return eligibility.plans_for(self.user, self.review) if self.my_assignment else []

    @cached_property
    def my_interests(self) -> list[str]:
        """Return why this person cannot accept their request, in sentences; [] if they can, or are not asked."""
        mine = self.my_assignment
        return eligibility.interests_of(self.user, self.review) if mine and not mine.is_accepted else []

    @property
    def is_beyond_the_quorum(self) -> bool:
        """Tell whether the quorum counts no approval in the capacity in which this person is asked."""
        mine = self.my_assignment
        if mine is None or mine.capacity in (Capacity.CLINICAL, Capacity.SPECIALIST):
            return False
        return not self.review.quorum.get(mine.capacity)

    @cached_property
    def next_request(self) -> Assignment | None:
        """Return the request to this person that comes after this review, by the day it is due; None without others."""
        rows = requests(self.user)
        numbers = [place for place, row in enumerate(rows) if row.review_id == self.review.pk]
        after = rows[numbers[-1] + 1 :] + rows[: numbers[0]] if numbers else rows
        return after[0] if after else None

    @cached_property
    def decisions(self) -> list[Decision]:
        return self.review.all_decisions()

    @cached_property
    def superseded(self) -> set[int | None]:
        """Return the keys of the decisions that a later one of the same person replaced."""
        return {row.supersedes_id for row in self.decisions}

    @cached_property
    def still_needed(self) -> list[str]:
        return eligibility.still_needed(self.review)

    @cached_property
    def not_asked_for(self) -> list[str]:
        """Return the approvals for which no reviewer is asked and none has approved, in words."""
        return [] if self.what_is_next else eligibility.not_asked_for(self.review)

    @cached_property
    def sections_to_sign_for(self) -> list[sections.Signed]:
        """Return the changed sections that specialists have to sign for, with who did; [] if the quorum asks none."""
        if not self.review.sections:
            return []
        return sections.table(self.review, self.content, eligibility.approvals_that_count(self.review))

    @cached_property
    def sections_awaiting_me(self) -> list[tuple[str, str]]:
        """Return (key, heading) of the changed sections that wait for the signature of this specialist."""
        if not self.review.sections or self.my_assignment is None:
            return []
        counting = eligibility.approvals_that_count(self.review)
        unread = sections.unread(self.review.sections, [row.sections for row in counting])
        mine = {*unread} & {*self._sections_read(self.my_assignment)}
        return [(row["key"], sections.heading(row)) for row in self.content["sections"] if row["key"] in mine]

    @cached_property
    def conflicted(self) -> list[str]:
        """Return why approvals of this version do not count towards its full review; [] for authors."""
        is_told = self.is_editor or Role.REVIEWER in self.roles
        return eligibility.against_conflicted(self.review) if is_told else []

    @cached_property
    def needed(self) -> list[str]:
        return quorum.needed(self.review.quorum)

    @cached_property
    def approval_blockers(self) -> list[str]:
        """
        Return why this version cannot be approved now. Everyone who sees the page sees these reasons.

        Only a blocking comment that they may not read is not told to them.
        """
        mine = self.my_assignment.reviewer_id if self.my_assignment else 0
        return [said for said in approval_blockers(self.review, mine, self.user) if said != hidden_blocker()]

    @property
    def what_is_next(self) -> str:
        """Return what happens now that changes are requested, or ""."""
        if self.review.status == Review.Status.CHANGES_REQUESTED:
            return _("Changes are requested. An author changes the draft and submits a new version.")
        if not self.review.takes_decisions or not requests_for_changes(self.review):
            return ""
        if self.review.owes_full_review:
            return _(
                "Changes are requested. An author submits a new version, or an editor asks the same reviewer again."
            )
        return _(
            "Changes are requested, so no more approvals are needed. The version goes back to its authors when every "
            "reviewer who was asked has answered, or when an editor ends the review."
        )

    @cached_property
    def overridden(self) -> list[Override]:
        """Return the findings that an editor overrode: whoever approves the version signs that they know them."""
        return overridden(self.review.version)

    @cached_property
    def findings(self) -> list[checks.Finding]:
        version = self.review.version
        found = checks.of_text(frozen_text(version), timezone.localdate(version.submitted_at))
        return [finding for finding in found if not finding.blocks]

    @property
    def levels(self) -> list[Level]:
        """The findings as the page shows them."""
        anchors = {section["key"]: f"s-{section['key']}" for section in self.content["sections"]}
        return grouped(self.findings, self.content, anchors)

    @cached_property
    def notices(self) -> list[Notice]:
        """Return the notices in force on any version of the article."""
        return list(notices_in_force(self.review.article))

    @cached_property
    def unattested(self) -> list[str]:
        """Return the references that nobody who approves has attested, if the review asks for it, as they are cited."""
        version = self.review.version
        return [f"[@{key}]" for key in worksheet.unattested(self.review, frozen_content(version))]

    @cached_property
    def cited_works(self) -> list[CitedWork]:
        """Return the works that the version cites, with how each stands today."""
        return self.review.version.version_references.as_they_stand()

    @cached_property
    def retracted(self) -> list[Retracted]:
        """Return the cited works that are retracted or doubted, and that the text does not call retracted."""
        version = self.review.version
        works = remembered(("doubted", version.pk), version.version_references.doubted)
        return [work for work in works if work.since]

    @cached_property
    def comments(self) -> list[ThreadRow]:
        """Return the threads of the article, open ones first."""
        return threads_of(self.reader)

    @property
    def comments_in_words(self) -> str:
        """Return how many threads there are, and how many of them were raised on another version than this."""
        here = sum(row.comment.version_id == self.review.version_id for row in self.comments)
        others = len(self.comments) - here
        if not others:
            return _("Comments ({number})").format(number=here)
        said = _("Comments ({here} on version {version}, {others} on other versions)")
        return said.format(here=here, version=self.review.version.number, others=others)

    @cached_property
    def reader(self) -> Reader:
        article = self.review.article
        return Reader(article, self.user, self.roles, self.may_comment, self.people, self.bound)

    @cached_property
    def people(self) -> list[Commentator]:
        """Return the people whom a comment can mention and be assigned to; nobody if this person may not comment."""
        return commentators(self.review.article) if self.may_comment else []

    @cached_property
    def may_comment(self) -> bool:
        return may_comment(self.review.article, self.user)

    @cached_property
    def newer_version(self) -> Version | None:
        """Return the latest version of the article if it is not this one."""
        return newer_version(self.review.article, self.review)

    @cached_property
    def older_review(self) -> Review | None:
        """Return the review of the newest older version that is approved but not yet public."""
        public = self.review.article.published_version
        newer = [row.version for row in self._earlier if row.version.number > (public.number if public else 0)]
        return next((row.review for row in newer if row.review.status == Review.Status.APPROVED), None)

    @cached_property
    def older_schedule(self) -> Schedule | None:
        review = self.older_review
        return Schedule.objects.open().filter(version=review.version_id).first() if review else None

    @cached_property
    def older_schedule_blockers(self) -> list[str]:
        """Return why the schedule of the older version would be refused now."""
        schedule, review = self.older_schedule, self.older_review
        return schedule_blockers(schedule, review, self.user) if schedule and review else []

    @property
    def older_is_waiting(self) -> str:
        """Return the sentence on the older version that is approved but not yet public, with a link to it."""
        review, schedule = self.older_review, self.older_schedule
        if review is None:
            return ""
        last, at, name = self.newer_version or self.review.version, "", ""
        if schedule is None:
            sentence = _("{version} is approved but not yet public.")
        else:
            at, name = moment(schedule.publish_at), schedule.scheduled_by_name
            sentence = self._why_it_waits(schedule, last)
        number = _("Version {number}").format(number=review.version.number)
        link = format_html('<a href="{}">{}</a>', reverse("desk_review", args=[review.pk]), number)
        reasons = " ".join(self.older_schedule_blockers)
        return format_html(sentence, version=link, at=at, name=name, newer=last.number, reasons=reasons)

    def _why_it_waits(self, schedule: Schedule, last: Version) -> str:
        if schedule.scheduled_at < last.submitted_at:
            if self.newer_version:
                return _(
                    "{version} is approved but not yet public; it was scheduled for {at}, and version {newer} "
                    "prevents that."
                )
            return _(
                "{version} is approved but not yet public; it was scheduled for {at}, and this version prevents that."
            )
        if schedule.editor_left:
            return _(
                "{version} is approved but not yet public; it was scheduled for {at}, and will not be published then, "
                "because {name} is no longer an editor."
            )
        if self.older_schedule_blockers and self.is_editor:
            return _(
                "{version} is approved but not yet public; it was scheduled for {at}, and cannot be published as "
                "things are now: {reasons}"
            )
        if self.older_schedule_blockers:
            return _(
                "{version} is approved but not yet public; it was scheduled for {at}, and cannot be published as "
                "things are now."
            )
        return _("{version} is approved but not yet public; it was scheduled for {at}, and will be published then.")

    @cached_property
    def open_schedule(self) -> Schedule | None:
        return next(iter(open_schedules(self.review.version)), None)

    @cached_property
    def open_schedule_blockers(self) -> list[str]:
        """Return why the schedule of this version would be refused now."""
        return schedule_blockers(self.open_schedule, self.review, self.user) if self.open_schedule else []

    @cached_property
    def statements(self) -> list[tuple[str, str, str]]:
        """Return (button label, statement without its digest, statement) for each that this person can sign."""
        mine = self.my_assignment
        if mine is None:
            return []
        meanings = [(_("Approve"), Signature.Meaning.APPROVAL), (_("Request changes"), Signature.Meaning.REVIEW)]
        version = self.review.version
        known = sections.sentence(self.review, self.content, self._sections_read(mine))
        more = {Signature.Meaning.APPROVAL: opened.opened_sentence(self.texts) + overridden_sentence(version) + known}
        disclosed = eligibility.disclosed_as_signed(self.user, self.review)
        whole = [
            (label, signing.statement(meaning, version, mine.capacity, f"{more.get(meaning, '')} {disclosed}".rstrip()))
            for label, meaning in meanings
        ]
        return [(label, said.replace(f" (SHA-256 {version.digest})", ""), said) for label, said in whole]

    def _sections_read(self, mine: Assignment) -> list[str]:
        """Return the keys of the sections that this person can sign for as a specialist."""
        if mine.capacity != Capacity.SPECIALIST:
            return []
        return sections.read_by(eligibility.specialties_in(self.user, self.review), self.content)

    @cached_property
    def texts(self) -> opened.Texts:
        """Return the texts that this person has to have read to approve, and which of them they opened here."""
        return opened.texts_for(self.user, self.review, self.content)

    @cached_property
    def worksheet(self) -> WorksheetForm | None:
        """Return the worksheet of this person's open request: what a refused form holds, else what they answered."""
        if self.my_assignment is None:
            return None
        bound = self.bound
        if isinstance(bound, WorksheetForm):
            return bound
        if isinstance(bound, forms.DecideForm) and isinstance(bound.worksheet, WorksheetForm):
            return bound.worksheet
        return worksheet_form(self.user, self.review.version, self.content, None, self.findings)

    @cached_property
    def answers(self) -> AnswerTable:
        """Return the signed answers that this person may read: editors all, others their own until the review ended."""
        reads_all = self.is_editor or not self.review.takes_decisions
        return AnswerTable(
            self.review.version_id,
            [row for row in self.decisions if reads_all or row.assignment.reviewer_id == self.user.pk],
        )

    @cached_property
    def known(self) -> Version | None:
        """Return the earlier version that this person knows: their page begins with what changed since."""
        return opened.known_version(self.user, self.review)

    @cached_property
    def differing_doses(self) -> list[Differing]:
        """Return where a change that is called minor says another dose than the public version."""
        return doses_in_a_minor_change(self.review, self.content)

    @cached_property
    def reasons_against_me(self) -> list[str]:
        mine = self.my_assignment
        return eligibility.reasons_against(self.user, self.review, mine.capacity) if mine else []

    @cached_property
    def forms(self) -> dict[str, StepForm]:
        """Return a form for each step on this page, by its name. The refused form keeps its input."""
        return _Forms(self)


class _Forms(dict[str, StepForm]):
    """Forms by their names, each made when it is first asked for: most pages show few of them."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def __missing__(self, name: str) -> StepForm:
        form, bound = MAKE[name](self.page), self.page.bound
        self[name] = bound if bound and type(form) is type(bound) else form
        return self[name]


def decide_form(page: Page, data: QueryDict | None = None) -> forms.DecideForm:
    if page.my_assignment is None:
        return forms.DecideForm(data)
    form = forms.DecideForm(
        data,
        worksheet=worksheet_form(page.user, page.review.version, page.content, data) if data else None,
        labels=page.texts.labels,
        blockers=page.approval_blockers if data and not page.reasons_against_me else (),
        initial={"digest": page.review.version.digest, "offered": " ".join(page.texts.unopened)},
    )
    if page.my_plans:
        form.fields["no_conflict"].label = _(
            "I have no other conflict of interest on this article, and keep to the plan"
        )
    return form


def comment_form(page: Page, data: QueryDict | None = None) -> CommentForm:
    sections = [(section["key"], section["heading"] or _("Lead")) for section in page.content["sections"]]
    for_board = may_block(page.review.article, page.user)
    return CommentForm(data, sections=sections, people=page.people, for_board=for_board, audience=page.audience)


def _plain(kind: type[StepForm]) -> Callable[[Page], StepForm]:
    return lambda page: kind()


PLAIN = (
    forms.RecallForm,
    forms.DeclineForm,
    forms.EndRoundForm,
    forms.UrgentForm,
    forms.WithdrawForm,
    forms.CancelForm,
    forms.RecuseForm,
    DeclineRequestForm,
)
MAKE: dict[str, Callable[[Page], StepForm]] = {
    **{kind.name: _plain(kind) for kind in PLAIN},
    forms.PublishForm.name: lambda page: forms.PublishForm(newer=page.newer_version),
    forms.ScheduleForm.name: lambda page: forms.ScheduleForm(newer=page.newer_version),
    forms.DecideForm.name: decide_form,
    CommentForm.name: comment_form,
}

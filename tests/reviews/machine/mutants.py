"""
Seeded faults that grade the machine: each is one rule of the workflow left out or written wrong.

Who judges what
    writer judges                     a writer of the text counts as eligible
    co-author is no writer            only who made and edited the draft is frozen as its writers
    last editor is no writer          who changed a word of the draft is not frozen as a writer
    conflict ignored                  a declared conflict of interest bars nobody
    conflict forgotten                who stepped back for a conflict is asked about the next version
    credentials out of date           credentials that have run out are accepted
    disclosure out of date            a disclosure that has run out is accepted
    capacity not held                 anybody of the board may sign in any capacity
    specialist of anything            a specialist of another topic counts
    deactivated person                a role outlives the account
    lost role                         whoever once sat on the board still decides
    password not checked              any password signs
    somebody else signs               a board member decides on another's assignment
Editors
    writer triages                    an editor assigns and declines what they wrote
    writer publishes                  the exception for the last editor holds always
    last editor locked out            the exception for the last editor holds never
    self-assignment                   an editor asks themself
    reader's notice                   anybody of the board issues a notice
Reviews
    accepted twice                    a reviewer accepts what they accepted
    decided unaccepted                a reviewer decides who has not accepted
    stale digest                      another digest than the version's is accepted
    late recall                       a version is recalled after a decision
    recall leaves requests            the assignments of a recalled version stay open
    one approval is enough            any approval fills the quorum
    lay approval counts               a lay approval fills the specialist's place
    no specialist needed              two clinicians are enough
    no pharmacist needed              high risk needs nobody more
    raised risk ignored               the quorum of the raised risk is not copied
    risk lowered                      an editor lowers risk and change class
    old approvals count               a new version keeps the approvals of the last
    request for changes ignored       a colleague's request does not stop an approval
    blocking comment ignored          an open blocking comment does not stop an approval
    writer resolves                   a writer on the board closes a blocking comment
    round ended unasked               an editor ends a round in which nobody asked for changes
    round never ends by itself        the last request taken back leaves the round open
    second decision stands beside     a reviewer's later decision does not supersede their earlier
    withdrawal leaves it approved     an approval is withdrawn and the version stays approved
    second review                     a version is submitted while one is under review
    unchanged text                    the same text is submitted again
    correction of anything            a correction may change every word
Urgent approval
    urgency unpermitted               a review is declared urgent though its quorum permits it not
    writer declares urgent            an editor declares urgent what they wrote
    pharmacist approves urgently      a pharmacist's signature alone approves an urgent version
    full review never complete        the last signature completes nothing
    complete with one signature       the second signature completes a review that needs more
    urgent dates moved at once        "last reviewed" moves with an urgent publication
    published against a request       a request for changes does not stop the publication of an urgent version
    requests of a replaced version    requests outlive the publication of a newer version
    requests of a retracted version   requests outlive the retraction
    rests on a review that is due     a small change follows a version whose full review is due
Publication
    older version                     a version older than the public one is published
    newer version ignored             a version is published though a newer one was submitted that nobody has named
    newer version not awaited         a schedule is carried out though a newer version was submitted since
    withdrawn but scheduled           a withdrawn approval leaves its version scheduled
    published over a comment          an open blocking comment does not stop a publication
    notice ignored                    a version that a notice forbids is published
    dates moved by every change       "last reviewed" moves with a minor change or correction
    schedule too early                a schedule is carried out a day before its time
    two schedules                     a second version is scheduled beside the first
    notice on nothing                 a notice is issued while nothing is public
    lifted twice                      a notice is lifted again
    declined text shown               readers see a declined text whose review was open
    retracted text listed             lists and search name a retracted text
Attestation
    one attestation is enough         any signature that a text needs no change moves the dates
    attested under a notice           a text under a notice is found to need no change
    attested beside a newer one       a text is found to need no change while a newer version is under review
    attested twice                    one person fills the quorum of attestations alone
Evidence
    number skipped                    versions are numbered 1, 3, 5
    stored text differs               what is stored is not what was digested
    no event on recall                recalling leaves no trace in the ledger
    event with wrong actor            a decision's event names who triaged
    row left out of the event         an assignment's event does not commit to the review
    chain broken                      an event does not point at the one before
    wrong meaning                     every signature means approval
    wrong digest signed               the signature is over another digest
    refusal writes                    a refused decision leaves a history row of the review
"""

import inspect
import sys
import textwrap
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from unittest import mock

from articles.models.rows.together import Together


@dataclass(frozen=True)
class Edit:
    """A function of a module (or Class.method), a piece of its source, and what stands there instead."""

    where: str
    function: str
    old: str
    new: str

    def apply(self, stack: ExitStack):
        module = import_module(self.where)
        owner, _, name = self.function.rpartition(".")
        holder = getattr(module, owner) if owner else module
        original = inspect.getattr_static(holder, name)
        changed = self._compiled(module, name, original)
        if owner:
            stack.enter_context(mock.patch.object(holder, name, changed))
            return
        for each in modules_with(name, original):
            stack.enter_context(mock.patch.object(each, name, changed))

    def _compiled(self, module, name: str, original) -> Callable:
        source = textwrap.dedent(inspect.getsource(original))
        if source.count(self.old) != 1:
            raise ValueError(f"{self.where}.{self.function} has {source.count(self.old)} times: {self.old}")
        scope: dict = {}
        exec(compile(source.replace(self.old, self.new), f"<{self.function}>", "exec"), vars(module), scope)
        return scope[name]


def modules_with(name: str, function) -> list:
    """Return every module of ours in which the function goes by its name."""
    ours = [module for path, module in sys.modules.items() if path.startswith(("reviews.", "articles."))]
    return [module for module in ours if vars(module).get(name) is function]


@dataclass(frozen=True)
class Mutant:
    name: str
    edits: tuple[Edit, ...]

    @contextmanager
    def active(self):
        """Let the fault be there; everything is as it was afterwards."""
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(Together, "_statement", Together._build))  # a kept one has no fault
            for edit in self.edits:
                edit.apply(stack)
            yield


def mutant(name: str, *edits: tuple[str, str, str, str]) -> Mutant:
    return Mutant(name, tuple(Edit(*edit) for edit in edits))


STEPS, TABLE = "reviews.workflow.steps", "reviews.workflow.table"
ASSIGNMENT, DECISION, ENDING = f"{STEPS}.assignment", f"{STEPS}.decision", f"{STEPS}.ending"
NOTICES, SUBMISSION, COMMENTING = f"{STEPS}.notices", f"{STEPS}.submission", f"{STEPS}.comments.commenting"
BLOCKERS, PUBLISHING, SCHEDULING = (f"{STEPS}.publication.{name}" for name in ("blockers", "publishing", "scheduling"))
ELIGIBILITY, QUORUM, SIGNING, EVENTS = (
    "reviews.workflow.approval.eligibility",
    "reviews.workflow.approval.quorum",
    "reviews.workflow.approval.signing",
    "reviews.evidence.ledger.events",
)
APPROVING, DATES = "reviews.workflow.approval.blockers", "reviews.workflow.steps.publication.dates"
URGENCY = f"{STEPS}.urgency"
WRITERS, ARTICLE, ROLES = "reviews.workflow.approval.writers", "articles.models.article", "articles.models.people"
PROCESS, FULL_REVIEW = "reviews.site.review_process", "reviews.workflow.approval.full_review"
COMMENT = "reviews.models.comment"
ATTESTING, ATTESTATIONS = f"{STEPS}.publication.attesting", "reviews.workflow.approval.attestation"
MAY_REVIEW = "may = reviewer_id is not None and actor.pk == reviewer_id and holds(actor, Role.REVIEWER)"

WHO_JUDGES = [
    mutant(
        "writer judges", (ELIGIBILITY, "_about_the_text", "if review.version.was_written_by(person.user):", "if False:")
    ),
    mutant(
        "co-author is no writer",
        (WRITERS, "writers", ' or getattr(getattr(person, "contributor", None), "pk", None) in linked', ""),
    ),
    mutant(
        "last editor is no writer",
        (WRITERS, "writers", "history.users() | {article.created_by_id", "{article.created_by_id"),
    ),
    mutant(
        "conflict ignored",
        (ELIGIBILITY, "_conflicts", "for each in person.touching", "for each in ()"),
    ),
    mutant("conflict forgotten", (ELIGIBILITY, "of_board", '"review__article": article', '"review__version": version')),
    mutant("credentials out of date", (ELIGIBILITY, "_in_date", "checked <= today <= until", "checked <= today")),
    mutant(
        "disclosure out of date",
        (
            ELIGIBILITY,
            "_about_the_subject",
            "person.disclosure is None or person.disclosure.valid_until < today",
            "person.disclosure is None",
        ),
    ),
    mutant("capacity not held", (ELIGIBILITY, "_about_the_person", "if not member.holds(capacity):", "if False:")),
    mutant(
        "specialist of anything",
        (
            ELIGIBILITY,
            "_about_the_subject",
            "not person.specialties & topics",
            "not person.specialties",
        ),
    ),
    mutant(
        "deactivated person",
        (ROLES, "_groups_of", "execute(_GROUPS_OF,", 'execute(_GROUPS_OF.replace("AND auth_user.is_active", ""),'),
        (ROLES, "groups_of", ", is_active=True", ""),
        (ELIGIBILITY, "_read", "(left_too or member.is_seated)", "True"),
    ),
    mutant(
        "lost role",
        (TABLE, "person_blocker", MAY_REVIEW, "may = actor.pk == reviewer_id"),
        (ELIGIBILITY, "_read", "(left_too or member.is_seated)", "True"),
    ),
    mutant("password not checked", (SIGNING, "authenticate", "if not is_theirs:", "if False:")),
    mutant("somebody else signs", (TABLE, "person_blocker", MAY_REVIEW, "may = holds(actor, Role.REVIEWER)")),
]

EDITORS = [
    mutant(
        "writer triages", (TABLE, "person_blocker", "if who == Who.EDITOR or not", "if who != Who.PUBLISHER or not")
    ),
    mutant("writer publishes", (TABLE, "_another_editor_could", "return others", "return False and others")),
    mutant("last editor locked out", (TABLE, "_another_editor_could", "return others", "return True or others")),
    mutant(
        "self-assignment",
        (ASSIGNMENT, "_ask", "if any(reviewer.pk == actor.pk", "if False and any(reviewer.pk == actor.pk"),
    ),
    mutant("reader's notice", (NOTICES, "_proposed", 'require_person("issue_notice", actor, article=article)', "pass")),
]

REVIEWS = [
    mutant("accepted twice", (ASSIGNMENT, "accept", "if assignment.is_accepted:", "if False:")),
    mutant("decided unaccepted", (DECISION, "_require_what_was_shown", "if not assignment.is_accepted:", "if False:")),
    mutant(
        "stale digest", (DECISION, "_require_what_was_shown", "if digest != review.version.digest:", "if not digest:")
    ),
    mutant("late recall", (ENDING, "recall_blockers", "review.all_decisions()", "False")),
    mutant(
        "recall leaves requests",
        (ENDING, "end_review", "[review, *end_assignments(review, now, actor)]", "[review]"),
    ),
    mutant("one approval is enough", (QUORUM, "still_needed", "found = []", "found = []\n    if given: return found")),
    mutant(
        "lay approval counts",
        (
            QUORUM,
            "_missing",
            "[Capacity.SPECIALIST] - given",
            "[Capacity.SPECIALIST] - given[Capacity.LAY] - given",
        ),
        (DECISION, "_capacities", "counting_decisions()", "live_decisions()"),
    ),
    mutant("no specialist needed", (QUORUM, "_missing", "quorum[Capacity.SPECIALIST] -", "-")),
    mutant("no pharmacist needed", (QUORUM, "_missing", "quorum[Capacity.PHARMACIST] -", "-")),
    mutant("raised risk ignored", (ASSIGNMENT, "_confirm_terms", "if raised:", "if False:")),
    mutant("risk lowered", (ASSIGNMENT, "_confirm_terms", "if WEIGHT[name][value] < WEIGHT[name][old]:", "if False:")),
    mutant(
        "old approvals count",
        (
            DECISION,
            "_capacities",
            "in review.counting_decisions()",
            "in Decision.objects.filter(review__article=review.article_id).counting()",
        ),
    ),
    mutant(
        "request for changes ignored",
        (
            APPROVING,
            "approval_blockers",
            "if wanted:",
            "if False:",
        ),
    ),
    mutant(
        "blocking comment ignored",
        (APPROVING, "approval_blockers", "is_held(review.article_id)", "False"),
    ),
    mutant("writer resolves", (COMMENT, "resolve_blocker", "if row.blocking and (", "if False and (")),
    mutant(
        "round ended unasked",
        (ENDING, "end_round_blockers", "if _wants_changes(review)", "if True"),
    ),
    mutant(
        "round never ends by itself",
        (ASSIGNMENT, "_end", "[assignment, *end_round_if_finished(review, actor)]", "[assignment]"),
    ),
    mutant(
        "second decision stands beside",
        (DECISION, "_decide", "outcome, reason, earlier, more", "outcome, reason, None, more"),
    ),
    mutant(
        "withdrawal leaves it approved",
        (
            DECISION,
            "_withdraw",
            "rows = end_review(review, Review.Status.CHANGES_REQUESTED, reason, actor)",
            "rows = []",
        ),
    ),
    mutant(
        "second review",
        (SUBMISSION, "submit", 'require_state("submit", review)', "pass"),
        (SUBMISSION, "submission_blockers", 'if sentence := state_blocker("submit", review):', "if sentence := '':"),
    ),
    mutant(
        "unchanged text",
        (SUBMISSION, "submission_blockers", "if review and review.version.digest == frozen.digest:", "if False:"),
    ),
    mutant("correction of anything", (SUBMISSION, "_require_correction", "if found.differences:", "if False:")),
]

URGENTLY = [
    mutant("urgency unpermitted", (URGENCY, "urgency_blockers", "if review.urgent_days is None:", "if False:"),
           (URGENCY, "declare_urgent", "assert review.urgent_days is not None", "review.urgent_days = 7")),
    mutant("writer declares urgent", (URGENCY, "declare_urgent", "require_person(", "bool(")),
    mutant("pharmacist approves urgently",
           (QUORUM, "approves_urgently", "{Capacity.CLINICAL,", "{Capacity.PHARMACIST, Capacity.CLINICAL,")),
    mutant("full review never complete", (DECISION, "_decide", "not eligibility.still_needed(review):", "False:")),
    mutant("complete with one signature", (DECISION, "_decide", "not eligibility.still_needed(review):", "True:")),
    mutant("urgent dates moved at once", (DATES, "review_dates", " or review.owes_full_review", "")),
    mutant("published against a request", (BLOCKERS, "publication_blockers", "any(not row.is_approval", "any(False")),
    mutant("requests of a replaced version",
           (ENDING, "end_requests_of_older", "in older for row", "in older[:0] for row")),
    mutant("requests of a retracted version",
           (NOTICES, "_end_requests", "if version.review.owes_full_review", "if False")),
    mutant("rests on a review that is due",
           (SUBMISSION, "full_review_needed", "if public.review.owes_full_review:", "if False:"),
           (FULL_REVIEW, "why_missing", "if whole.owes_full_review:", "if False:")),
]  # fmt: skip

PUBLISHING = [
    mutant(
        "older version",
        (BLOCKERS, "publication_blockers", "if public and review.version.number <= public.number:", "if False:"),
    ),
    mutant("newer version ignored", (BLOCKERS, "newer_blockers", "if newer is None or", "if True or")),
    mutant(
        "newer version not awaited",
        (PUBLISHING, "_known_then", "if latest.submitted_at <= row.scheduled_at", "if True"),
    ),
    mutant(
        "withdrawn but scheduled",
        (SCHEDULING, "close_schedules", "for row in rows:", "for row in rows[:0]:"),
    ),
    mutant(
        "published over a comment",
        (BLOCKERS, "publication_blockers", "is_held(article.pk)", "False"),
    ),
    mutant(  # a notice also ends the full review behind a version, in nearly every case
        "notice ignored",
        (BLOCKERS, "publication_blockers", "blockers += [", "_ = ["),
        (FULL_REVIEW, "why_missing", "if not forbidding:", "if True:"),
    ),
    mutant(
        "dates moved by every change",
        (DATES, "review_dates", "if review.change != Version.Change.MAJOR or", "if"),
    ),
    mutant(
        "schedule too early",
        (PUBLISHING, "publish_due", "now = now or timezone.now()", "now = timezone.now() + datetime.timedelta(days=1)"),
    ),
    mutant(
        "two schedules",
        (
            SCHEDULING,
            "schedule",
            "if Schedule.objects.filter(article=article, closed_at__isnull=True).exists():",
            "if False:",
        ),
    ),
    mutant(
        "notice on nothing",
        (NOTICES, "_proposed", "published_version_id) is None:", "published_version_id) and False:"),
    ),
    mutant(
        "lifted twice",
        (NOTICES, "_versions_lifted", "if not Notice.objects.in_force().filter(pk=lifts.pk).exists():", "if False:"),
    ),
    mutant(
        "declined text shown",
        (
            PROCESS,
            "Reviews.in_open_review",
            "Review.ON_ITS_WAY",
            "[*Review.ON_ITS_WAY, Review.Status.DECLINED]",
        ),
    ),
    mutant(
        "retracted text listed",
        (ARTICLE, "ArticleQuerySet.listed", '.that("leaves_lists")', '.that("removes")'),
    ),
]

ATTESTATION = [
    mutant("one attestation is enough", (ATTESTING, "_sign", "if not quorum.still_needed(", "if True or (")),
    mutant("attested under a notice", (ATTESTATIONS, "blockers", "in review.version.notices_in_force", "in []")),
    mutant(
        "attested beside a newer one", (ATTESTATIONS, "blockers", "if latest and latest.pk", "if False and latest.pk")
    ),
    mutant("attested twice", (ATTESTATIONS, "own_blocker", "if last is None:", "if True:")),
]

EVIDENCE = [
    mutant("number skipped", (SUBMISSION, "submit", "review.version.number + 1 if", "review.version.number + 2 if")),
    mutant("stored text differs", (SUBMISSION, "_store", "text=frozen.text)", 'text=frozen.text + " ")')),
    mutant("no event on recall", (ENDING, "recall", "ledger.append(", "dict(step=")),
    mutant(
        "event with wrong actor",
        (
            DECISION,
            "_decide",
            "Action.DECIDED,\n        actor=actor",
            "Action.DECIDED,\n        actor=review.triaged_by",
        ),
    ),
    mutant("row left out of the event", (ASSIGNMENT, "_assigned", "rows=[assignment, review]", "rows=[assignment]")),
    mutant("chain broken", (EVENTS, "_write", "previous_hash=head.hash", 'previous_hash="0" * 64')),
    mutant("wrong meaning", (DECISION, "_sign", "meaning=MEANING[outcome]", "meaning=Signature.Meaning.APPROVAL")),
    mutant("wrong digest signed", (SIGNING, "sign", "digest=version.digest", "digest=version.digest[::-1]")),
    mutant(
        "refusal writes",
        (
            DECISION,
            "decide",
            "signing.authenticate(actor, password)",
            "signing.authenticate(actor, password); assignment.review.save()",
        ),
    ),
]

MUTANTS = [*WHO_JUDGES, *EDITORS, *REVIEWS, *URGENTLY, *PUBLISHING, *ATTESTATION, *EVIDENCE]

"""
Mail about the steps, enqueued in the step and sent after its commit. A mail server that fails does not undo a step.

The job is a row that is committed with the step: no step without its mail, no mail without its step.

A mail names the article, the event and the page to open. It contains no text of an article, no comment and no password.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.frozen.signed_text import intact_contents
from articles.models import Authorship, Notice, Version
from articles.models.people import Role, active, holds
from articles.models.rows.remembered import remembered
from articles.text.languages import within_sentence
from reviews.evidence import ledger
from reviews.messages import mail
from reviews.models import (
    Assignment,
    Attestation,
    Comment,
    Decision,
    LedgerEvent,
    ManagementPlan,
    Override,
    Review,
    Schedule,
    Signature,
)
from reviews.workflow.approval import full_review
from reviews.workflow.steps.comments.anchoring import own_audience
from reviews.workflow.steps.comments.mentioning import commentators

SUBMITTED: dict[str, Any] = {
    Version.Change.CORRECTION: gettext_lazy(
        "Version {number} of “{title}” was submitted by {name} as a correction change. "
        "An editor needs to ask reviewers."
    ),
    Version.Change.MINOR: gettext_lazy(
        "Version {number} of “{title}” was submitted by {name} as a minor change. An editor needs to ask reviewers."
    ),
    Version.Change.MAJOR: gettext_lazy(
        "Version {number} of “{title}” was submitted by {name} as a major change. An editor needs to ask reviewers."
    ),
}


def send(recipients: list[str], subject: str, body: str, page: str, *, at_once: bool = True) -> None:
    """
    Tell each recipient, in their inbox and by mail, after the commit of the transaction.

    Nobody sees another's address. `page` is the path of the page to open. Its URL ends the mail. With `at_once` false
    the mail can wait for the daily one.
    """
    for recipient in sorted({address for address in recipients if address}):
        mail.enqueue(recipient, subject, body, page, at_once=at_once)


def page_of(review: Review) -> str:
    return reverse("desk_review", args=[review.pk])


def submitted(version: Version, actor: User) -> None:
    """Tell all active editors, except the person who submitted it, that a version is waiting for reviewers."""
    review = version.review
    send(
        [address for address in all_editors() if address != actor.email],
        _("Submitted: {title}").format(title=version.title),
        str(SUBMITTED[version.change]).format(
            number=version.number, title=version.title, name=version.submitted_by_name
        )
        + _held_back(version),
        page_of(review),
        at_once=False,
    )


def _held_back(version: Version) -> str:
    def read() -> list[Schedule]:
        return list(Schedule.objects.open().filter(article=version.article_id).select_related("version"))

    scheduled = remembered(("held back by", version.article_id), read)
    if not scheduled:
        return ""
    held = scheduled[0]
    sentence = _(
        "This version is newer than version {held}, which is scheduled for {day} at {time} UTC. "
        "Version {held} will not be published then. "
        "Read version {number} first. Then cancel the schedule or set a new one."
    )
    when = {"day": date_format(held.publish_at), "time": f"{held.publish_at:%H:%M}"}
    return "\n\n" + sentence.format(held=held.version.number, number=version.number, **when)


def asked(assignment: Assignment, review: Review) -> None:
    """Ask a reviewer to review a version, in a capacity and by a date."""
    if assignment.due:
        sentence = _("You are asked to review version {number} of “{title}” as {capacity} by {day}.")
    else:
        sentence = _("You are asked to review version {number} of “{title}” as {capacity}.")
    sentence = sentence.format(
        number=review.version.number,
        title=review.version.title,
        capacity=within_sentence(assignment.get_capacity_display()),
        day=date_format(assignment.due) if assignment.due else "",
    )
    if review.is_urgent:
        sentence += " " + _("The review has been declared urgent.")
    otherwise = _(
        "Please accept or decline on this page. If you have a conflict of interest or no time, decline: the editors "
        "then ask someone else."
    )
    send(
        [assignment.reviewer.email],
        _("Please review: {title}").format(title=review.version.title),
        f"{sentence}\n\n{otherwise}",
        page_of(review),
    )


def no_longer_asked(assignment: Assignment, review: Review) -> None:
    send(
        [assignment.reviewer.email],
        _("No longer needed: {title}").format(title=review.version.title),
        _("Your review of version {number} of “{title}” is no longer needed. Thank you.").format(
            number=review.version.number, title=review.version.title
        ),
        reverse("desk"),
    )


def planned(plan: ManagementPlan, review: Review) -> None:
    """Tell the other editors, and the person whose interests it is for, that there is a management plan."""
    text = {"name": plan.recorded_by_name, "number": review.version.number, "title": review.version.title}
    said = _(
        "{name} has recorded how the interests of {reviewer} are managed in the review of version {number} "
        "of “{title}”."
    )
    editors = [address for address in all_editors() if address != plan.recorded_by.email]
    send(
        [*editors, plan.reviewer.email],
        _("Management plan: {title}").format(**text),
        f"{said.format(reviewer=plan.reviewer_name, **text)}\n\n{plan.reason}\n\n{plan.measures}",
        page_of(review),
        at_once=False,
    )


def overridden(row: Override) -> None:
    """Tell the other editors that a finding of the automatic checks was overridden, or that this was taken back."""
    title = row.article.title
    if row.takes_back_id:
        subject = _("Override taken back: {title}")
        said = _("{name} took back that a finding in “{title}” is overridden.")
    else:
        subject = _("Finding overridden: {title}")
        said = _("{name} overrode what an automatic check found in “{title}”.")
    send(
        [address for address in all_editors() if address != row.signer.email],
        subject.format(title=title),
        said.format(name=row.printed_name, title=title),
        reverse("findings", args=[row.article_id]),
        at_once=False,
    )


def interest_disclosed(row: Assignment, sentences: list[str]) -> None:
    """
    Tell the editors at once of disclosed interests that touch a text on which this person is asked or has signed.

    `sentences` are those interests that no management plan covers. The page is the one that records a plan.
    """
    page = reverse("record_plan", args=[row.review_id, row.reviewer_id])
    send(editors_of(row.review), *of_interests(row, sentences), page)


def of_interests(row: Assignment, sentences: list[str]) -> tuple[str, str]:
    """Return subject and text of the message that these interests stand in the way of a request or approval."""
    review, text = row.review, {"name": row.reviewer_name, "number": row.review.version.number}
    text["title"] = review.version.title
    if row.is_open:
        said = _(
            "{name} is asked to review version {number} of “{title}” and has an interest in it. Without a management "
            "plan {name} cannot accept or sign, and the request fills no place. Record a plan, or ask somebody else."
        )
    elif review.published_at:
        said = _(
            "{name} has approved version {number} of “{title}” and has an interest in it. Without a management plan "
            "this approval does not count towards the full review. Record a plan, or ask somebody else."
        )
    else:
        said = _(
            "{name} has approved version {number} of “{title}” and has an interest in it. Without a management plan "
            "the version cannot be published while this approval stands. Record a plan, or ask {name} to withdraw it."
        )
    return _("Conflict of interest: {title}").format(**text), "\n\n".join([said.format(**text), " ".join(sentences)])


def stepped_back(assignment: Assignment, review: Review) -> None:
    """
    Tell the editors that a reviewer declined or stepped back, whether of a conflict, and how many are still asked.

    Whom the reviewer suggests instead stands on the page: it may be anybody, who has agreed to nothing.
    """
    if assignment.declined_because:
        sentence = _("{name} has declined to review version {number} of “{title}”: {reason}.")
    elif assignment.ended_as == Assignment.Ending.CONFLICT:
        sentence = _(
            "{name} has stepped back from reviewing version {number} of “{title}” because of a conflict of interest."
        )
    else:
        sentence = _("{name} has stepped back from reviewing version {number} of “{title}”.")
    about = {
        "name": assignment.reviewer_name,
        "number": review.version.number,
        "title": review.version.title,
        "reason": assignment.get_declined_because_display(),
    }
    asked = review.assignments.open().count()
    if asked:
        now = _("Still asked: {number}.").format(number=asked)
    else:
        now = _("No reviewer is asked now. Please ask another one.")
    if assignment.suggestion:
        suggests = _("They suggest somebody else: the page says whom.")
        now = f"{suggests} {now}"
    subject = _("Declined: {title}") if assignment.declined_because else _("Stepped back: {title}")
    send(
        editors_of(review),
        subject.format(title=review.version.title),
        f"{sentence.format(**about)} {now}",
        page_of(review),
    )


def changes_wanted(decision: Decision, review: Review) -> None:
    """Tell the editors of a request for changes while other reviewers are still asked: they may end the review."""
    send(
        editors_of(review),
        _("Changes requested: {title}").format(title=review.version.title),
        _(
            "{name} has requested changes to version {number} of “{title}”. "
            "Other reviewers have not decided yet. You can wait for them or end the review."
        ).format(name=decision.signature.printed_name, number=review.version.number, title=review.version.title),
        page_of(review),
        at_once=review.is_urgent,
    )


def commented(comment: Comment, mentioned: Iterable[User] = ()) -> None:
    """
    Tell authors, editors, open reviewers and the thread's participants of a comment, without its text.

    Its assignee and the people whom it mentions are told that instead, in one mail each.
    """
    told = {comment.author.email}
    if comment.assignee and comment.assignee.email not in told:
        comment_assigned(comment, comment.author)
        told.add(comment.assignee.email)
    if addresses := [person.email for person in mentioned if person.email not in told]:
        _mentioned(comment, addresses)
        told |= {*addresses}
    review = comment.version.review
    readers = {each.user.email for each in commentators(comment.article) if each.reads_board or not comment.board_only}
    reviewers = [row.reviewer.email for row in review.assignments.open().select_related("reviewer")]
    about = comment.thread.version if comment.thread else comment.version
    thread = [comment.thread.author, *(row.author for row in comment.thread.answers.all())] if comment.thread else []
    people = [*_authors_of(comment.article_id), *reviewers, *(person.email for person in thread), *editors_of(review)]
    if comment.thread_id:
        sentence = _("{name} has answered a comment on version {number} of “{title}”.")
    elif comment.blocking:
        sentence = _(
            "{name} has commented on version {number} of “{title}”. "
            "It must be resolved before any version is approved or published."
        )
    elif comment.kind == Comment.Kind.QUESTION:
        sentence = _("{name} has asked a question about version {number} of “{title}”.")
    elif comment.kind == Comment.Kind.CHANGE_REQUEST:
        sentence = _("{name} has asked for a change of version {number} of “{title}” in a comment.")
    else:
        sentence = _("{name} has commented on version {number} of “{title}”.")
    send(
        [address for address in people if address in readers and address not in told],
        _("Comment: {title}").format(title=about.title),
        sentence.format(name=comment.author_name, number=about.number, title=about.title) + _for_whom(comment),
        page_of(review),
        at_once=comment.blocking or review.is_urgent,
    )


def comment_assigned(comment: Comment, actor: User) -> None:
    """Tell the assignee of a comment, unless they took it themselves, that it waits for them."""
    if comment.assignee and comment.assignee_id != actor.pk:
        said = _("{name} has assigned a comment on version {number} of “{title}” to you.")
        name = ledger.name_of(actor)
        _about_comment([comment.assignee.email], _("Assigned to you: {title}"), said, comment, name)


def _mentioned(comment: Comment, addresses: list[str]) -> None:
    said = _("{name} has mentioned you in a comment on version {number} of “{title}”.")
    _about_comment(addresses, _("You are mentioned: {title}"), said, comment, comment.author_name)


def _about_comment(addresses: list[str], subject: str, said: str, comment: Comment, name: str) -> None:
    version = comment.thread.version if comment.thread else comment.version
    latest = comment.article.latest_version or version
    page = f"{page_of(latest.review)}#comment-{comment.thread_id or comment.pk}"
    title = version.title
    said = said.format(name=name, number=version.number, title=title) + _for_whom(comment)
    send(addresses, subject.format(title=title), said, page, at_once=comment.blocking)


def _for_whom(comment: Comment) -> str:
    """Return the sentence that names the audience on whose own wording a comment is; "" on the general text."""
    thread = comment.thread or comment
    anchor = thread.anchors.first()
    contents = intact_contents([thread.version]) if anchor and anchor.audience else {}
    readers = own_audience(contents[thread.version_id], anchor) if anchor and thread.version_id in contents else ""
    return " " + _("It is on the text for: {readers}.").format(readers=readers) if readers else ""


def signed(signature: Signature, review: Review, event: LedgerEvent) -> None:
    """
    Send the signer a copy of the signature, so that the signer notices a forged one.

    It names the event and its hash, so that the signer can prove that the event was in the ledger.
    """
    by = _("Signed by {name}, {credentials}, on {day} at {time} UTC, with your password.").format(
        name=signature.printed_name,
        credentials=signature.credentials or _("no credentials"),
        day=date_format(signature.signed_at),
        time=f"{signature.signed_at:%H:%M}",
    )
    recorded = _(
        "It is event {position} of the ledger, with the hash {hash}. Keep this email: every later export "
        "of the ledger ({address}) must contain this event with this hash."
    ).format(position=event.position, hash=event.hash, address=f"{settings.SITE_URL}{reverse('ledger')}")
    forged = _("If you did not sign this, tell your administrator immediately.")
    send(
        [signature.signer.email],
        _("You signed: {title}").format(title=review.version.title),
        "\n\n".join([signature.statement, by, recorded, forged]),
        page_of(review),
    )


def attested(row: Attestation, review: Review) -> None:
    """Tell the editors that a board member found nothing to change in a public text, and what that led to."""
    said = _("{name} has signed that version {number} of “{title}” needs no change.").format(
        name=row.signature.printed_name, number=review.version.number, title=review.version.title
    )
    if row.next_review_due:
        then = _("This was the last signature needed. The next review is due by {day}.").format(
            day=date_format(row.next_review_due)
        )
    else:
        then = _("More signatures are needed before “last reviewed” changes. The page of the article says which.")
    send(
        editors_of(review),
        _("No change needed: {title}").format(title=review.version.title),
        f"{said} {then}",
        reverse("desk_article", args=[review.article_id]),
        at_once=False,
    )


def outcome(review: Review) -> None:
    """Tell the authors, and the editor who triaged the review or all editors, the new status of a version."""
    about = {"number": review.version.number, "title": review.version.title}
    if review.owes_full_review and review.full_review_due:
        sentence = _(
            "Version {number} of “{title}” is now approved urgently. It can be published. "
            "Its full review is due by {day}: the other requests stay open."
        ).format(**about, day=date_format(review.full_review_due))
    elif review.status == Review.Status.CHANGES_REQUESTED:
        sentence = _("Changes to version {number} of “{title}” are requested.").format(**about)
    else:
        status = within_sentence(review.get_status_display())
        sentence = _("Version {number} of “{title}” is now {status}.").format(**about, status=status)
    send(
        [*_authors(review), *editors_of(review)],
        f"{review.get_status_display()}: {review.version.title}",
        sentence,
        page_of(review),
        at_once=review.is_urgent,
    )


def declared_urgent(review: Review, actor: User) -> None:
    """
    Tell the reviewers who are asked that the review is urgent, and by when theirs is due.

    Tell all editors too, except the one who declared it.
    """
    due = review.full_review_due
    asked = [row for row in review.all_assignments() if row.is_open]
    sentence = _(
        "{name} has declared the review of version {number} of “{title}” urgent. One clinical or specialist approval "
        "lets it be published. The full review is due by {day}."
    ).format(
        name=review.urgent_by_name,
        number=review.version.number,
        title=review.version.title,
        day=date_format(due) if due else "",
    )
    subject, page = _("Urgent: {title}").format(title=review.version.title), page_of(review)
    for row in asked:
        yours = _("Your review is due by {day}.").format(day=date_format(row.due)) if row.due else ""
        send([row.reviewer.email], subject, f"{sentence} {yours}".strip(), page)
    told = {actor.email, *(row.reviewer.email for row in asked)}
    send([address for address in all_editors() if address not in told], subject, sentence, page)


def full_review_completed(review: Review, *, public: bool) -> None:
    """Tell authors, signers and the editor that the whole quorum of an urgent version has signed."""
    if public:
        sentence = _(
            "The full review of version {number} of “{title}” is complete. Readers no longer see that it is due."
        )
    else:
        sentence = _("The full review of version {number} of “{title}” is complete.")
    send(
        [*_authors(review), *editors_of(review), *signers_of([review])],
        _("Full review complete: {title}").format(title=review.version.title),
        sentence.format(number=review.version.number, title=review.version.title),
        page_of(review),
        at_once=False,
    )


def changes_wanted_after(decision: Decision, review: Review) -> None:
    """Tell the authors and the editors of a request for changes to a version that is approved urgently."""
    if review.published_at:
        next_step = _("The page goes on saying that its full review is due. An author should submit a new version.")
    else:
        next_step = _("It cannot be published while the request stands. An author should submit a new version.")
    sentence = _("{name} has requested changes to version {number} of “{title}”, which was approved urgently.").format(
        name=decision.signature.printed_name, number=review.version.number, title=review.version.title
    )
    send(
        [*_authors(review), *editors_of(review)],
        _("Changes requested: {title}").format(title=review.version.title),
        f"{sentence} {next_step}",
        page_of(review),
    )


def works_retracted(versions: Iterable[Version]) -> None:
    """Tell the editors of each published version whose cited works stand otherwise by a new list of retractions."""
    for version in versions:
        send(
            all_editors(),
            _("Check the references: {title}").format(title=version.title),
            _(
                "Version {number} of “{title}” cites works of which a newly loaded list of retractions says something "
                "new. A task for the editors says what."
            ).format(number=version.number, title=version.title),
            reverse("desk_article", args=[version.article_id]),
            at_once=False,
        )


def published(review: Review) -> None:
    """Tell authors and signers that their text is public."""
    send(
        [*_authors(review), *signers_of([review])],
        _("Published: {title}").format(title=review.version.title),
        _("Version {number} of “{title}” is now public.").format(
            number=review.version.number, title=review.version.title
        ),
        review.article.get_absolute_url(),
        at_once=False,
    )


def not_published(schedule: Schedule) -> None:
    """Tell the editor who scheduled a version, or all editors if that one has left, why it was not published."""
    said = _("Version {number} of “{title}” was not published as scheduled.").format(
        number=schedule.version.number, title=schedule.version.title
    )
    send(
        _this_editor_or_all(schedule.scheduled_by),
        _("Not published: {title}").format(title=schedule.version.title),
        f"{said}\n\n{schedule.reason}",
        page_of(schedule.version.review),
    )


def notice_issued(notice: Notice, versions: list[Version]) -> None:
    """
    Tell the authors and the signers of the versions of a public notice on their text.

    The mail uses the title of the newest of these versions that was public, not the title of the draft.
    """
    public = [version for version in versions if version.review.published_at] or versions
    newest = max(public, key=lambda version: version.number)
    numbers = ", ".join(str(version.number) for version in versions)
    is_shown = notice.article.published_version_id in {version.pk for version in versions}
    is_removed = newest.set_aside and newest.set_aside.removes
    page = reverse("versions", args=[notice.article.slug]) if is_removed else newest.get_absolute_url()
    said = ngettext(
        "A notice was issued on “{title}” (version {numbers}): {kind}.",
        "A notice was issued on “{title}” (versions {numbers}): {kind}.",
        len(versions),
    ).format(title=newest.title, numbers=numbers, kind=within_sentence(str(notice)))
    send(
        [*_authors_of(notice.article_id), *signers_of(version.review for version in versions)],
        f"{notice}: {newest.title}",
        "\n\n".join(filter(None, [said, notice.reason, notice.why_unseen()])),
        notice.article.get_absolute_url() if is_shown else page,
    )


def account_changed(recipients: list[str], changes: str) -> None:
    """Tell an account's owner of changes to it, at the old address too."""
    send(
        recipients,
        _("Your account was changed"),
        f"{changes}\n\n{_('If you did not expect this, tell your administrator immediately.')}",
        reverse("desk"),
    )


def _authors(review: Review) -> list[str]:
    return _authors_of(review.article_id)


def authors_of(article: int) -> QuerySet[Any, Any]:
    """Return the addresses of the article's authors whose accounts are active."""
    rows = Authorship.objects.filter(article=article, role=Authorship.Role.AUTHOR, contributor__user__is_active=True)
    return rows.values_list("contributor__user__email")


def _authors_of(article: int) -> list[str]:
    return remembered(("authors", article), lambda: [address for (address,) in authors_of(article)])


def signers_of(reviews: Iterable[Review]) -> list[str]:
    """
    Return the addresses of the signers of live approvals, of these reviews and of the full reviews they rest on.

    Locked accounts are left out.
    """
    lines = {each.pk: each for review in reviews for each in full_review.line(review)}
    approvals = [row for each in lines.values() for row in each.live_decisions() if row.is_approval]
    return [row.signature.signer.email for row in approvals if row.signature.signer.is_active]


def editors_of(review: Review) -> list[str]:
    """Return the address of the editor who triaged the review, or of all editors if that one has left."""
    return _this_editor_or_all(review.triaged_by)


def _this_editor_or_all(person: User | None) -> list[str]:
    return [person.email] if person and holds(person, Role.EDITOR) else all_editors()


def all_editors() -> list[str]:
    return remembered("editors", lambda: list(active(Role.EDITOR).values_list("email", flat=True)))

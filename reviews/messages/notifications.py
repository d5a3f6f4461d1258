"""
Mail to those concerned, ordered in the step and sent after its commit; a failing mail server undoes no step.

The order is a row that commits with the step: no step without its mail, no mail without its step.

Bodies name the article, what happened and where to look at it; they hold no text of an article, no comment and no
password.
"""

from django.conf import settings
from django.template.defaultfilters import pluralize
from django.urls import reverse

from articles.models import Article, Authorship, Notice, Version
from articles.models.people import Role, active, holds
from reviews.messages import mail
from reviews.models import Assignment, Comment, Decision, LedgerEvent, Review, Schedule
from reviews.models.comment import reads_board
from reviews.workflow.approval import full_review


def send(recipients: list[str], subject: str, body: str, page: str):
    """
    Send one mail to each recipient once the transaction is committed; nobody sees another's address.

    `page` is the path of the page that it is about, whose whole address ends the mail.
    """
    for recipient in sorted({address for address in recipients if address}):
        mail.order(recipient, subject, f"{body}\n\n{settings.SITE_URL}{page}")


def page_of(review: Review) -> str:
    return reverse("desk_review", args=[review.pk])


def submitted(version: Version, actor):
    """Tell every active editor, but not who submitted it, that a version waits for its reviewers."""
    review = version.review
    send(
        [address for address in _all_editors() if address != actor.email],
        f"Submitted: {version.title}",
        f"Version {version.number} of “{version.title}” was submitted by {version.submitted_by_name} as a "
        f"{version.change} change. An editor needs to ask reviewers.{_held_back(version)}",
        page_of(review),
    )


def _held_back(version: Version) -> str:
    held = Schedule.objects.filter(article=version.article_id, closed_at__isnull=True).select_related("version").first()
    if held is None:
        return ""
    return (
        f"\n\nVersion {held.version.number} is scheduled for {held.publish_at:%-d %B %Y at %H:%M} UTC. "
        "It will not be published then. Read the newer version first. Then cancel the schedule or set a new one."
    )


def asked(assignment: Assignment, review: Review):
    """Tell a reviewer what they are asked to judge, as what and by when."""
    due = f" by {assignment.due:%-d %B %Y}" if assignment.due else ""
    send(
        [assignment.reviewer.email],
        f"Please review: {review.version.title}",
        f"You are asked to review version {review.version.number} of “{review.version.title}” "
        f"as {assignment.get_capacity_display().lower()}{due}.\n\n"
        "If you have a conflict of interest or no time, please step back. The editors will then ask someone else.",
        page_of(review),
    )


def no_longer_asked(assignment: Assignment, review: Review):
    send(
        [assignment.reviewer.email],
        f"No longer needed: {review.version.title}",
        f"Your review of version {review.version.number} of “{review.version.title}” is no longer needed. Thank you.",
        reverse("desk"),
    )


def stepped_back(assignment: Assignment, review: Review):
    """Tell the editors that a reviewer has stepped back, why in general, and whether anybody is still asked."""
    conflict = assignment.ended_as == Assignment.Ending.CONFLICT
    why = " because of a conflict of interest" if conflict else ""
    asked = review.assignments.open().count()
    now = "Nobody is asked now. Please ask someone else." if not asked else f"Still asked: {asked}."
    send(
        editors_of(review),
        f"Stepped back: {review.version.title}",
        f"{assignment.reviewer_name} has stepped back from reviewing version {review.version.number} of "
        f"“{review.version.title}”{why}. {now}",
        page_of(review),
    )


def changes_wanted(decision: Decision, review: Review):
    """Tell the editors of a request for changes while colleagues are still asked: they may end the round."""
    send(
        editors_of(review),
        f"Changes requested: {review.version.title}",
        f"{decision.signature.printed_name} has requested changes to version {review.version.number} of "
        f"“{review.version.title}”. Other reviewers have not decided yet. You can wait for them or end the round.",
        page_of(review),
    )


def commented(comment: Comment):
    """Tell those concerned that somebody commented, never what: authors, editors, who is asked, who spoke before."""
    review = comment.version.review
    asked = [row.reviewer for row in review.assignments.open().select_related("reviewer")]
    about = comment.thread.version if comment.thread else comment.version
    spoke = [comment.thread.author, *(row.author for row in comment.thread.answers.all())] if comment.thread else []
    readers = [*asked, *(person for person in {*spoke} if _still_reads(person, comment))]
    board = [person.email for person in readers if person.is_active]
    authors = [] if comment.board_only else _authors_of(comment.article_id)
    send(
        [address for address in [*authors, *editors_of(review), *board] if address != comment.author.email],
        f"Comment: {about.title}",
        f"{comment.author_name} has {'answered a comment' if comment.thread_id else 'commented'} on version "
        f"{about.number} of “{about.title}”."
        f"{' It must be resolved before any version is approved or published.' if comment.blocking else ''}",
        page_of(review),
    )


def _still_reads(person, comment: Comment) -> bool:
    """Tell whether somebody who spoke before may open the page that the mail leads to, and find the comment there."""
    may_see = Article.objects.filter(pk=comment.article_id).visible_to(person).exists()
    return may_see and (not comment.board_only or reads_board(comment.article, person))


def signed(decision: Decision, review: Review, event: LedgerEvent):
    """
    Send the signer what was just signed in their name: a signature nobody made does not stay unseen.

    It names the event and its hash, so that the signer can show that it stood in the ledger.
    """
    signature = decision.signature
    send(
        [signature.signer.email],
        f"You signed: {review.version.title}",
        f"{signature.statement}\n\nSigned by {signature.printed_name}, {signature.credentials or 'no credentials'}, "
        f"on {signature.signed_at:%-d %B %Y at %H:%M} UTC, with your password.\n\n"
        f"It is event {event.position} of the ledger, with the hash {event.hash}. Keep this email: every later export "
        f"of the ledger ({settings.SITE_URL}{reverse('ledger')}) must contain this event with this hash.\n\n"
        "If you did not sign this, tell your administrator immediately.",
        page_of(review),
    )


def outcome(review: Review):
    """Tell the article's authors, and the editor who triaged it or all editors, what became of a version."""
    words = review.get_status_display().lower()
    send(
        [*_authors(review), *editors_of(review)],
        f"{review.get_status_display()}: {review.version.title}",
        f"Version {review.version.number} of “{review.version.title}” is now {words}.",
        page_of(review),
    )


def published(review: Review):
    """Tell authors and signers that the text they answer for is public."""
    send(
        [*_authors(review), *_signers_of([review.version])],
        f"Published: {review.version.title}",
        f"Version {review.version.number} of “{review.version.title}” is now public.",
        review.article.get_absolute_url(),
    )


def not_published(schedule: Schedule):
    """Tell the editor who scheduled a version, or all editors when that one has left, why it was not published."""
    send(
        _this_editor_or_all(schedule.scheduled_by),
        f"Not published: {schedule.version.title}",
        f"Version {schedule.version.number} of “{schedule.version.title}” was not published as scheduled.\n\n"
        f"{schedule.reason}",
        page_of(schedule.version.review),
    )


def notice_issued(notice: Notice, versions: list[Version]):
    """
    Tell the authors, and those who signed the versions, of a public notice on their text.

    The text is called by the title of the newest of these that was public, whatever the draft is called by now.
    """
    public = [version for version in versions if version.review.published_at] or versions
    newest = max(public, key=lambda version: version.number)
    numbers = ", ".join(str(version.number) for version in versions)
    is_shown = notice.article.published_version_id in {version.pk for version in versions}
    is_removed = newest.set_aside and newest.set_aside.removes
    page = reverse("versions", args=[notice.article.slug]) if is_removed else newest.get_absolute_url()
    send(
        [*_authors_of(notice.article_id), *_signers_of(versions)],
        f"{notice}: {newest.title}",
        f"A notice was issued on “{newest.title}” (version{pluralize(versions)} {numbers}): {str(notice).lower()}.\n\n"
        f"{notice.reason}" + (f"\n\n{unseen}" if (unseen := notice.unseen()) else ""),
        notice.article.get_absolute_url() if is_shown else page,
    )


def account_changed(recipients: list[str], what: str):
    """Tell an account's owner, at the old address too, what was changed on it."""
    send(
        recipients,
        "Your account was changed",
        f"{what}\n\nIf you did not expect this, tell your administrator immediately.",
        reverse("desk"),
    )


def _authors(review: Review) -> list[str]:
    return _authors_of(review.article_id)


def _authors_of(article_id: int) -> list[str]:
    rows = Authorship.objects.filter(
        article=article_id, role=Authorship.Role.AUTHOR, contributor__user__is_active=True
    ).values_list("contributor__user__email", flat=True)
    return list(rows)


def _signers_of(versions: list[Version]) -> list[str]:
    """
    Return the addresses of those whose approvals stand, of these versions and of the full reviews behind them.

    Accounts that were locked are left out.
    """
    reviews = {each.pk for version in versions for each in full_review.line(version.review)}
    rows = Decision.objects.live_approvals().filter(review__in=reviews, signature__signer__is_active=True)
    return list(dict.fromkeys(rows.values_list("signature__signer__email", flat=True)))


def editors_of(review: Review) -> list[str]:
    """Return the address of the editor who triaged the review, or of all editors when there is none any more."""
    return _this_editor_or_all(review.triaged_by)


def _this_editor_or_all(person) -> list[str]:
    return [person.email] if person and holds(person, Role.EDITOR) else _all_editors()


def _all_editors() -> list[str]:
    return list(active(Role.EDITOR).values_list("email", flat=True))

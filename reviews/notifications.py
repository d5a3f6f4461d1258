"""
Mail to those concerned, ordered in the step and sent after its commit; a failing mail server undoes no step.

The order is a row that commits with the step: no step without its mail, no mail without its step.

Bodies name the article, what happened and where to look at it; they hold no text of an article, no comment and no
password.
"""

from django.conf import settings
from django.urls import reverse

from articles.models import Authorship, Notice, Version
from reviews.background import mail
from reviews.models import Assignment, Decision, Review, Schedule


def send(recipients: list[str], subject: str, body: str, page: str):
    """
    Send one mail to each recipient once the transaction is committed; nobody sees another's address.

    `page` is the path of the page that it is about, whose whole address ends the mail.
    """
    for recipient in sorted({address for address in recipients if address}):
        mail.order(recipient, subject, f"{body}\n\n{settings.SITE_URL}{page}")


def page_of(review: Review) -> str:
    return reverse("desk_review", args=[review.pk])


def asked(assignment: Assignment, review: Review):
    """Tell a reviewer what they are asked to judge, as what and by when."""
    due = f" by {assignment.due:%-d %B %Y}" if assignment.due else ""
    send(
        [assignment.reviewer.email],
        f"Please review: {review.version.title}",
        f"You are asked to review version {review.version.number} of “{review.version.title}” "
        f"as {assignment.get_capacity_display().lower()}{due}.\n\n"
        "If you have a conflict of interest, or no time, please step back: another reviewer is then asked.",
        page_of(review),
    )


def no_longer_asked(assignment: Assignment, review: Review):
    send(
        [assignment.reviewer.email],
        f"No longer needed: {review.version.title}",
        f"Your review of version {review.version.number} of “{review.version.title}” is no longer needed. Thank you.",
        reverse("desk"),
    )


def signed(decision: Decision, review: Review):
    """Send the signer what was just signed in their name: a signature nobody made does not stay unseen."""
    signature = decision.signature
    send(
        [signature.signer.email],
        f"You signed: {review.version.title}",
        f"{signature.statement}\n\nSigned by {signature.printed_name}, {signature.credentials or 'no credentials'}, "
        f"on {signature.signed_at:%-d %B %Y at %H:%M} UTC, with your password.\n\n"
        "If you did not sign this, tell your administrator at once.",
        page_of(review),
    )


def outcome(review: Review):
    """Tell the article's authors, and the editor who triaged it, what became of a version."""
    words = review.get_status_display().lower()
    send(
        [*_authors(review), *_triager(review)],
        f"{review.get_status_display()}: {review.version.title}",
        f"Version {review.version.number} of “{review.version.title}” is now {words}.",
        page_of(review),
    )


def published(review: Review):
    """Tell authors and signers that the text they answer for is public."""
    signers = Decision.objects.live_approvals().filter(review=review)
    people = [*_authors(review), *signers.values_list("signature__signer__email", flat=True)]
    send(
        people,
        f"Published: {review.version.title}",
        f"Version {review.version.number} of “{review.version.title}” is public now.",
        review.article.get_absolute_url(),
    )


def not_published(schedule: Schedule):
    """Tell the editor who scheduled a version why it was not published."""
    send(
        [schedule.scheduled_by.email],
        f"Not published: {schedule.version.title}",
        f"Version {schedule.version.number} of “{schedule.version.title}” was not published as scheduled.\n\n"
        f"{schedule.reason}",
        page_of(schedule.version.review),
    )


def notice_issued(notice: Notice, versions: list[Version]):
    """Tell the authors, and those who signed the versions, of a public notice on their text."""
    signers = Decision.objects.live_approvals().filter(review__version__in=versions)
    numbers = ", ".join(str(version.number) for version in versions)
    send(
        [*_authors_of(notice.article_id), *signers.values_list("signature__signer__email", flat=True)],
        f"{notice}: {notice.article.title}",
        f"A notice was issued on “{notice.article.title}” (version {numbers}): {str(notice).lower()}.\n\n"
        f"{notice.reason}",
        notice.article.get_absolute_url(),
    )


def account_changed(recipients: list[str], what: str):
    """Tell an account's owner, at the old address too, what was changed on it."""
    send(
        recipients,
        "Your account was changed",
        f"{what}\n\nIf you do not expect this, tell your administrator at once.",
        reverse("desk"),
    )


def _authors(review: Review) -> list[str]:
    return _authors_of(review.article_id)


def _authors_of(article_id: int) -> list[str]:
    rows = Authorship.objects.filter(
        article=article_id, role=Authorship.Role.AUTHOR, contributor__user__is_active=True
    ).values_list("contributor__user__email", flat=True)
    return list(rows)


def _triager(review: Review) -> list[str]:
    return [review.triaged_by.email] if review.triaged_by else []

import secrets
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.reader_input.sent import digest_of
from reviews.models.board import BoardMember
from reviews.models.review import Assignment

OF_READERS = ["unanswered", "reported"]
OF_INTERESTS = ["int_soon", "int_late"]
NO_WORK = [*OF_READERS, *OF_INTERESTS]


class Reminder(models.Model):
    """
    A reminder that was sent: about an assignment, an article that waits for reviewers or its next review, a board
    member's disclosure of interests, or readers.

    There is one row per kind and due date, so that a second run sends nothing twice. A new due date gets new reminders.
    """

    class Kind(models.TextChoices):
        ANSWER = "unaccepted", _("A request to review is not answered")
        SOON = "soon", _("A review is due soon")
        DUE_TODAY = "due_today", _("A review is due today")
        OVERDUE = "overdue", _("A review is overdue")
        NOBODY_ASKED = "nobody", _("No reviewer asked (sent to the editors)")
        ESCALATED = "escalated", _("A review is long overdue (sent to the editor)")
        REASSIGN = "reassign", _("A review can be given to somebody else (sent to the editor)")
        FULL_REVIEW_SOON = "full_soon", _("The full review of an urgent version is due soon")
        FULL_REVIEW_OVERDUE = "full_late", _("The full review of an urgent version is overdue")
        REVIEW_AGAIN_SOON = "again_soon", _("An article is to be reviewed again soon")
        REVIEW_AGAIN = "again", _("An article's next review is overdue")
        QUESTIONS = "unanswered", _("Questions of readers are open (sent to the editors)")
        BY_EDITOR = "by_editor", _("An editor reminds a reviewer")
        REPORTS = "reported", _("Reports of errors are open (sent to the editors)")
        INTERESTS_SOON = "int_soon", _("A disclosure of interests runs out soon")
        INTERESTS_LATE = "int_late", _("A disclosure of interests has run out")
        CANNOT_SIGN = "lapsed", _("A reviewer who is asked cannot sign any more (sent to the editor)")
        CONFLICT = "conflict", _("A disclosed interest touches a text under review (sent to the editor)")

    kind = models.CharField(max_length=10, choices=Kind)
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders"
    )
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    member = models.ForeignKey(BoardMember, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    due = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "kind", "due"], name="reminder_once_per_assignment"),
            models.UniqueConstraint(fields=["article", "kind", "due"], name="reminder_once_per_article"),
            models.UniqueConstraint(fields=["member", "kind", "due"], name="reminder_once_per_member"),
            models.UniqueConstraint(
                fields=["kind", "due"],
                condition=Q(assignment__isnull=True, article__isnull=True, member__isnull=True),
                name="reminder_once_of_all",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=True, article__isnull=False, member__isnull=True) & ~Q(kind__in=NO_WORK)
                | Q(assignment__isnull=False, article__isnull=True, member__isnull=True) & ~Q(kind__in=NO_WORK)
                | Q(assignment__isnull=True, article__isnull=True, member__isnull=True, kind__in=OF_READERS)
                | Q(assignment__isnull=True, article__isnull=True, member__isnull=False, kind__in=OF_INTERESTS),
                name="reminder_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.due})"


class Digest(models.Model):
    """One day's email to one person, with the messages that could wait for it."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField(_("day"))
    mailed_at = models.DateTimeField(_("accepted by the mail server"), null=True, blank=True)

    class Meta:
        verbose_name = _("daily email")
        verbose_name_plural = _("daily emails")
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.day}"


class MailPreference(models.Model):
    """How a person is emailed what is in their inbox: without a row as by DAILY. What cannot wait is always at once."""

    class Emails(models.TextChoices):
        DAILY = "once_a_day", _("At once what cannot wait, and one email a day with the rest")
        EACH = "one_by_one", _("Each message at once")
        PRESSING = "only_pressing", _("Only what cannot wait; the rest stays in the inbox")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preference")
    emails = models.CharField(_("emails"), max_length=13, choices=Emails, default=Emails.DAILY)

    class Meta:
        verbose_name = _("preference for emails")
        verbose_name_plural = _("preferences for emails")
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_emails_display()}"


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def with_token(self, token: str) -> "CalendarAddress | None":
        """Return the address with this token, with its user; None if there is none, or the account is locked."""
        rows = self.filter(token_digest=digest_of(token), user__is_active=True)
        return rows.select_related("user").first()

    def renew(self, user: User) -> str:
        """Give this person an address in place of the one they have, and return its token, which is not kept."""
        token = secrets.token_urlsafe(32)
        made = {"token_digest": digest_of(token), "made_at": timezone.now()}
        self.update_or_create(user=user, defaults=made)
        return token


class CalendarAddress(models.Model):
    """The private address of a person's calendar of due dates, by its token's digest. Deleting it revokes it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.user)


class MessageQuerySet(models.QuerySet["Message"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> Self:
        """Return the messages for the next daily email: not sent, and not read on the desk either."""
        return self.unread().filter(at_once=False, inbox_only=False, mailed_at__isnull=True, digest__isnull=True)


class Message(models.Model):
    """
    What a person was told: it stands in their inbox on the desk, and is emailed at once or with the next daily email.

    A job writes it, whose key it keeps: so a second try of the job writes no second one. It is deleted after a time.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    job = models.CharField(max_length=64)
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"))
    page = models.CharField(_("page"), max_length=500, blank=True)  # the path of the page to open
    at_once = models.BooleanField(_("emailed at once"))
    inbox_only = models.BooleanField(_("not emailed"), default=False)
    sent_at = models.DateTimeField(_("written"))
    mailed_at = models.DateTimeField(_("accepted by the mail server"), null=True, blank=True)
    failure = models.CharField(_("why it was not accepted"), max_length=200, blank=True)  # of the last try
    digest = models.ForeignKey(Digest, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    read_at = models.DateTimeField(_("read on the desk"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["job", "recipient"], name="message_once_per_job")]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="message_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="message_unread"),
            models.Index(fields=["page"], name="message_of_page"),  # the dossier of an article
            # for the next daily email
            models.Index(
                fields=["recipient"],
                condition=Q(at_once=False, mailed_at__isnull=True, digest__isnull=True),
                name="message_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def delivery(self) -> str:
        """Return in words whether and when the message was emailed."""
        if self.mailed_at:
            return str(_("emailed"))
        if self.failure:
            return str(_("not delivered yet: the mail server did not accept the email, and it is tried again"))
        if self.inbox_only:
            return str(_("not emailed, as you chose"))
        if self.at_once or self.digest_id:
            return str(_("email on its way"))
        return str(_("read here") if self.read_at else _("in the next daily email"))

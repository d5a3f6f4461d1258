"""What readers send: personal data, kept without a name or an address, and deleted after a date."""

import datetime
import hashlib
import re
from typing import Any, Self

from django.apps.registry import Apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article
from articles.models.rows.append_only import history
from articles.models.version import Version
from articles.text.plain.plaintext import tidy, tidy_lines
from articles.text.urgent import has_red_flag
from articles.text.urgent.shipped import shipped


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> Self:
        """Return the questions that wait for an editor."""
        return self.filter(state=Question.State.OPEN)

    def expired(self, today: datetime.date) -> Self:
        """Return the questions whose date of deletion is over."""
        return self.filter(delete_after__lt=today)

    def with_token(self, token: str) -> "Question | None":
        """Return the question with this private status address, or None."""
        return self.filter(token_digest=digest_of(token)).select_related("merged_into").first()

    def locked(self) -> "list[Question]":
        """Return the questions, their rows locked until the transaction ends, always in the same order."""
        return list(self.select_for_update(of=("self",)).order_by("pk"))

    def for_list(self) -> Self:
        return self.select_related("version__article", "article")


class Question(models.Model):
    """
    A reader's question about a version. Personal data: without name and address, deleted after a date.

    The asker holds a random token; only its digest is stored. The state is changed by `articles.desk.questions`.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        MERGED = "merged", "Merged"
        DECLINED = "declined", "Declined"
        WRITTEN = "being_written", "Becoming an article"

    MOST = 2000  # characters
    NO_OUTCOME = {
        "state": State.OPEN, "reason": "", "answer_version": None, "answer_section": "", "answer_audience": "",
        "article": None, "merged_into": None, "settled_by": None, "settled_at": None,
    }  # fmt: skip

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="questions")
    audience = models.CharField(max_length=30)
    text = models.TextField(max_length=MOST)
    asked_at = models.DateTimeField()
    delete_after = models.DateField()
    token_digest = models.CharField(max_length=64, blank=True, editable=False)

    state = models.CharField(max_length=13, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True, help_text="Why it was declined. The asker can read it.")
    answer_version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="answered_questions"
    )
    answer_section = models.CharField(max_length=20, blank=True)
    answer_audience = models.CharField(max_length=30, blank=True)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_questions"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="question_has_its_own_token"
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answer_version__isnull=False) & ~Q(answer_section="")
                | ~Q(state="answered") & Q(answer_version__isnull=True, answer_section=""),
                name="question_answered_has_a_passage",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="question_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(reason="") | ~Q(state="declined") & Q(reason=""),
                name="question_declined_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="being_written", article__isnull=False)
                | ~Q(state="being_written") & Q(article__isnull=True),
                name="question_being_written_has_an_article",
            ),
        ]
        indexes = [
            models.Index(fields=["delete_after"], name="question_to_delete"),  # the daily deletion
            models.Index(fields=["state", "asked_at", "id"], name="question_in_state"),  # the desk's lists
        ]

    def __str__(self) -> str:
        return f"Question {self.pk}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the question; those merged into it take over its state first, so that their askers lose nothing."""
        with transaction.atomic():
            for current in Question.objects.filter(pk=self.pk).locked():
                for other in current.merged_questions.locked():
                    other.settle(**{name: getattr(current, name) for name in self.NO_OUTCOME})
            return super().delete(*args, **kwargs)

    def settle(self, **outcome: Any) -> None:
        """
        Save this outcome, without any part of an earlier one. The row has to be locked.

        Only the columns of the outcome are written, so that a question deleted in the meantime does not come back.
        """
        for name, value in {**self.NO_OUTCOME, **outcome}.items():
            setattr(self, name, value)
        self.save(update_fields=[*self.NO_OUTCOME])

    @property
    def outcome(self) -> "Question":
        """Return the question whose state counts: the one that this was merged into, or itself."""
        return self.merged_into or self

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_answered(self) -> bool:
        return self.state == self.State.ANSWERED

    @property
    def is_merged(self) -> bool:
        return self.state == self.State.MERGED

    @property
    def is_declined(self) -> bool:
        return self.state == self.State.DECLINED

    @property
    def is_being_written(self) -> bool:
        return self.state == self.State.WRITTEN


def digest_of(token: str) -> str:
    """Return what is stored of a private status address."""
    return hashlib.sha256(token.encode()).hexdigest()


class SentQuestion(models.Model):
    """
    That a question was sent, by the digest of its token, so that the same form does not store it again once deleted.

    The digest says nothing about the question or the reader. It is deleted after a date, when the form sends no more.
    """

    KEPT = datetime.timedelta(days=1)  # longer than a form can be sent

    token_digest = models.CharField(max_length=64, primary_key=True)
    delete_after = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["delete_after"], name="sent_question_to_delete")]  # the daily deletion

    def __str__(self) -> str:
        return "A question that was sent"


def ask(version: Version, audience: str, text: str, token: str) -> Question:
    """
    Store a question that a reader sends to the editors; return the stored one if it was sent twice.

    Raise ValidationError if it was sent before and is deleted: only a new page of answers can send it again.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    digest = digest_of(token)
    try:
        with transaction.atomic():
            SentQuestion.objects.create(token_digest=digest, delete_after=today + SentQuestion.KEPT)
            return Question.objects.create(
                version=version,
                audience=audience,
                text=text,
                asked_at=now,
                delete_after=today + datetime.timedelta(days=settings.QUESTION_DAYS),
                token_digest=digest,
            )
    except IntegrityError:
        if stored := Question.objects.filter(token_digest=digest).first():
            return stored
        raise ValidationError(
            "You sent this question before, and it has been deleted. If you want to send it again, send it from here."
        ) from None


def delete_expired(today: datetime.date | None = None) -> int:
    """Delete each question and each feedback whose date is over, and what is kept of forms; return their number."""
    today = today or timezone.localdate()
    questions = list(Question.objects.expired(today).order_by("pk"))
    for question in questions:
        question.delete()
    number, _ = Feedback.objects.filter(delete_after__lt=today).delete()
    forms, _ = SentQuestion.objects.filter(delete_after__lt=today).delete()
    return len(questions) + number + forms


class Feedback(models.Model):
    """A reader's feedback on a version: helpful or not, or a report of an error. Deleted after a date."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="feedback")
    helpful = models.BooleanField(null=True)
    error_report = models.TextField(blank=True, max_length=2000)
    given_at = models.DateTimeField()
    delete_after = models.DateField()

    class Meta:
        ordering = ["-given_at", "-pk"]
        verbose_name_plural = "feedback"
        indexes = [models.Index(fields=["delete_after"], name="feedback_to_delete")]  # the daily deletion

    def __str__(self) -> str:
        return f"Feedback {self.pk}"


class RedFlagQuerySet(models.QuerySet["RedFlag"]):
    def raised_by(self, text: str) -> "list[RedFlag]":
        """Return the red flags of which the text has a phrase, in one query."""
        return [flag for flag in self if flag.is_raised_by(text)]


class RedFlag(models.Model):
    """Phrases in a reader's question that show a panel with urgent help, and the advice in that panel."""

    name = models.CharField(
        max_length=100, unique=True, error_messages={"unique": "There is a red flag of this name already."}
    )
    language = models.CharField("language of the advice", max_length=10, default="en")
    phrases = models.TextField(
        help_text="One phrase a line. All its words have to stand near each other, in any order. A slash separates "
        "alternatives of a word: chest pain/hurt. Case, accents, apostrophes and common endings make no difference; "
        "a word after = is found only as it stands: =fainted. {many} is a number of tablets that somebody took, from "
        "five on; {short} is a text of at most three words."
    )
    advice = models.TextField(
        help_text="Say whom to ask for help. Write {emergency} for the emergency number: it is a setting of the site."
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = RedFlagQuerySet.as_manager()
    history = history()
    _change_reason: str  # goes into the next row of its history

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phrases="") & ~Q(advice=""),
                name="red_flag_has_phrases_and_advice",
                violation_error_message="Write the phrases and the advice.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name, self.phrases, self.advice = tidy(self.name), tidy_lines(self.phrases), tidy_lines(self.advice)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a telephone number: the advice has to stay right when the site's emergency number changes."""
        if re.search(r"\d{3}", self.advice):
            raise ValidationError({"advice": "Write {emergency} instead of a telephone number."})

    def is_raised_by(self, text: str) -> bool:
        return has_red_flag(text, self.phrases)

    @property
    def advice_here(self) -> str:
        """Return the advice with this site's emergency number."""
        return self.advice.replace("{emergency}", settings.EMERGENCY_NUMBER)


def ensure_red_flags(using: str = "default", **kwargs: Any) -> None:
    """
    Create the shipped red flags, and add shipped phrases, that this site never had. Runs after each `migrate`.

    What an administrator changed or deleted is in the history, and stays as it is. Each addition has its own row there.
    """
    if "apps" in kwargs and not _has_red_flags(kwargs["apps"]):  # the database was migrated to an earlier release
        return
    past = list(RedFlag.history.using(using).values_list("id", "name", "phrases"))
    rows = RedFlag.objects.using(using).in_bulk()
    for position, flag in enumerate(shipped(), start=1):
        known = {pk for pk, name, _ in past if name == flag.name}
        if not known:
            row = RedFlag(name=flag.name, phrases=flag.phrases, advice=flag.advice, position=position)
            row.save(using=using)
        for row in [rows[pk] for pk in known & rows.keys()]:
            had = {line for pk, _, phrases in past if pk == row.pk for line in phrases.split("\n")}
            _add_phrases(row, [line for line in tidy_lines(flag.phrases).split("\n") if line not in had], using)


def _add_phrases(row: RedFlag, phrases: list[str], using: str) -> None:
    if phrases:
        row.phrases = "\n".join([row.phrases, *phrases])
        row._change_reason = "These phrases came with a new release."
        row.save(using=using, update_fields=["phrases"])


def _has_red_flags(apps: Apps) -> bool:
    return "redflag" in apps.all_models["articles"]

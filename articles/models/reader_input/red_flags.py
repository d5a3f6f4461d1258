"""Phrases in what readers write that show a panel with urgent help."""

import re
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.rows.append_only import history
from articles.text.languages import around_a_text
from articles.text.plain.plaintext import tidy, tidy_lines
from articles.text.urgent import has_red_flag
from articles.text.urgent.shipped import shipped


class RedFlagQuerySet(models.QuerySet["RedFlag"]):
    def raised_by(self, text: str) -> "list[RedFlag]":
        """Return the red flags of which the text has a phrase, in one query."""
        return [flag for flag in self if flag.is_raised_by(text)]


class RedFlag(models.Model):
    """Phrases in a reader's words that show a panel with urgent help, and the advice in that panel."""

    name = models.CharField(
        max_length=100, unique=True, error_messages={"unique": _("There is a red flag of this name already.")}
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
                violation_error_message=_("Write the phrases and the advice."),
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
            raise ValidationError({"advice": _("Write {emergency} instead of a telephone number.")})

    def is_raised_by(self, text: str) -> bool:
        return has_red_flag(text, self.phrases)

    @property
    def advice_here(self) -> str:
        """Return the advice with this site's emergency number."""
        with around_a_text(self.language):
            return self.advice.replace("{emergency}", str(settings.EMERGENCY_NUMBER))


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

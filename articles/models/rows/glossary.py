"""Words that texts use, explained by the editors in plain language. No explanation is part of a signed text."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from articles.models.rows.announced import Announced
from articles.models.rows.append_only import history
from articles.text.plain.plaintext import tidy


class GlossaryTerm(Announced):
    """A word with its explanation. It is shown beside the texts of its language in which it stands."""

    word = models.CharField(
        max_length=80, validators=[MinLengthValidator(2, _("Enter a word of two letters or more."))]
    )
    forms = models.TextField(
        "other forms",
        blank=True,
        max_length=500,
        help_text="One on each line: the plural, other spellings, abbreviations. A word is found only as it stands "
        "here. Capitals make no difference, except in a form with two capitals or more.",
    )
    definition = models.TextField(max_length=400, help_text="Plain words, in one or two sentences.")
    language = models.CharField(max_length=10, default="en")

    history = history()

    class Meta:
        ordering = ["word", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("word"),
                "language",
                name="term_once",
                violation_error_message=_("This word is explained already."),
            ),
            models.CheckConstraint(
                condition=~Q(word="") & ~Q(definition=""),
                name="term_has_word_and_definition",
                violation_error_message=_("Write the word and its definition."),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.word, self.definition = tidy(self.word), tidy(self.definition)
        self.forms = "\n".join(dict.fromkeys(filter(None, map(tidy, self.forms.splitlines()))))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a form of one letter: it stands in most texts."""
        if any(len(form) < 2 for form in filter(None, map(tidy, self.forms.splitlines()))):
            raise ValidationError({"forms": _("Enter forms of two letters or more.")})

    @property
    def names(self) -> tuple[str, ...]:
        """Return the word and its other forms."""
        return (self.word, *self.forms.splitlines())

"""
What else things are called: only used to find texts, and never shown as one.

They are no part of a signed text. Their history says who changed them.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.rows.append_only import history
from articles.text.plain.plaintext import tidy

MOST_NAMES = 20  # in a group
ONE_NAME = _("Enter at least two names, one on each line: a name that stands alone is equal to nothing.")


class SynonymGroup(models.Model):
    """Names for the same thing, one on each line. A query with one of them finds the texts with the others."""

    names = models.TextField(max_length=2000, help_text="One name on each line: heart attack, myocardial infarction.")

    history = history()

    class Meta:
        ordering = ["names"]

    def __str__(self) -> str:
        return " = ".join(self.each())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.names = "\n".join(self.each())
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse fewer than two different names, and more than a query should be widened by."""
        number = len({name.casefold() for name in self.each()})
        if number < 2:
            raise ValidationError({"names": ONE_NAME})
        if number > MOST_NAMES:
            raise ValidationError(
                {
                    "names": _("Enter at most {MOST_NAMES} names: each widens every query with one.").format(
                        MOST_NAMES=MOST_NAMES
                    )
                }
            )

    def each(self) -> list[str]:
        """Return the names, each once."""
        return list(dict.fromkeys(filter(None, map(tidy, self.names.splitlines()))))


class ArticleName(models.Model):
    """Another name of an article's subject. Its change is made with `articles.search.names`, which keeps the index."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="other_names")
    name = models.CharField(max_length=200)

    history = history()

    class Meta:
        ordering = ["article", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "name"],
                name="article_has_a_name_once",
                violation_error_message=_("This article has that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = tidy(self.name)
        super().save(*args, **kwargs)

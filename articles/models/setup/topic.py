from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.rows.announced import Announced
from articles.models.rows.append_only import history
from articles.text.plain.plaintext import tidy

A_CIRCLE = _("A topic cannot be a part of itself, nor of a topic that is a part of it.")


class Topic(Announced):
    """A subject of articles, and a specialty of board members."""

    name = models.CharField(
        max_length=100, unique=True, error_messages={"unique": _("There is a topic of this name already.")}
    )
    slug = models.SlugField(max_length=100, unique=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="narrower",
        verbose_name="part of",
        help_text="The wider topic whose page lists the articles on this one too.",
    )

    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="topic_is_no_part_of_itself",
                violation_error_message=A_CIRCLE,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = tidy(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        wider = self.parent
        while wider is not None:
            if wider.pk == self.pk:
                raise ValidationError({"parent": A_CIRCLE})
            wider = wider.parent

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

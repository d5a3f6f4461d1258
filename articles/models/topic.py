from typing import Any

from django.db import models
from django.urls import reverse

from articles.models.rows.announced import Announced
from articles.models.rows.append_only import history
from articles.text.plain.plaintext import tidy


class Topic(Announced):
    """A subject of articles, and a specialty of board members."""

    name = models.CharField(
        max_length=100, unique=True, error_messages={"unique": "There is a topic of this name already."}
    )
    slug = models.SlugField(max_length=100, unique=True)

    history = history()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = tidy(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

from django.db import models
from django.urls import reverse

from articles.models.rows.append_only import history
from articles.models.rows.told import Told
from articles.text.plain.plaintext import tidy


class Topic(Told):
    """A subject that articles are filed under and board members are specialists of."""

    name = models.CharField(
        max_length=100, unique=True, error_messages={"unique": "There is a topic of this name already."}
    )
    slug = models.SlugField(max_length=100, unique=True)

    history = history()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = tidy(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("topic", args=[self.slug])

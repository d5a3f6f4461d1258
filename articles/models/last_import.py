from django.db import models

from articles.models.article import Article


class LastImport(models.Model):
    """What the file said that a draft was last imported from: what differs from it now was changed at the desk."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="last_import")
    text = models.TextField()

    def __str__(self):
        return f"The file of {self.article}"

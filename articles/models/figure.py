"""Figures: pictures within the text of an article, each with its words, and the files that readers are sent."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.rows.append_only import AppendOnly, history
from articles.models.version import Version
from articles.text.plain.marks import FIGURE_KEY
from articles.text.plain.plaintext import tidy

validate_figure_key = RegexValidator(
    rf"\A{FIGURE_KEY.pattern}\Z", _("A figure’s key is made of letters, digits, hyphens and underscores.")
)


class Picture(AppendOnly):
    """
    A picture as it was made from an uploaded file: pixels only, without anything else that the file held.

    `sha256` is that of its largest file, by which a picture that is uploaded again is known.
    """

    sha256 = models.CharField("SHA-256 of the largest file", max_length=64, unique=True)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField("width in pixels")
    height = models.PositiveIntegerField("height in pixels")

    def __str__(self) -> str:
        return _("{type}, {width} × {height}").format(type=self.media_type, width=self.width, height=self.height)


class PictureFile(AppendOnly):
    """A picture in one of its widths, named by the SHA-256 of its bytes. Lists never load `data`."""

    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField("SHA-256 of the bytes", max_length=64, db_index=True)
    width = models.PositiveIntegerField("width in pixels")
    height = models.PositiveIntegerField("height in pixels")
    data = models.BinaryField("bytes")

    class Meta:
        verbose_name = "file of a picture"
        verbose_name_plural = "files of pictures"
        constraints = [models.UniqueConstraint(fields=["picture", "width"], name="picture_once_per_width")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… ({self.width} × {self.height})"


class Figure(models.Model):
    """
    A picture of one article, under the key by which its texts place it.

    `alt` says what the picture shows, for readers who do not see it; only a `decorative` picture has none.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=64, validators=[validate_figure_key])
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="figures")
    alt = models.CharField("alternative text", max_length=1000, blank=True)
    decorative = models.BooleanField(default=False)
    caption = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200)

    history = history()

    class Meta:
        ordering = ["article", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="figure_key_once_per_article",
                violation_error_message=_("This article already has a figure with this key."),
            ),
            models.CheckConstraint(
                condition=Q(decorative=True, alt="") | (Q(decorative=False) & ~Q(alt="")),
                name="figure_has_words_or_is_decorative",
                violation_error_message=_("Say what the picture shows, or mark it as decorative; not both."),
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(licence=""),
                name="figure_names_source_and_licence",
                violation_error_message=_("Name the source of the picture and its licence."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in ("alt", "caption", "source", "licence"):
            setattr(self, name, tidy(getattr(self, name)))
        super().save(*args, **kwargs)


class VersionPicture(AppendOnly):
    """A file that readers of a version are sent. Who may see the version may see the file."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="version_pictures")
    sha256 = models.CharField("SHA-256 of the file", max_length=64, db_index=True)

    class Meta:
        verbose_name = "picture of a version"
        verbose_name_plural = "pictures of versions"
        constraints = [models.UniqueConstraint(fields=["version", "sha256"], name="picture_once_per_version")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"

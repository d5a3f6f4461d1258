import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, ArticleTopic, Authorship
from articles.models.figure import Figure
from articles.models.reference import ArticleReference
from articles.models.rows.append_only import history
from articles.models.setup.audience import Audience
from articles.models.setup.topic import Topic
from articles.text import richtext
from articles.text.plain.plaintext import tidy

KEY_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_section_key() -> str:
    """Return ten random characters (50 bits), which in practice makes keys unique within an article."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(10))


class Section(models.Model):
    """
    A part of the draft.

    `key` never changes: anchors, comments and evidence refer to (version, section key), never to this row. A `topic`
    that the article is no longer filed under counts as none.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        SUMMARY = "summary", _("Summary")
        KEY_POINTS = "key_points", _("Key points")
        BODY = "body", _("Body")
        URGENT = "urgent", _("When to get help")
        HELP_NOW = "help_now", _("Emergency: get help now")
        HELP_TODAY = "help_today", _("Urgent: get help today")
        HELP_SOON = "help_soon", _("See someone: not urgent")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=10, default=new_section_key, editable=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.BODY)
    heading = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    history = history()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "key"], name="section_key_once_per_article"),
            models.CheckConstraint(
                condition=Q(role="lead") | ~Q(heading=""),
                name="section_heading_optional_only_in_lead",
                violation_error_message=_("Give the section a heading. Only the lead may have none."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading or self.get_role_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.heading = tidy(self.heading)
        self.body = richtext.storable(self.body)
        super().save(*args, **kwargs)

    @property
    def worded_for(self) -> set[int]:
        """Return the keys of the audiences for which the section has a wording of its own."""
        return {wording.audience_id for wording in self.wordings.all()}


class Wording(models.Model):
    """A section's text for another audience than the one the article is written for."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="wordings")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=200, blank=True, help_text="Leave empty to use the section's heading.")
    body = models.TextField(blank=True)

    history = history()

    class Meta:
        ordering = ["audience__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "audience"],
                name="wording_once_per_audience",
                violation_error_message=_("This section already has a wording for this audience."),
            ),
        ]

    def __str__(self) -> str:
        return _("{section} (wording for: {key})").format(section=self.section, key=self.audience.key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.heading = tidy(self.heading)
        self.body = richtext.storable(self.body)
        super().save(*args, **kwargs)


def contributed(article: Any, user: Any) -> Q:
    """
    Return the condition that this account contributed to the article: it is or was linked to it, or changed its draft.

    Both are primary keys, or references to those of an outer query.
    """
    found = Q(Exists(Authorship.history.filter(article_id=article, contributor__user=user)))
    found |= Q(Exists(Article.history.filter(id=article, history_user=user)))
    for model in (Authorship, Section, ArticleReference, ArticleTopic, Figure):
        found |= Q(Exists(model.history.filter(article_id=article, history_user=user)))
    further_in = OuterRef(user) if isinstance(user, OuterRef) else user
    worded = Wording.history.filter(history_user=further_in).values("section_id")
    return found | Q(Exists(Section.history.filter(article_id=article, id__in=worded)))


class LastImport(models.Model):
    """The text of the file that a draft was last imported from. Differences from it are changes made at the desk."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="last_import")
    text = models.TextField()

    class Meta:
        verbose_name = "imported file of a draft"
        verbose_name_plural = "imported files of drafts"

    def __str__(self) -> str:
        return _("The file of {article}").format(article=self.article)


class Autosave(models.Model):
    """
    What somebody typed on the page of a draft and did not save yet: one row, overwritten, and without history.

    It is offered to the same person alone, and no text is made from it before that person saves. `fields` are the
    fields of the page as JSON, each with the history it was opened from; `page` names the opening of the page, and
    `part` the part of it where they typed last.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="autosaves")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=16)
    part = models.CharField(max_length=50, blank=True)
    fields = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = "text that is not saved yet"
        verbose_name_plural = "texts that are not saved yet"
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="autosave_once_per_person")]

    def __str__(self) -> str:
        return _("Text of {user} that is not saved yet").format(user=self.user)

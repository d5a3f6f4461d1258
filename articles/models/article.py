import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.notice import Notice
from articles.models.people import Contributor, Role, holds, roles_of
from articles.models.rows.announced import Announced, announce, announced_together
from articles.models.rows.append_only import history
from articles.models.rows.remembered import remembered
from articles.models.setup.audience import Audience
from articles.models.setup.topic import Topic
from articles.review_process import review_process
from articles.text.languages import within_sentence
from articles.text.plain.plaintext import tidy, tidy_lines

SEARCHED_LATER = _("Give the day on which the literature was last searched: not a day in the future.")


class ArticleQuerySet(QuerySet["Article"]):
    def public(self) -> "ArticleQuerySet":
        """
        Return the articles that readers may see, each with `shown_version_id`.

        Readers see the published version. If nothing was ever published, they see the version under an open review.
        Removed texts are left out: their address answers 410.
        """
        removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("shown_version_id"))
        return self.annotate(
            shown_version_id=Case(
                When(published_version__isnull=False, then=F("published_version_id")),
                When(review_process().in_open_review("latest_version"), then=F("latest_version_id")),
            )
        ).filter(~Exists(removal), shown_version_id__isnull=False)

    def listed(self) -> "ArticleQuerySet":
        """
        Return the public articles that lists, search, sitemap and feeds may name: published, not retracted.

        They are among those of `public`: a removal, the one notice that closes an address, also leaves the lists.
        """
        off_lists = Notice.objects.in_force().that("leaves_lists").filter(versions=OuterRef("published_version_id"))
        shown = F("published_version_id")
        return self.filter(~Exists(off_lists), published_version__isnull=False).annotate(shown_version_id=shown)

    def policies(self) -> "ArticleQuerySet":
        """Return the editorial policies that readers can open: usually one."""
        return self.listed().filter(published_version__kind=Article.Kind.POLICY)

    def in_lists(self, *, policies: bool = False) -> "ArticleQuerySet":
        """Return the listed articles, with or without policies, each with `has_concern` and `has_correction`."""
        concern = Notice.objects.in_force().that("doubts").filter(versions=OuterRef("published_version_id"))
        rows = self.listed() if policies else self.listed().exclude(published_version__kind=Article.Kind.POLICY)
        correction = Notice.objects.travelling_to(OuterRef("pk"), OuterRef("published_version__number"))
        return rows.annotate(  # type: ignore[no-redef]  # fills the attributes of these names
            has_concern=Exists(concern), has_correction=Exists(correction)
        )

    def visible_to(self, user: User) -> "ArticleQuerySet":
        """
        Return the articles that this person may see at the desk.

        Editors and administrators see all articles, and authors those to which they contributed. For board members
        the review process decides.
        """
        return self.visible_as(user.pk, roles_of(user))

    def visible_as(self, user: int, roles: Collection[str]) -> "ArticleQuerySet":
        """Return the articles that `visible_to` returns for the account with this key, if these are its roles."""
        if {Role.EDITOR, Role.ADMIN}.intersection(roles):
            return self.all()
        may = Q(pk=None)
        if Role.AUTHOR in roles:
            mine = Authorship.objects.filter(article=OuterRef("pk"), contributor__user=user)
            may |= Q(Exists(mine))
        if Role.REVIEWER in roles:
            may |= review_process().visible_to_reviewer(user)
        return self.filter(may)

    def writable_by(self, user: User) -> "ArticleQuerySet":
        """Return the articles whose drafts this person may change: editors all, authors their own."""
        roles = set(roles_of(user))
        if Role.EDITOR in roles:
            return self.all()
        mine = Authorship.objects.filter(article=OuterRef("pk"), contributor__user=user.pk, role=Authorship.Role.AUTHOR)
        return self.filter(Exists(mine)) if Role.AUTHOR in roles else self.none()


class Article(models.Model):
    """
    The lasting identity of a text, and its draft.

    Only steps of the workflow move `latest_version`, `published_version` and the two review dates. All other fields
    belong to the draft, which can always be edited.
    """

    class Kind(models.TextChoices):
        TOPIC = "topic", _("Topic")
        QUESTION = "question", _("Question and answer")
        POLICY = "policy", _("Editorial policy")

    class Risk(models.TextChoices):
        STANDARD = "standard", _("Standard")
        HIGH = "high", _("High: doses, emergencies or other text that can harm")

    class AIUse(models.TextChoices):
        NONE = "none", _("No artificial intelligence was used")
        ASSISTED = "assisted", _("Written by people with the help of artificial intelligence")
        GENERATED = "generated", _("Drafted by artificial intelligence, edited by people")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.SlugField(
        "address", max_length=100, unique=True, error_messages={"unique": _("Another article has this address.")}
    )
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=10, default="en")
    written_for = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    risk = models.CharField(max_length=10, choices=Risk, default=Risk.STANDARD)
    ai_use = models.CharField(_("use of AI"), max_length=10, choices=AIUse, blank=True)
    ai_note = models.TextField(
        "tool, model, purpose and date", blank=True, max_length=2000, help_text="Shown to readers."
    )
    evidence_current_to = models.DateField(
        null=True,
        blank=True,
        help_text="The day of the last search of the literature for this article. Shown to readers.",
    )
    translation_of = models.ForeignKey(
        "articles.Version",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="draft_translations",
    )
    topics = models.ManyToManyField(Topic, through="ArticleTopic", related_name="articles")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    latest_version = models.ForeignKey(
        "articles.Version", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    published_version = models.ForeignKey(
        "articles.Version", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    last_reviewed = models.DateField(
        null=True,
        editable=False,
        help_text="Only a full review changes this date, or one that found nothing to change.",
    )
    next_review_due = models.DateField(null=True, editable=False)

    reviewed: datetime.date | None  # set by `ReviewProcess.as_reviewed`
    has_concern: bool  # set by `in_lists`, as is the next
    has_correction: bool

    objects = ArticleQuerySet.as_manager()
    POINTERS = ("latest_version", "published_version", "last_reviewed", "next_review_due")
    history = history(excluded_fields=list(POINTERS))

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="article_has_a_title",
                violation_error_message=_("Give the article a title."),
            ),
            models.CheckConstraint(
                condition=Q(published_version__isnull=True) | Q(latest_version__isnull=False),
                name="article_published_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the draft. Once stored, pointers are written only by `update_fields`: a step may have moved them."""
        if not self._state.adding and not args and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = self._draft_fields()
        fields = kwargs.get("update_fields")
        if fields is None or {"title", "ai_note"} & set(fields):  # not checked when a step moves pointers
            self.title = tidy(self.title)
            self.ai_note = tidy_lines(self.ai_note)
        if fields is not None and "slug" not in fields:
            super().save(*args, **kwargs)
            return
        with announced_together():
            former = Article.objects.filter(pk=self.pk).exclude(slug=self.slug).values_list("slug", flat=True).first()
            super().save(*args, **kwargs)
            if former:
                Slug.objects.get_or_create(slug=former, defaults={"article": self})
                announce(self)

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    def _draft_fields(self) -> list[str]:
        columns = (field for field in self._meta.concrete_fields if not field.primary_key)
        return [field.name for field in columns if field.name not in self.POINTERS]

    def clean(self) -> None:
        if Slug.objects.filter(slug=self.slug).exclude(article=self.pk).exists():
            raise ValidationError({"slug": _("This address still leads readers to another article.")})
        if self.evidence_current_to and self.evidence_current_to > timezone.localdate():
            raise ValidationError({"evidence_current_to": SEARCHED_LATER})
        if sentence := self.why_no_translation():
            raise ValidationError({"translation_of": sentence})

    def why_no_translation(self) -> str:
        """Return why this article is no translation of the text that the draft names, or ""."""
        original = self.translation_of
        if original is None:
            return ""
        if original.article_id == self.pk:
            return gettext("An article is no translation of itself. Give the address of the other article.")
        if original.language.lower() == self.language.lower():
            return gettext(
                "The other text is in the same language. Change the language of this one, or remove the address."
            )
        of_this = Q(translation_of__article=self.pk) | Q(versions__translation_of__article=self.pk)
        if self.pk and (other := Article.objects.filter(of_this).first()):
            sentence = gettext("“{title}” is a translation of this article, so this article has to be an original.")
            return sentence.format(title=other)
        return ""

    @property
    def is_overdue(self) -> bool:
        """Tell whether the next review is past due, of an article from `as_reviewed` whose full review is valid."""
        due = self.next_review_due
        return bool(self.reviewed and due and due < timezone.localdate())

    @property
    def is_high_risk(self) -> bool:
        return self.risk == self.Risk.HIGH

    def has_author(self, user: User) -> bool:
        """Tell whether this person is an author of the article and holds the role of author now."""

        def read() -> bool:
            return Authorship.objects.of_author(user.pk).filter(article=self.pk).exists()

        return remembered(("author", self.pk, user.pk), read) and holds(user, Role.AUTHOR)


class Slug(Announced):
    """A former address of an article. It redirects to the current one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=100, unique=True)

    history = history()

    class Meta:
        verbose_name = "former article address"
        verbose_name_plural = "former article addresses"

    def __str__(self) -> str:
        return self.slug


class ArticleTopic(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="article_topics")

    history = history()

    class Meta:
        verbose_name = "topic of an article"
        verbose_name_plural = "topics of articles"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "topic"],
                name="topic_once_per_article",
                violation_error_message=_("The article already has this topic."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.topic_id}"


class AuthorshipQuerySet(QuerySet["Authorship"]):
    def of_author(self, user: int) -> "AuthorshipQuerySet":
        """Return the rows by which this account is an author of an article."""
        return self.filter(role=Authorship.Role.AUTHOR, contributor__user=user)


class Authorship(models.Model):
    """A contributor's part in an article, as shown to readers."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        ILLUSTRATOR = "illustrator", _("Illustrator")
        TRANSLATOR = "translator", _("Translator")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="authorships")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="authorships")
    role = models.CharField(max_length=12, choices=Role, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(default=0)

    objects = AuthorshipQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "contributor", "role"],
                name="authorship_once_per_role",
                violation_error_message=_("This person already has this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} ({within_sentence(str(self.get_role_display()))})"

"""
Drafts, which are only read here.

They are written at the desk. A change made here would enter the draft's history, and so make the administrator a
writer of the text. Only steps of the workflow move pointers.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from articles.admin.base import DeskLink, TrackedViewOnly, ViewOnly
from articles.admin.history.pages import STORED, show_history
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Authorship,
    Autosave,
    Figure,
    LastImport,
    Section,
    Slug,
    Wording,
)


@admin.register(Article)
class ArticlePage(DeskLink, TrackedViewOnly):
    list_display = ["title", "kind", "risk", "slug", "published_version", "last_reviewed", "next_review_due", "desk"]
    list_filter = ["kind", "risk", "ai_use", ("published_version", admin.EmptyFieldListFilter), "next_review_due"]
    search_fields = ["title", "slug", "=former_slugs__slug"]
    search_help_text = gettext_lazy("Beginning of the title or address")
    list_select_related = ["published_version"]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the history of the whole draft as a redline; with `?rows`, the rows of the article as stored."""
        if STORED in request.GET:
            return super().history_view(request, object_id, extra_context)
        return show_history(request, self, object_id)


@admin.register(Section)
class SectionPage(TrackedViewOnly):
    list_display = ["__str__", "article", "role", "key", "position"]
    list_filter = ["role", "article__kind"]
    search_fields = ["heading", "=key", "article__title"]
    list_select_related = ["article"]
    deferred = ["body"]


@admin.register(Wording)
class WordingPage(TrackedViewOnly):
    list_display = ["__str__", "audience", "section"]
    list_filter = ["audience"]
    search_fields = ["heading", "section__heading", "section__article__title"]
    list_select_related = ["audience", "section"]
    deferred = ["body", "section__body"]


@admin.register(Authorship)
class AuthorshipPage(TrackedViewOnly):
    list_display = ["__str__", "article", "position"]
    list_filter = ["role"]
    search_fields = ["contributor__name", "article__title"]
    list_select_related = ["article", "contributor"]


@admin.register(ArticleTopic)
class ArticleTopicPage(TrackedViewOnly):
    list_display = ["article", "topic"]
    list_filter = ["topic"]
    search_fields = ["article__title"]
    list_select_related = ["article", "topic"]


@admin.register(ArticleReference)
class ArticleReferencePage(TrackedViewOnly):
    list_display = ["key", "article", "reference"]
    list_filter = ["article__kind"]
    search_fields = ["^key", "article__title", "=reference__doi", "=reference__pmid"]
    list_select_related = ["article", "reference"]


@admin.register(Figure)
class FigurePage(TrackedViewOnly):
    list_display = ["key", "article", "alt", "source", "licence"]
    list_filter = ["decorative", "article__kind"]
    search_fields = ["^key", "article__title", "caption", "source"]
    list_select_related = ["article"]


@admin.register(Slug)
class SlugPage(TrackedViewOnly):
    list_display = ["slug", "article"]
    list_filter = ["article__kind"]
    search_fields = ["slug"]
    list_select_related = ["article"]


@admin.register(LastImport)
class LastImportPage(ViewOnly):
    list_display = ["article"]
    list_filter = ["article__kind"]
    search_fields = ["article__title", "article__slug"]
    list_select_related = ["article"]
    deferred = ["text"]


@admin.register(Autosave)
class AutosavePage(ViewOnly):
    list_display = ["article", "user", "kept_at"]
    list_filter = ["article__kind"]
    search_fields = ["article__title", "article__slug"]
    list_select_related = ["article", "user"]
    exclude = ["fields"]  # it is theirs until they save it

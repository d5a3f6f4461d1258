"""What else things are called, so that they are found, and what words mean: synonyms, names, the glossary."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.base import TrackedPage
from articles.models import ArticleName, GlossaryTerm, SynonymGroup
from articles.search.names import names_change
from articles.text.plain.forms import FitModelForm


@admin.register(SynonymGroup)
class SynonymGroupPage(TrackedPage):
    list_display = ["__str__"]
    list_filter = [("names", admin.EmptyFieldListFilter)]
    search_fields = ["names"]
    ordering = ["names"]


@admin.register(ArticleName)
class ArticleNamePage(TrackedPage):
    """Each change renews the article's entries in the search index, in the same transaction."""

    list_display = ["name", "article"]
    list_filter = ["article__kind"]
    list_select_related = ["article"]
    search_fields = ["name", "article__title"]
    autocomplete_fields = ["article"]
    frozen = ["article"]

    def save_model(self, request: HttpRequest, obj: ArticleName, form: Any, change: bool) -> None:
        with names_change(obj.article_id):
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: ArticleName) -> None:
        with names_change(obj.article_id):
            super().delete_model(request, obj)


class GlossaryTermForm(FitModelForm):
    shown_as_typed = frozenset({"word", "forms", "definition"})


@admin.register(GlossaryTerm)
class GlossaryTermPage(TrackedPage):
    form = GlossaryTermForm
    list_display = ["word", "language"]
    list_filter = ["language"]
    search_fields = ["word", "forms"]
    ordering = ["word"]
    deferred = ["forms", "definition"]

"""
The library of all articles: topics, audiences, people and works.

Signed versions contain these as they were. Audiences are never deleted, because versions name them by key. People are
never deleted, because they would stop being writers of the texts they wrote.
"""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ManyToOneRel, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from articles.admin.base import TrackedPage
from articles.models import Audience, Contributor, Reference, Topic
from articles.models.reference import normalised_work
from articles.text.canonical import NotCanonical, canonical
from articles.text.citations.identifiers import normal_doi
from articles.text.plain.forms import FitModelForm
from articles.text.plain.markup import in_work
from articles.text.plain.plaintext import tidy
from articles.text.plain.renaming import is_same_subject

LONGEST_REFERENCE = 100_000
NO_WORK = gettext_lazy("Write one work as CSL-JSON: names and values in braces, {…}.")


class TopicForm(FitModelForm):
    shown_as_typed = frozenset({"name"})

    def clean_name(self) -> str:
        """Allow the name of another subject only while no row points at the topic; allow any other spelling."""
        name = tidy(self.cleaned_data["name"])
        before = Topic.objects.filter(pk=self.instance.pk).values_list("name", flat=True).first()
        if before is None or is_same_subject(before, name):
            return name
        if any(rows.exists() for rows in self._rows_of_topic()):
            raise ValidationError(
                _(
                    "Articles are filed under “{before}”, or board members are its specialists or have a conflict on "
                    "it. You can change the spelling of its name, but not the subject. Add a topic instead."
                ).format(before=before)
            )
        return name

    def _rows_of_topic(self) -> Iterator[QuerySet[Any]]:
        """Yield the rows of each model that point at the topic, without rows of history."""
        for relation in Topic._meta.get_fields(include_hidden=True):
            related = relation.related_model
            if related in (None, Topic) or hasattr(related, "history_type"):
                continue
            if isinstance(relation, ManyToOneRel):
                yield related._base_manager.filter(**{relation.field.name: self.instance})


class HasSpecialists(admin.SimpleListFilter):
    title = gettext_lazy("specialists on the board")
    parameter_name = "specialists"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("some", _("Some")), ("none", pgettext("specialists", "None"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Topic]) -> QuerySet[Topic]:
        if self.value() not in ("some", "none"):
            return queryset
        return queryset.filter(specialists__isnull=self.value() == "none").distinct()


@admin.register(Topic)
class TopicPage(TrackedPage):
    form = TopicForm
    list_display = ["name", "slug", "parent"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
    list_filter = [HasSpecialists]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["name"]


class AudienceForm(FitModelForm):
    shown_as_typed = frozenset({"label"})


@admin.register(Audience)
class AudiencePage(TrackedPage):
    """An audience. Its key is part of signed versions and of addresses, and so never changes."""

    may_delete = False
    frozen = ["key"]
    form = AudienceForm
    list_display = ["label", "key", "position"]
    list_filter = ["position"]
    search_fields = ["^key", "label"]
    ordering = ["position", "key"]


class ContributorForm(FitModelForm):
    shown_as_typed = frozenset({"name", "credentials", "bio"})

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])


@admin.register(Contributor)
class ContributorPage(TrackedPage):
    """A public person. The link to an account is never removed: the person's texts and signatures depend on it."""

    may_delete = False
    form = ContributorForm
    list_display = ["name", "credentials", "orcid", "user"]
    list_filter = [("user", admin.EmptyFieldListFilter)]
    search_fields = ["name", "=orcid", "user__username"]
    autocomplete_fields = ["user"]
    list_select_related = ["user"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        linked = ["user"] if isinstance(obj, Contributor) and obj.user_id else []
        return [*super().get_readonly_fields(request, obj), *linked]


class ReferenceForm(FitModelForm):
    csl = forms.CharField(label="CSL-JSON", widget=forms.Textarea, max_length=LONGEST_REFERENCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["csl"] = json.dumps(self.instance.csl, ensure_ascii=False, indent=2, sort_keys=True)

    def clean_csl(self) -> dict[str, Any]:
        try:
            work = json.loads(self.cleaned_data["csl"])
            canonical(work)
            work = normalised_work(work)
        except ValidationError:
            raise
        except NotCanonical as error:
            raise ValidationError(_("This work cannot be stored: {error}").format(error=error)) from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(NO_WORK) from error
        if not isinstance(work, dict):
            raise ValidationError(NO_WORK)
        before = self.instance.csl if self.instance.pk else {}
        changed = {name: value for name, value in work.items() if name not in before or before[name] != value}
        if marked := list(in_work(changed)):
            raise ValidationError(marked)
        return work

    def clean_doi(self) -> str | None:
        return normal_doi(self.cleaned_data["doi"])


@admin.register(Reference)
class ReferencePage(TrackedPage):
    form = ReferenceForm
    list_display = ["__str__", "doi", "pmid"]
    list_filter = [("doi", admin.EmptyFieldListFilter), ("pmid", admin.EmptyFieldListFilter)]
    search_fields = ["=doi", "=pmid", "csl"]
    search_help_text = gettext_lazy(
        "A whole DOI or PMID, or words from the work’s details, such as its title, authors or year."
    )

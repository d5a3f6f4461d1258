"""
What articles are made with: topics, audiences, people and works.

Signed versions hold all of these as they were. What a version names by key or link is never deleted: an audience,
and a person, who would stop being a writer of the texts they wrote.
"""

import json
from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from articles.admin.base import TrackedPage
from articles.models import Audience, Contributor, Reference, Topic
from articles.models.reference import settled_work
from articles.text.canonical import NotCanonical, canonical
from articles.text.citations.identifiers import normal_doi
from articles.text.plain.forms import FitModelForm
from articles.text.plain.markup import in_work
from articles.text.plain.plaintext import tidy
from articles.text.plain.renaming import is_same_subject

LONGEST_REFERENCE = 100_000
NO_WORK = "Write one work as CSL-JSON: names and values in braces, {…}."


class TopicForm(FitModelForm):
    shown_as_typed = frozenset({"name"})

    def clean_name(self):
        """Take another subject's name only while nothing is filed under the old one, and nobody is bound by it."""
        name = tidy(self.cleaned_data["name"])
        before = Topic.objects.filter(pk=self.instance.pk).values_list("name", flat=True).first()
        if before is None or is_same_subject(before, name):
            return name
        if any(rows.exists() for rows in self._bound()):
            raise ValidationError(
                f"Articles are filed under “{before}”, or board members are its specialists or have a conflict on it: "
                "its name can be spelt otherwise, and not become another subject’s. Add a topic instead."
            )
        return name

    def _bound(self) -> Iterator[QuerySet]:
        """Yield the rows of each model that point at the topic, but for those of histories."""
        for relation in Topic._meta.get_fields(include_hidden=True):
            if relation.one_to_many and not hasattr(relation.related_model, "history_type"):
                yield relation.related_model._base_manager.filter(**{relation.field.name: self.instance})


class HasSpecialists(admin.SimpleListFilter):
    title = "specialists on the board"
    parameter_name = "specialists"

    def lookups(self, request, model_admin):
        return [("some", "Some"), ("none", "None")]

    def queryset(self, request, queryset):
        if self.value() not in ("some", "none"):
            return queryset
        return queryset.filter(specialists__isnull=self.value() == "none").distinct()


@admin.register(Topic)
class TopicPage(TrackedPage):
    form = TopicForm
    list_display = ["name", "slug"]
    list_filter = [HasSpecialists]
    search_fields = ["^name", "^slug"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["name"]


class AudienceForm(FitModelForm):
    shown_as_typed = frozenset({"label"})


@admin.register(Audience)
class AudiencePage(TrackedPage):
    """Its key is part of signed versions and of addresses: given once, and kept."""

    may_delete = False
    frozen = ["key"]
    form = AudienceForm
    list_display = ["label", "key", "position"]
    list_filter = ["position"]
    search_fields = ["^key", "^label"]
    ordering = ["position", "key"]


class ContributorForm(FitModelForm):
    shown_as_typed = frozenset({"name", "credentials", "bio"})

    def clean_name(self):
        return tidy(self.cleaned_data["name"])


@admin.register(Contributor)
class ContributorPage(TrackedPage):
    """A public person. Once linked to an account it stays so: what the person wrote or signed hangs on the link."""

    may_delete = False
    form = ContributorForm
    list_display = ["name", "credentials", "orcid", "user"]
    list_filter = [("user", admin.EmptyFieldListFilter)]
    search_fields = ["^name", "=orcid", "^user__username"]
    autocomplete_fields = ["user"]
    list_select_related = ["user"]

    def get_readonly_fields(self, request, obj=None):
        linked = ["user"] if obj and obj.user_id else []
        return [*super().get_readonly_fields(request, obj), *linked]


class ReferenceForm(FitModelForm):
    csl = forms.CharField(label="CSL-JSON", widget=forms.Textarea, max_length=LONGEST_REFERENCE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["csl"] = json.dumps(self.instance.csl, ensure_ascii=False, indent=2, sort_keys=True)

    def clean_csl(self):
        try:
            work = json.loads(self.cleaned_data["csl"])
            canonical(work)
            work = settled_work(work)
        except ValidationError:
            raise
        except NotCanonical as error:
            raise ValidationError(f"This work cannot be kept: {error}") from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(NO_WORK) from error
        if not isinstance(work, dict):
            raise ValidationError(NO_WORK)
        before = self.instance.csl if self.instance.pk else {}
        anew = {name: value for name, value in work.items() if name not in before or before[name] != value}
        if marked := list(in_work(anew)):
            raise ValidationError(marked)
        return work

    def clean_doi(self):
        return normal_doi(self.cleaned_data["doi"])


@admin.register(Reference)
class ReferencePage(TrackedPage):
    form = ReferenceForm
    list_display = ["__str__", "doi", "pmid"]
    list_filter = [("doi", admin.EmptyFieldListFilter), ("pmid", admin.EmptyFieldListFilter)]
    search_fields = ["=doi", "=pmid", "csl"]
    search_help_text = "DOI, PMID, or any words of the work"

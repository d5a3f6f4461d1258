"""What is declared on the pages."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models
from django.http import HttpRequest
from simple_history.models import HistoricalChanges

from articles.models import Article, SentForm
from articles.models.rows.found import Derived
from tests.admin.registry import OURS, address, label, some_row

# Reached from the row whose history it is; read by search alone; digests that only a form is compared with
WITHOUT_A_LIST = (HistoricalChanges, Derived, SentForm)
STEPS_WRITE = {"status", "ended_as", "ended_at", "approved_at", "published_at", "closed_at", "resolved_at"}


def request_of(boss):
    request = HttpRequest()
    request.user = boss
    return request


def test_every_model_has_a_page_or_is_read_through_the_history_of_another():
    models = [*apps.get_app_config("articles").get_models(), *apps.get_app_config("reviews").get_models(), User, Group]

    missing = {label(model) for model in models if model not in admin.site._registry}

    assert missing == {label(model) for model in models if issubclass(model, WITHOUT_A_LIST)}


def test_every_tracked_model_has_the_address_of_its_history(full, at_admin):
    tracked = [model for model in OURS if hasattr(model, "history")]

    pages = {model: at_admin.get(address(model, "history", some_row(model))) for model in tracked}

    assert len(tracked) >= 18
    assert {label(model): page.status_code for model, page in pages.items() if page.status_code != 200} == {}
    assert "Ada" in pages[Article].content.decode() or "author" in pages[Article].content.decode()


def test_every_list_can_be_searched_and_filtered():
    for model, page in OURS.items():
        assert page.search_fields, label(model)
        assert page.list_filter, label(model)


def test_every_list_joins_what_it_shows():
    for model, page in OURS.items():
        related = {name for name in page.list_display if is_relation(model, name)}
        assert related <= {path.split("__")[0] for path in page.list_select_related or ()}, label(model)


def is_relation(model, name) -> bool:
    return name in {field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}


def test_every_foreign_key_in_a_form_is_found_by_typing(boss):
    request = request_of(boss)
    for model, page in OURS.items():
        forms = [(page, page.get_form(request))]
        forms += [(inline, inline.get_formset(request).form) for inline in page.get_inline_instances(request)]
        for owner, form in forms:
            keys = {name for name in form.base_fields if is_relation(owner.model, name)}
            assert keys <= set(owner.autocomplete_fields), label(model)


def test_no_status_and_no_pointer_can_be_edited(full, boss):
    request = request_of(boss)
    for model, page in OURS.items():
        assert not page.list_editable, label(model)
        assert not page.get_actions(request), label(model)
        for form in (page.get_form(request), page.get_form(request, some_row(model))):
            assert not {*STEPS_WRITE, *Article.POINTERS} & set(form.base_fields), label(model)

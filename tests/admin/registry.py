"""What each page of the admin is declared to offer, beside being read, and the addresses of its pages."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from articles import models as content
from reviews import models as process

MAINTAINED = {
    content.Topic: {"add", "change", "delete"},
    content.Audience: {"add", "change"},
    content.Contributor: {"add", "change"},
    content.Reference: {"add", "change", "delete"},
    content.GlossaryTerm: {"add", "change", "delete"},
    content.SynonymGroup: {"add", "change", "delete"},
    content.ArticleName: {"add", "change", "delete"},
    content.Question: {"delete"},
    content.ErrorReport: {"delete"},
    content.Feedback: {"delete"},
    content.RedFlag: {"add", "change", "delete"},
    process.BoardMember: {"add", "change"},
    process.Absence: {"add", "change", "delete"},
    process.Availability: {"add", "change", "delete"},
    process.Disclosure: {"add", "change"},
    process.Quorum: {"add", "change", "delete"},
    User: {"add", "change"},
}
OURS = {
    model: page
    for model, page in admin.site._registry.items()
    if model._meta.app_label in ("articles", "reviews", "django_tasks_database") or model in (User, Group)
}
READ = [model for model in OURS if not MAINTAINED.get(model)]


def label(model) -> str:
    return model._meta.label


def address(model, page: str, row=None) -> str:
    """Return the address of a page of the admin: changelist, add, change, delete, history."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=[row.pk] if row else [])


def some_row(model):
    return model._base_manager.order_by("pk").first()

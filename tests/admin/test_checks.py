"""What `manage.py check` says of unsafe configuration."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import checks

from articles.models import Contributor, Version
from reviews.models import Review
from reviews.operations.system_checks import NEVER_DELETED, WRITTEN_BY_STEPS
from tests.admin.registry import OURS


def warnings() -> dict[str, str]:
    return {each.id: each.msg for each in checks.run_checks() if each.id.startswith("imprimatur.")}


def test_the_configuration_as_it_stands_is_safe():
    assert warnings() == {}


def test_what_only_steps_write_and_who_is_never_deleted_is_known_to_the_check():
    assert set(WRITTEN_BY_STEPS) == {
        "articles.Article", "reviews.Assignment", "reviews.Comment", "reviews.CommentAnchor", "reviews.LedgerHead",
        "reviews.Reminder", "reviews.Review", "reviews.Schedule", "reviews.SecurityRecord", "reviews.Task",
    }  # fmt: skip
    assert set(NEVER_DELETED) == {
        "auth.Group", "auth.User", "articles.Audience", "articles.Contributor", "reviews.BoardMember",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("left_out", "number", "consequence"),
    [
        ("config.middleware.PrivateUnlessMarkedPublic", "imprimatur.W003", "open to anybody"),
        ("simple_history.middleware.HistoryRequestMiddleware", "imprimatur.W004", "do not name who made a change"),
        ("csp.middleware.CSPMiddleware", "imprimatur.W005", "without a content security policy"),
    ],
)
def test_a_missing_middleware_is_told(left_out, number, consequence, settings):
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != left_out]

    (found,) = warnings().items()

    assert found[0] == number
    assert consequence in found[1]


@pytest.mark.parametrize("value", [False, None])
def test_history_that_can_be_put_back_is_told(value, settings):
    settings.SIMPLE_HISTORY_REVERT_DISABLED = value

    assert list(warnings()) == ["imprimatur.W001"]


def test_requests_in_one_transaction_are_told(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert "ATOMIC_REQUESTS" in warnings()["imprimatur.W002"]


@pytest.mark.parametrize(
    ("model", "permission", "word"),
    [
        (Version, "may_change", "change"),
        (Review, "may_add", "add"),
        (Review, "may_delete", "delete"),
        (User, "may_delete", "delete"),
        (Contributor, "may_delete", "delete"),
    ],
)
def test_a_page_that_writes_what_only_steps_write_is_told(model, permission, word, monkeypatch):
    monkeypatch.setattr(OURS[model], permission, True)

    assert warnings()["imprimatur.W006"] == f"The admin can {word} rows of {model._meta.label}."


def test_evidence_on_one_of_djangos_own_pages_is_told(monkeypatch):
    monkeypatch.setitem(admin.site._registry, Version, admin.ModelAdmin(Version, admin.site))

    assert warnings()["imprimatur.W006"] == "The admin can add and change and delete rows of articles.Version."


def test_a_list_that_acts_in_bulk_is_told(monkeypatch):
    monkeypatch.setattr(OURS[Review], "actions", ["approve_all"])

    assert "in bulk" in warnings()["imprimatur.W007"]


def test_an_admin_that_is_opened_by_permissions_is_told(monkeypatch):
    monkeypatch.setattr(admin, "site", admin.AdminSite())

    assert "not by the administrator's role" in warnings()["imprimatur.W008"]

"""`exempt.txt` names exactly what a verification does not look at."""

import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from articles.models import (
    ArticleName,
    ErrorReport,
    Feedback,
    GlossaryTerm,
    Helpfulness,
    Question,
    Reference,
    ReportStep,
    SynonymGroup,
    Version,
)
from reviews.evidence.ledger.guarded import GUARDED
from reviews.evidence.ledger.rows import columns
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate, SecurityRecord
from reviews.verifying import evidence
from tests import factories
from tests.ledger import attacks
from tests.ledger.attacks import look, undone

EXEMPT = Path(__file__).with_name("exempt.txt")
WATCHED = [*evidence.EVIDENCE, *evidence.DRAFT_HISTORY, LedgerEvent, LedgerPrivate, LedgerHead, Checkpoint]


def lines() -> dict[str, str]:
    """Return the reason of each entry."""
    result = {}
    for line in EXEMPT.read_text().splitlines():
        if line and not line.startswith("#"):
            entry, reason = line.split("  ", 1)
            assert entry not in result, f"{entry} stands there twice"
            result[entry] = reason.strip()
    return result


@pytest.fixture
def full(story):
    """The story, with a row in the tables that are no evidence too, and nothing in an attacker's way."""
    article = story.articles["never-submitted"]
    article.slug = "another-address"
    factories.save(article, story.author)
    version, today = Version.objects.first(), timezone.localdate()
    later = today + datetime.timedelta(days=30)
    Question.objects.create(
        version=version, audience="public", text="Why?", asked_at=timezone.now(), delete_after=later
    )
    factories.save(ArticleName(article=version.article, name="Another name"), story.author)
    factories.save(GlossaryTerm(word="Lymph", definition="A fluid."), story.author)
    factories.save(SynonymGroup(names="gout\npodagra"), story.author)
    Feedback.objects.create(version=version, helpful=True, text="Why?", given_at=timezone.now(), delete_after=later)
    Helpfulness.objects.create(version=version, audience="public", yes=1)
    report = ErrorReport.objects.create(
        version=version, text="Wrong.", thought=1, severity=1, reported_at=timezone.now(), delete_after=later
    )
    ReportStep.objects.create(report=report, sentence="Replied", by=story.editor, at=timezone.now())
    SecurityRecord.objects.create(kind="wrong_password", user=story.author, at=timezone.now())
    attacks.disarm()
    assert look() == []
    yield story
    attacks.rearm()


def others() -> list:
    """Return every model that has a table and is not watched whole."""
    return [model for model in apps.get_models(include_auto_created=True) if model not in WATCHED]


def found_nothing() -> bool:
    return look(check_signatures=False) == []


def test_every_exemption_has_a_reason():
    assert all(lines().values())


def test_every_table_is_watched_or_exempt(db):
    tables = set(connection.introspection.table_names())
    watched = {model._meta.db_table for model in [*WATCHED, *GUARDED]}
    named = {entry.split(".")[0].split(" ")[0] for entry in lines()}

    assert tables - watched - named == set()
    assert named <= tables


def whole() -> set[str]:
    """Return the tables that are exempt altogether."""
    return {entry for entry in lines() if "." not in entry and " " not in entry}


def changes(model) -> list[tuple]:
    """Return (model, key, column, value) for a change of each column of one row, its key last."""
    key = row_of(model)
    values = attacks.raw(model, key) if key is not None else {}
    fields = sorted(columns(model) if values else [], key=lambda field: field.primary_key)
    return [(model, key, field.column, attacks.other_values(field, values[field.column])[0][1]) for field in fields]


def test_an_exempt_table_can_be_changed_in_every_column_unseen(full):
    exempt = [model for model in others() if model._meta.db_table in whole()]

    made = [change for model in exempt for change in changes(model) if attacks.change(*change)]

    assert found_nothing()
    assert len(made) > 100


def test_exactly_the_exempt_columns_can_be_changed_unseen(full):
    unseen, seen = set(), set()

    for model in others():
        for change in changes(model) if model._meta.db_table not in whole() else []:
            with undone():
                if attacks.change(*change):
                    (unseen if found_nothing() else seen).add(f"{model._meta.db_table}.{change[2]}")

    assert unseen == {entry for entry in lines() if "." in entry}
    assert {"articles_article.published_version_id", "auth_user.is_active", "auth_user_groups.user_id"} <= seen


def row_of(model):
    """Return the key of the row to change: of accounts one with a role and a history, of works a retracted one."""
    if model is get_user_model():
        return get_user_model().objects.get(username="editor2").pk
    if model._meta.db_table == "articles_article":
        return model.objects.get(slug="nodes").pk
    if model is Reference:
        return GUARDED[model].rows().first().pk
    return model._base_manager.order_by("pk").values_list("pk", flat=True).first()


def row_to_copy(model, key):
    """Return the key of the row to copy: of articles one that points at nothing, of works one not retracted."""
    if model is Reference:
        return model.objects.exclude(pk=key).first().pk
    return model.objects.get(slug="another-address").pk if model._meta.db_table == "articles_article" else key


def test_exactly_the_exempt_tables_can_lose_and_gain_a_row_unseen(full):
    gains, losses = set(), set()

    for model in [*others(), *evidence.DRAFT_HISTORY]:
        key, table = row_of(model), model._meta.db_table
        if type(key) is not int:
            continue
        with undone():
            if attacks.duplicate(model, row_to_copy(model, key)) and found_nothing():
                gains.add(f"{table} +row")
        with undone():
            if attacks.delete(model, key) and found_nothing():
                losses.add(table)

    assert {entry for entry in gains if entry.split()[0] not in whole()} == {
        entry for entry in lines() if entry.endswith("+row")
    }
    assert losses <= whole()
    assert len(losses) > 15


def test_an_edit_after_the_submission_is_found_only_after_the_next(full):
    section = full.articles["nodes"].sections.get()
    with undone():
        attacks.triggers.install()
        history = factories.save(section, full.author2).history.first()
        attacks.disarm()
        attacks.change(type(history), history.pk, "history_user_id", full.editor.pk)

        assert found_nothing()
    assert "articles_historicalsection ~later" in lines()

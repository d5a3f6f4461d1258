"""Each field that readers see, or that decides who may sign, is guarded as `guards.py` says."""

from unittest import mock

import pytest
from django.apps import apps

from articles.frozen.content import FROZEN as FROZEN_FIELDS
from articles.frozen.content import freeze
from articles.models import Article, Slug
from articles.models.rows.append_only import AppendOnly
from reviews.evidence.ledger import events
from reviews.evidence.ledger.guarded import GUARDED
from reviews.models import LedgerEvent
from reviews.verifying import evidence
from tests.ledger import attacks, guards
from tests.ledger.attacks import execute, look, undone
from tests.ledger.tampering.conftest import defenceless
from tests.ledger.test_exempt import lines

__all__ = ["defenceless"]

OURS = ("articles", "reviews", "auth")
SETTINGS = guards.fields_of(guards.SETTING)


def models_of_ours() -> list:
    """Return every model with a table but the histories, whose rows are evidence of another kind."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label in OURS and "history_id" not in names_of(model)]


def names_of(model) -> set[str]:
    return {field.name for field in model._meta.concrete_fields} - {"id"}


def row_of(model) -> int:
    """Return the key of a row that is told of: of articles one that was submitted."""
    return GUARDED[model].rows().values_list("pk", flat=True)[0]


def found(*words: str) -> bool:
    problems = look(check_signatures=False)
    return any(problem.kind == "setting" and all(word in problem.message for word in words) for problem in problems)


def test_every_field_has_one_guard():
    table = {label: " ".join(each.values()).split() for label, each in guards.GUARDS.items()}

    assert {model._meta.label: sorted(names_of(model)) for model in models_of_ours()} == {
        label: sorted(names) for label, names in table.items()
    }


def test_every_history_is_append_only():
    histories = [model for model in apps.get_models() if "history_id" in names_of(model)]

    assert all(issubclass(model, AppendOnly) for model in histories)
    assert len(histories) > 15


def test_the_settings_of_the_table_are_those_that_events_tell_of():
    assert set(SETTINGS) == {(model._meta.label, name) for model, each in GUARDED.items() for name in each.columns}


def test_rows_of_evidence_are_compared_whole():
    """That each of their columns is found is tried in `tampering`."""
    models = {apps.get_model(label) for label, _ in guards.fields_of(guards.EVIDENCE)}

    assert models == {model for model in evidence.EVIDENCE if "history_id" not in names_of(model)}


def test_what_is_frozen_is_frozen():
    """That each of these fields changes the digest is tried with the content."""
    for label, name in guards.fields_of(guards.FROZEN):
        assert name in FROZEN_FIELDS[apps.get_model(label)], (label, name)


def test_what_is_not_guarded_is_not_looked_at():
    """That no change of it is found, so that no false hope is raised, is tried with `exempt.txt`."""
    guarded = {guards.EVIDENCE, guards.SETTING, guards.REPLAY, guards.CHAIN, guards.PICTURE, guards.LISTED}
    exempt = {entry for entry in lines() if " " not in entry}
    for label, each in guards.GUARDS.items():
        model = apps.get_model(label)
        for guard, names in each.items():
            for name in names.split():
                column = f"{model._meta.db_table}.{model._meta.get_field(name).column}"
                is_exempt = model._meta.db_table in exempt or column in exempt
                assert is_exempt == (guard not in guarded), (label, name)


@pytest.mark.parametrize(("label", "name"), SETTINGS)
def test_a_setting_changed_past_the_site_is_found_and_named(defenceless, label, name):
    model = apps.get_model(label)
    field, key = model._meta.get_field(name), row_of(model)
    before = attacks.raw(model, key)[field.column]
    tried = 0

    one_more = [("one more", before + 1)] if isinstance(before, int) else []  # what a small column takes
    for how, value in [*attacks.other_values(field, before), *one_more]:
        with undone():
            if attacks.change(model, key, field.column, value) and attacks.raw(model, key)[field.column] != before:
                assert found(f"{model._meta.db_table}:{key}", "is not as event"), how
                tried += 1

    assert tried
    assert not found()


@pytest.mark.parametrize(("label", "name"), guards.fields_of(guards.REPLAY))
def test_what_follows_from_the_events_is_compared_with_them(defenceless, label, name):
    model = apps.get_model(label)
    key = defenceless.articles["nodes"].pk if model is Article else model._base_manager.order_by("pk")[0].pk
    field = model._meta.get_field(name)
    before = attacks.raw(model, key)[field.column]
    tried = 0

    for how, value in attacks.other_values(field, before):
        with undone():
            if attacks.change(model, key, field.column, value) and attacks.raw(model, key)[field.column] != before:
                assert look(check_signatures=False), how
                tried += 1

    assert tried


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_a_setting_taken_away_or_planted_is_found_and_named(defenceless, model):
    key, table = row_of(model), model._meta.db_table
    with undone():
        assert attacks.delete(model, key)
        assert found(f"{table}:{key}", "is missing")
    if model is not Article:  # one without a version is no reader's; one with a version that no event tells of is found
        with undone():
            assert attacks.duplicate(model, key)
            assert found(f"{table}:{key + 100_000}", "no event tells of it")


def test_two_articles_whose_addresses_were_swapped_are_found(defenceless):
    one, other = (defenceless.articles[name] for name in ("nodes", "opioids"))

    for key, slug in ((one.pk, "in-between"), (other.pk, one.slug), (one.pk, other.slug)):
        execute("UPDATE articles_article SET slug = %s WHERE id = %s", [slug, key])

    assert found(f"The address of the article {one.pk} (articles_article:{one.pk}) is not as event")
    assert found(f"The address of the article {other.pk} (articles_article:{other.pk}) is not as event")


def test_a_former_address_planted_to_lead_readers_elsewhere_is_found(defenceless):
    wrong = defenceless.articles["opioids"].pk
    execute("INSERT INTO articles_slug (article_id, slug) VALUES (%s, 'safe-doses')", [wrong])
    planted = Slug.objects.get(slug="safe-doses").pk

    assert found(f"The former address {planted} (articles_slug:{planted}) was written past the site")


def test_an_article_shows_what_it_shows_whatever_its_draft_says(defenceless):
    """A draft that was changed past the site is seen by nobody until it is submitted, under another digest."""
    article = defenceless.articles["nodes"]
    signed = article.versions.get(number=1).digest

    execute("UPDATE articles_article SET title = 'Another' WHERE id = %s", [article.pk])

    assert freeze(Article.objects.get(pk=article.pk)).digest != signed


def test_that_all_settings_were_recorded_twice_is_found(defenceless):
    """Nobody can have the site pass a planted row off as one that always stood there."""
    execute("UPDATE articles_topic SET name = 'Planted' WHERE id = %s", [row_of(apps.get_model("articles.Topic"))])
    with mock.patch.object(events, "settings_are_recorded", return_value=False):
        defenceless.author2.groups.clear()

    again = LedgerEvent.objects.filter(action="settings_recorded").get()
    assert any(problem.position == again.position and problem.kind == "step" for problem in look())

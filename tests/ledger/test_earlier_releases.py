"""A ledger of a release that recorded no settings: whole as it is, and guarded from the next event on."""

import contextlib
import json

import pytest
from django.db import connection, transaction

from articles.models import Article, GlossaryTerm
from reviews.evidence import ledger, triggers
from reviews.evidence.ledger import checkpoints, events, guarded, keys
from reviews.models import LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import verify
from tests import factories
from tests.ledger import attacks, rewriting

ONLY_SETTINGS = ("account_made", "settings_changed")


@pytest.fixture
def earlier(author, editor, clinical, specialist, monkeypatch):
    """A site with a published article and a former address, whose ledger tells of no settings."""
    draft = factories.article(author, slug="nodes")
    factories.cite(draft, by=author, status="retracted")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    factories.save(GlossaryTerm(word="Dose", definition="How much is taken at once."), author)
    moved = Article.objects.get(pk=draft.pk)
    moved.slug = "swollen-nodes"
    factories.save(moved, author)
    attacks.disarm()
    rewriting.rewrite([without_settings(event) for event in told()], keys.signer())
    monkeypatch.setattr(events, "_recorded", set())
    connection.run_on_commit = []
    checkpoints.write_missing_files(LedgerHead.objects.get().ledger_id)
    triggers.install()
    yield moved
    attacks.rearm()


def told() -> list[dict]:
    return [event for event in rewriting.read_events() if event["action"] not in ONLY_SETTINGS]


def without_settings(event: dict) -> dict:
    private = event["private"] or {}
    for part in (event["payload"], private):
        for name in [name for name in part if name.startswith("settings")]:
            del part[name]
    return {**event, "private": private or None}


def test_a_ledger_of_an_earlier_release_is_whole_and_records_the_settings_with_its_next_event(earlier):
    report = verify()
    assert (report.problems, report.settings_from) == ([], 0)
    before = LedgerEvent.objects.count()

    with transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)

    assert factories.events(before) == ["checkpoint_made", "settings_recorded"]
    report = verify()
    assert (report.problems, report.settings_from) == ([], before + 2)
    with transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)
    assert factories.events(before) == ["checkpoint_made", "settings_recorded", "checkpoint_made"]
    told_of = json.loads(LedgerEvent.objects.get(action="settings_recorded").private.text)["settings"]
    assert len(told_of) == report.settings == sum(each.rows().count() for each in guarded.GUARDED.values())
    assert {name.partition(":")[0] for name in told_of} == {model._meta.db_table for model in guarded.GUARDED}


def test_a_recording_that_was_rolled_back_is_made_with_the_next_event(earlier, django_capture_on_commit_callbacks):
    before = LedgerEvent.objects.count()
    with django_capture_on_commit_callbacks(execute=True), contextlib.suppress(ZeroDivisionError), transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)
        events.settings_are_recorded(LedgerHead.objects.get().ledger_id)
        raise ZeroDivisionError

    with transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)

    assert factories.events(before) == ["checkpoint_made", "settings_recorded"]


def test_a_recording_that_was_committed_is_asked_for_no_more(
    earlier, django_capture_on_commit_callbacks, django_assert_num_queries
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(2):
            ledger.append(Action.CHECKPOINT_MADE, actor=None)
    ledger_id = LedgerHead.objects.get().ledger_id

    with django_assert_num_queries(0):
        assert events.settings_are_recorded(ledger_id)

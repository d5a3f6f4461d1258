"""Rows of evidence and of the history of drafts: changed, deleted, added, swapped."""

import hashlib
from collections import Counter

from articles.models import Version, VersionText
from reviews.models import LedgerEvent
from reviews.verifying import evidence
from tests.ledger import attacks
from tests.ledger.attacks import execute, look, undone
from tests.ledger.tampering.cells import cells, is_named, middle, sample, tried

ALIKE = ("changed", "one bit", "NULL", "set", "blob", "T", "dashes")


class TestRows:
    def test_every_column_of_every_table_of_evidence(self, defenceless):
        told_of, found = attacks.told_of(), Counter()
        each_table = [cells(model, middle(model)) for model in evidence.EVIDENCE]

        for together in attacks.rounds(*each_table):
            with undone():
                made = [cell for cell in together if cell.is_changed()]
                problems = look(check_signatures=False)
                for cell in made:
                    name = f"{cell.model._meta.db_table}:{cell.key}"
                    assert is_named(problems, "row", told_of[name], f"row {name} ", f"row {name},"), (cell, problems)
                    found[cell.how] += 1

        print(f"\ncells of evidence changed and found: {sum(found.values())} {dict(found)}")
        assert sum(found.values()) > 400

    def test_every_column_of_the_history_of_drafts(self, defenceless):
        drafts, found = attacks.draft_rows(), Counter()

        for model in evidence.DRAFT_HISTORY:
            key = min(drafts[model._meta.db_table])
            for cell in tried([cell for cell in cells(model, key) if cell.how in ALIKE]):
                problems = look(check_signatures=False)
                position = drafts[model._meta.db_table][key]
                assert problems[0].position == position, (cell, problems)
                assert is_named(problems, "history", position), (cell, problems)
                found[cell.how] += 1

        print(f"\ncells of draft history changed and found: {sum(found.values())} {dict(found)}")
        assert sum(found.values()) > 100

    def test_every_row_deleted(self, defenceless):
        told_of, found = attacks.told_of(), 0
        each_table = [[(model, key) for key in sample(model)] for model in evidence.EVIDENCE]

        for together in attacks.rounds(*each_table):
            with undone():
                assert all(attacks.delete(model, key) for model, key in together)
                problems = look(check_signatures=False)
                for model, key in together:
                    name = f"{model._meta.db_table}:{key}"
                    assert is_named(problems, "row", told_of[name], f"row {name}, of event"), name
                    found += 1

        print(f"\nrows of evidence deleted and found: {found}")
        assert found > 75

    def test_every_row_of_the_history_of_drafts_deleted(self, defenceless):
        drafts = attacks.draft_rows()

        for model in evidence.DRAFT_HISTORY:
            for key, position in list(drafts[model._meta.db_table].items())[:2]:
                with undone():
                    assert attacks.delete(model, key)
                    assert is_named(look(check_signatures=False), "history", position), (model, key)

    def test_a_row_added_to_each_table(self, defenceless):
        end, found = LedgerEvent.objects.count() + 1, 0
        each_table = [[(model, key) for key in sample(model)] for model in evidence.EVIDENCE]

        for together in attacks.rounds(*each_table):
            with undone():
                for model, key in together:
                    assert attacks.duplicate(model, key), (model, key)
                problems = look(check_signatures=False)
                for model, key in together:
                    name = f"row {model._meta.db_table}:{key + 100_000} "
                    assert is_named(problems, "row", end, name), name
                    found += 1

        print(f"\nrows added and found: {found}")
        assert found > 75

    def test_two_rows_swapped_in_each_table(self, defenceless):
        told_of, pairs = attacks.told_of(), []
        for model in evidence.EVIDENCE:
            first, last = sample(model)[0], sample(model)[-1]
            if first != last:
                assert attacks.swap(model, first, last)
                pairs.append((model, first, last))

        problems = look()

        for model, *both in pairs:
            for key in both:
                name = f"{model._meta.db_table}:{key}"
                assert is_named(problems, "row", told_of[name], f"row {name} "), name
        print(f"\npairs of rows swapped and found: {len(pairs)}")
        assert len(pairs) > 25

    def test_two_rows_of_the_history_of_drafts_swapped(self, defenceless):
        drafts = attacks.draft_rows()

        for model in evidence.DRAFT_HISTORY:
            one, other = list(drafts[model._meta.db_table])[:2]
            with undone():
                assert attacks.swap(model, one, other)
                position = drafts[model._meta.db_table][one]
                assert is_named(look(check_signatures=False), "history", position), model

    def test_a_text_changed_together_with_its_digest(self, defenceless):
        told_of = attacks.told_of()
        version = Version.objects.order_by("pk").first()
        text = VersionText.objects.get(pk=version.pk).text.replace("filter", "poison")
        digest = hashlib.sha256(text.encode()).hexdigest()

        execute("UPDATE articles_versiontext SET text = %s WHERE version_id = %s", [text, version.pk])
        execute("UPDATE articles_version SET digest = %s WHERE id = %s", [digest, version.pk])
        execute("UPDATE reviews_signature SET digest = %s WHERE version_id = %s", [digest, version.pk])

        problems = look()
        for table in ("articles_version", "articles_versiontext"):
            assert is_named(problems, "row", told_of[f"{table}:{version.pk}"], f"{table}:{version.pk}")
        assert len([problem for problem in problems if "reviews_signature" in problem.message]) == 3

    def test_a_text_that_is_not_even_utf_8(self, defenceless):
        key = VersionText.objects.order_by("pk").first().pk

        if attacks.is_sqlite():
            execute("UPDATE articles_versiontext SET text = CAST(X'7BFF7D' AS TEXT) WHERE version_id = %s", [key])
        else:  # which takes no such text: the nearest thing is the sign that stands for one
            execute("UPDATE articles_versiontext SET text = '{\ufffd}' WHERE version_id = %s", [key])

        assert is_named(look(), "row", attacks.told_of()[f"articles_versiontext:{key}"], "articles_versiontext")

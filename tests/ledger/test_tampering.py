"""Whoever owns the database can write anything into it; all of it is found, and named."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from articles.models import Article, Version, VersionText
from articles.roles import Role
from reviews import triggers
from reviews.ledger import checkpoints, keys, merkle
from reviews.ledger.rows import columns
from reviews.ledger.verifying import evidence, verify
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate, Review, Schedule
from tests.ledger import attacks
from tests.ledger.attacks import execute, look, undone

ALIKE = ("changed", "one bit", "NULL", "set", "blob", "T", "dashes")


@pytest.fixture
def defenceless(story):
    """The story without triggers, checks and foreign keys; nothing else is wrong with it."""
    attacks.disarm()
    assert look() == []
    yield story
    attacks.rearm()


def is_named(problems, kind: str, position: int, *words: str) -> bool:
    """Tell whether one of the problems is of this kind, at this position, and has one of these words."""
    return any(
        problem.kind == kind
        and problem.position == position
        and (not words or any(w in problem.message for w in words))
        for problem in problems
    )


def middle(model):
    there = attacks.keys_of(model)
    return there[len(there) // 2]


def sample(model) -> list:
    """Return the first, the middle and the last key of a table."""
    keys_there = attacks.keys_of(model)
    return list(dict.fromkeys([keys_there[0], keys_there[len(keys_there) // 2], keys_there[-1]]))


@dataclass(frozen=True)
class Cell:
    """A change of one column of one row."""

    model: type
    key: object
    column: str
    how: str
    value: object

    def is_changed(self) -> bool:
        """Change it; tell whether the row differs now: PostgreSQL refuses some, and cuts off spaces that do not fit."""
        before = attacks.raw(self.model, self.key)[self.column]
        taken = attacks.change(self.model, self.key, self.column, self.value)
        return taken and (
            self.column == self.model._meta.pk.column or attacks.raw(self.model, self.key)[self.column] != before
        )


def cells(model, key, *names) -> list[Cell]:
    """Return every change of every column of the row, or of those named."""
    before = attacks.raw(model, key)
    return [
        Cell(model, key, field.column, how, value)
        for field in columns(model)
        for how, value in attacks.other_values(field, before[field.column])
        if not names or field.column in names
    ]


def tried(every: list[Cell]) -> Iterator[Cell]:
    """Yield each change that the database takes, while it is in force."""
    for cell in every:
        with undone():
            if cell.is_changed():
                yield cell


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


class TestChain:
    def test_every_column_of_the_first_a_middle_and_the_last_event(self, defenceless):
        found = Counter()

        for key in sample(LedgerEvent):
            for cell in tried(cells(LedgerEvent, key)):
                problems = look()
                kinds = {problem.kind for problem in problems if problem.position == key}
                assert problems[0].position == key, (cell, problems)
                assert kinds & {"event", "gap", "link", "signature", "head"}, (cell, problems)
                found[cell.how] += 1

        print(f"\ncells of events changed and found: {sum(found.values())} {dict(found)}")
        assert sum(found.values()) >= 80

    def test_an_event_deleted(self, defenceless):
        first, middle, last = sample(LedgerEvent)

        for key in (first, middle, last):
            with undone():
                attacks.delete(LedgerPrivate, key)
                assert attacks.delete(LedgerEvent, key)
                problems = look()
                assert problems[0].position == key
                assert is_named(problems, "head" if key == last else "gap", key)

    def test_an_event_added(self, defenceless):
        first, middle, last = sample(LedgerEvent)

        for key in (first, middle, last):
            with undone():
                values = {**attacks.raw(LedgerEvent, key), "position": last + 1, "hash": "0" * 64}
                assert attacks.insert(LedgerEvent, values)
                assert is_named(look(), "event", last + 1)

    def test_two_events_swapped(self, defenceless):
        for key in sample(LedgerEvent)[:2]:
            with undone():
                assert attacks.swap(LedgerEvent, key, key + 1)
                assert look()[0].position == key

    def test_every_private_part(self, defenceless):
        found = 0
        some = sample(LedgerPrivate)

        for key in some:
            for cell in tried(cells(LedgerPrivate, key)):
                assert is_named(look(), "private", key), cell
                found += 1
            with undone():
                attacks.delete(LedgerPrivate, key)
                assert is_named(look(), "private", key)
        with undone():
            attacks.insert(LedgerPrivate, {**attacks.raw(LedgerPrivate, some[0]), "event_id": 1})
            assert is_named(look(), "private", 1)
        with undone():
            attacks.insert(LedgerPrivate, {**attacks.raw(LedgerPrivate, some[0]), "event_id": 9_999})
            assert is_named(look(), "private", 9_999)

        print(f"\ncells of private parts changed and found: {found}")
        assert found > 12

    def test_the_head_row(self, defenceless):
        found, end = 0, LedgerEvent.objects.count()

        for cell in tried(cells(LedgerHead, 1)):
            problems = look()
            assert {problem.kind for problem in problems} == {"head"}, (cell, problems)
            assert problems[0].position in (1, 2, end, end + 1)
            found += 1
        with undone():
            attacks.delete(LedgerHead, 1)
            assert is_named(look(), "head", end)
        with undone():
            attacks.insert(LedgerHead, {**attacks.raw(LedgerHead, 1), "id": 2})
            assert is_named(look(), "head", end)

        assert found >= 10

    def test_the_end_cut_off_and_the_head_fixed(self, defenceless):
        size = LedgerEvent.objects.count()

        for left in (size - 1, size - 2, size - 3, size // 2, 1):
            with undone():
                cut(left)
                problems = look()
                assert problems[0].position <= left + 1, problems
                assert "row" in {problem.kind for problem in problems} or "account" in {p.kind for p in problems}

    def test_all_events_deleted(self, defenceless):
        cut(0)
        execute("UPDATE reviews_ledgerhead SET ledger_id = '', key_id = '', hash = %s", ["0" * 64])
        execute("DELETE FROM reviews_checkpoint")

        assert is_named(look(), "rollback", 1, "the ledger has none")


class TestCheckpoints:
    def test_every_column_and_row(self, defenceless):
        found = 0

        for key in sample(Checkpoint):
            for cell in tried(cells(Checkpoint, key)):
                assert is_named(look(), "checkpoint", key), cell
                found += 1
            with undone():
                attacks.delete(Checkpoint, key)
                assert is_named(look(), "checkpoint", key, "deleted")
            with undone():
                attacks.insert(Checkpoint, {**attacks.raw(Checkpoint, key), "size": key + 1_000})
                assert is_named(look(), "rewritten", key)

        assert found >= 24

    def test_a_row_deleted_together_with_its_file(self, defenceless, checkpoint_files):
        for path, key in zip(checkpoint_files, attacks.keys_of(Checkpoint), strict=True):
            path.unlink()
            with undone():
                attacks.delete(Checkpoint, key)
                assert is_named(look(), "checkpoint", key, "missing")

    def test_a_file_deleted(self, defenceless, checkpoint_files):
        for path in checkpoint_files:
            path.unlink()
            assert is_named(look(), "checkpoint", int(path.stem), "gone")

    def test_a_file_changed_in_any_byte(self, defenceless, checkpoint_files):
        contents = {path: path.read_bytes() for path in checkpoint_files}
        each_file = [
            [(path, at) for at in range(n % 9, len(content), 9)] for n, (path, content) in enumerate(contents.items())
        ]
        found = 0

        for together in attacks.rounds(*each_file):
            for path, at in together:
                content = contents[path]
                path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            problems = look(check_signatures=False)
            for path, at in together:
                assert is_named(problems, "checkpoint", int(path.stem), path.name), (path, at)
                found += 1

        print(f"\nbytes of checkpoint files changed and found: {found}")
        assert found > 250

    def test_a_file_with_a_byte_more_or_less(self, defenceless, checkpoint_files):
        path = checkpoint_files[1]
        content = path.read_bytes()

        for damaged in (b"", content[:-1], content + b"\n", content.replace(b"\n", b"\r\n"), b" " + content):
            path.write_bytes(damaged)
            assert is_named(look(), "checkpoint", int(path.stem), "damaged")

    def test_a_foreign_file(self, defenceless, checkpoint_files):
        first, second = checkpoint_files[:2]
        foreign = checkpoints.write_note("f" * 32, int(first.stem), "0" * 64, keys.signer())

        first.write_text(foreign)
        assert is_named(look(), "checkpoint", int(first.stem), "of another ledger")

        first.write_text(second.read_text())
        assert is_named(look(), "checkpoint", int(first.stem), "another size")

        first.with_name("000000000007.txt").write_text(second.read_text())
        assert is_named(look(), "checkpoint", 7, "another size")


def cut(size: int):
    """Delete the events after `size`, and make the head fit."""
    execute("DELETE FROM reviews_ledgerprivate WHERE event_id > %s", [size])
    execute("DELETE FROM reviews_ledgerevent WHERE position > %s", [size])
    set_head()


def set_head():
    """Write the head row anew from the events that are there."""
    hashes = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    frontier: list[str] = []
    for at, each in enumerate(hashes):
        frontier = merkle.grow(frontier, at, each)
    execute(
        "UPDATE reviews_ledgerhead SET position = %s, hash = %s, frontier = %s",
        [len(hashes), hashes[-1] if hashes else "0" * 64, json.dumps(frontier, separators=(",", ":"))],
    )


class TestState:
    def test_every_pointer_of_every_article(self, defenceless):
        moves, end, found = last_moves(), LedgerEvent.objects.count(), 0
        each_article = [pointers(article) for article in Article.objects.order_by("pk")]

        for together in attacks.rounds(*each_article):
            with undone():
                made = [move for move in together if attacks.change(Article, move[0].pk, *move[1:])]
                problems = look(check_signatures=False)
                for article, *move in made:
                    position = moves.get(str(article.public_id), end + 1)
                    assert is_named(problems, "pointer", position, f"Article {article.pk} "), (article.pk, move)
                    found += 1

        print(f"\npointers of articles moved and found: {found}")
        assert found > 140

    def test_an_article_deleted_or_under_another_public_id(self, defenceless):
        article = defenceless.articles["nodes"]
        position = last_moves()[str(article.public_id)]

        with undone():
            attacks.delete(Article, article.pk)
            assert is_named(look(), "pointer", position, "missing")
        for cell in tried(cells(Article, article.pk, "public_id")):
            assert is_named(look(), "pointer", position, "missing"), cell

    def test_every_status_of_every_review(self, defenceless):
        found = 0
        each_review = [
            [(review, status) for status in [*Review.Status.values, "whatever"] if status != review.status]
            for review in Review.objects.order_by("pk")
        ]

        for together in attacks.rounds(*each_review):
            with undone():
                made = [move for move in together if attacks.change(Review, move[0].pk, "status", move[1])]
                problems = look(check_signatures=False)
                for review, status in made:
                    assert is_of_status(problems, review), (review, status)
                    found += 1

        print(f"\nstatuses of reviews changed and found: {found}")
        assert found > 50

    def test_published_at_set_and_cleared(self, defenceless):
        for review in Review.objects.order_by("pk"):
            with undone():
                attacks.change(
                    Review, review.pk, "published_at", None if review.published_at else "2020-01-01 00:00:00"
                )
                assert is_of_status(look(check_signatures=False), review)

    def test_a_schedule_opened_again(self, defenceless):
        told_of, found = attacks.told_of(), 0

        for row in Schedule.objects.filter(closed_at__isnull=False):
            with undone():
                execute(
                    "UPDATE reviews_schedule SET closed_at = NULL WHERE id = %s AND outcome = 'published'", [row.pk]
                )
                attacks.change(Schedule, row.pk, "outcome", "")
                name = f"reviews_schedule:{row.pk}"
                assert is_named(look(check_signatures=False), "row", told_of[name], f"row {name} ")
                found += 1

        assert found >= 3

    def test_roles_granted_and_removed(self, defenceless):
        groups, found = list(Group.objects.filter(name__in=Role.values)), 0
        people = list(get_user_model().objects.order_by("pk"))

        for group in groups:
            with undone():
                for user in people:
                    grant_or_remove(user, group)
                problems = look(check_signatures=False)
                for user in people:
                    assert any(p.kind == "role" and f"Account {user.pk} " in p.message for p in problems), user
                    found += 1

        print(f"\nroles granted and removed by raw SQL, and found: {found}")
        assert found > 50

    def test_a_role_group_renamed_or_deleted(self, defenceless):
        for group in Group.objects.filter(name__in=[Role.EDITOR.value, Role.REVIEWER.value]):
            with undone():
                execute("UPDATE auth_group SET name = 'Others' WHERE id = %s", [group.pk])
                assert "role" in {problem.kind for problem in look()}
            with undone():
                execute("DELETE FROM auth_group WHERE id = %s", [group.pk])
                assert "role" in {problem.kind for problem in look()}

    def test_an_account_made_active_again_or_given_another_address(self, defenceless):
        changed = {
            json.loads(payload)["account"]: position
            for position, payload in LedgerEvent.objects.filter(action="account_changed")
            .order_by("position")
            .values_list("position", "payload")
        }
        leaver = get_user_model().objects.get(username="leaver")

        with undone():
            execute("UPDATE auth_user SET is_active = %s WHERE id = %s", [True, leaver.pk])
            assert is_named(look(), "account", changed[str(leaver.pk)])
        with undone():
            execute("UPDATE auth_user SET email = 'mallory@example.org' WHERE id = %s", [leaver.pk])
            assert is_named(look(), "account", changed[str(leaver.pk)])

    def test_who_wrote_a_draft_cannot_be_taken_out_of_its_history(self, defenceless):
        drafts = attacks.draft_rows()["articles_historicalsection"]

        for writer in (None, defenceless.clinical.pk):
            with undone():
                execute(
                    "UPDATE articles_historicalsection SET history_user_id = %s WHERE history_id = %s",
                    [writer, min(drafts)],
                )
                assert is_named(look(check_signatures=False), "history", drafts[min(drafts)])


def last_moves() -> dict[str, int]:
    """Return the position of the event that last moved a pointer of each article."""
    moves = LedgerEvent.objects.filter(action__in=["submitted", "published"]).order_by("position")
    return dict(moves.values_list("article", "position"))


def pointers(article) -> list[tuple]:
    """Return (article, column, value) for everywhere else that the article's pointers could point."""
    versions = list(Version.objects.values_list("pk", flat=True))
    moves = [
        (article, column, value)
        for column in ("latest_version_id", "published_version_id")
        for value in [*versions, None, 999_999]
        if value != getattr(article, column)
    ]
    days = [("last_reviewed", "2031-01-01"), ("next_review_due", "2031-01-01")]
    days += [(column, None) for column, _ in days if getattr(article, column)]
    return moves + [(article, *day) for day in days]


def is_of_status(problems, review) -> bool:
    return any(problem.kind == "status" and f"Review {review.pk} " in problem.message for problem in problems)


def grant_or_remove(user, group):
    if user.groups.filter(pk=group.pk).exists():
        execute("DELETE FROM auth_user_groups WHERE user_id = %s AND group_id = %s", [user.pk, group.pk])
    else:
        execute("INSERT INTO auth_user_groups (user_id, group_id) VALUES (%s, %s)", [user.pk, group.pk])


class TestTriggers:
    def test_every_trigger_dropped_alone(self, story):
        statements = triggers.dialect(transaction.get_connection()).create()
        assert verify().problems == []

        for name, (table, _) in statements.items():
            with undone():
                execute(triggers.dialect(transaction.get_connection()).drop(name, table))
                assert triggers.missing() == [name]
        name = next(iter(statements))
        with undone():
            execute(triggers.dialect(transaction.get_connection()).drop(name, statements[name][0]))
            assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, name)

        print(f"\ntriggers dropped and found: {len(statements)}")
        assert len(statements) > 60

    def test_a_trigger_of_the_same_name_that_does_nothing(self, story):
        statements = triggers.dialect(transaction.get_connection()).create()
        name = "reviews_decision_only_added" + ("_update" if attacks.is_sqlite() else "")

        weaken(name, *statements[name])

        assert triggers.missing() == []
        assert name in triggers.changed()
        assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, name)

    @pytest.mark.postgresql
    def test_a_trigger_disabled(self, story):
        execute("SET CONSTRAINTS ALL IMMEDIATE")

        execute("ALTER TABLE reviews_decision DISABLE TRIGGER reviews_decision_only_added")

        assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, "reviews_decision_only_added")


def weaken(name: str, table: str, statement: str):
    if attacks.is_sqlite():
        execute(f"DROP TRIGGER {name}")
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT 1; END")
    else:
        body = "BEGIN RETURN NEW; END"
        execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $b$ {body} $b$")


def test_every_file_and_note_is_signed_in_one_spelling(story, checkpoint_files):
    """Base64 has spare bits: a signature in another spelling would be a change that nobody sees."""
    event = LedgerEvent.objects.order_by("position").first()
    other = respelled(event.signature)
    note = Checkpoint.objects.order_by("size").first().note

    assert base64.b64decode(other) == base64.b64decode(event.signature)
    with pytest.raises(checkpoints.BadNote):
        checkpoints.read_note(note.replace(note.split(" ")[-1].strip(), respelled(note.split(" ")[-1].strip())))


def respelled(text: str) -> str:
    """Return another base64 text of the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    padding = len(text) - len(text.rstrip("="))
    last = text.rstrip("=")[-1]
    return text.rstrip("=")[:-1] + alphabet[alphabet.index(last) ^ 1] + "=" * padding

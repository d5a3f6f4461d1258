"""Through whichever door a setting is changed: there is an event, and the ledger verifies."""

import io
import json
import re
from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.files.drafts.store import NotImported, store
from articles.files.markdown.parsing import parse
from articles.models import Article, Audience, Contributor, Reference, Slug, Topic
from articles.models.people import Role
from articles.models.rows import announced
from reviews.evidence.ledger import events as ledger_events
from reviews.evidence.ledger import keys
from reviews.models import LedgerEvent, Quorum, accountable
from reviews.verifying import verify
from tests.admin.accounts import of_person
from tests.factories import (
    PASSWORD,
    actor_of,
    article,
    events,
    last_event,
    payload,
    person,
    published,
    save,
    submitted,
    topic,
)

User = get_user_model()
NEW = "a password of eighteen letters"
FILE = "---\ntitle: Swollen nodes\nkind: topic\ntopics: [Swelling, Oncology]\nai_use: none\n---\n\nNodes swell.\n"


@contextmanager
def recorded(*actions: str):
    """Require that just these events come of it, and that the ledger verifies before and after."""
    assert verify().problems == []
    before = LedgerEvent.objects.count()

    yield

    assert events(before) == list(actions)
    assert verify().problems == []


@pytest.fixture
def boss(db):
    return person("boss", groups=["admin"])


@pytest.fixture
def at_admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def moved(author, editor, clinical, specialist):
    """A published article, and a draft of it."""
    draft = article(author, slug="nodes")
    published(submitted(author, draft), editor, clinical, specialist)
    return Article.objects.get(pk=draft.pk)


# the admin


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Topic, {"name": "Surgery", "slug": "surgery"}),
        (Audience, {"key": "nurse", "label": "nurse", "position": "4"}),
        (Contributor, {"name": "Nina New", "credentials": "RN"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_admin_adds_changes_and_deletes(at_admin, boss, model, fields):
    path = f"/admin/articles/{model._meta.model_name}/"
    changed = {name: f"{value}s" if name in ("name", "label") else value for name, value in fields.items()}

    with recorded("settings_changed"):
        at_admin.post(f"{path}add/", fields)
    row = model.objects.latest("pk")
    assert actor_of(last_event()) == str(boss.pk)
    with recorded("settings_changed"):
        at_admin.post(f"{path}{row.pk}/change/", changed)
    if model is Topic:
        with recorded("settings_changed"):
            at_admin.post(f"{path}{row.pk}/delete/", {"post": "yes"})
        assert payload() == {"settings": [f"articles_topic:{row.pk}"]}
        assert not Topic.objects.exists()


def test_the_admin_links_a_person_to_an_account(at_admin, db):
    nina = person("nina")
    nina.contributor.delete()
    public = Contributor.objects.create(name="Nina New")

    with recorded("settings_changed"):
        at_admin.post(f"/admin/articles/contributor/{public.pk}/change/", {"name": "Nina New", "user": nina.pk})

    public.refresh_from_db()
    assert public.user_id == nina.pk


def test_the_admin_makes_and_changes_accounts_and_passwords(at_admin, db):
    editors = Group.objects.get(name=Role.EDITOR.group).pk
    fields = {"username": "nina", "email": "nina@example.org", "is_active": "on", "groups": [editors]}

    with recorded("account_made", "roles_changed"):
        at_admin.post("/admin/auth/user/add/", {**of_person(), **fields})
    nina = User.objects.get(username="nina")
    with recorded("account_changed"):
        at_admin.post(f"/admin/auth/user/{nina.pk}/change/", {**of_person(), **fields, "email": "new@example.org"})
    with recorded("account_changed"):
        at_admin.post(
            f"/admin/auth/user/{nina.pk}/password/",
            {"password1": NEW, "password2": NEW, "usable_password": "true"},
        )
    assert User.objects.get(pk=nina.pk).check_password(NEW)


def test_a_refused_form_of_the_admin_is_no_event(at_admin):
    topic("Surgery")

    with recorded():
        at_admin.post("/admin/articles/topic/add/", {"name": "Surgery", "slug": "surgery"})


# the desk and the import


def test_the_desk_gives_an_article_another_address_and_the_former_one_leads_to_it(client, moved, author):
    client.force_login(author)
    page = client.get(reverse("draft", args=[moved.pk]))
    form = {**page.context["form"].initial, "slug": "swollen-nodes", "topics": [topic("Oncology").pk]}
    form["seen"] = page.context["form"].fields["seen"].initial
    form["evidence_current_to"] = ""

    with recorded("settings_changed"):
        answer = client.post(reverse("draft", args=[moved.pk]), form)

    assert answer.status_code == 302, answer.content.decode()
    former = Slug.objects.get(slug="nodes")
    assert payload() == {"settings": [f"articles_article:{moved.pk}", f"articles_slug:{former.pk}"]}
    assert client.get("/articles/nodes/", follow=True).redirect_chain[0][0] == "/articles/swollen-nodes/"


def test_an_article_that_takes_a_former_address_back_is_told(moved, author):
    for slug in ("swollen", "nodes", "swollen"):
        moved.slug = slug
        with recorded("settings_changed"):
            save(moved, author)


def test_a_draft_that_was_never_submitted_has_no_address_to_be_told(author):
    draft = article(author)
    with recorded("settings_changed"):  # of the former address alone
        draft.slug = "swollen"
        save(draft, author)
    assert list(payload()["settings"]) == [f"articles_slug:{Slug.objects.get().pk}"]

    with recorded("settings_changed"):  # the former address goes with it
        draft.delete()


def test_an_import_tells_of_all_that_it_makes_in_one_event(client, editor):
    both = person("both", groups=["author", "editor"])
    client.force_login(both)
    upload = SimpleUploadedFile("nodes.md", FILE.encode())

    with recorded("settings_changed"):
        answer = client.post(reverse("draft_import"), {"file": upload})

    assert answer.status_code == 302
    assert payload() == {"settings": sorted(f"articles_topic:{row.pk}" for row in Topic.objects.all())}
    assert len(payload()["settings"]) == 2
    assert actor_of(last_event()) == str(both.pk)


def test_an_import_that_is_refused_tells_of_nothing(author, editor):
    both = person("both", groups=["author", "editor"])
    imported = parse(FILE.encode())

    fails = mock.patch("articles.files.drafts.merging.remember", side_effect=NotImported("No."))
    with recorded(), fails, pytest.raises(NotImported):
        store(imported, author=both)

    assert not Topic.objects.exists()


def test_an_import_asks_the_ledger_last_and_once(author, editor):
    """Whatever it makes, the ledger's end is locked after all else is written."""
    both = person("both", groups=["author", "editor"])
    many = FILE.replace("[Swelling, Oncology]", f"[{', '.join(f'Topic {n}' for n in range(40))}]")

    with CaptureQueriesContext(connection) as asked:
        store(parse(many.encode()), author=both)

    statements = [query["sql"] for query in asked.captured_queries]
    first = next(at for at, sql in enumerate(statements) if "reviews_ledgerhead" in sql)
    after = [sql for sql in statements[first:] if re.match("INSERT|UPDATE", sql)]
    assert len(statements) - first < 20
    assert all("reviews_ledger" in sql for sql in after)


# passwords


def test_a_password_that_is_set_by_mail(client, clinical, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("password_reset"), {"email": clinical.email})
    path = re.search(r"https?://[^/]+(/desk/password/\S+)", mail.outbox[-1].body).group(1)
    form = client.get(path, follow=True)

    with recorded("account_changed"):
        client.post(form.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})

    assert client.login(username=clinical.username, password=NEW)


def test_a_password_that_is_changed_by_its_owner(at_admin, boss):
    words = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}

    with recorded("account_changed"):
        at_admin.post("/desk/password/", words)

    assert User.objects.get(pk=boss.pk).check_password(NEW)


def test_a_sign_in_that_renews_the_hash_of_the_password(client, clinical, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]

    with recorded("account_changed"):
        client.post(reverse("sign_in"), {"username": clinical.username, "password": PASSWORD})

    assert User.objects.get(pk=clinical.pk).password.startswith("pbkdf2")
    assert client.session["_auth_user_id"] == str(clinical.pk)


def test_a_sign_in_that_renews_nothing_is_no_event(client, clinical):
    with recorded():
        client.post(reverse("sign_in"), {"username": clinical.username, "password": PASSWORD})

    assert User.objects.get(pk=clinical.pk).last_login


# commands


def test_the_commands_that_make_accounts_and_set_passwords(db, monkeypatch):
    with recorded(*["ledger_started", "account_made", "roles_changed"]):
        call_command("first_administrator", "ruth", "ruth@example.org", stdout=io.StringIO())
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    with recorded("account_made"):
        call_command(
            "createsuperuser", "--no-input", "--username=root", "--email=root@example.org", stdout=io.StringIO()
        )
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: NEW)
    with recorded("account_changed"):
        call_command("changepassword", "ruth", stdout=io.StringIO())

    assert User.objects.get(username="ruth").check_password(NEW)


# other doors


@pytest.mark.parametrize(
    "change",
    [
        lambda: Topic.objects.get_or_create(name="New", defaults={"slug": "new"}),
        lambda: Topic.objects.update_or_create(name="Surgery", defaults={"slug": "cut"}),
        lambda: Topic.objects.filter(name="Surgery").delete(),
    ],
    ids=["get or create", "update or create", "delete"],
)
def test_querysets(db, change):
    topic("Surgery")

    with recorded("settings_changed"):
        change()


def test_rows_are_not_changed_in_bulk_which_would_tell_nobody(db):
    row = topic("Surgery")
    row.name = "Cutting"

    with recorded():
        for change in (
            lambda: Topic.objects.update(name="Cutting"),
            lambda: Topic.objects.bulk_update([row], ["name"]),
            lambda: Topic.objects.bulk_create([Topic(name="New", slug="new")]),
        ):
            with pytest.raises(
                announced.BulkChangeRefused, match=r"Save each topic on its own, so that its change is recorded\."
            ):
                change()


def test_changes_made_together_are_one_event_and_none_when_undone(db):
    row = topic("Surgery")

    with recorded("settings_changed"), announced.announced_together():
        with announced.announced_together():
            topic("Oncology")
        row.delete()
    with recorded(), pytest.raises(IntegrityError), announced.announced_together():
        Topic.objects.create(name="Nursing", slug=topic("Nursing").slug)
    with recorded("settings_changed"):  # nothing waits any more
        topic("Nursing")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("save_it", ["topic", "account", "password"])
def test_a_change_whose_event_cannot_be_written_is_not_made(save_it):
    """Many doors open no transaction: a change without its event would be an alarm that nobody can put right."""
    row, user = topic("Surgery"), person("nina")
    row.name, user.email = "Cutting", "new@example.org"
    user.set_password(NEW) if save_it == "password" else None
    changes = {
        "topic": row.save,
        "account": user.save,
        "password": lambda: user.save(update_fields=["password"]),
    }

    fails = mock.patch.object(ledger_events, "_write", side_effect=keys.WrongKey("Another key."))
    with recorded(), fails, pytest.raises(keys.WrongKey):
        changes[save_it]()

    assert Topic.objects.get().name == "Surgery"
    stored = User.objects.get()
    assert (stored.email, stored.check_password(PASSWORD)) == ("nina@example.org", True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["save", "delete"])
def test_a_row_of_the_board_whose_change_nobody_records_is_not_changed(change):
    row = Quorum.objects.create(kind="topic", risk="high", clinical=3)
    row.clinical = 4

    nobody = mock.patch.object(accountable, "changed", Signal())
    with recorded(), nobody, pytest.raises(accountable.NotRecorded):
        getattr(row, change)()

    assert Quorum.objects.get().clinical == 3


# works of the library, while they say that they are retracted


WORK = "  - {id: k, type: article-journal, title: A trial, author: ['Smith, Ann'], issued: 2020, DOI: 10.1000/k%s}\n"
CITED = FILE.replace("ai_use: none\n", "ai_use: none\nreferences:\n%s").replace("swell.", "swell [@k].")


def test_an_import_that_brings_a_retracted_work_tells_of_it(db):
    editor = person("writing-editor", groups=["author", "editor"])

    with recorded("settings_changed"):
        store(parse((CITED % WORK % ", status: retracted").encode()), author=editor)

    work = Reference.objects.get()
    assert work.is_retracted
    assert f"articles_reference:{work.pk}" in payload()["settings"]
    assert actor_of(last_event()) == str(editor.pk)


def test_the_admin_says_that_a_work_is_retracted_and_takes_it_back(at_admin, boss):
    work = Reference.objects.create(csl={"type": "book", "title": "A book"})
    page = f"/admin/articles/reference/{work.pk}/change/"

    for csl in ({**work.csl, "status": "retracted"}, work.csl):
        with recorded("settings_changed"):
            assert at_admin.post(page, {"csl": json.dumps(csl), "doi": "", "pmid": ""}).status_code == 302
        assert actor_of(last_event()) == str(boss.pk)
    with recorded("settings_changed"):  # it once was
        Reference.objects.get(pk=work.pk).delete()


def test_other_works_are_nothing_to_be_told(db):
    with recorded():
        work = Reference.objects.create(csl={"type": "book", "title": "A book"})
        work.csl = {"type": "book", "title": "Another book"}
        work.save()
        work.delete()


def test_a_retraction_planted_or_taken_away_past_the_site_is_found(db):
    one, other = (Reference.objects.create(csl={"type": "book", "title": title}) for title in ("One", "Other"))
    one.csl["status"] = "retracted"
    one.save()
    said, silent = '{"status":"retracted","title":"Other","type":"book"}', '{"title":"One","type":"book"}'
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_reference SET csl = %s WHERE id = %s", [said, other.pk])
        cursor.execute("UPDATE articles_reference SET csl = %s WHERE id = %s", [silent, one.pk])

    problems = [problem.message for problem in verify().problems]

    assert [f"articles_reference:{work.pk}" in " ".join(problems) for work in (one, other)] == [True, True]
    assert len(problems) == 2

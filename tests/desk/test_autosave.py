"""What is typed on the page of a draft is kept until it is saved, and it is nobody else's."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.desk.writing import autosave
from articles.models import Autosave
from reviews.operations.background.jobs import prune
from tests.desk.pages import text, url
from tests.desk.test_writing import Opened, draft, fields_of, histories  # noqa: F401 (a fixture)
from tests.factories import evidence, person

pytestmark = pytest.mark.django_db


def stored() -> dict:
    """Return all rows of the database but what is kept while somebody types."""
    return {table: rows for table, rows in evidence().items() if table != Autosave._meta.db_table}


def keep(page, /, part="article", **changed):
    body = {"page": page["page"], "part": part, "fields": [list(each) for each in page.fields], **changed}
    return page.client.post(f"{page.address}autosave/", json.dumps(body), content_type="application/json")


def test_what_was_typed_is_offered_taken_up_and_saved(at, author, draft):  # noqa: F811
    client = at(author)
    before = stored(), histories()
    page = Opened(client, draft).type(article__title="Typed title")
    page.send("add:section")
    page.type(n1__heading="New")

    assert keep(page).status_code == 200
    assert (stored(), histories()) == before
    offered = client.get(page.address)
    assert "data-offer" in text(offered)
    assert "Typed title" not in text(offered)
    taken = Opened(client, draft)
    taken.show(client.get(f"{page.address}?text=kept"))
    assert (taken["article-title"], taken["n1-heading"], taken["page"]) == ("Typed title", "New", page["page"])
    assert taken.send().status_code == 302
    assert not Autosave.objects.exists()
    draft.refresh_from_db()
    assert draft.title == "Typed title"


def test_it_is_one_row_overwritten_and_deleted_when_it_is_discarded(at, author, draft):  # noqa: F811
    page = Opened(at(author), draft)
    for title in ("One", "Two"):
        assert keep(page.type(article__title=title)).status_code == 200
    assert '"Two"' in Autosave.objects.get().fields

    answer = page.client.post(page.address, {"do": "discard"})

    assert answer.status_code == 302
    assert not Autosave.objects.exists()


def test_it_is_offered_to_nobody_else(at, author, editor, draft):  # noqa: F811
    keep(Opened(at(author), draft).type(article__title="Typed title"))

    for address in (url("write", draft.pk), url("write", draft.pk) + "?text=kept", url("draft", draft.pk)):
        page = text(at(editor).get(address))
        assert "Typed title" not in page
        assert "data-offer" not in page


def test_only_writers_of_the_draft_may_keep_text(at, author, draft):  # noqa: F811
    page = Opened(at(author), draft)
    page.client = at(person("stranger", groups=["author"]))

    assert keep(page).status_code == 404
    assert page.client.get(f"{page.address}autosave/").status_code == 404
    assert not Autosave.objects.exists()


def test_text_of_another_opening_is_not_overwritten_before_it_is_taken_up_or_discarded(at, author, draft):  # noqa: F811
    client = at(author)
    keep(Opened(client, draft).type(article__title="First"))
    other = Opened(client, draft).type(article__title="Second")

    refused = keep(other)

    assert refused.status_code == 409
    assert "take that text up or discard it" in refused.json()["said"]
    assert '"First"' in Autosave.objects.get().fields
    assert other.send().status_code == 302
    assert '"First"' in Autosave.objects.get().fields


@pytest.mark.parametrize(
    "changed",
    [
        {"page": "x"},
        {"page": None},
        {"part": "x" * 51},
        {"part": 7},
        {"fields": []},
        {"fields": [["a"]]},
        {"fields": [["a", 1]]},
        {"fields": {"a": "b"}},
        {"fields": [["a", "b"]] * 5_001},
    ],
)
def test_what_is_no_page_is_refused_in_a_sentence(at, author, draft, changed):  # noqa: F811
    answer = keep(Opened(at(author), draft), **changed)

    assert answer.status_code == 422
    assert answer.json()["said"] == "This is not the text of the page, so it was not kept."


def test_too_long_a_text_is_refused_in_a_sentence(at, author, draft):  # noqa: F811
    answer = keep(Opened(at(author), draft), fields=[["article-title", "x" * autosave.MOST_BYTES]])

    assert answer.status_code == 422
    assert "too long to be kept" in answer.json()["said"]


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "\U0001f600"])
def test_odd_signs_are_kept_as_they_were_typed(at, author, draft, odd):  # noqa: F811
    page = Opened(at(author), draft)

    assert keep(page, fields=[["whole", "1"], ["article-title", odd]]).status_code == 200
    assert json.loads(Autosave.objects.get().fields)[1] == ["article-title", odd]


def test_others_see_who_is_editing_and_where_for_a_minute(at, author, editor, draft):  # noqa: F811
    section = draft.sections.first()
    page = Opened(at(author), draft)
    keep(page, part=f"s{section.pk}")
    client = at(editor)

    heard = client.get(f"{page.address}autosave/").json()["others"]

    (other,) = heard
    assert other == {
        "part": f"s{section.pk}",
        "said": "Ada Author is editing this draft now",
        "here": "Ada Author is editing this part",
    }
    assert "Ada Author is editing this draft now" in text(client.get(page.address))
    assert page.client.get(f"{page.address}autosave/").json()["others"] == []
    row = Autosave.objects.get()
    row.kept_at = timezone.now() - datetime.timedelta(seconds=61)
    row.save()
    assert client.get(f"{page.address}autosave/").json()["others"] == []


def test_keeping_text_takes_three_statements_beside_those_of_the_account(at, author, draft):  # noqa: F811
    page = Opened(at(author), draft)
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            assert keep(page).status_code == 200
        own = [each["sql"] for each in found if "django_session" not in each["sql"] and "SAVEPOINT" not in each["sql"]]
        assert len([each for each in own if '"auth_user"."password"' not in each]) <= 3, own


def test_a_page_that_was_kept_collides_like_any_other(at, author, editor, draft):  # noqa: F811
    one = draft.sections.first()
    client = at(author)
    page = Opened(client, draft).type(**{f"s{one.pk}__body": "Mine."})
    keep(page)
    Opened(at(editor), draft).type(**{f"s{one.pk}__body": "Theirs."}).send()
    page.show(client.get(f"{page.address}?text=kept"))

    assert page.send().status_code == 409
    assert draft.sections.first().body == "<p>Theirs.</p>"


def test_signing_out_makes_the_browser_forget(at, author):
    assert at(author).post(url("sign_out"))["Clear-Site-Data"] == '"storage"'


def test_what_nobody_takes_up_is_deleted_after_ninety_days(at, author, draft):  # noqa: F811
    keep(Opened(at(author), draft).type(article__title="One"))
    day = datetime.timedelta(days=1)

    Autosave.objects.update(kept_at=timezone.now() - 90 * day + day)
    prune.func()
    assert Autosave.objects.count() == 1
    Autosave.objects.update(kept_at=timezone.now() - 91 * day)
    prune.func()

    assert not Autosave.objects.exists()

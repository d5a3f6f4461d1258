"""A person's due dates as a calendar at a private address: read by whoever has it, until it is revoked."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from lxml import html

from articles.models import Article
from reviews import workflow
from reviews.models import Assignment, CalendarAddress
from tests.factories import accepted, article, asked, decide, published, submitted, under_review

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def address():
    """Return a function that makes this person's address at the desk, as they do."""

    def make(user) -> str:
        client = Client()
        client.force_login(user)
        page = html.document_fromstring(client.post(reverse("make_calendar_address")).content)
        [shown] = page.xpath("//section[h2[@id='made']]//code/text()")
        return shown.removeprefix("https://testserver")

    return make


def events(answer):
    assert answer.status_code == 200
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def summaries(answer):
    return sorted(str(event["SUMMARY"]) for event in events(answer).values())


def test_the_calendar_has_each_open_request_on_its_day_and_stays_the_same_event(
    author, editor, clinical, address, client
):
    [row] = under_review(submitted(author, title="Nodes, “hot”; and cold"), editor, (clinical, "clinical"))
    path = address(clinical)

    [(key, event)] = events(client.get(path)).items()
    assert event.start == row.due
    assert event.end == row.due + DAY
    assert "VALUE=DATE" in event.to_ical().decode().split("DTSTART;")[1].splitlines()[0]
    assert str(event["SUMMARY"]) == "Review due: Nodes, “hot”; and cold, version 1"
    assert str(event["URL"]) == f"https://testserver/desk/reviews/{row.review_id}/"
    Assignment.objects.filter(pk=row.pk).update(due=row.due + 5 * DAY)
    again = events(client.get(path))
    assert again[key].start == row.due + 5 * DAY
    decide(row)
    assert events(client.get(path)) == {}


def test_a_request_of_an_earlier_release_on_the_last_day_there_is_stands_in_the_calendar(
    author, editor, clinical, address, client
):
    [row] = under_review(submitted(author), editor, (clinical, "clinical"))
    Assignment.objects.filter(pk=row.pk).update(due=datetime.date.max)

    [event] = events(client.get(address(clinical))).values()

    assert event.start == datetime.date.max


def test_a_request_that_is_not_accepted_says_nothing_of_the_article(author, editor, clinical, address, client):
    [row] = asked(submitted(author, title="Secret"), editor, (clinical, "clinical"))
    path = address(clinical)

    answer = client.get(path)

    assert summaries(answer) == ["A request to review"]
    assert b"Secret" not in answer.content
    accepted(row)
    assert summaries(client.get(path)) == ["Review due: Secret, version 1"]
    workflow.recuse(row, actor=clinical, reason="My sister wrote it.", conflict=True)
    assert events(client.get(path)) == {}


def test_nobody_has_the_dates_of_another(author, editor, editor2, clinical, specialist, address, client):
    under_review(submitted(author), editor, (clinical, "clinical"))

    for other in (author, editor2, specialist):
        assert events(client.get(address(other))) == {}


def test_an_editor_has_the_requests_of_the_reviews_that_they_look_after(
    author, editor, editor2, clinical, specialist, address, client
):
    version = submitted(author)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.assign(version.review, actor=editor2, reviewer=specialist, capacity="specialist", due=row.due)

    def reviewers(user):
        return sorted(str(event["SUMMARY"]) for event in events(client.get(address(user))).values())

    names = [f"Review by {each.contributor.name} due: {version.title}, version 1" for each in (clinical, specialist)]
    assert reviewers(editor) == sorted(names)
    assert reviewers(editor2) == [names[1]]
    workflow.unassign(row, actor=editor, reason="On leave.")
    assert reviewers(editor) == [names[1]]


def test_an_editor_has_the_next_reviews_of_what_they_saw_to(
    author, editor, editor2, clinical, specialist, address, client
):
    version = published(submitted(author), editor, clinical, specialist)
    due = Article.objects.get(pk=version.article_id).next_review_due

    [event] = events(client.get(address(editor))).values()

    assert (event.start, str(event["SUMMARY"])) == (due, f"Review due: {version.title}")
    assert str(event["URL"]) == f"https://testserver/desk/articles/{version.article_id}/"
    assert events(client.get(address(editor2))) == {}
    workflow.issue_notice(version.article, actor=editor, kind="retraction", reason="It was wrong.")
    assert events(client.get(address(editor))) == {}


def test_an_address_is_shown_once_kept_as_a_digest_and_replaced_or_revoked(clinical, address, client):
    first = address(clinical)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    kept = CalendarAddress.objects.get()
    assert token not in f"{kept.__dict__}"
    assert len(token) >= 43
    signed_in = Client()
    signed_in.force_login(clinical)
    assert token not in signed_in.get(reverse("calendar")).content.decode()

    second = address(clinical)
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    assert CalendarAddress.objects.count() == 1

    assert signed_in.post(reverse("revoke_calendar_address")).status_code == 302
    assert client.get(second).status_code == 404
    assert signed_in.post(reverse("revoke_calendar_address")).status_code == 302


def test_an_address_gives_nothing_when_its_owner_has_left(clinical, address, client):
    path = address(clinical)
    clinical.is_active = False
    clinical.save()

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "é", "a" * 3000])
def test_an_address_that_was_never_made_is_not_found(token, client):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_the_answer_sets_no_cookie_is_private_and_costs_nothing_if_nothing_changed(
    author, editor, clinical, address, client
):
    under_review(submitted(author), editor, (clinical, "clinical"))
    path = address(clinical)

    answer = client.get(path)
    same = client.get(path, headers={"if-none-match": answer["ETag"]})

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-cache", "noindex")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])
    assert same["Cache-Control"] == "private, no-cache"
    Assignment.objects.update(due=timezone.localdate() + 30 * DAY)
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200
    assert client.post(path).status_code == 405


def test_an_address_is_not_asked_for_without_end(clinical, address, client, settings):
    settings.RATE_LIMITS = 1
    cache.clear()
    path = address(clinical)

    answers = [client.get(path).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]


def test_many_requests_cost_the_same_queries(author, editor, clinical, address, client):
    path = address(clinical)

    def cost():
        with CaptureQueriesContext(connection) as asked_for:
            answer = client.get(path)
        assert answer.status_code == 200
        return len(asked_for)

    under_review(submitted(author, article(author)), editor, (clinical, "clinical"))
    few = cost()
    for _ in range(4):
        under_review(submitted(author, article(author)), editor, (clinical, "clinical"))

    assert cost() == few == 3

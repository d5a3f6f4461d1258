"""The desk shows times in the zone of who reads, and asks what is meant when the clocks change."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from articles.text.languages import moment, times_read_in
from reviews.desk.forms import ScheduleForm
from reviews.desk.member.local_times import instants, next_change, zone_names
from reviews.models import Schedule
from tests.desk.pages import text, url
from tests.factories import approved, edit, evidence, submitted

LONDON, NEW_YORK = "Europe/London", "America/New_York"
YEAR = timezone.now().year + 1


def sunday(month, number) -> datetime.date:
    """Return the first, second or, for -1, last Sunday of a month of next year."""
    days = [datetime.date(YEAR, month, 1) + datetime.timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == 6][number]


FORWARD = {LONDON: (sunday(3, -1), "01:30", "00:59", "02:00"), NEW_YORK: (sunday(3, 1), "02:30", "01:59", "03:00")}
BACK = {LONDON: (sunday(10, -1), 0, "BST", "GMT"), NEW_YORK: (sunday(11, 0), 5, "EDT", "EST")}


@pytest.fixture
def review(author, editor, clinical, specialist):
    return approved(submitted(author), editor, clinical, specialist)


@pytest.fixture
def living_in(at, editor):
    """Return the editor's browser after this zone was chosen in it."""

    def browser(zone):
        client = at(editor)
        assert client.post(url("time_zone"), {"zone": zone}).status_code == 302
        return client

    return browser


def sent(client, review, day, time, **more):
    return client.post(url("schedule", review.pk), {"at_0": f"{day}", "at_1": time, **more})


def words(response) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "hours"), [(LONDON, 1), (NEW_YORK, -4), ("UTC", 0)])
def test_a_publication_is_scheduled_and_shown_in_the_zone_of_who_reads(living_in, at, author, review, zone, hours):
    client = living_in(zone)
    assert f"Publish at ({zone})" in text(client.get(url("desk_review", review.pk)))

    assert sent(client, review, f"{YEAR}-07-01", "09:15").status_code == 302

    row = Schedule.objects.get()
    assert row.publish_at == datetime.datetime(YEAR, 7, 1, 9 - hours, 15, tzinfo=datetime.UTC)
    shown = {LONDON: "09:15 BST (Europe/London)", NEW_YORK: "09:15 EDT (America/New_York)", "UTC": "09:15 UTC"}[zone]
    for page in (url("desk_review", review.pk), url("desk_article", review.article_id), url("desk")):
        assert f"1 July {YEAR}, {shown}" in words(client.get(page)), page
    assert f"1 July {YEAR}, {9 - hours:02}:15 UTC" in words(at(author).get(url("desk_article", review.article_id)))


@pytest.mark.django_db
@pytest.mark.parametrize("zone", [LONDON, NEW_YORK])
def test_a_time_that_the_clocks_skip_is_refused_with_those_beside_it(living_in, review, zone):
    day, time, before, after = FORWARD[zone]
    client = living_in(zone)
    was = evidence()

    refused = sent(client, review, day, time)

    assert refused.status_code == 422
    assert f"This time does not exist in {zone}: on " in words(refused)
    assert f"Choose {before}, the last minute before, or {after}, the first after." in words(refused)
    assert f'value="{day}"' in text(refused)
    assert evidence() == was
    assert sent(client, review, day, after).status_code == 302
    assert Schedule.objects.get().publish_at.astimezone(ZoneInfo(zone)).strftime("%H:%M") == after


@pytest.mark.django_db
@pytest.mark.parametrize("zone", [LONDON, NEW_YORK])
@pytest.mark.parametrize("which", [0, 1])
def test_of_a_time_that_comes_twice_the_desk_asks_which(living_in, review, zone, which):
    day, hour, *clocks = BACK[zone]
    client = living_in(zone)
    was = evidence()

    refused = sent(client, review, day, "01:30")

    assert refused.status_code == 422
    assert f"This time comes twice in {zone}: on " in words(refused)
    assert [f"01:30 {clock} ({zone})" in words(refused) for clock in clocks] == [True, True]
    assert evidence() == was
    assert sent(client, review, day, "01:30", which=2).status_code == 422
    assert sent(client, review, day, "01:30", which=which).status_code == 302
    expected = datetime.datetime(day.year, day.month, day.day, hour + which, 30, tzinfo=datetime.UTC)
    assert Schedule.objects.get().publish_at == expected
    assert f"01:30 {clocks[which]} ({zone})" in words(client.get(url("desk_review", review.pk)))


@pytest.mark.django_db
def test_the_time_is_meant_in_the_zone_that_the_form_named(living_in, review):
    client = living_in(LONDON)
    form = html.document_fromstring(client.get(url("desk_review", review.pk)).content)
    (named,) = form.xpath("//input[@name='zone']/@value")
    client.post(url("time_zone"), {"zone": NEW_YORK})

    sent(client, review, f"{YEAR}-07-01", "09:15", zone=named)

    assert Schedule.objects.get().publish_at.hour == 8


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "posixrules", "\0", ""])
def test_a_name_that_is_no_zone_is_refused_and_in_the_cookie_ignored(at, editor, review, name):
    client = at(editor)

    refused = client.post(url("time_zone"), {"zone": name})
    assert refused.status_code == 422
    assert "time_zone" not in refused.cookies
    client.cookies["time_zone"] = name.replace("\0", "%00")
    assert "Publish at (UTC)" in text(client.get(url("desk_review", review.pk)))
    if name:
        assert sent(client, review, f"{YEAR}-07-01", "09:15", zone=name).status_code == 422
        assert not Schedule.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", NEW_YORK])
def test_years_at_the_ends_of_the_calendar_are_refused(living_in, review, day, zone):
    refused = sent(living_in(zone), review, day, "23:59")

    assert refused.status_code == 422
    assert "Choose a year that is closer to this one." in words(refused)


@pytest.mark.django_db
def test_the_choice_is_a_cookie_of_the_desk_and_costs_no_query(at, editor, review):
    client, page = at(editor), url("desk_review", review.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as before:
        client.get(page)

    kept = client.post(url("time_zone"), {"zone": LONDON}).cookies["time_zone"]

    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/desk/", True, "Lax")
    with CaptureQueriesContext(connection) as after:
        client.get(page)
    assert len(after) == len(before)


@pytest.mark.django_db(transaction=True)
def test_emails_stay_in_utc_and_say_so(living_in, author, editor, review):
    client = living_in(NEW_YORK)
    sent(client, review, f"{YEAR}-07-01", "09:15")
    edit(review.article, "Newer words.", by=author)
    mail.outbox.clear()

    submitted(author, review.article)

    assert f"scheduled for 1 July {YEAR} at 13:15 UTC" in " ".join(each.body for each in mail.outbox)


@pytest.mark.django_db
def test_what_is_read_next_is_in_the_zone_of_the_site_again(living_in, client, review):
    living_in(NEW_YORK).get(url("desk"))
    at = datetime.datetime(YEAR, 7, 1, 12, tzinfo=datetime.UTC)

    assert moment(at) == f"1 July {YEAR}, 12:00 UTC"
    with times_read_in(ZoneInfo("Asia/Dubai")):
        assert moment(at) == f"1 July {YEAR}, 16:00 UTC+04 (Asia/Dubai)"


def test_a_time_in_each_zone_stands_for_one_instant_or_none_or_two():
    noon = datetime.datetime(YEAR, 6, 15, 12)

    assert {len(instants(noon, ZoneInfo(name))) for name in zone_names()} == {1}
    assert len(instants(datetime.datetime.combine(FORWARD[LONDON][0], datetime.time(1)), ZoneInfo(LONDON))) == 0
    assert len(instants(datetime.datetime.combine(FORWARD[LONDON][0], datetime.time(2)), ZoneInfo(LONDON))) == 1
    assert len(instants(datetime.datetime.combine(BACK[LONDON][0], datetime.time(1)), ZoneInfo(LONDON))) == 2
    assert len(instants(datetime.datetime.combine(BACK[LONDON][0], datetime.time(2)), ZoneInfo(LONDON))) == 1


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK])
@pytest.mark.parametrize("hour", [0, 1, 6, 12, 23])
def test_the_next_change_of_the_clocks_is_named(zone, hour):
    for day in (FORWARD[zone][0], BACK[zone][0]):
        start = datetime.datetime.combine(day, datetime.time(hour), ZoneInfo(zone))
        assert next_change(ZoneInfo(zone), start - datetime.timedelta(days=30)) == day
    assert next_change(ZoneInfo("UTC"), timezone.now()) is None


def test_the_form_says_when_the_clocks_change(monkeypatch):
    eve = datetime.datetime.combine(FORWARD[LONDON][0] - datetime.timedelta(days=5), datetime.time(12), datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: eve)

    with times_read_in(ZoneInfo(LONDON)):
        said = ScheduleForm()["at"].help_text

    assert f"The clocks in Europe/London change on {FORWARD[LONDON][0].day} March {YEAR}." in said
    assert ScheduleForm()["at"].help_text == ""

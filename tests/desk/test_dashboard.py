"""The dashboard: each figure is what counting the rows one by one gives, and each plot has its table and its file."""

import csv
import datetime
import io
import math
import zoneinfo
from collections import Counter, defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from articles.models import Article, Contributor
from reviews.desk.queues.dashboard import figures, parts, spreadsheet
from reviews.desk.review.deciding.asking.workload import loads
from reviews.models import Assignment, Review
from tests.desk import aged_site
from tests.desk.pages import text, url
from tests.factories import decide, published, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.datetime(2026, 11, 27, 13, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def aged(author, editor, clinical, specialist, pharmacist, lay):
    version = published(submitted(author), editor, clinical, specialist)
    return lambda number, seed, now=NOW: aged_site.fill(
        version, [clinical, specialist, pharmacist, lay], number, now, seed
    )


def seconds(began, ended):
    return math.floor(ended.timestamp()) - math.floor(began.timestamp())


def span(taken):
    """Return the number, and the least values that half of them and nine in ten do not exceed."""
    rows = sorted(taken)
    return (
        len(rows),
        *(
            next(value for value in rows if sum(x <= value for x in rows) * 10 >= len(rows) * tenths)
            for tenths in (5, 9)
        ),
    )


def recounted_states(since, until):
    found = defaultdict(list)
    by_article = defaultdict(list)
    for review in Review.objects.order_by("pk"):
        by_article[review.article_id].append(review)
        asked = min((row.assigned_at for row in review.assignments.all()), default=None)
        left = [(review.submitted_at, asked or review.ended_at, "submitted")]
        if asked:
            left.append((asked, review.approved_at or review.ended_at, "under_review"))
        if review.approved_at:
            withdrawn = None if review.status == "approved" else review.ended_at
            left.append((review.approved_at, review.published_at or withdrawn, "approved"))
        before = by_article[review.article_id][-2:-1]
        if before and before[0].status in ("changes_requested", "declined", "recalled"):
            left.append((before[0].ended_at, review.submitted_at, "changes_requested"))
        for began, ended, state in left:
            if ended and since <= ended < until:
                found[state].append(seconds(began, ended))
    return {state: span(taken) for state, taken in found.items()}


def recounted_reviewers(since, until, today):
    taken, load = defaultdict(list), Counter()
    for row in Assignment.objects.select_related("review"):
        if row.ended_as == "decided" and since <= row.ended_at < until:
            taken[row.reviewer_id].append(seconds(row.assigned_at, row.ended_at))
        if row.ended_at is None and row.review.status in ("submitted", "under_review"):
            load[row.reviewer_id, "open"] += 1
            load[row.reviewer_id, "overdue"] += bool(row.due and row.due < today)
    return {
        person.name: (
            load[person.user_id, "open"],
            load[person.user_id, "overdue"],
            span(taken[person.user_id]) if taken[person.user_id] else None,
        )
        for person in Contributor.objects.filter(user__board_member__isnull=False)
    }


@pytest.mark.parametrize(
    ("weeks", "zone", "seed"), [("12", "UTC", 1), ("26", "Europe/Berlin", 2), ("52", "America/Santiago", 3)]
)
def test_each_figure_is_what_counting_one_by_one_gives(aged, settings, weeks, zone, seed):
    settings.TIME_ZONE = zone
    aged(120, seed)
    period = parts.Period.of(weeks, NOW)
    since, until = period.bounds
    local = zoneinfo.ZoneInfo(zone)

    counted = Counter()
    for review in Review.objects.all():
        for at, kind in ((review.submitted_at, "submitted"), (review.approved_at, "approved")):
            if at:
                day = at.astimezone(local).date()
                counted[day - day.weekday() * DAY, kind] += 1
    found = figures.per_week(period.days)
    assert found == [(day, counted[day, "submitted"], counted[day, "approved"]) for day in period.days[:-1]]
    assert sum(week.submitted for week in found) > 20
    states = figures.in_states(since, until)
    assert states == recounted_states(since, until)
    assert set(states) == set(figures.STATES)
    rows = figures.reviewers(since, until, period.today)
    assert {row.name: (row.open, row.overdue, row.taken) for row in rows} == recounted_reviewers(
        since, until, period.today
    )
    assert len(rows) == 4


def test_bands_hold_what_is_overdue_and_how_old_the_library_is(aged):
    aged(300, 4)
    today = NOW.date()
    late = Assignment.objects.filter(ended_at=None, review__status__in=["submitted", "under_review"], due__lt=today)
    days = Counter(
        "1 to 7 days" if n <= 7 else "8 to 14 days" if n <= 14 else "15 to 30 days" if n <= 30 else "More than 30 days"
        for n in ((today - row.due).days for row in late)
    )
    public = Article.objects.filter(published_version__isnull=False)
    ages = Counter()
    for row in public:
        until = (row.next_review_due - today).days if row.next_review_due else None
        label = (
            "Without a date" if until is None
            else "Overdue for more than 180 days" if until < -180
            else "Overdue for 91 to 180 days" if until < -90
            else "Overdue for up to 90 days" if until < 0
            else "Due within 90 days" if until <= 90
            else "Due in 91 to 180 days" if until <= 180
            else "Due in 181 to 365 days" if until <= 365
            else "Due later"
        )  # fmt: skip
        ages[label] += 1

    assert {str(band.label): band.number for band in figures.overdue(today) if band.number} == days
    assert {str(band.label): band.number for band in figures.library(today) if band.number} == ages
    assert (len(days), len(ages)) == (4, 8)


def test_a_week_begins_at_midnight_in_the_time_zone_of_the_site_also_after_the_clocks_change(author, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    review = submitted(author).review
    now = datetime.datetime(2026, 4, 1, 12, tzinfo=datetime.UTC)

    def week_of(at):
        Review.objects.filter(pk=review.pk).update(submitted_at=at)
        return [row.monday for row in figures.per_week(figures.mondays(12, now)) if row.submitted]

    sunday = datetime.datetime(2026, 3, 29, 21, 59, 59, 999_999, tzinfo=datetime.UTC)  # one hour less of it
    assert week_of(sunday) == [datetime.date(2026, 3, 23)]
    assert week_of(sunday + datetime.timedelta(microseconds=1)) == [datetime.date(2026, 3, 30)]
    assert week_of(datetime.datetime(2026, 3, 22, 22, 59, 59, tzinfo=datetime.UTC)) == [datetime.date(2026, 3, 16)]
    assert week_of(datetime.datetime(2026, 3, 22, 23, tzinfo=datetime.UTC)) == [datetime.date(2026, 3, 23)]
    settings.TIME_ZONE = "UTC"
    assert week_of(datetime.datetime(2026, 3, 29, 23, tzinfo=datetime.UTC)) == [datetime.date(2026, 3, 23)]


def shown(at, who, **asked):
    return html.document_fromstring(at(who).get(url("dashboard"), asked).content)


def cells(page, name):
    rows = page.xpath(f"//table[caption[@id='table-{name}']]//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("*")] for row in rows]


def test_each_plot_is_an_image_with_a_name_and_its_words_and_has_its_table(at, aged, editor):
    aged(60, 5, timezone.now())

    page = shown(at, editor, weeks="52")

    assert [tab.text_content() for tab in page.xpath("//nav[@class='tabs']//a[@aria-current]")] == ["52 weeks"]
    plots = page.xpath("//svg")
    assert len(plots) == 6
    for plot in plots:
        assert plot.get("role") == "img"
        told = [page.get_element_by_id(each).text_content() for each in plot.get("aria-labelledby").split()]
        assert all(told)
    numbers = [[int(cell) for cell in row[1:]] for row in cells(page, "weeks")]
    assert len(numbers) == 52
    columns = page.xpath("(//svg)[1]/rect[@class='first']")
    tallest = max(max(row) for row in numbers)
    wanted = [max(2, round(72 * submitted / tallest)) for submitted, _ in numbers if submitted]
    assert [int(column.get("height")) for column in columns] == wanted
    assert not page.xpath("//svg//*[@style]")


def test_a_table_can_be_had_as_a_file_that_says_the_same(at, aged, editor):
    aged(60, 6, timezone.now())
    page = shown(at, editor, weeks="12")

    for name in parts.PARTS:
        answer = at(editor).get(url("dashboard_table", name), {"weeks": "12"})
        head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}-')
        assert [[cell or "–" for cell in row] for row in rows] == cells(page, name)
        assert all(head)
    assert at(editor).get(url("dashboard_table", "nothing")).status_code == 404


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_no_name_is_a_formula_of_a_spreadsheet(name):
    [row] = csv.reader(io.StringIO(spreadsheet.as_file("x", [name], []).content.decode("utf-8-sig"), newline=""))

    assert row == [f"'{name}"]


def test_a_name_that_is_no_formula_and_a_number_stay_as_they_are():
    sent = spreadsheet.as_file("x", ["Ada = B"], [[-1, None, 2.5]]).content.decode("utf-8-sig")

    assert sent == "Ada = B\r\n-1,,2.5\r\n"


def test_the_name_of_a_reviewer_is_made_safe(at, author, editor, clinical):
    under_review(submitted(author), editor, (clinical, "clinical"))
    clinical.contributor.name = "=cmd|' /C calc'!A0"
    clinical.contributor.save()

    sent = at(editor).get(url("dashboard_table", "reviewers")).content.decode()

    assert "'=cmd|' /C calc'!A0,1,0,0,," in sent


def test_an_empty_dashboard_says_what_comes_next(at, editor):
    page = text(at(editor).get(url("dashboard")))

    for sentence in (
        "One counts here when an author submits it.",
        "One does when reviewers are asked, or the review ends.",
        "Reviewers are reminded before, on and after the day.",
        "An article counts here when it is published.",
        "An administrator adds its members.",
    ):
        assert sentence in page
    assert "<svg" not in page


@pytest.mark.parametrize("weeks", ["", "13", "x", "9" * 500, "-12"])
def test_an_unknown_period_is_half_a_year(at, editor, weeks):
    assert at(editor).get(url("dashboard"), {"weeks": weeks}).context["period"].weeks == 26


def test_the_dashboard_takes_as_many_statements_for_many_rows(at, aged, editor):
    def cost():
        client = at(editor)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("dashboard")).status_code == 200
        assert not any("articles_versiontext" in each["sql"] for each in asked)
        return len(asked)

    few = cost()
    aged(80, 7, timezone.now())

    assert cost() == few <= 12


def test_the_usual_days_are_one_figure_on_the_dashboard_and_where_reviewers_are_asked(author, editor, clinical):
    [row] = under_review(submitted(author), editor, (clinical, "clinical"))
    decide(row, "request_changes", "The dose is wrong.")
    now = timezone.now()

    part = parts.reviewers(parts.Period.of("12", now))

    [cells] = [cells for name, *cells in part.rows if name == "Clara Clinical"]
    assert cells[3] == loads([clinical.pk], now)[clinical.pk].usual_days == 1
    [taken] = [plot for plot in part.plots if plot.name == "taken"]
    assert "Clara Clinical: 1 / 1" in taken.said
    assert "0.0" not in taken.said

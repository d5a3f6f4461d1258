"""The digest of a row is the same from the instance that was saved, from the one read back and from the raw columns."""

import datetime
import json
import unicodedata
import uuid

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Disclaimer, Section
from reviews.evidence.ledger.rows import Layout, columns, compact, history_of, layout, plain, row_digest
from reviews.models import Comment, Disclosure, Quorum, Review, Schedule, Specialty, Task
from reviews.verifying.evidence import digests_by_key
from tests import factories
from tests.ledger.attacks import undone

HARD_TEXTS = [
    "",
    " ",
    "a ",
    " a",
    "a\tb\nc\r\nd\re",
    unicodedata.normalize("NFC", "Ångström é ﬁ"),
    unicodedata.normalize("NFD", "Ångström é ﬁ"),
    "\u200b\ufeff\u202e",
    "😀 𝔄 \U0010ffff",
    "\x01\x1f\x7f\x85\u2028\u2029",
    "'; DROP TABLE x; -- \\ \" %s %% ?",
    '{"a": 1, "a": 2}',
    "null",
    "1",
    "1.0",
    "2020-01-01 00:00:00",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
CET = datetime.timezone(datetime.timedelta(hours=2))
HARD_TIMES = [
    datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.UTC),
    datetime.datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=CET),
    datetime.datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone(datetime.timedelta(hours=-11.5))),
    datetime.datetime(2026, 1, 1, 0, 0, 0, 100000, tzinfo=CET),
    datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC),
]


def from_database(row) -> str:
    """Return the digest of the row straight from the database's own values."""
    return digests_by_key(type(row))[row.pk]


def is_the_same(row) -> bool:
    saved = row_digest(row)
    read = row_digest(type(row)._base_manager.get(pk=row.pk))
    return saved == read == from_database(row)


def test_every_row_of_every_model_has_one_digest(story):
    compared = {}

    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("articles", "reviews"):
            raw = digests_by_key(model)
            for row in model._base_manager.all():
                assert row_digest(row) == raw[row.pk], row
            compared[model._meta.db_table] = len(raw)

    assert sum(compared.values()) > 600
    assert len([table for table, number in compared.items() if number]) > 45


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_hard_texts(story, text):
    section = Section.objects.first()
    rows = [
        Task(article=section.article, role="editor", text="x", opened_at=HARD_TIMES[0], outcome=text),
        Comment.objects.first(),
        Schedule.objects.first(),
        Review.objects.first(),
    ]
    rows[1].resolution = rows[2].reason = rows[3].end_reason = text

    for row in rows:
        row.save()
        assert is_the_same(row), row
        assert is_the_same(row.history.first()), row


@pytest.mark.parametrize("time", HARD_TIMES)
def test_hard_times(story, time):
    row = Schedule.objects.first()
    row.publish_at = row.closed_at = time

    row.save()

    assert is_the_same(row)
    assert is_the_same(row.history.first())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    TEXTS,
    st.datetimes(
        datetime.datetime(1900, 1, 2), datetime.datetime(2999, 1, 1), timezones=st.sampled_from([datetime.UTC, CET])
    ),
)
def test_any_text_and_any_time(story, text, time):
    with undone():
        row = Schedule.objects.first()
        row.reason, row.publish_at = text, time
        row.save()

        assert is_the_same(row)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXTS,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "Z"]), inner, max_size=3)
        ),
    )
)
def test_any_json(story, value):
    with undone():
        row = Review.objects.first()
        row.quorum = value
        if value is not None:
            row.save()

            assert is_the_same(row)


def test_values_that_are_not_yet_of_their_type(story):
    """What code may put on an instance before saving it: text for a number or a day, an id as text."""
    disclosure, task = Disclosure.objects.first(), Task.objects.first()
    disclosure.made_on, disclosure.valid_until = "2026-01-01", datetime.date(2027, 1, 1)
    disclosure.none_declared, disclosure.statement = 1, ""
    task.article_id, task.due = str(task.article_id), "2026-02-03"

    for row in (disclosure, task):
        row.save()
        assert is_the_same(row), row
        assert is_the_same(row.history.first()), row


def test_booleans_numbers_and_nothing(story):
    row = Quorum.objects.first()

    for clinical, specialist, is_open in ((1, 0, True), (3, 2, False), (32767, 1, True)):
        row.clinical, row.specialist, row.open_review = clinical, specialist, is_open
        row.save()
        assert is_the_same(row)
        assert is_the_same(row.history.first())
    article = Article.objects.filter(imported_by=None).first()
    assert is_the_same(article)
    assert isinstance(article.public_id, uuid.UUID)


def test_each_column_is_in_the_digest(story):
    for model in (Article, Comment, Review, Disclaimer):
        row = model._base_manager.first()
        for field in columns(model):
            other = model._base_manager.get(pk=row.pk)
            if getattr(row, field.attname) is not None:
                setattr(other, field.attname, None)
                assert row_digest(other) != row_digest(row), field


def test_a_column_added_later_is_covered_where_it_has_a_value(story):
    """Without a value the digest is that of the rows of before, which had no such column."""
    article = Article.objects.first()
    earlier = Layout(Article, fields=[field for field in columns(Article) if field.column != "evidence_current_to"])
    values = [plain(field.get_prep_value(getattr(article, field.attname))) for field in earlier.fields]
    assert article.evidence_current_to is None
    assert row_digest(article) == earlier.digest(values)

    found = {row_digest(article)}
    for day in (datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)):
        article.evidence_current_to = day
        factories.save(article, story.author)
        found.add(row_digest(article))
        assert is_the_same(article)
        assert is_the_same(article.history.first())

    assert len(found) == 3


def test_nothing_is_not_the_empty_text(story):
    row = Schedule.objects.filter(closed_at=None).first()
    before = row_digest(row)

    row.reason = None

    assert row_digest(row) != before


def test_the_column_names_are_in_the_digest(story):
    """Two columns that swap their values give another digest."""
    row = Comment.objects.exclude(resolution="").first()
    before = row_digest(row)

    row.text, row.resolution = row.resolution, row.text

    assert row_digest(row) != before


def test_a_row_saved_twice_in_a_step_has_both_history_rows_told(story):
    row = factories.save(Section.objects.first(), story.author)
    row.heading = "Another"
    row.save()

    told = history_of(row)
    assert len(told) == 2
    assert told[-1].heading == "Another"
    assert history_of(row) == []


lone_surrogates = st.text(alphabet=st.characters(categories=["Cs"]))
plain_values = st.none() | st.booleans() | st.integers() | st.text() | lone_surrogates


@given(value=st.lists(plain_values) | st.dictionaries(st.text(), plain_values))
def test_the_fast_writer_writes_what_the_library_of_python_writes(value):
    slow = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert compact(value) == slow.encode("utf-8", "surrogatepass")


def test_infinity_is_not_nothing():
    """SQLite keeps a number too large for it as infinity, in a column of any type."""
    digest = layout(Specialty).digest
    assert len({digest([None]), digest([float("inf")]), digest([float("-inf")]), digest([0.5]), digest([0])}) == 5

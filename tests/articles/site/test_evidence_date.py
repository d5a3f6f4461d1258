"""The day to which the evidence is current: declared with the draft, signed, and shown at the foot of the page."""

import datetime
import json

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from articles.checks import correction
from articles.desk.forms import DraftForm
from articles.files.drafts.store import NotImported
from articles.files.markdown.parsing import BadFile
from articles.frozen.content import freeze
from articles.models import Article, LastImport
from articles.text.canonical import canonical
from articles.text.redline.signed import changed_facts
from tests import factories
from tests.articles.importing.drafts import TEXT, stored
from tests.desk.test_drafts import fields

pytestmark = pytest.mark.django_db
MARCH = datetime.date(2026, 3, 31)
WITH_A_DAY = TEXT.replace("ai_use: none", "ai_use: none\nevidence_current_to: 2026-03-31", 1)


def test_readers_see_the_day_that_was_signed(client, author, editor, clinical, specialist):
    draft = factories.article(author, evidence_current_to=MARCH)
    version = factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    draft.evidence_current_to = datetime.date(2026, 9, 1)
    factories.save(draft, author)

    page = strip_tags(client.get(f"/articles/{version.article.slug}/for/public/").content.decode())

    assert "Evidence current to 31 March 2026" in page
    assert "September" not in page


def test_a_page_without_such_a_day_says_nothing_of_it(client, author, editor, clinical, specialist):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)

    page = client.get(f"/articles/{version.article.slug}/for/public/").content.decode()

    assert "Evidence current to" not in page
    assert "evidence_current_to" not in freeze(version.article).text  # its bytes are those of earlier releases


def test_another_day_is_no_correction_and_is_shown_to_the_reviewer(author):
    draft = factories.article(author)
    old = freeze(draft).content
    draft.evidence_current_to = MARCH

    new = freeze(draft).content

    assert correction.differences(old, new) == ["The day to which the evidence is current is different."]
    assert [(fact.name, strip_tags(fact.html)) for fact in changed_facts(old, new)] == [
        ("Evidence current to", "2026-03-31")
    ]


def test_a_day_in_the_future_is_refused_at_the_desk(author):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    draft = factories.article(author)

    form = DraftForm(fields(draft, evidence_current_to=tomorrow), instance=draft, by=author)

    assert form.errors == {
        "evidence_current_to": ["Give the day on which the literature was last searched: not a day in the future."]
    }


def test_the_form_shows_the_day_that_is_stored(author):
    draft = factories.article(author, evidence_current_to=MARCH)

    assert 'value="2026-03-31"' in str(DraftForm(instance=draft, by=author)["evidence_current_to"])


@pytest.fixture
def _topics():
    factories.topic("Oncology")
    factories.topic("Surgery")


@pytest.mark.usefixtures("_topics")
def test_a_file_gives_the_day_and_a_later_file_another(author):
    article, _ = stored(author, WITH_A_DAY)
    assert article.evidence_current_to == MARCH

    stored(author, WITH_A_DAY.replace("2026-03-31", "2026-04-01"), update=True)

    assert Article.objects.get().evidence_current_to == datetime.date(2026, 4, 1)


@pytest.mark.usefixtures("_topics")
def test_a_file_without_the_day_keeps_it_and_another_day_than_the_desks_is_refused(author):
    stored(author, WITH_A_DAY)
    stored(author, update=True)
    assert Article.objects.get().evidence_current_to == MARCH

    with pytest.raises(NotImported, match=r"The draft has “2026-03-31”\. The file has “2026-04-01”"):
        stored(author, WITH_A_DAY.replace("2026-03-31", "2026-04-01"), update=True)


@pytest.mark.usefixtures("_topics")
def test_the_last_import_of_an_earlier_release_is_no_conflict(author):
    article, _ = stored(author)
    last = LastImport.objects.get()
    last.text = canonical([row for row in json.loads(last.text) if row[0] != "evidence_current_to"])
    last.save()

    stored(author, WITH_A_DAY, update=True)

    assert Article.objects.get(pk=article.pk).evidence_current_to == MARCH


@pytest.mark.parametrize("day", ["2026", "2026-02-30", "31.03.2026", "20260331", "2026-W10-2", "soon"])
def test_a_file_with_another_text_there_is_refused(author, day):
    with pytest.raises(BadFile, match=f"“{day}” is not a day. Write it as 2026-03-31."):
        stored(author, WITH_A_DAY.replace("2026-03-31", day))


@pytest.mark.usefixtures("_topics")
def test_a_file_with_a_day_in_the_future_is_refused_and_stores_nothing(author):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    with pytest.raises(NotImported, match="not a day in the future"):
        stored(author, WITH_A_DAY.replace("2026-03-31", tomorrow.isoformat()))

    assert not Article.objects.exists()

"""A changed dose is named as one in the list of changes, and a minor change that has one says so."""

import pytest
from lxml import html

from reviews.desk.review.changed.changes import compared
from tests.articles.frozen import section, wording
from tests.articles.frozen import version as content_of
from tests.desk.pages import url
from tests.factories import article, edit, published, submitted, under_review

pytestmark = pytest.mark.django_db

HEADING = "A minor change that changes a dose"


def contents(*sections):
    return content_of(*sections, title="Aspirin", visible={}, topics=[])


def called(old, new):
    return [place.called for place in compared(contents(old), contents(new), "public").rows]


def test_a_dose_is_named_in_whatever_it_came_or_went_with():
    before = "<ul><li>Swallow it whole with a glass of water.</li></ul>"
    after = before.replace("</ul>", "<li>{}</li></ul>")

    assert called(section(body=before), section(body=after.format("Twice a day."))) == ["List item, with a dose"]
    assert called(section(body=before), section(body=after.format("Sit down."))) == ["List item"]


def test_a_dose_for_other_readers_is_named():
    old, new = (section(carer=wording(f"<p>Give it {often} a day.</p>")) for often in ("twice", "once"))

    assert called(old, new) == ["Only for other readers, with a dose"]


@pytest.fixture
def minor(author, editor, clinical, specialist):
    """Return the review of a minor change of a public text to these words."""
    draft = article(author, body="<p>Take it twice a day.</p>")
    published(submitted(author, draft), editor, clinical, specialist)

    def changed(words, change="minor"):
        edit(draft, words, by=author)
        return submitted(author, draft, change=change, note="Words").review

    return changed


def page_of(client, review):
    return html.document_fromstring(client.get(url("desk_review", review.pk)).content)


def test_a_minor_change_of_a_dose_says_so_to_everybody(at, minor, author, editor):
    review = minor("Take it once a day.")

    for person in (author, editor):
        (hint,) = page_of(at(person), review).xpath("//section[@aria-labelledby='doses-heading']")
        said = " ".join(hint.text_content().split())
        assert HEADING in said
        assert said.endswith("twice once")


@pytest.mark.parametrize(
    ("words", "change"), [("Take it twice each day, please.", "major"), ("Use it twice a day.", "minor")]
)
def test_no_dose_is_spoken_of_in_a_major_change_or_if_none_changed(at, minor, editor, words, change):
    assert HEADING not in page_of(at(editor), minor(words, change)).text_content()


def test_the_doses_of_a_minor_change_cost_no_question_more_once_they_are_known(
    at, minor, editor, clinical, django_assert_max_num_queries
):
    review = minor("Take it once a day.")
    under_review(review.version, editor, (clinical, "clinical"))
    client = at(clinical)
    page_of(client, review)

    with django_assert_max_num_queries(15):
        assert HEADING in page_of(client, review).text_content()

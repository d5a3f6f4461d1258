"""A second import updates the draft, if it is asked to and by an author, and saves only what differs."""

import pytest

from articles.files.drafts.store import AlreadyThere, NotImported
from articles.models import Reference, Wording
from tests.articles.importing.drafts import TEXT, everything, stored

pytestmark = pytest.mark.django_db


def test_a_second_run_is_refused_unless_it_may_update_the_draft(author):
    stored(author)
    before = everything()

    with pytest.raises(AlreadyThere) as caught:
        stored(author)

    assert str(caught.value) == "The article “Bowel cancer” exists already; use --update to update its draft."
    assert everything() == before


def test_an_update_without_a_difference_saves_nothing(author):
    stored(author)
    before = everything()

    _, report = stored(author, update=True)

    assert (report.changes, report.references_matched, report.references_kept) == (0, 1, 1)
    assert everything() == before


def test_an_update_saves_only_what_differs(author):
    article, _ = stored(author)
    histories = {section.heading: section.history.count() for section in article.sections.all()}

    _, report = stored(author, TEXT.replace("Many.", "Some."), update=True)

    assert report.changes == 1
    assert article.sections.get(heading="Causes").body == "<p>Some.</p>"
    assert {section.heading: section.history.count() for section in article.sections.all()} == {
        **histories,
        "Causes": 2,
    }


def test_an_update_keeps_the_keys_of_sections_that_stay(author):
    article, _ = stored(author)
    keys = dict(article.sections.values_list("heading", "key"))

    changed = TEXT.replace("## Causes\n\nMany.\n\n", "").replace(
        "Few.", "Few.\n\n## Care\n\nRest.\n\n## Causes {summary}\n\nX."
    )
    stored(author, changed, update=True)

    now = {(section.role, section.heading): section for section in article.sections.all()}
    assert list(now) == [("lead", ""), ("body", "Symptoms"), ("body", "Care"), ("summary", "Causes")]
    assert now["lead", ""].key == keys[""]
    assert now["body", "Symptoms"].key == keys["Symptoms"]
    assert now["summary", "Causes"].key not in keys.values()
    assert [section.position for section in now.values()] == [1, 2, 3, 4]


def test_sections_of_one_heading_keep_their_keys_in_order(author):
    text = TEXT.replace("Symptoms", "Causes")
    article, _ = stored(author, text)
    keys = list(article.sections.values_list("key", flat=True))

    stored(author, text.replace("Few.", "None."), update=True)

    assert list(article.sections.values_list("key", flat=True)) == keys
    assert [section.body for section in article.sections.all()][1:] == ["<p>Many.</p>", "<p>None.</p>"]


def test_an_update_makes_the_file_the_draft(author):
    article, _ = stored(author)
    changed = (
        TEXT.replace("title: Bowel cancer", "title: Cancer of the bowel\nslug: bowel-cancer\naudience: carer")
        .replace("[Oncology, Surgery]", "[Surgery]")
        .replace("  - {id: report, title: A report, volume: 12.5}\n", "")
        .replace(" [@report]", "")
    )

    stored(author, changed, update=True)

    article.refresh_from_db()
    assert (article.title, article.slug, article.written_for.key) == ("Cancer of the bowel", "bowel-cancer", "carer")
    assert [topic.name for topic in article.topics.all()] == ["Surgery"]
    assert [row.key for row in article.article_references.all()] == ["trial"]
    assert Reference.objects.count() == 2
    assert Wording.objects.get().body == "<p>Doubling time is long.</p>"


def test_wordings_that_the_file_leaves_out_go(author):
    article, _ = stored(author)
    head, _, rest = TEXT.partition("::: professional")

    stored(author, head + rest.partition(":::\n")[2], update=True)

    assert article.sections.first().wordings.count() == 0
    assert Wording.history.filter(history_type="-").get().history_user == author


def test_an_update_neither_lowers_the_risk_nor_takes_back_what_was_declared(author):
    high = TEXT.replace("ai_use: none", "ai_use: assisted\nai_note: For drafts.\nrisk: high")
    article, _ = stored(author, high)

    _, report = stored(author, TEXT.replace("ai_use: none\n", ""), update=True)

    article.refresh_from_db()
    assert (article.risk, article.ai_use, article.ai_note) == ("high", "assisted", "For drafts.")
    assert report.warnings == ["The risk of the article stays high; the file cannot lower it."]


def test_a_stranger_cannot_replace_a_draft(author, stranger):
    stored(author)
    before = everything()

    with pytest.raises(NotImported, match="Only its authors can update the draft of “Bowel cancer”"):
        stored(stranger, TEXT.replace("Many.", "None."), update=True)

    assert everything() == before


def test_a_co_author_can_replace_a_draft_and_is_named_in_its_history(author, stranger):
    article, _ = stored(author)
    article.authorships.create(contributor=stranger.contributor, position=1)

    stored(stranger, TEXT.replace("Many.", "None."), update=True)

    assert article.sections.get(heading="Causes").history.first().history_user == stranger
    article.refresh_from_db()
    assert (article.created_by, article.imported_by) == (author, author)

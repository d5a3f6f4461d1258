"""The history of an article in the administration: who changed which cell when, as a redline."""

import datetime

import pytest
from django.urls import reverse
from lxml import html

from articles.admin.history import pages
from articles.desk.texts.history.rows import TABLES, Place, changes_of
from articles.models import Article, ArticleReference, Authorship, Section, Topic, Wording
from articles.models.setup.audience import Audience
from tests.factories import article, cite, edit, person, save, submitted, topic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(author, editor):
    """A draft that two people changed in every way, submitted in between."""
    draft = article(author, title="Swollen nodes")
    edit(draft, "Lymph nodes filter 5 mg of lymph.", by=author)
    submitted(author, draft)
    section = draft.sections.first()
    section.body = "<p>Lymph nodes filter 7 mg of lymph.</p><p>They stay as they are.</p>"
    save(section, editor)
    more = save(Section(article=draft, heading="Causes", body="<p>Colds.</p>", position=1), author)
    save(Wording(section=more, audience=Audience.objects.get(key="carer"), body="<p>A cold.</p>"), author)
    cite(draft, by=author)
    row = draft.article_topics.create(topic=topic("Surgery"))
    row._history_user = editor
    row.delete()
    other = person("writer", "Will Writer").contributor
    save(Authorship(article=draft, contributor=other, position=1), author)
    return draft


def shown(client, draft, **query):
    answer = client.get(reverse("admin:articles_article_history", args=[draft.pk]), query)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


def rows(page) -> list[tuple[str, str, str]]:
    """Return (who, what, changes) for each row of the page."""
    found = []
    for row in page.xpath("//div[contains(@class, 'draft-history')]//tbody/tr"):
        cells = [" ".join(" ".join(cell.itertext()).split()) for cell in row]
        found.append((cells[1], cells[2], cells[3]))
    return found


def test_each_change_is_named_and_says_who_made_it(at_admin, draft):
    page = shown(at_admin, draft)

    found = rows(page)

    assert "History of “Swollen nodes”" in page.text_content()
    for row in (
        ("Edith Editor", "Topic: Surgery (removed)", "Topic Surgery"),
        ("Ada Author", "Section: Causes (added)", "Heading Causes Role Body Place 2 Text Show text Colds."),
        ("Ada Author", "Wording for carer or family member: Causes (added)", None),
        ("Ada Author", "Person: Will Writer (added)", "Name Will Writer Role Author Place 2"),
        ("Ada Author", "Reference [@smith2020] (added)", None),
        ("Ada Author", "The article (added)", None),
    ):
        assert any((who, what) == row[:2] and row[2] in (None, said) for who, what, said in found), (row, found)


def test_a_changed_text_is_a_redline_of_its_changed_blocks_alone(at_admin, draft):
    page = shown(at_admin, draft)

    (row,) = [row for row in page.xpath("//tbody/tr") if "7 mg" in row.text_content() and "Edith" in row.text_content()]

    assert row.xpath(".//del/text()") == ["5 mg"]
    assert "7 mg" in row.xpath(".//ins/text()")
    assert "&lt;p&gt;" not in html.tostring(row).decode(), "no raw HTML"


def test_unchanged_blocks_of_a_long_text_are_left_out(at_admin, draft, editor):
    section = draft.sections.first()
    section.body = section.body.replace("7 mg", "8 mg")
    save(section, editor)

    newest = shown(at_admin, draft).xpath("//tbody/tr")[0]

    assert "8 mg" in newest.text_content()
    assert "They stay as they are." not in newest.text_content()
    assert "…" in newest.text_content()


def test_the_changes_are_grouped_by_the_version_that_was_submitted_after_them(at_admin, draft):
    page = shown(at_admin, draft)

    headings = [" ".join(head.text_content().split()) for head in page.xpath("//div[@class='module']/h2")]

    assert headings[0] == "Not submitted yet"
    assert headings[1].startswith("Before version 1 was submitted, ")
    first, second = page.xpath("//div[contains(@class, 'draft-history')]/div[@class='module']")
    assert "7 mg" in first.text_content()
    assert "The article" in second.text_content()
    assert "7 mg" not in second.text_content()


def test_saves_that_changed_nothing_visible_are_folded(at_admin, draft, author):
    for _ in range(3):
        save(draft.sections.first(), author)

    page = shown(at_admin, draft)

    assert "3 saves without a visible change" in page.text_content()
    assert len(page.xpath("//details//li")) == 3


def test_a_moved_section_says_from_where_to_where(at_admin, draft, author):
    section = draft.sections.get(heading="Causes")
    section.position = 4
    save(section, author)

    newest = rows(shown(at_admin, draft))[0]

    assert newest == ("Ada Author", "Section: Causes (changed)", "Place 2 5")


def test_what_was_deleted_since_is_still_named(at_admin, draft):
    Topic.objects.get(name="Surgery").delete()

    assert any(what == "Topic: Surgery (removed)" for _, what, _ in rows(shown(at_admin, draft)))


def test_every_change_is_on_one_page_and_only_once(at_admin, draft, author, monkeypatch):
    for number in range(7):
        edit(draft, f"Number {number}.", by=author)
    monkeypatch.setattr(pages, "CHANGES", 4)
    seen, query = [], {}

    for _ in range(20):
        page = shown(at_admin, draft, **query)
        seen += _places(draft, query.get("after", ""))
        links = page.xpath("//p[@class='paginator']/a[contains(., 'Earlier')]/@href")
        if not links:
            break
        query = {"after": html.fromstring(f"<a href='{links[0]}'/>").get("href").partition("after=")[2]}
        query["after"] = query["after"].replace("%3A", ":").replace("%2B", "+")

    everything = sum(len(_all_of(model, draft)) for model in TABLES)
    assert len(seen) == len(set(seen)) == everything > 15
    assert [place.at for place in seen] == sorted((place.at for place in seen), reverse=True)


def _places(draft, after: str) -> list[Place]:
    changes, _ = changes_of(Article.objects.get(pk=draft.pk), Place.read(after), pages.CHANGES)
    return [change.place for change in changes]


def _all_of(model, draft):
    if model is Article:
        return list(model.history.filter(id=draft.pk))
    if model is Wording:
        return list(model.history.filter(section_id__in=Section.history.filter(article_id=draft.pk).values("id")))
    return list(model.history.filter(article_id=draft.pk))


def test_changes_of_one_moment_are_split_between_pages_without_loss(draft, author):
    now = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
    for number in range(5):
        row = ArticleReference(article=draft, key=f"k{number}", reference=draft.article_references.first().reference)
        row._history_date = now
        save(row, author)
    seen, after = [], None

    while True:
        changes, after = changes_of(draft, Place.read(str(after)) if after else None, 2)
        seen += [change.place for change in changes]
        if after is None:
            break

    assert len(seen) == len(set(seen)) == sum(len(_all_of(model, draft)) for model in TABLES)


@pytest.mark.parametrize("sent", ["x", "2026-01-01", "2026-01-01T00:00:00+00:00_1_x", "2026-13-01T00:00:00+00:00_1_1"])
def test_an_address_that_names_no_place_shows_the_newest(at_admin, draft, sent):
    assert rows(shown(at_admin, draft, after=sent)) == rows(shown(at_admin, draft))


def test_a_page_costs_the_same_queries_for_one_change_and_for_many(
    at_admin, draft, author, editor, django_assert_max_num_queries
):
    simple = article(editor, title="One")
    for number in range(25):
        edit(draft, f"Number {number}.", by=author)

    for one in (simple, draft):
        with django_assert_max_num_queries(32):
            shown(at_admin, one)


def test_the_rows_as_they_are_stored_are_one_step_away(at_admin, draft):
    page = shown(at_admin, draft)

    assert page.xpath("//a[@href='?rows=1']")
    assert shown(at_admin, draft, rows="1").xpath("//table[@id='change-history']")


def test_nobody_but_an_administrator_reads_it(client, draft, author, editor):
    for one in (author, editor):
        client.force_login(one)
        answer = client.get(reverse("admin:articles_article_history", args=[draft.pk]))
        assert answer.status_code in (302, 403)
        assert "7 mg" not in answer.content.decode()


def test_an_article_that_is_not_there_has_no_history(at_admin):
    for number in ("99", "x", "9" * 30):
        assert at_admin.get(f"/admin/articles/article/{number}/history/").status_code == 404

"""The readers' lists: what stands on them, in which order, and what they say of each text."""

from articles.models import Article
from reviews import workflow
from tests import factories
from tests.articles.site.pages import days_later, library, parsed, words


def titles(client, path) -> list[str]:
    return parsed(client.get(path)).xpath("//p[@class='title']/a/text()")


def test_the_first_page_begins_with_what_was_published_last_and_not_with_what_was_begun_last(client, author, staff):
    drafts = [factories.article(author, title=title, slug=title.lower()) for title in ("Older", "Newer")]
    for draft in reversed(drafts):
        factories.published(factories.submitted(author, draft), *staff)

    assert titles(client, "/") == ["Older", "Newer"]


def test_the_first_page_names_the_six_newest_texts(client, author, staff):
    library(author, staff, 7)

    assert titles(client, "/") == [f"Article {place:02}" for place in (6, 5, 4, 3, 2, 1)]


def test_texts_of_one_title_are_each_on_one_page_of_a_long_list(client, author, staff, monkeypatch):
    for number in range(3):
        draft = factories.article(author, title="The same", slug=f"same-{number}")
        factories.published(factories.submitted(author, draft), *staff)
    monkeypatch.setattr("articles.site.lists.articles.IN_A_LIST", 2)

    (path,) = parsed(client.get("/articles/")).xpath("//a[@rel='next']/@href")
    found = [
        href for each in ("/articles/", path) for href in parsed(client.get(each)).xpath("//p[@class='title']/a/@href")
    ]

    assert found == [f"/articles/same-{number}/" for number in range(3)]


def test_a_list_says_when_a_text_was_last_reviewed_and_not_when_it_was_published(client, author, staff, monkeypatch):
    version = factories.submitted(author)
    reviewed = factories.approved(version, *staff).approved_at
    days_later(monkeypatch, 3)
    workflow.publish(version, actor=staff[0])

    for path in ("/", "/articles/", "/topics/oncology/"):
        (meta,) = parsed(client.get(path)).xpath("//p[@class='small meta']")
        assert f"Last reviewed {reviewed:%-d %B %Y}" in words(meta), path


def test_a_list_names_the_topics_of_the_text_that_is_shown_by_name_and_that_it_is_a_question(client, author, staff):
    draft = factories.article(author, kind="question", topics=("Surgery", "Anatomy", "Oncology"))
    factories.published(factories.submitted(author, draft), *staff)
    draft = Article.objects.get()
    factories.save(draft.article_topics.get(topic__name="Surgery"), author).delete()
    factories.submitted(author, draft)

    (meta,) = parsed(client.get("/articles/")).xpath("//p[@class='small meta']")

    assert [words(span) for span in meta.xpath("span")[-3:]] == ["Anatomy", "Oncology", "Surgery"]
    assert words(meta.xpath("span")[0]) == "Question and answer"
    assert titles(client, "/topics/surgery/") == [draft.title]


def test_topics_are_those_of_published_texts_by_name_and_not_those_of_the_policy(client, author, staff):
    policy = factories.article(author, kind="policy", topics=("Oncology", "Ethics"))
    factories.published(factories.submitted(author, policy), *staff)
    draft = factories.article(author, topics=("Oncology", "Anatomy"))
    factories.published(factories.submitted(author, draft), *staff)
    factories.submitted(author, topics=("Dermatology",))

    for path in ("/", "/topics/"):
        assert parsed(client.get(path)).xpath("//main//a[starts-with(@href, '/topics/')]/text()")[-2:] == [
            "Anatomy",
            "Oncology",
        ], path
    for slug in ("ethics", "dermatology"):
        assert client.get(f"/topics/{slug}/").status_code == 404
        assert f"/topics/{slug}/" not in client.get("/sitemap-topics.xml").content.decode()

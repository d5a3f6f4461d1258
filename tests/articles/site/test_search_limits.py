"""Limits, pages and suggestions of the search: of public texts alone, with a sentence for what is wrong."""

import datetime
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from articles.models import Article, Audience, Wording
from articles.site.searching import corrected
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library, parsed, words


@pytest.fixture
def publish(author, staff):
    """Return a function that publishes an article with this title and body."""

    def publish(title, body="<p>They filter.</p>", **kwargs):
        draft = factories.article(author, title=title, body=body, **{"slug": title.lower().replace(" ", "-"), **kwargs})
        factories.published(factories.submitted(author, draft), *staff)
        return Article.objects.get(pk=draft.pk)

    return publish


def titles(client, **asked) -> list[str]:
    page = parsed(client.get("/search/", asked))
    return [words(title) for title in page.xpath("//ul[@class='articles']//p[@class='title']")]


def suggested(client, typed) -> list[str]:
    return client.get("/search/suggest", {"q": typed}).json()["suggestions"]


def test_a_search_can_be_limited_to_a_topic_a_kind_and_both(client, publish):
    factories.topic("Surgery")
    publish("Lymph nodes")
    publish("What do nodes do?", slug="what", kind="question")
    publish("Cutting nodes", topics=("Oncology", "Surgery"))

    assert len(titles(client, q="nodes")) == 3
    assert titles(client, q="nodes", topic="surgery") == ["Cutting nodes"]
    assert titles(client, q="nodes", kind="question") == ["What do nodes do?"]
    assert titles(client, q="nodes", kind="question", topic="surgery") == []


def test_a_search_for_one_audience_finds_what_its_page_says_and_leads_there(client, author, staff):
    draft = factories.article(author, title="Nodes", slug="nodes", body="<p>Swollen nodes.</p>")
    body = "<p>Adenopathy.</p>"
    wording = Wording(section=draft.sections.get(), audience=Audience.objects.get(key="professional"), body=body)
    factories.save(wording, author)
    factories.published(factories.submitted(author, draft), *staff)

    page = parsed(client.get("/search/", {"q": "adenopathy", "audience": "professional"}))

    assert page.xpath("//p[@class='title']/a/@href") == ["/articles/nodes/for/professional/"]
    assert titles(client, q="adenopathy", audience="public") == []
    assert titles(client, q="swollen", audience="professional") == []
    assert titles(client, q="swollen", audience="carer") == ["Nodes"]


def test_a_search_since_a_year_finds_what_was_fully_reviewed_in_it_or_later(client, publish):
    publish("Lymph nodes")
    year = timezone.localdate().year

    assert titles(client, q="nodes", since=year) == titles(client, q="nodes", since=year - 5) == ["Lymph nodes"]


def test_a_review_of_an_earlier_year_is_too_old(client, publish, monkeypatch):
    year = timezone.localdate().year
    publish("Lymph nodes")
    later = timezone.now() + datetime.timedelta(days=366)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert titles(client, q="nodes", since=year + 1) == []
    assert titles(client, q="nodes", since=year) == ["Lymph nodes"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("topic", "nowhere", "Choose a topic from the list: “nowhere” is not in it."),
        ("kind", "poem", "Choose a kind of article from the list: “poem” is not in it."),
        ("audience", "cats", "Choose an audience from the list: “cats” is not in it."),
        ("since", "1066", "Choose a year from the list: “1066” is not in it."),
        ("since", "<b>", "Choose a year from the list: “<b>” is not in it."),
    ],
)
def test_a_choice_that_is_not_offered_is_told(client, public_article, name, value, said):
    response = client.get("/search/", {"q": "lymph", name: value})

    assert response.status_code == 422
    assert said in words(parsed(response))
    assert not parsed(response).xpath("//ul[@class='articles']/li")


def test_the_choices_are_those_of_public_texts(client, author, staff, publish):
    factories.topic("Hidden")
    draft = factories.article(author, title="Secret", slug="secret", topics=("Hidden",))
    factories.submitted(author, draft)
    publish("Lymph nodes")

    page = parsed(client.get("/search/"))

    assert page.xpath("//select[@name='topic']/option/text()") == ["All topics", "Oncology"]


def test_results_come_in_pages_that_end(client, author, staff, monkeypatch):
    monkeypatch.setattr("articles.search.results.ON_A_PAGE", 2)
    monkeypatch.setattr("articles.site.searching.ON_A_PAGE", 2)
    library(author, staff, 5)
    address, seen = "/search/?q=article&kind=topic", []

    while address:
        page = parsed(client.get(address))
        seen += [words(title) for title in page.xpath("//p[@class='title']")]
        address = next((f"/search/{after}" for after in page.xpath("//a[@rel='next']/@href")), None)

    assert seen == [f"Article {place:02}" for place in range(5)]
    before = parsed(client.get("/search/?q=article&kind=topic&page=2")).xpath("//a[@rel='prev']/@href")
    assert before == ["?q=article&kind=topic"]


@pytest.mark.parametrize("page", ["0", "-1", "6", "9" * 20, "0" * 8 + "1" * 5000, "two", "", "٣", "2"])
def test_a_page_of_results_that_does_not_exist_is_not_found(client, public_article, page):
    assert client.get("/search/", {"q": "lymph", "page": page}).status_code == 404


def test_a_misspelt_word_finds_what_was_meant_and_says_so(client, publish):
    publish("Sentinel node", "<p>The sentinel node is the first one.</p>")

    page = parsed(client.get("/search/?q=sentinal+node"))

    assert titles(client, q="sentinal node") == ["Sentinel node"]
    assert page.xpath("//a[@href='?q=sentinel+node']/text()") == ["sentinel node"]


@pytest.mark.parametrize(
    ("query", "meant", "expected"),
    [
        ("strok strokes heatstrok", {"strok": "stroke"}, "stroke strokes heatstrok"),
        ("a strok, a strok-like", {"strok": "stroke"}, "a stroke, a stroke-like"),
        ("ab bc", {"ab": "bc", "bc": "cd"}, "bc cd"),
        ("beta-bloker", {"betabloker": "betablocker"}, ""),
        ("node", {}, ""),
    ],
)
def test_what_was_meant_stands_only_where_the_whole_word_was_typed(query, meant, expected):
    assert corrected(query, meant) == expected


def test_what_was_meant_is_searched_for_within_the_same_limits(client, publish):
    publish("Sentinel node", "<p>The sentinel node is the first one.</p>")

    page = parsed(client.get("/search/?q=sentinal&topic=oncology&kind=topic&audience=public&since=&page=1"))

    [leads] = page.xpath("//a[text()='sentinel']/@href")
    assert leads == "?q=sentinel&topic=oncology&kind=topic&audience=public"
    assert titles(client, **dict(parse_qsl(leads[1:]))) == ["Sentinel node"]


def test_nothing_found_offers_the_nearest_topics(client, publish):
    factories.topic("Surgery")
    publish("Cutting", topics=("Oncology", "Surgery"))
    publish("Lymph nodes")

    page = parsed(client.get("/search/?q=surgeryy+xylophone"))

    assert page.xpath("//ul[@class='topics']//a/@href") == ["/topics/surgery/"]
    assert "These topics may be near:" in words(page)
    far = parsed(client.get("/search/?q=xylophone"))
    assert len(far.xpath("//ul[@class='topics']//a")) == 2
    assert "near" not in words(far)
    assert "see all articles, or browse by topic:" in words(far)


def test_titles_complete_what_is_typed_and_the_best_come_first(client, publish):
    publish("Lymph nodes")
    publish("Lymphoedema")
    publish("Nodes of the neck")

    assert sorted(suggested(client, "lym")) == ["Lymph nodes", "Lymphoedema"]
    assert suggested(client, "lymph no") == ["Lymph nodes"]
    assert suggested(client, "neck nodes") == ["Nodes of the neck"]
    assert suggested(client, "filter") == []
    for typed in ["", " ", "l", "\0", "%", "_", "'", "x" * 5000, "lym\0ph zzz"]:
        assert suggested(client, typed) == [], typed


@pytest.mark.parametrize("title", ["Haemorrhage", "Hypoglycaemia", "Oesophagus", "Diarrhoea", "Tumours"])
def test_a_title_is_suggested_after_each_letter_in_either_spelling(client, publish, title):
    publish(title)
    american = title.replace("ae", "e").replace("Oe", "E").replace("oe", "e").replace("our", "or")

    for word in (title, american):
        for end in range(3, len(word) + 1):
            assert suggested(client, word[:end]) == [title], word[:end]


def test_a_number_completes_the_word_before_it(client, publish):
    publish("Type 2 diabetes")
    publish("Type 1 diabetes")
    publish("Lymphoma in 20 questions")

    assert suggested(client, "type 2") == suggested(client, "type 2 dia") == ["Type 2 diabetes"]
    assert suggested(client, "2") == []


def test_suggestions_are_kept_out_of_search_engines_and_set_nothing(client, public_article):
    response = client.get("/search/suggest?q=lymph")

    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Type"] == "application/json"
    assert not response.cookies


@pytest.mark.parametrize("number", [1, 15])
def test_suggestions_cost_the_same_queries_however_large_the_library(author, staff, client, number, settings,
                                                                     django_assert_num_queries):  # fmt: skip
    library(author, staff, number)

    with django_assert_num_queries(5):
        assert len(suggested(client, "artic")) == min(number, 8)


@pytest.mark.parametrize("kind", ["retraction", "removal", "withdrawal"])
def test_a_pulled_text_is_suggested_no_more(client, publish, editor2, kind):
    draft = publish("Canary nodes")
    assert suggested(client, "canar") == ["Canary nodes"]

    workflow.issue_notice(draft, actor=editor2, kind=kind, reason="It was wrong.")

    assert suggested(client, "canar") == []


def test_an_index_that_is_behind_shows_nothing_that_may_not_be_listed(client, publish, editor2, monkeypatch):
    """What is found is looked up among what is public now: a fault of the index can hide texts, and show none."""
    draft = publish("Canary nodes")
    monkeypatch.setattr("articles.search.index.writing.Change.apply", lambda change: None)
    workflow.issue_notice(draft, actor=editor2, kind="removal", reason="It was wrong.")

    assert titles(client, q="canary") == []
    assert suggested(client, "canary") == []

"""Search finds what readers may read, says why, and takes whatever is typed."""

import pytest
from lxml import html

from articles.models import Article, Audience, Wording
from articles.search import search, words_of
from articles.search.snippets import marked
from tests import factories
from tests.articles.site.pages import library, parsed, words


@pytest.fixture
def publish(author, staff):
    """Return a function that publishes an article with this title and body."""

    def publish(title, body, **kwargs):
        draft = factories.article(author, title=title, body=body, **{"slug": title.lower().replace(" ", "-"), **kwargs})
        factories.published(factories.submitted(author, draft), *staff)
        return draft

    return publish


def found(client, query) -> list[str]:
    page = parsed(client.get("/search/", {"q": query}))
    return [words(title) for title in page.xpath("//ul[@class='articles']//p[@class='title']")]


def test_an_article_is_found_by_the_words_of_its_title_headings_and_text(client, publish):
    publish("Lymph nodes", "<p>They filter <strong>lymph</strong>.</p><h3>Swelling</h3><p>Often an infection.</p>")

    for query in ["lymph", "NODES", "filter", "swelling", "infection filter", "What they do", "  nodes  ", "infect"]:
        assert found(client, query) == ["Lymph nodes"], query
    for query in ["kidney", "lymph kidney"]:
        assert found(client, query) == [], query
        assert "No published article has" in words(parsed(client.get("/search/", {"q": query})))


def test_a_word_is_found_across_the_tags_within_it_and_never_across_blocks(client, publish):
    publish("Water", "<p>An<strong>alge</strong>sic.</p><p>Left</p><p>right</p>")

    assert found(client, "analgesic") == ["Water"]
    assert found(client, "leftright") == []


def test_case_and_accents_do_not_count(client, publish):
    publish("Sjögren’s syndrome", "<p>Straße, ÉCLAIR and ﬁbre.</p>", slug="sjogren")

    for query in ["sjogren", "SJÖGREN", "strasse", "éclair", "ECLAIR", "fibre"]:
        assert found(client, query) == ["Sjögren’s syndrome"], query


def test_wordings_for_other_readers_are_found_too(client, author, staff):
    draft = factories.article(author, title="Nodes", slug="nodes")
    wording = Wording(
        section=draft.sections.get(), audience=Audience.objects.get(key="professional"), body="<p>Adenopathy.</p>"
    )
    factories.save(wording, author)
    factories.published(factories.submitted(author, draft), *staff)

    assert found(client, "adenopathy") == ["Nodes"]


def test_a_short_word_is_found_only_where_a_word_begins(client, publish):
    publish("Heart", "<p>Cardiotoxicity at 15 mg.</p>")

    assert found(client, "art") == found(client, "5 mg") == []
    assert found(client, "toxicity") == found(client, "15 mg") == found(client, "hea") == ["Heart"]


def test_markup_and_what_the_frozen_text_is_made_of_are_not_found(client, author, publish):
    body = '<p>See <a href="https://hidden.example/linkword">this</a>.</p><ul><li>One</li></ul>'
    publish("Plain", body)

    for query in ["href", "strong", "linkword", "wordings", "imprimatur", "written_for", "disclaimers", "sha256", "ul"]:
        assert found(client, query) == [], query
    assert found(client, "this") == ["Plain"]


def test_a_word_in_the_title_comes_first(client, publish):
    publish("Aspects of care", "<p>The kidney, the kidney, the kidney.</p>")
    publish("Kidney stones", "<p>They hurt.</p>")

    assert found(client, "kidney") == ["Kidney stones", "Aspects of care"]


def test_a_result_says_why_it_was_found_and_when_it_was_approved(client, publish):
    publish("Nodes", "<p>If 2 &lt; 3 &amp; 4, nodes <em>swell</em> &lt;script&gt;.</p>")

    page = client.get("/search/?q=swell+nodes").content.decode()

    assert "If 2 &lt; 3 &amp; 4, <mark>nodes</mark> <mark>swell</mark> &lt;script&gt;." in page
    assert html.document_fromstring(page).xpath("//main//li//time/@datetime")


def test_long_texts_are_cut_around_the_words():
    line = f"{'before ' * 60}Straße İstanbul needle here {'after ' * 60}".strip()

    piece = marked(("Another line.", line), ["needle", "strasse"])

    assert "<mark>Straße</mark> İstanbul <mark>needle</mark>" in piece
    assert piece.startswith("… before")
    assert piece.endswith("after …")
    assert len(piece) < 320


def test_a_long_line_without_spaces_is_cut_too():
    assert len(marked(("x" * 5000 + "needle",), ["needle"])) < 320


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\0",
        "lymph\0nodes",
        "'",
        '"',
        '"unclosed phrase',
        "%",
        "_",
        "100%",
        "\\",
        "lymph AND",
        "NOT lymph",
        "NEAR(lymph nodes)",
        "title:lymph",
        "lymph*",
        "^lymph",
        "lymph & | ! <->",
        "(((",
        "; DROP TABLE articles_article; --",
        "x" * 10_000,
        "lymph " * 2_000,
        "\ud7ff\uffff\u202e",
        "<script>alert(1)</script>",
        "💉",
        "٣",
    ],
)
def test_whatever_is_typed_gives_a_page(client, public_article, query):
    response = client.get("/search/", {"q": query})

    assert response.status_code == 200
    assert "<script" not in response.content.decode()
    assert len(parsed(response).xpath("//h1")) == 1


@pytest.mark.parametrize("query", ["%ff%fe", "%ed%a0%80", "a&q=b", "a%00b", "&&&=", "%"])
def test_an_address_that_is_no_proper_one_gives_a_page(client, public_article, query):
    assert client.get(f"/search/?q={query}").status_code == 200


def test_a_percent_sign_or_an_underscore_is_no_wild_card(client, public_article):
    for query in ["%", "_", "l_mph", "l%h", "*"]:
        assert found(client, query) == [], query


def test_what_is_typed_stays_in_the_field(client, db):
    page = parsed(client.get("/search/", {"q": '"><b>lymph'}))

    assert page.get_element_by_id("query").get("value") == '"><b>lymph'
    assert not page.xpath("//main//b")


def test_results_are_kept_out_of_other_search_engines(client, public_article):
    response = client.get("/search/?q=lymph")

    assert response["X-Robots-Tag"] == "noindex"
    assert parsed(response).xpath("//meta[@name='robots'][@content='noindex']")


def test_articles_that_may_not_be_listed_take_no_place_among_the_results(author, staff, publish, editor2):
    from reviews import workflow

    for title in ["Alpha", "Bravo"]:
        gone = publish(title, "<p>Nodes.</p>")
        workflow.issue_notice(gone, actor=editor2, kind="retraction", reason="It was wrong.")
    publish("Charlie", "<p>Nodes.</p>")
    publish("Delta", "<p>Nodes.</p>")

    hits, more = search("nodes", most=1)

    assert ([hit.title for hit in hits], more) == (["Charlie"], True)
    assert [hit.title for hit in search("nodes", most=2)[0]] == ["Charlie", "Delta"]


def test_a_publication_is_found_on_the_very_next_request_and_the_text_before_it_no_more(
    client, author, staff, public_article
):
    assert found(client, "filter") == ["Lymph nodes"]

    factories.edit(public_article, "They hold lymph.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)

    assert found(client, "hold") == ["Lymph nodes"]
    assert found(client, "filter") == []


def test_a_damaged_text_is_not_found(client, public_article, monkeypatch):
    monkeypatch.setattr("articles.search.passages.sha256", lambda text: "another digest")

    assert found(client, "filter") == []


@pytest.mark.parametrize("number", [1, 50])
def test_search_costs_two_queries_and_one_when_the_words_are_at_hand(author, staff, number, django_assert_num_queries):
    library(author, staff, number)

    with django_assert_num_queries(2):
        hits, more = search("article")
    with django_assert_num_queries(1):
        search("article")

    assert (len(hits), more) == (min(number, 20), number > 20)


def test_signs_are_no_words():
    assert words_of("Lymph-nodes: (the) “nodes” & 5-FU_2") == ["lymph", "nodes", "the", "5", "fu", "2"]

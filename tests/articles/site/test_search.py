"""Search finds what readers may read, says why, and takes whatever is typed."""

import datetime

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article, Audience, SynonymGroup, Wording
from articles.search.analysis import index_terms, query_terms
from articles.search.results import search
from articles.search.results.snippets import marked
from articles.text.plain.doses import doses
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library, page_for, parsed, words


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
    for query in ["kidney", "kidney renal"]:
        assert found(client, query) == [], query
        assert "No article that we list has" in words(parsed(client.get("/search/", {"q": query})))


def test_an_article_without_all_the_words_says_which_it_lacks_and_comes_after_those_that_have_them(client, publish):
    publish("Lymph nodes", "<p>They filter lymph.</p>")
    publish("Kidney", "<p>It filters lymph and blood.</p>")

    page = parsed(client.get("/search/", {"q": "lymph blood"}))
    lacking = parsed(client.get("/search/", {"q": "lymph spleen"}))

    assert found(client, "lymph blood") == ["Kidney", "Lymph nodes"]
    assert [words(line) for line in page.xpath("//li//p[starts-with(text(), 'Not on this page')]")] == [
        "Not on this page: blood"
    ]
    assert "2 articles with some of these words. None has all of them." in words(lacking)


@pytest.mark.parametrize("sign", ["\u00b5", "\u03bc"])
def test_the_micro_sign_and_the_greek_letter_are_one(client, publish, sign):
    publish("Thyroxine", "<p>Give 50 \u03bcg a day.</p>")

    assert found(client, f"50 {sign}g") == found(client, "50 mcg") == ["Thyroxine"]
    assert [f"50 {sign}g"[start:end] for start, end in doses(f"50 {sign}g")] == [f"50 {sign}g"]


def test_an_amount_that_a_page_does_not_have_is_named_with_its_number(client, publish):
    publish("Diabetes", "<p>Take 250 mg.</p>")

    for query, missing in [("diabetes 5 mg", "5 mg"), ("diabetes 5mg", "5mg"), ("diabetes 5-10 mg", "5-10 mg")]:
        assert first_hit(client, query)[1][-1] == f"Not on this page: {missing}"
    assert not any("Not on" in line for line in first_hit(client, "diabetes 0.25 g")[1])


def test_a_word_is_not_found_by_a_part_of_what_it_is_called_elsewhere(client, author, publish):
    """Low blood sugar is hypoglycaemia; a low level of radiation, or sugar, is not."""
    factories.save(SynonymGroup(names="hypoglycaemia\nlow blood sugar"), author)
    publish("Tracers", "<p>It holds a low level of radiation.</p>")
    publish("Sweets", "<p>Sugar is sweet.</p>")
    publish("Insulin", "<p>Too much of it makes the sugar in the blood too low.</p>")

    for query in ["hypoglycemia", "hypoglycaemia", "low blood sugar"]:
        assert found(client, query)[0] == "Insulin", query
    assert found(client, "hypoglycemia") == ["Insulin"]
    page = parsed(client.get("/search/", {"q": "hypoglycemia radiation"}))
    missing = {words(line) for line in page.xpath("//li//p[starts-with(text(), 'Not on this page')]")}
    assert missing == {"Not on this page: radiation", "Not on this page: hypoglycemia"}


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


def worded(author, staff, body="<p>Swollen nodes hurt.</p>", **wordings):
    """Publish “Nodes” with this text for the public and these wordings for others, as the pages of each show them."""
    draft = factories.article(author, title="Nodes", slug="nodes", body=body)
    for key, text in wordings.items():
        wording = Wording(section=draft.sections.get(), audience=Audience.objects.get(key=key), body=text)
        factories.save(wording, author)
    factories.published(factories.submitted(author, draft), *staff)


def first_hit(client, query):
    """Return where the first result leads and what stands beside it."""
    item = parsed(client.get("/search/", {"q": query})).xpath("//ul[@class='articles']/li")[0]
    return item.xpath(".//a/@href")[0], [words(line) for line in item.xpath(".//p")[1:-1]]


def test_words_of_a_wording_lead_to_its_readers_page_and_say_whose_they_are(client, author, staff):
    worded(author, staff, professional="<p>Adenopathy of the nodes.</p>")

    leads, beside = first_hit(client, "adenopathy")

    assert leads == "/articles/nodes/for/professional/"
    assert beside == [
        "In the section “What they do” for these readers: doctor, nurse or other healthcare professional",
        "Adenopathy of the nodes.",
    ]
    assert "Adenopathy" in client.get(leads).content.decode()


def test_words_that_the_text_for_its_own_readers_has_are_shown_of_it(client, author, staff):
    worded(author, staff, body="<p>They hurt.</p>", carer="<p>They hurt badly.</p>", professional="<p>Adenopathy.</p>")

    leads, beside = first_hit(client, "hurt")

    assert leads == "/articles/nodes/for/public/"
    assert beside == ["In the section “What they do” for these readers: patient or member of the public", "They hurt."]
    assert first_hit(client, "badly hurt")[0] == "/articles/nodes/for/carer/"


def test_words_that_everybody_is_shown_lead_to_the_article(client, author, staff):
    worded(author, staff)

    assert first_hit(client, "hurt") == ("/articles/nodes/", ["In the section “What they do”:", "Swollen nodes hurt."])
    assert first_hit(client, "nodes") == first_hit(client, "hurt")


def test_a_result_leads_to_its_section(client, author, staff):
    worded(author, staff, professional="<p>Adenopathy.</p>")

    for query in ["hurt", "adenopathy"]:
        leads = parsed(client.get("/search/", {"q": query})).xpath("//ul[@class='articles']//p[2]/a/@href")[0]
        path, _, anchor = leads.partition("#")
        assert parsed(client.get(path, follow=True)).get_element_by_id(anchor).tag == "section"


def test_of_words_that_no_page_has_together_one_is_said_to_be_missing(client, author, staff):
    worded(author, staff, carer="<p>Call us.</p>", professional="<p>Adenopathy.</p>")

    assert (found(client, "call"), found(client, "adenopathy")) == (["Nodes"], ["Nodes"])
    leads, beside = first_hit(client, "call adenopathy")
    assert (leads, beside[-1]) in [
        ("/articles/nodes/for/carer/", "Not on this page: adenopathy"),
        ("/articles/nodes/for/professional/", "Not on this page: call"),
    ]


def test_who_is_named_and_what_is_cited_is_found_as_it_is_printed(client, author, staff):
    cite = '<cite data-ref="one">[one]</cite>'
    draft = factories.article(author, title="Nodes", slug="nodes", body=f"<p>They filter.{cite}</p>")
    csl = {"author": [{"family": "Marlow", "given": "Ann"}], "container-title": "Archives", "note": "Unseen"}
    factories.cite(draft, "one", by=author, type="article-journal", title="On <i>Salmonella</i>", **csl)
    factories.published(factories.submitted(author, draft), *staff)
    name = draft.authorships.get().contributor.name

    for query in ["marlow", "archives salmonella", "Marlow filter"]:
        assert found(client, query) == ["Nodes"], query
    assert first_hit(client, "marlow archives") == (
        "/articles/nodes/",
        ["In the references:", "Marlow A. On Salmonella. Archives."],
    )
    assert first_hit(client, name)[1][0] == "Among the people named:"
    assert found(client, "unseen") == []
    assert found(client, "cite") == []


def test_a_work_that_only_one_wording_cites_is_found_for_its_readers(client, author, staff):
    draft = factories.article(author, title="Nodes", slug="nodes")
    factories.cite(draft, "one", by=author, type="book", title="Adenopathy")
    body = '<p>They swell.<cite data-ref="one">[one]</cite></p>'
    wording = Wording(section=draft.sections.get(), audience=Audience.objects.get(key="professional"), body=body)
    factories.save(wording, author)
    factories.published(factories.submitted(author, draft), *staff)

    leads, beside = first_hit(client, "adenopathy")

    assert leads == "/articles/nodes/for/professional/"
    assert beside == [
        "In the references of the text for these readers: doctor, nurse or other healthcare professional",
        "Adenopathy.",
    ]


def test_an_article_about_it_comes_before_one_that_cites_it(client, author, staff, publish):
    draft = factories.article(author, title="Alpha", slug="alpha", body='<p>So.<cite data-ref="one">[one]</cite></p>')
    factories.cite(draft, "one", by=author, type="book", title="Kidney, kidney and kidney")
    factories.published(factories.submitted(author, draft), *staff)
    publish("Bravo", "<p>The kidney.</p>")

    assert found(client, "kidney") == ["Bravo", "Alpha"]


def test_a_search_that_finds_nothing_says_where_it_looked(client, public_article):
    page = words(parsed(client.get("/search/?q=xylophone")))

    assert "No article that we list has this word in its title, its text as it was written, the names of its" in page


@pytest.mark.parametrize(
    ("readers", "heading", "body", "seen"),
    [
        ("carer", "Adenopathy", "<p>Swollen.</p>", True),
        ("carer", "", "<p>Adenopathy.</p>", True),
        ("carer", "Adenopathy", "", False),
        ("public", "Adenopathy", "<p>Swollen.</p>", False),
        ("public", "", "<p>Adenopathy.</p>", False),
    ],
)
def test_a_wording_is_found_where_it_is_shown_and_one_that_nobody_is_shown_is_not(
    client, author, staff, readers, heading, body, seen, monkeypatch
):
    """Releases before 0.3.0 froze a wording of its own for the public, for whom the general text is: never shown."""
    monkeypatch.setattr("articles.checks.blockers", lambda *text: [])
    draft = factories.article(author, title="Nodes", slug="nodes")
    audience = Audience.objects.get(key=readers)
    factories.save(Wording(section=draft.sections.get(), audience=audience, heading=heading, body=body), author)
    factories.published(factories.submitted(author, draft), *staff)

    pages = "".join(client.get(page_for(draft, key)).content.decode() for key in ("public", "carer", "professional"))

    assert ("Adenopathy" in pages) == seen
    assert found(client, "adenopathy") == (["Nodes"] if seen else [])


def test_a_short_word_is_found_only_where_a_word_begins(client, publish):
    publish("Heart", "<p>Cardiotoxicity at 15 mg.</p>")

    assert found(client, "art") == found(client, "5 mg") == found(client, "toxicity") == []
    assert found(client, "cardio") == found(client, "15 mg") == found(client, "hea") == ["Heart"]


@pytest.mark.parametrize(
    ("line", "query", "seen"),
    [
        ("Take 0.5 mg or 15 mg or 5.5 mg.", "5 mg", False),
        ("Take .5 mg or 1,5 mg or 10^5 mg.", "5 mg", False),
        ("Take 5\u00a0mg.", "5 mg", True),
        ("It is ineffective.", "effective", False),
        ("A vaccine for hepatitis B.", "hepatitis A", False),
        ("A vaccine for hepatitis A.", "hepatitis a", True),
        ("Take 1½ tablets.", "11 tablets", False),
        ("At 10^9/L.", "109", False),
        ("Take 0·5 mg or 0٫5 mg.", "5 mg", False),
        ("Take 0·5 mg.", "0·5 mg", True),
        ("Take 5·5 mg.", "5", False),
        ("CO_2 rises.", "co2", True),
        ("CO₂ rises.", "co2", True),
        ("CO_2 rises.", "CO₂", True),
        ("At 10^9/L.", "10⁹", True),
        ("At 10⁹/L.", "10⁹/L", True),
        ("At 10⁹/L.", "10^9/L", True),
        ("At 10^9/L.", "10^9", True),
        ("At 10⁹/L.", "109", False),
        ("At 10⁹/L.", "10", False),
        ("At 10^9/L.", "10^8", False),
        ("Each m² counts.", "m^2", True),
        ("Each m^2 counts.", "m²", True),
        ("Each m² counts.", "m2", False),
        ("खुराक ५ मिलीग्राम है।", "की", False),
        ("खुराक ५ मिलीग्राम है।", "मूल", False),
        ("खुराक ५ मिलीग्राम है।", "खिर", False),
        ("खुराक ५ मिलीग्राम है।", "मिल", False),
        ("खुराक ५ मिलीग्राम है।", "खुर", False),
        ("खुराक ५ मिलीग्राम है।", "खुराक", True),
        ("खुराक ५ मिलीग्राम है।", "मिलीग्राम", True),
        ("खुराक ५ मिलीग्राम है।", "है", True),
        ("वह क्या है", "कया", False),
        ("என் மருந்து", "மர", False),
        ("ข้าว", "ขาว", False),
        ("ข้าว", "ข้าว", True),
        ("ガンの薬", "カン", False),
        ("ガンの薬", "ガン", True),
        ("ガンの薬", "カ\u3099ン", True),
        ("한국", "하", False),
        ("가난", "가나", False),
        ("می\u200cخواهم", "میخواهم", True),
        ("كِتَاب", "كتاب", True),
        ("É e\u0301clair", "eclair", True),
        ("Éclair", "e\u0301clair", True),
    ],
)
def test_what_is_found_and_marked_is_what_was_asked_for(line, query, seen):
    wanted = [{term for term, weight in each.terms.items() if weight > 0.5} for each in query_terms(query)]
    terms = {*index_terms(line)}

    assert all(not terms.isdisjoint(each) for each in wanted) is seen
    assert ("<mark>" in marked(line, {term for each in wanted for term in each})) >= seen


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("It is effectively so.", "effective"),
        ("Cardiotoxicity.", "cardio"),
        ("खुराक ५ मिलीग्राम है।", "मिली"),
        ("என் மருந்து", "மரு"),
        ("한국어", "한국"),
    ],
)
def test_a_word_that_no_text_has_finds_those_that_begin_with_it(client, publish, line, query):
    publish("Elsewhere", f"<p>{line}</p>")

    page = client.get("/search/", {"q": query}).content.decode()

    assert "<mark>" in page


def test_a_snippet_never_brings_raised_or_lowered_digits_down(client, publish):
    publish("Counts", "<p>Neutrophils 10<sup>9</sup>/L, CO<sub>2</sub>, 1½ and 1<sup>1</sup>/<sub>2</sub> tablets.</p>")

    page = words(parsed(client.get("/search/?q=neutrophils")))

    assert "Neutrophils 10^9/L, CO_2, 1½ and 1^1/_2 tablets." in page


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


def test_the_day_beside_a_result_is_that_of_the_approval_and_not_of_the_publication(client, author, staff, monkeypatch):
    version = factories.submitted(author, title="Nodes")
    approved = factories.approved(version, *staff).approved_at
    monkeypatch.setattr("django.utils.timezone.now", lambda: approved + datetime.timedelta(days=40))
    workflow.publish(version, actor=staff[0])

    page = client.get("/search/?q=nodes").content

    days = html.document_fromstring(page).xpath("//main//li//time/@datetime")
    assert days == [timezone.localdate(approved).isoformat()]


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
    assert "<script>" not in response.content.decode()
    assert len(parsed(response).xpath("//h1")) == 1


@pytest.mark.parametrize("query", ["%ff%fe", "%ed%a0%80", "a&q=b", "a%00b", "&&&=", "%"])
def test_an_address_that_is_no_proper_one_gives_a_page(client, public_article, query):
    assert client.get(f"/search/?q={query}").status_code == 200


def test_a_percent_sign_or_an_underscore_is_no_wild_card(client, public_article):
    for query in ["%", "_", "l%h", "*"]:
        assert found(client, query) == [], query


def test_what_is_typed_stays_in_the_field(client, db):
    page = parsed(client.get("/search/", {"q": '"><b>lymph'}))

    assert page.get_element_by_id("query").get("value") == '"><b>lymph'
    assert not page.xpath("//main//b")


def test_results_are_kept_out_of_other_search_engines(client, public_article):
    response = client.get("/search/?q=lymph")

    assert response["X-Robots-Tag"] == "noindex"
    assert parsed(response).xpath("//meta[@name='robots'][@content='noindex']")


def test_articles_that_may_not_be_listed_take_no_place_among_the_results(author, publish, editor2, monkeypatch):
    from reviews import workflow

    for title in ["Alpha", "Bravo"]:
        gone = publish(title, "<p>Nodes.</p>")
        workflow.issue_notice(gone, actor=editor2, kind="retraction", reason="It was wrong.")
    publish("Charlie", "<p>Nodes.</p>")
    publish("Delta", "<p>Nodes.</p>")

    monkeypatch.setattr("articles.search.results.ON_A_PAGE", 1)
    first, second = search("nodes"), search("nodes", page=2)

    assert [hit.title for hit in first.hits + second.hits] == ["Charlie", "Delta"]
    assert (first.number, first.more) == (2, False)


def test_a_publication_is_found_on_the_very_next_request_and_the_text_before_it_no_more(
    client, author, staff, public_article
):
    assert found(client, "filter") == ["Lymph nodes"]

    factories.edit(public_article, "They hold lymph.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)

    assert found(client, "hold") == ["Lymph nodes"]
    assert found(client, "filter") == []


def test_a_damaged_text_is_not_found(client, public_article, monkeypatch):
    monkeypatch.setattr("articles.search.results.sha256", lambda text: "another digest")

    assert found(client, "filter") == []


@pytest.mark.parametrize("number", [1, 11])
def test_a_search_costs_the_same_queries_however_large_the_library(author, staff, number, django_assert_num_queries):
    library(author, staff, number)
    search("warm")  # a process reads the synonyms once

    with django_assert_num_queries(7):
        found = search("article")

    assert (len(found.hits), found.number) == (min(number, 10), number)


@pytest.mark.parametrize("query", ["की", "मिलीग्राम", "e\u0301clair", "می\u200cخواهم"])
def test_a_word_with_signs_of_vowels_is_one_word(query):
    assert len(query_terms(query)) == 1


def test_a_search_in_hindi_finds_only_words_that_are_there_and_calls_one_word_one(client, publish):
    publish("Hindi", "<p>खुराक ५ मिलीग्राम है।</p>")

    assert found(client, "खुराक") == ["Hindi"]
    for query in ["की", "मूल", "खिर"]:
        assert "No article that we list has this word" in words(parsed(client.get("/search/", {"q": query}))), query


def test_signs_are_no_words():
    assert not query_terms("( ) “” & _ : * ^ | ! <->")


def test_what_has_the_words_more_often_comes_first_and_of_equals_the_order_of_titles(client, author, staff):
    bodies = {
        "Beta": "A spleen.",
        "Alpha": "A spleen.",
        "Gamma": "A spleen, a spleen, a spleen and a spleen.",
        "Delta": "A vein.",
    }
    for place, (title, body) in enumerate(bodies.items()):
        draft = factories.article(author, title=title, slug=f"text-{place}", body=f"<p>{body}</p>")
        factories.published(factories.submitted(author, draft), *staff)

    found = parsed(client.get("/search/?q=spleen")).xpath("//p[@class='title']/a/text()")

    assert found == ["Gamma", "Alpha", "Beta"]


def test_a_search_says_that_there_are_more_only_where_there_are(client, author, staff, monkeypatch):
    for place in range(10):
        draft = factories.article(author, title=f"Article {place:02}", slug=f"text-{place:02}")
        factories.published(factories.submitted(author, draft), *staff)
    status = "//p[@role='status']"
    told = words(parsed(client.get("/search/?q=article")).xpath(status)[0])
    assert told.startswith("10 articles with this word")
    assert "find fewer" not in told
    monkeypatch.setattr("articles.search.results.PAGES", 1)

    draft = factories.article(author, title="Article 10", slug="text-10")
    factories.published(factories.submitted(author, draft), *staff)

    told = words(parsed(client.get("/search/?q=article")).xpath(status)[0])
    assert told.startswith("The first 10 articles with this word")
    assert told.endswith("Add a word to find fewer.")

"""German pages: of German texts on any site, and of lists on a German site. What is signed and recorded is the same."""

import json

import pytest
from django.test import override_settings
from django.utils import translation

from articles.frozen.content import thaw
from articles.models import Version
from articles.site.keeping import kept_responses
from articles.text.canonical import sha256
from articles.text.rendering.our_words import WORDS
from reviews import workflow
from reviews.models import LedgerEvent, Quorum, Signature
from tests import factories
from tests.articles.site.pages import parsed, words

BODY = "<p>Lymphknoten filtern die Lymphe.</p><table><tr><th>Zeichen</th></tr><tr><td>hart</td></tr></table>"
AROUND = ["versions/", "versions/1/", "versions/1/changes/", "versions/1/proof/", "versions/1/cite/", "proof/"]
AROUND += ["for/public/ask/", "versions/1/for/public/helpful/", "versions/1/for/public/report/", "for/public/"]


@pytest.fixture
def german(author, editor, clinical, specialist):
    draft = factories.article(author, slug="knoten", title="Lymphknoten", language="de", body=BODY)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    return draft


@pytest.fixture
def english(author, editor, clinical, specialist):
    draft = factories.article(author, slug="nodes", title="Lymph nodes")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    return draft


def language_of(page) -> str:
    return page.get("lang")


def test_the_page_of_a_german_text_is_in_german(client, german):
    page = parsed(client.get("/articles/knoten/for/public/"))

    said = words(page)
    assert language_of(page) == "de"
    assert "Freigegeben von unserem medizinischen Beirat" in said
    assert "Geschrieben von Ada Author" in said
    assert "Medizinisch begutachtet: " in said
    assert "klinische Begutachtung, am " in said
    assert [words(step) for step in page.find_class("step")] == ["Eingereicht", "In Begutachtung", "Freigegeben"]
    published = german.versions.get().review.published_at
    (day, *_) = page.xpath("//p[contains(@class, 'meta')]//time")
    assert words(day) == f"{published.day}. {MONTHS[published.month - 1]} {published.year}"
    assert words(page.xpath("//article//caption")[0]).startswith("Tabelle 1")
    assert page.xpath("//article//*[@lang]") == []


def test_what_stands_on_all_pages_is_marked_as_the_language_of_the_site(client, german, english):
    page = parsed(client.get("/articles/knoten/for/public/"))

    label = "patient or member of the public"
    marked = {words(each) for each in page.xpath("//span[@lang='en']")}
    assert {label, "carer or family member", "Oncology"} <= marked
    disclaimer = page.xpath("//section[@class='disclaimer']/p")
    assert disclaimer
    assert {paragraph.get("lang") for paragraph in disclaimer} == {"en"}
    assert not parsed(client.get("/articles/nodes/for/public/")).xpath(
        "//*[@lang='en'][not(self::html or self::article or self::h1)]"
    )


MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905


@pytest.mark.parametrize("end", AROUND)
def test_so_is_every_page_about_it(client, german, english, end):
    assert language_of(parsed(client.get(f"/articles/knoten/{end}"))) == "de"
    assert language_of(parsed(client.get(f"/articles/nodes/{end}"))) == "en"


def test_a_pending_german_text_warns_in_german(client, author):
    Quorum.objects.create(kind="question", risk="standard", open_review=True)
    factories.submitted(author, factories.article(author, slug="knoten", kind="question", language="de", body=BODY))

    page = parsed(client.get("/articles/knoten/for/public/"))

    (caution,) = page.find_class("caution")
    assert words(caution).startswith("Wichtig: Diese Seite ist nicht freigegeben Handeln Sie nicht danach.")


@pytest.mark.parametrize(
    "path", ["/", "/articles/", "/topics/", "/search/?q=lymph", "/board/", "/notices/", "/nowhere/"]
)
def test_lists_are_in_the_language_of_the_site(client, german, english, path):
    assert language_of(parsed(client.get(path))) == "en"

    with in_german():
        page = parsed(client.get(path))

    assert language_of(page) == "de"
    assert "Zum Inhalt springen" in words(page)


def test_an_english_text_on_a_german_site_is_in_english(client, english, german):
    with in_german():
        page = parsed(client.get("/articles/nodes/for/public/"))
        other = parsed(client.get("/articles/knoten/for/public/"))

    assert (language_of(page), language_of(other)) == ("en", "de")
    assert "Approved by our medical advisory board" in words(page)


def test_the_browser_is_not_asked(client, english, german):
    for path in ("/", "/articles/nodes/for/public/"):
        said = client.get(path, headers={"accept-language": "de"})

        assert language_of(parsed(said)) == "en"
        assert "Accept-Language" not in said.get("Vary", "")


def test_a_page_takes_no_words_from_the_cache_of_another_language(client, settings, german, english):
    """A page in German quotes and caches an English text, and the other way round."""
    settings.KEPT_RESPONSES = 10_000_000
    question = {"question": "What do lymph nodes filter?"}
    client.post("/articles/knoten/for/public/ask/", question, follow=True)
    client.get("/articles/knoten/versions/1/changes/")

    page = words(parsed(client.get("/articles/nodes/for/public/")))
    assert "No artificial intelligence was used." in page
    page = words(parsed(client.get("/articles/knoten/for/public/")))
    assert "Es wurde keine künstliche Intelligenz verwendet." in page


def test_german_words_within_a_text_are_frozen_with_it(german, english):
    content, other = (content_of(draft) for draft in (german, english))

    assert content["words"] == "de"
    assert "words" not in other


@pytest.mark.django_db(transaction=True)
def test_evidence_is_the_same_in_whatever_language_the_site_is(client, author, editor, clinical, specialist):
    def signed(slug):
        draft = factories.article(author, slug=slug, title="Lymph nodes")
        before = LedgerEvent.objects.latest("position").position
        factories.published(factories.submitted(author, draft), editor, clinical, specialist)
        workflow.issue_notice(draft, actor=editor, kind="retraction", reason="It was wrong.")
        events = LedgerEvent.objects.filter(position__gt=before).order_by("position")
        content = content_of(draft) | {"article": ""}
        content["sections"] = [{**section, "key": ""} for section in content["sections"]]
        statements = Signature.objects.filter(version__article=draft).order_by("signed_at")
        without = [(row.statement.replace(row.digest, ""), row.meaning) for row in statements]
        return (
            [event.action for event in events],
            [sorted(json.loads(event.payload)) for event in events],
            content,
            without,
        )

    one = signed("one")
    with in_german():
        other = signed("other")

    assert [row for row in one[2].items() if row[0] != "visible"] == [
        row for row in other[2].items() if row[0] != "visible"
    ]
    assert (one[0], one[1], one[3]) == (other[0], other[1], other[3])
    assert one[3][0][0].startswith("As clinical reviewer I have read version 1")


def content_of(draft):
    return thaw(Version.objects.get(article=draft).frozen.text)


class in_german:
    """A site whose language is German, and a thread that works in it."""

    def __init__(self):
        self.kept = [override_settings(LANGUAGE_CODE="de"), translation.override("de")]

    def __enter__(self):
        kept_responses.store.clear()  # as a process that is started with this setting
        self.kept[0].enable()
        self.kept[1].__enter__()

    def __exit__(self, *error):
        kept_responses.store.clear()
        self.kept[1].__exit__(*error)
        self.kept[0].disable()


def test_our_words_in_a_text_never_change():
    """A golden: these words are signed. Better ones are a new entry of WORDS, with a name of its own."""
    assert {name: sha256(repr(words)) for name, words in WORDS.items()} == {
        "en": "8aec5cb4db07156eb5cad1286c955a691f5f44870ad42194eaffc0b23d699aff",
        "de": "51aea11ec46f25046a6ef3569e5d7aecf2ced0e8e7e59c04fef611dc5ccb0aee",
    }

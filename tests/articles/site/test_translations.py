"""Translations: what a text was translated from is signed; readers and programs are led to the other languages."""

import json

import pytest
from django.utils.html import strip_tags
from lxml import etree

from articles.checks import correction
from articles.desk.forms import DraftForm
from articles.files.drafts.store import NotImported
from articles.files.markdown.parsing import BadFile
from articles.frozen.content import freeze
from articles.models import Article
from articles.text.redline.signed import changed_facts
from reviews import workflow
from tests import factories
from tests.articles.importing.drafts import TEXT, stored
from tests.articles.site.pages import parsed, words
from tests.desk.test_drafts import fields

pytestmark = pytest.mark.django_db
ENGLISH, GERMAN, FRENCH = "/articles/nodes/for/public/", "/articles/knoten/for/public/", "/articles/noeuds/for/public/"


@pytest.fixture
def original(author, staff):
    draft = factories.article(author, title="Lymph nodes", slug="nodes")
    return factories.published(factories.submitted(author, draft), *staff)


def translation(author, original, *, language="de", slug="knoten", title="Lymphknoten", **given):
    return factories.article(author, title=title, slug=slug, language=language, translation_of=original, **given)


@pytest.fixture
def german(author, staff, original):
    return factories.published(factories.submitted(author, translation(author, original)), *staff)


def renewed(version, author, staff, change):
    factories.edit(version.article, "The text that is newer.", by=author)
    newer = factories.submitted(author, version.article, change=change, note="Newer words.")
    editor, clinical, specialist = staff
    asked = factories.under_review(newer, editor, (clinical, "clinical"), (specialist, "specialist"))
    for one in asked[: 1 if change == "correction" else 2]:
        factories.decide(one)
    workflow.publish(newer, actor=editor)


def alternates(client, path) -> list[tuple[str, str]]:
    found = parsed(client.get(path)).xpath("//head/link[@rel='alternate' and @hreflang]")
    return [(link.get("hreflang"), link.get("href").removeprefix("http://testserver")) for link in found]


def languages(client, path) -> list[tuple[str, str, str]]:
    links = parsed(client.get(path)).xpath("//nav[contains(@class, 'translations')]//a[@rel='alternate']")
    assert all(link.get("lang") == link.get("hreflang") for link in links)
    return [(link.get("lang"), link.text, link.get("href")) for link in links]


def origin(client, path) -> str:
    return " ".join(words(line) for line in parsed(client.get(path)).xpath("//p[contains(@class, 'translated')]"))


def refusal(author, original, **given) -> list[str]:
    draft = Article.objects.filter(title="Lymphknoten").first()
    draft = draft or translation(author, None, language=given.get("language", "de"))
    form = DraftForm(fields(draft, **{"language": "de", **given}), instance=draft, by=author)
    return form.errors.get("translation_of", [])


# Readers


def test_readers_are_led_to_each_language_in_its_own_name(client, author, staff, original, german):
    french = translation(author, original, language="fr", slug="noeuds", title="Noeuds")
    factories.published(factories.submitted(author, french), *staff)

    assert languages(client, ENGLISH) == [
        ("de", "Deutsch", "/articles/knoten/"), ("fr", "Français", "/articles/noeuds/")
    ]  # fmt: skip
    assert languages(client, GERMAN) == [("en", "English", "/articles/nodes/"), ("fr", "Français", "/articles/noeuds/")]
    assert origin(client, GERMAN) == "Übersetzt aus Version 1 von „Lymph nodes“."
    assert origin(client, ENGLISH) == ""


def test_search_engines_find_the_same_languages_on_each_canonical_page(client, original, german):
    said = [("en", ENGLISH), ("de", GERMAN), ("x-default", ENGLISH)]

    assert alternates(client, ENGLISH) == alternates(client, GERMAN) == said
    assert alternates(client, ENGLISH.replace("public", "carer")) == []
    assert alternates(client, "/articles/nodes/versions/1/") == []


def test_the_sitemap_has_the_same_languages_as_the_canonical_pages(client, author, staff, original, german):
    alone = factories.article(author, slug="alone", title="Alone")
    factories.published(factories.submitted(author, alone), *staff)

    page = etree.fromstring(client.get("/sitemap-articles.xml").content)

    urls = page.xpath("//*[local-name() = 'url']")
    said = {url.xpath("string(*[local-name() = 'loc'])"): url.xpath("*[local-name() = 'link']") for url in urls}
    found = {
        place.removeprefix("http://testserver"): [
            (link.get("hreflang"), link.get("href").removeprefix("http://testserver")) for link in links
        ]
        for place, links in said.items()
    }
    group = [("en", ENGLISH), ("de", GERMAN), ("x-default", ENGLISH)]
    assert found == {ENGLISH: group, GERMAN: group, "/articles/alone/for/public/": []}


def test_a_page_without_translations_says_nothing_of_languages(client, original):
    assert alternates(client, ENGLISH) == languages(client, ENGLISH) == []
    assert "translation" not in freeze(original.article).text  # its bytes are those of earlier releases


@pytest.mark.parametrize("kind", ["retraction", "removal"])
def test_a_translation_that_leaves_the_lists_is_named_nowhere(client, editor, original, german, kind):
    workflow.issue_notice(german.article, actor=editor, kind=kind, reason="It says 50 mg.")

    assert alternates(client, ENGLISH) == languages(client, ENGLISH) == []
    assert alternates(client, GERMAN) == []


@pytest.mark.parametrize("kind", ["retraction", "removal"])
def test_a_translation_of_a_text_that_left_the_lists_says_so_without_a_link(client, editor, original, german, kind):
    workflow.issue_notice(original.article, actor=editor, kind=kind, reason="It says 50 mg.")

    assert origin(client, GERMAN) == "Übersetzt aus einem Text, der zurückgezogen wurde oder nicht mehr angeboten wird."
    assert parsed(client.get(GERMAN)).xpath("//a[contains(@href, '/articles/nodes/')]") == []
    assert alternates(client, GERMAN) == languages(client, GERMAN) == []


def test_a_pending_translation_is_named_nowhere(client, author, original):
    factories.submitted(author, translation(author, original))

    assert languages(client, ENGLISH) == alternates(client, ENGLISH) == []


@pytest.mark.parametrize(("change", "says_so"), [("major", True), ("minor", True), ("correction", False)])
def test_a_change_of_the_original_is_said_unless_it_is_a_correction(
    client, author, staff, original, german, monkeypatch, change, says_so
):
    monkeypatch.setattr("reviews.workflow.steps.submission._require_correction", lambda *of: ["A slip."])

    renewed(original, author, staff, change)

    assert ("Das Original wurde seitdem geändert." in origin(client, GERMAN)) is says_so


def test_translations_cost_no_query(client, original, german, django_assert_num_queries):
    for path in (ENGLISH, GERMAN):
        client.get(path)
        with django_assert_num_queries(2):
            client.get(path)


def test_programs_read_of_the_original_and_of_the_translations(client, original, german):
    def data(path):
        (script,) = parsed(client.get(path)).xpath("//script[@type='application/ld+json']")
        return json.loads(script.text)

    there = {"@type": "MedicalWebPage", "inLanguage": "de", "url": "http://testserver/articles/knoten/"}
    assert data(ENGLISH)["workTranslation"] == [there]
    assert data(GERMAN)["translationOfWork"] == there | {
        "inLanguage": "en", "url": "http://testserver/articles/nodes/"
    }  # fmt: skip
    assert "translationOfWork" not in data(ENGLISH)
    as_markdown = client.get("/articles/knoten/for/public.md").content.decode()
    assert "- Übersetzt aus Version 1 von [Lymph nodes](<http://testserver/articles/nodes/>)\n" in as_markdown
    assert "- Auf English: [Lymph nodes](<http://testserver/articles/nodes/>)\n" in as_markdown


# Reviewers


def test_what_was_translated_is_signed_shown_to_the_reviewer_and_no_correction(author, original):
    draft = translation(author, None)
    old = freeze(draft).content
    draft.translation_of = original

    new = freeze(draft).content

    assert correction.differences(old, new) == ["The text that it was translated from is different."]
    assert [(fact.name, strip_tags(fact.html)) for fact in changed_facts(old, new)] == [
        ("Translated from", f"“Lymph nodes” (en), version 1 (SHA-256 {original.digest})")
    ]


# Authors


@pytest.mark.parametrize(
    "typed", ["/articles/nodes/versions/1/", "https://example.org/articles/nodes/versions/1", "nodes/versions/1"]
)
def test_the_form_takes_the_address_of_a_version_and_shows_it(author, original, typed):
    draft = translation(author, None)

    form = DraftForm(fields(draft, language="de", translation_of=typed), instance=draft, by=author)

    assert form.is_valid(), form.errors
    assert form.save().translation_of == original
    shown = DraftForm(instance=Article.objects.get(pk=draft.pk), by=author)["translation_of"]
    assert 'value="/articles/nodes/versions/1/"' in str(shown)


def test_a_translation_of_a_translation_is_one_of_the_original(author, german, original):
    draft = translation(author, None, language="fr", slug="noeuds", title="Noeuds")

    typed = fields(draft, language="fr", translation_of="/articles/knoten/versions/1/")
    form = DraftForm(typed, instance=draft, by=author)

    assert form.is_valid()
    assert form.cleaned_data["translation_of"] == original


@pytest.mark.parametrize(
    "typed", ["nodes", "/articles/nodes/", "/articles/nodes/versions/2/", "/articles/x/versions/1/"]
)
def test_any_other_address_is_refused(author, original, typed):
    (sentence,) = refusal(author, original, translation_of=typed)

    assert sentence.startswith("Give the address of the published version that was translated")


def test_a_text_that_is_not_public_cannot_be_named(author, editor, original):
    workflow.issue_notice(original.article, actor=editor, kind="removal", reason="It says 50 mg.")

    assert refusal(author, original, translation_of="/articles/nodes/versions/1/")


def test_an_article_is_no_translation_of_itself_nor_of_its_own_language(author, original):
    own = fields(original.article, translation_of="/articles/nodes/versions/1/")
    form = DraftForm(own, instance=original.article, by=author)

    assert form.errors["translation_of"] == [
        "An article is no translation of itself. Give the address of the other article."
    ]
    assert "in the same language" in refusal(author, original, language="en", translation_of="nodes/versions/1")[0]


def test_an_original_cannot_become_a_translation(author, staff, original, german):
    other = factories.article(author, title="Ganglions", slug="ganglions", language="fr")
    factories.published(factories.submitted(author, other), *staff)
    typed = fields(original.article, translation_of="/articles/ganglions/versions/1/")

    form = DraftForm(typed, instance=original.article, by=author)

    assert form.errors["translation_of"] == [
        "“Lymphknoten” is a translation of this article, so this article has to be an original."
    ]


def test_submission_refuses_what_became_a_circle_after_the_draft_was_saved(author, original):
    draft = translation(author, original)
    Article.objects.filter(pk=draft.pk).update(language="en")
    draft.refresh_from_db()

    with pytest.raises(workflow.NotNow, match="in the same language"):
        factories.submitted(author, draft)


# Files

OF_A_VERSION = TEXT.replace("ai_use: none", "ai_use: none\nlanguage: de\ntranslation_of: nodes/versions/1", 1)


@pytest.fixture
def _topics():
    factories.topic("Surgery")


@pytest.mark.usefixtures("_topics")
def test_a_file_names_what_was_translated_and_a_later_file_without_it_keeps_it(author, original):
    article, _ = stored(author, OF_A_VERSION)
    assert article.translation_of == original

    stored(author, TEXT.replace("ai_use: none", "ai_use: none\nlanguage: de"), update=True)

    assert Article.objects.get(pk=article.pk).translation_of == original


@pytest.mark.usefixtures("_topics")
def test_a_file_can_still_update_the_translation_of_a_retracted_text(author, editor, original):
    stored(author, OF_A_VERSION)
    workflow.issue_notice(original.article, actor=editor, kind="retraction", reason="It says 50 mg.")

    article, _ = stored(author, OF_A_VERSION.replace("Many.", "Several."), update=True)

    assert article.sections.get(heading="Causes").body == "<p>Several.</p>"
    assert article.translation_of == original


@pytest.mark.usefixtures("_topics")
def test_a_file_that_names_no_public_version_stores_nothing(author, original):
    before = Article.objects.count()

    with pytest.raises(NotImported, match="Give the address of the published version"):
        stored(author, OF_A_VERSION.replace("versions/1", "versions/7"))
    with pytest.raises(BadFile, match="“soon” is not the address of a version"):
        stored(author, OF_A_VERSION.replace("nodes/versions/1", "soon"))

    assert Article.objects.count() == before

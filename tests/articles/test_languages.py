import re

import pytest
from lxml import html

from articles.models import Article
from articles.templatetags.languages import in_language
from articles.text.languages import direction
from tests import factories
from tests.articles.frozen import page, section


@pytest.mark.parametrize("code", ["ar", "ar-EG", "he", "fa", "ur", "ps", "sd", "yi", "ckb", "dv", "ku-Arab", "AR"])
def test_these_run_from_right_to_left(code):
    assert direction(code) == "rtl"
    assert in_language(code) == f'lang="{code}" dir="rtl"'
    assert page(section(), language=code).get("dir") == "rtl"


@pytest.mark.parametrize("code", ["en", "en-GB", "de", "ku", "az", "ur-Latn", "zh-Hant", "ru"])
def test_these_do_not(code):
    assert direction(code) == ""
    assert in_language(code) == f'lang="{code}"'
    assert page(section(), language=code).get("dir") is None


@pytest.mark.django_db
def test_a_page_in_arabic_says_so_on_its_title_and_its_text(client, author, editor, clinical, specialist):
    draft = factories.article(author, title="القلب", slug="heart", language="ar")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    shown = client.get("/articles/heart/", follow=True).content.decode()

    assert '<h1 lang="ar" dir="rtl">' in shown
    assert '<article class="text" lang="ar" dir="rtl">' in shown
    assert 'lang="ar" dir="rtl">القلب</a>' in client.get("/articles/").content.decode()


@pytest.mark.django_db
def test_wherever_readers_meet_a_text_in_another_language_its_words_are_called_so(
    client, author, editor, clinical, specialist
):
    heart = factories.article(author, title="القلب", slug="heart", language="ar", body="<p>القلب عضلة.</p>")
    for draft in [heart, factories.article(author, title="Vessels", slug="vessels")]:
        factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    factories.edit(heart, "القلب عضلة قوية.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=heart.pk)), editor, clinical, specialist)
    person = clinical.contributor.pk
    pages = ["", "articles/", "topics/oncology/", "search/?q=القلب", "search/?q=عضلة", "board/", f"board/{person}/"]
    pages += [f"articles/heart/{end}" for end in ("for/public/", "versions/", "versions/1/", "versions/2/changes/")]

    for path in [*pages, "articles/vessels/for/public/"]:
        page = html.document_fromstring(client.get(f"/{path}").content.decode())
        languages = page.xpath("//main//text()[contains(., 'القلب')]/ancestor::*[@lang][1]/@lang")
        assert languages, path
        assert set(languages) == {"ar"}, path


def test_the_feed_says_the_language_of_each_entry(client, author, editor, clinical, specialist):
    for title, slug, language in [("القلب", "heart", "ar"), ("Heart", "heart-en", "en")]:
        draft = factories.article(author, title=title, slug=slug, language=language)
        factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    feed = client.get("/feed/").content.decode()

    assert re.findall(r'<entry xml:lang="(.*?)">\s*<title>(.*?)</title>', feed) == [("en", "Heart"), ("ar", "القلب")]

import re

import pytest

from articles.languages import direction
from articles.templatetags.languages import in_language
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


def test_the_feed_says_the_language_of_each_entry(client, author, editor, clinical, specialist):
    for title, slug, language in [("القلب", "heart", "ar"), ("Heart", "heart-en", "en")]:
        draft = factories.article(author, title=title, slug=slug, language=language)
        factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    feed = client.get("/feed/").content.decode()

    assert re.findall(r'<entry xml:lang="(.*?)">\s*<title>(.*?)</title>', feed) == [("en", "Heart"), ("ar", "القلب")]

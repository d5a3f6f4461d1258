import re

import pytest
from lxml import html

from articles.models import Article
from articles.templatetags.languages import in_language
from articles.text.languages import direction
from articles.text.rendering.visible import visible
from tests import factories
from tests.articles.frozen import page, section, table


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


AMOUNTS = {
    "حرارة فوق 38 °C منذ يومين": ["38 °C"],
    "من 5–10 mg مرتين": ["5–10 mg"],
    "من 5 – 10 mg/kg مرتين": ["5 – 10 mg/kg"],
    "أقل من < 2 cm، أو ≥ 60 kg.": ["< 2 cm", "≥ 60 kg"],
    "الجرعة 0.5 mg أو 1,000 mg": ["0.5 mg", "1,000 mg"],
    "النسبة 5% أو 120/80 mmHg": ["5%", "120/80 mmHg"],
    "في عام 2024، بعد 3 أسابيع": [],
    "القلب عضلة": [],
}


@pytest.mark.parametrize("said", AMOUNTS)
def test_an_amount_reads_from_left_to_right_in_a_text_from_right_to_left(said):
    body = f"<p>{html.tostring(_paragraph(said), encoding='unicode')[3:-4]}</p>"

    shown = page(section(body=body), language="ar")

    assert [each.text for each in shown.iter("bdi")] == AMOUNTS[said]
    assert {each.get("dir") for each in shown.iter("bdi")} <= {"ltr"}
    assert said in shown.text_content()


def test_an_amount_in_a_list_and_beside_emphasis_is_isolated_too():
    body = "<ul><li>خذ <strong>5 mg</strong> ثم 10 mg مساء</li><li>لا شيء</li></ul>"

    shown = page(section(body=body), language="he")

    assert [each.text for each in shown.iter("bdi")] == ["5 mg", "10 mg"]
    assert "خذ 5 mg ثم 10 mg مساء" in shown.text_content()


def test_nothing_visible_changes_and_a_text_from_left_to_right_is_left_alone():
    body = "<p>من 5–10 mg، ثم <em>≥ 60 kg</em>، H<sub>2</sub>O و 10<sup>9</sup>/L.</p>"
    bare = page(section(body=body), language="en")

    isolated = page(section(body=body), language="ar")

    assert not list(bare.iter("bdi"))
    assert len(list(isolated.iter("bdi"))) == 2
    assert visible(isolated) == visible(bare)


SAMPLE = [
    section(role="lead", heading="", body='<p>Uno <cite data-ref="a">[a]</cite>.</p>'),
    section("b1", heading="Dos", body=table("<tr><td>1</td></tr>", "Datos")),
    section("c1", heading="Tres", role="help_now"),
    section("d1", heading="Cuatro", role="urgent"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "towards"), [("es", None), ("ar", "ltr")])
def test_our_own_words_in_a_text_of_another_language_are_called_english(language, towards):
    shown = page(*SAMPLE, language=language, works=["a"])

    english = {" ".join(each.text_content().split()): each for each in shown.xpath(".//*[@lang='en']")}

    assert set(english) >= {"Contents", "References", "Table 1.", "Emergency:", "Important:"}
    assert english["Table 1."].get("dir") == english["Emergency:"].get("dir") == towards
    assert visible(shown) == visible(page(*SAMPLE, language="en", works=["a"]))


def test_a_reference_in_a_text_from_right_to_left_runs_as_its_own_words_do():
    (entry,) = page(*SAMPLE, language="he", works=["a"]).xpath("//section[@id='references']/ol/li")

    assert entry.get("dir") == "auto"


def test_our_own_words_in_an_english_text_need_no_mark():
    shown = page(*SAMPLE, language="en-GB", works=["a"])

    assert [each.get("class") for each in shown.xpath(".//*[@lang]")] == ["level"]


def _paragraph(text: str):
    paragraph = html.Element("p")
    paragraph.text = text
    return paragraph

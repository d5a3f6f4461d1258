"""Words that the editors explain: beside the texts in which they stand, and all on one page."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article, GlossaryTerm
from articles.site import page as pages
from reviews import workflow
from tests import factories
from tests.articles.site.pages import page_for, parsed, words


def explain(author, word, definition="It means so.", **fields):
    return factories.save(GlossaryTerm(word=word, definition=definition, **fields), author)


def beside(client, article, audience="public") -> list[str]:
    found = parsed(client.get(page_for(article, audience))).xpath("//details[@class='words']//dfn")
    return [words(one) for one in found]


def test_the_words_of_a_text_are_explained_beside_it_and_said_to_be_unsigned(client, author, public_article):
    explain(author, "Lymph", "A clear fluid.")
    explain(author, "Volcano", "A mountain.")

    page = parsed(client.get(page_for(public_article)))

    assert beside(client, public_article) == ["Lymph"]
    box = page.xpath("//details[@class='words']")[0]
    assert "A clear fluid." in words(box)
    assert "Explained by the editors; not part of what was signed." in words(box)
    assert not page.xpath("//article//*[@class='words']")
    assert box.xpath(".//a/@href") == ["/glossary/"]


def test_without_a_word_there_is_no_box(client, author, public_article):
    explain(author, "Volcano")

    assert b'class="words"' not in client.get(page_for(public_article)).content


def test_the_signed_bytes_stay_the_same(client, author, public_article):
    def article():
        return client.get(page_for(public_article)).content.partition(b"<article")[2].partition(b"</article>")[0]

    before = article()
    explain(author, "Lymph")

    assert article() == before


def test_each_change_is_shown_at_once_and_is_an_event(client, author, public_article):
    term = explain(author, "Lymph", "A fluid.")
    assert beside(client, public_article) == ["Lymph"]
    since = factories.last_event().position

    term.definition = "A clear fluid."
    factories.save(term, author)
    assert "A clear fluid." in client.get(page_for(public_article)).content.decode()
    term.delete()

    assert beside(client, public_article) == []
    assert len(factories.events(since=since)) == 2
    assert [row.history_user for row in GlossaryTerm.history.all()][-1] == author


def test_other_forms_are_found_and_named_by_the_word(client, author, public_article):
    explain(author, "Node", forms="nodes\nlymph nodes")

    assert beside(client, public_article) == ["Node"]


def test_words_of_another_language_in_cited_titles_or_in_the_contents_do_not_count(client, author, staff):
    draft = factories.article(author, slug="nodes", body='<p>Nodes filter <cite data-ref="smith2020"></cite>.</p>')
    factories.cite(draft, by=author, title="A study of volcanoes")
    factories.published(factories.submitted(author, draft), *staff)
    explain(author, "Volcanoes")
    explain(author, "Nodes", language="de")
    explain(author, "References")

    assert beside(client, Article.objects.get(pk=draft.pk)) == []


def test_at_most_a_dozen_stand_beside_a_text_by_the_alphabet(client, author, staff, monkeypatch):
    draft = factories.article(author, slug="many", body=f"<p>{' '.join(f'word{n:02}' for n in range(20, 0, -1))}</p>")
    factories.published(factories.submitted(author, draft), *staff)
    for number in range(1, 21):
        explain(author, f"word{number:02}")

    shown = beside(client, Article.objects.get(pk=draft.pk))

    assert shown == [f"word{number:02}" for number in range(9, 21)]
    assert pages.EXPLAINED == 12


def test_a_pending_text_has_no_words_beside_it(client, author, pending_article):
    explain(author, "Lymph")

    assert beside(client, pending_article) == []


@pytest.mark.parametrize("number", [1, 40])
def test_a_page_costs_the_same_queries_with_one_word_and_with_many(
    client, author, public_article, number, django_assert_num_queries
):
    for each in range(number):
        explain(author, f"Lymph{each}" if each else "Lymph")
    client.get(page_for(public_article))

    with django_assert_num_queries(2):
        assert beside(client, public_article) == ["Lymph"]


def test_all_words_stand_on_one_page_by_the_alphabet(client, author):
    assert "No word is explained yet." in words(parsed(client.get("/glossary/")))
    explain(author, "Node", "<b>Bold</b> & so.", forms="nodes")
    explain(author, "Lymph")

    page = parsed(client.get("/glossary/"))

    assert [words(one) for one in page.xpath("//dl[@class='glossary']//dfn")] == ["Lymph", "Node"]
    assert "<b>Bold</b> & so." in words(page)


def test_a_word_is_explained_once_in_each_language(author):
    explain(author, "Lymph")
    explain(author, "Lymph", language="de")

    with pytest.raises(IntegrityError), transaction.atomic():
        explain(author, "lymph")
    with pytest.raises(ValidationError, match="is explained already"):
        GlossaryTerm(word="LYMPH", definition="Again.").full_clean()
    for refused in (
        GlossaryTerm(word="x", definition="One letter."),
        GlossaryTerm(word="xy", forms="z", definition="A"),
    ):
        with pytest.raises(ValidationError, match="two letters or more"):
            refused.full_clean()


def test_a_retracted_text_keeps_its_words(client, author, staff, public_article):
    explain(author, "Lymph")
    workflow.issue_notice(public_article, actor=staff[0], kind="retraction", reason="Wrong.")

    assert beside(client, public_article) == ["Lymph"]

"""Synonyms and other names of articles: how they are kept, and that texts are found by them."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import ArticleName, Passage, SynonymGroup
from articles.search.index import checking
from articles.search.names import add_synonyms, groups_in, names_change
from articles.search.ranking.stored import found, synonyms
from reviews.demo.story import SYNONYMS
from tests import factories
from tests.articles.search.conftest import titles


def test_a_text_is_found_by_another_name_of_its_article(publish, author):
    article = publish("Acid reflux", body="<p>It comes up from the stomach.</p>").article
    publish("Chest pain", body="<p>Heartburn is one of its causes.</p>")
    assert titles("heartburn") == ["Chest pain"]

    with names_change(article.pk):
        factories.save(ArticleName(article=article, name="  Heartburn "), author)

    assert titles("heartburn") == ["Acid reflux", "Chest pain"]
    assert checking.differences() == []
    assert Passage.objects.filter(version=article.published_version).count() == 3


def test_a_title_alone_is_no_answer(publish):
    publish("Acid reflux", body="<p>It comes up from the stomach.</p>")

    passages = [passage for passage, _ in found("acid reflux").passages]

    assert set(Passage.objects.filter(pk__in=passages).values_list("part", flat=True)) == {"text"}


def test_a_name_that_goes_no_longer_finds_the_text(publish, author):
    article = publish("Acid reflux").article
    with names_change(article.pk):
        name = factories.save(ArticleName(article=article, name="Heartburn"), author)

    with names_change(article.pk):
        name.delete()

    assert titles("heartburn") == []
    assert checking.differences() == []
    assert ArticleName.history.count() == 2


def test_a_name_of_an_article_that_nobody_may_read_finds_nothing(author):
    draft = factories.article(author, title="Secret")
    with names_change(draft.pk):
        factories.save(ArticleName(article=draft, name="Canary"), author)

    assert titles("canary") == []
    assert checking.differences() == []


def test_a_change_of_names_that_fails_leaves_all_as_it_was(publish, author):
    article = publish("Acid reflux").article

    def change_and_fail():
        with names_change(article.pk):
            factories.save(ArticleName(article=article, name="Heartburn"), author)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert titles("heartburn") == []
    assert not ArticleName.objects.exists()
    assert checking.differences() == []


def test_a_text_is_found_by_a_synonym_as_soon_as_it_is_there(publish, author):
    publish("Myocardial infarction", body="<p>A vessel is blocked.</p>")
    assert titles("heart attack") == []

    group = factories.save(SynonymGroup(names="heart attack\n myocardial infarction\nheart attack"), author)
    assert titles("heart attack") == ["Myocardial infarction"]
    assert str(group) == "heart attack = myocardial infarction"

    group.names = "cardiac arrest\nstandstill of the heart"
    factories.save(group, author)
    assert titles("heart attack") == []

    group.delete()
    assert synonyms().by_first == {}


def test_synonyms_are_read_once_until_they_change(author, django_assert_num_queries):
    factories.save(SynonymGroup(names="gout\npodagra"), author)
    synonyms()

    with django_assert_num_queries(1):
        assert "podagra" in synonyms().by_first


@pytest.mark.parametrize("names", ["", "gout", "gout\nGout\n", "\n".join(f"name {n}" for n in range(21))])
def test_a_group_needs_two_names_and_at_most_twenty(names):
    with pytest.raises(ValidationError, match="names"):
        SynonymGroup(names=names).full_clean()


def test_the_list_of_the_demonstration_is_added_once_with_its_history(author):
    groups = [*groups_in(SYNONYMS.read_text())]

    assert add_synonyms(groups, actor=author) == len(groups) > 150
    assert add_synonyms(groups, actor=author) == 0
    assert SynonymGroup.history.filter(history_user=author).count() == len(groups)


def test_no_two_groups_of_the_list_are_the_same_and_none_has_a_name_twice():
    groups = [*groups_in(SYNONYMS.read_text())]

    assert len({frozenset(group) for group in groups}) == len(groups)
    assert all(len({name.casefold() for name in group}) == len(group) > 1 for group in groups)


def test_a_question_takes_a_constant_number_of_queries(publish, django_assert_max_num_queries):
    for number in range(3):
        publish(f"Gout {number}")
    found("gout")

    with django_assert_max_num_queries(9):
        assert found("goutt of the tooe and lymfph nodess " * 5).passages


@pytest.mark.parametrize(
    "query",
    [
        "\0",
        "\ud800 gout",
        "'; DROP TABLE",
        "%_\\",
        "gout " * 500,
        "x" * 2000,
        "1" * 500,
        "a-" * 300,
        "漢" * 300,
        "½⁹^9",
        "=kind:topic #gout",
    ],
)
def test_whatever_is_typed_is_searched(publish, query):
    publish("Gout")

    assert isinstance(found(query).passages, list)


def test_terms_that_limit_or_count_cannot_be_typed(publish):
    publish("Lymph nodes")

    assert found("=title").passages == found("=part:text").passages == []
    assert [matter.terms for matter in found("#lymph").asked.matters] == [{"lymph": 1.0}]

"""Which of some texts answers a question first. The texts are made for the test."""

import pytest

from articles.search.analysis import Synonyms
from articles.search.ranking.answered import is_answered
from articles.search.ranking.asking import understood
from articles.search.ranking.order import rank
from tests.articles.search.index_in_memory import InMemory, Text

pytestmark = pytest.mark.once

PARTS = {
    "": "It is a long-lasting illness that {0} people have. {0}.",
    "Symptoms": "People with {0} are tired. They may have pain, fever and swelling of the feet.",
    "Treatment": "The doctor may give medicines and rest for {0}. Some people with {0} need surgery.",
    "Is it inherited?": "In some families {0} is passed on by one parent.",
    "Outlook": "Most people with {0} live long.",
}
TITLES = [
    "Gout",
    "Asthma",
    "Aortic stenosis",
    "Diabetes",
    "Diabetes insipidus",
    "Shingles",
    "Kidney stones",
    "Arrhythmia",
]
TEXTS = [Text(title, heading, text.format(title.lower())) for title in TITLES for heading, text in PARTS.items()]
TEXTS += [
    Text(
        "Caring for your wife", "", "Hello. My wife and mother need help at home, thank you. I know about health. " * 3
    ),
    Text("Acid reflux", "", "Acid comes up from the stomach.", ("Heartburn", "GERD")),
    Text("Chest pain", "", "Heartburn is one of many causes of pain in the chest."),
    Text("People", "", "There are many of them."),
    Text("Myocardial infarction", "", "A vessel of the muscle is blocked."),
]
INDEX = InMemory(TEXTS)
SYNONYMS = Synonyms([("heart attack", "myocardial infarction")])


def first(question: str) -> tuple[str, str]:
    [(passage, _)] = rank(question, INDEX, synonyms=SYNONYMS, most=1).passages
    return TEXTS[passage][:2]


@pytest.mark.parametrize(
    ("question", "title", "heading"),
    [
        ("gout", "Gout", ""),
        ("What is gout?", "Gout", ""),
        ("gout symptoms", "Gout", "Symptoms"),
        ("How is asthma treated?", "Asthma", "Treatment"),
        ("is asthma hereditary", "Asthma", "Is it inherited?"),
        ("will I die of shingles", "Shingles", "Outlook"),
        ("What is diabetes?", "Diabetes", ""),
        ("diabete whats diabete", "Diabetes", ""),
        ("what is diabetes insipidus", "Diabetes insipidus", ""),
        ("General health i want to know more about aeortic stenosis", "Aortic stenosis", ""),
        ("Hello, my wife has gout, thank you for your help. How is it treated?", "Gout", "Treatment"),
        ("asthmma", "Asthma", ""),
        ("kidney stone", "Kidney stones", ""),
        ("heartburn", "Acid reflux", ""),
        ("what is a heart attack", "Myocardial infarction", ""),
    ],
)
def test_a_question_is_answered_by_the_passage_of_its_subject_and_kind(question, title, heading):
    assert first(question) == (title, heading)


def test_what_was_meant_is_told():
    asked = understood("aeortic stenosis of my unkle", INDEX)

    assert asked.meant == {"aeortic": "aortic"}
    assert [matter.wanted.typed for matter in asked.matters if not matter.is_known] == ["unkle"]


def test_words_that_name_articles_matter_more():
    weights = {matter.wanted.typed: matter.weight for matter in understood("gout fever", INDEX).matters}
    named = {matter.wanted.typed: matter.names_articles for matter in understood("gout fever", INDEX).matters}

    assert weights["gout"] > weights["fever"]
    assert named == {"gout": True, "fever": False}


def test_of_words_that_are_as_rare_the_one_that_names_an_article_matters_more():
    index = InMemory([Text("Gout", "", "Toes."), Text("Hives", "", "Plums and gout."), Text("Croup", "", "Plums.")])

    weights = {matter.wanted.typed: matter.weight for matter in understood("gout plums", index).matters}

    assert weights["gout"] == 2 * weights["plums"] > 0


def test_what_was_typed_twice_matters_more():
    once, twice = understood("gout", INDEX).weight, understood("gout and again gout", INDEX).weight

    assert once < twice < 2 * once


def test_equal_passages_are_in_the_order_of_their_numbers():
    index = InMemory([Text("Gout", "", "The same words.")] * 5)

    assert [passage for passage, _ in rank("gout", index).passages] == [0, 1, 2, 3, 4]


def test_a_question_without_words_finds_nothing():
    assert rank("?!", INDEX).passages == []
    assert rank("zzzzz", INDEX).passages == []


@pytest.mark.parametrize(
    "question",
    [
        "What is gout?",
        "gout",
        "whats diabete",
        "Hello, my wife has had gout for many years, thank you for your help. How is it treated?",
        "is heartburn dangerous",
        "heart attack",
    ],
)
def test_a_question_about_a_subject_of_the_library_is_answered(question):
    assert is_answered(rank(question, INDEX, synonyms=SYNONYMS), INDEX)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "zzzzz",
        "What is psoriasis?",
        "How do I renew my passport?",
        "Who won the cup in 1998?",
        "pain of the feet",
        "Hello, thank you for your help",
        "is surgery of the nose safe",
        "insipidus",
        "Do people paint the walls of a kitchen in one colour or in two?",
    ],
)
def test_a_question_about_another_subject_is_not(question):
    assert not is_answered(rank(question, INDEX, synonyms=SYNONYMS), INDEX)

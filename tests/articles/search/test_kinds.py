"""Which kind of answer a question asks for, and which heading gives it."""

import pytest

from articles.search.ranking.kinds import OVERVIEW, asked, told

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is gout?", OVERVIEW),
        ("whats gout", OVERVIEW),
        ("General health i want to know more about gout", OVERVIEW),
        ("Which signs does gout have?", "symptoms"),
        ("WHY DO SOME PEOPLE GET GOUT", "causes"),
        ("how is gout treated", "treatment"),
        ("Is there a cure for gout?", "treatment"),
        ("what should i take for gout", "treatment"),
        ("How much colchicine may I take?", "dose"),
        ("Has allopurinol side effects?", "side effects"),
        ("Is colchicine safe in pregnancy", "pregnancy"),
        ("is gout hereditary", "inheritance"),
        ("Does gout run in families?", "inheritance"),
        ("Which gene is it", "genetics"),
        ("how do they diagnose gout", "diagnosis"),
        ("What is the life expectancy?", "outlook"),
        ("how can gout be prevented", "prevention"),
        ("Who gets gout?", "risk"),
        ("is it contagious", "spread"),
        ("How common is gout?", "frequency"),
        ("What does gout lead to", "complications"),
        ("any clinical trials", "research"),
        ("which stages are there", "stages"),
        ("what may I eat with gout", "diet"),
        ("Is it an emergency?", "emergency"),
    ],
)
def test_a_question_asks_for_its_kind_of_answer(question, kind):
    assert kind in asked(question)


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("", {OVERVIEW}),
        ("Overview", {OVERVIEW}),
        ("What is gout?", {OVERVIEW}),
        ("Key points", {OVERVIEW}),
        ("Gout", {OVERVIEW}),
        ("Symptoms", {"symptoms"}),
        ("What are the symptoms of gout?", {"symptoms"}),
        ("Signs and symptoms", {"symptoms"}),
        ("Treatment and outlook", {"treatment", "outlook"}),
        ("Is gout inherited?", {"inheritance"}),
        ("Preventing an attack", {"prevention"}),
        ("Dosage", {"dose"}),
        ("When to call a doctor", {"emergency"}),
        ("History of the word", set()),
    ],
)
def test_a_heading_tells_its_kind_of_answer(heading, kinds):
    assert told(heading, "Gout") == kinds


def test_the_name_of_the_article_says_nothing():
    assert told("Symptoms of genetic stages", "Genetic stages") == {"symptoms"}
    assert told("What is drug allergy testing?", "Drug allergy testing") == {OVERVIEW}

"""Which articles are the opposite of what was asked."""

import pytest

from articles.search.ranking.opposite import is_opposite


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("high blood sugar", "Hypoglycaemia"),
        ("high blood sugar", "Low blood sugar"),
        ("my blood sugar is too low", "Hyperglycaemia"),
        ("hyperglycemia", "Hypoglycaemia"),
        ("overactive thyroid", "Hypothyroidism"),
        ("low salt diet for high blood pressure", "Low blood pressure"),
        ("how high is high blood pressure", "Hypotension"),
        ("potassium too low", "Hyperkalaemia"),
        ("high sodium", "Hyponatremia"),
        ("fast heart rate", "Bradycardia"),
        ("bradycardia", "Tachycardia"),
        ("too much iron", "Iron deficiency"),
        ("not enough iron", "Excess iron"),
        ("too much vitamin D", "Vitamin D deficiency"),
        ("hyperparathyroidism", "Hypoparathyroidism"),
        ("high fasting blood sugar", "Low blood sugar"),
        ("high levels of potassium", "Low potassium"),
        ("is my high potassium dangerous", "Low potassium"),
    ],
)
def test_the_opposite_is_known_by_its_words_and_by_its_parts(question, name):
    assert is_opposite([name], question, {})


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("high blood sugar", "Hyperglycaemia"),
        ("high blood sugar", "Type 2 diabetes"),
        ("am I at high risk of hypoglycaemia", "Hypoglycaemia"),
        ("can high blood sugar turn into low blood sugar", "Hypoglycaemia"),
        ("low salt diet for high blood pressure", "High blood pressure"),
        ("how to lower my blood pressure", "Hypertension"),
        ("how do I raise my blood pressure", "Low blood pressure"),
        ("raised TSH", "Hypothyroidism"),
        ("does hypothyroidism cause high cholesterol", "High cholesterol"),
        ("high blood pressure and back pain", "Low back pain"),
        ("high BMI and low back pain", "Lower back pain"),
        ("does a high BMI cause back pain", "Low back pain"),
        ("high heels and back pain", "Low back pain"),
        ("", "Hypoglycaemia"),
        ("high blood sugar", ""),
    ],
)
def test_nothing_else_is_the_opposite(question, name):
    assert not is_opposite([name], question, {})


def test_each_name_of_an_article_counts_and_a_corrected_word_is_what_was_meant():
    assert is_opposite(["Too much sugar", "Low blood sugar"], "blood sugar high", {})
    assert is_opposite(["Hypoglycaemia"], "hyperglicemia", {"hyperglicemia": "hyperglycemia"})
    assert not is_opposite(["Sugar attacks", "Hyperglycaemia"], "high blood sugar", {})

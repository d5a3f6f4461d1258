"""A topic's new name: the same subject written otherwise, or another one."""

import pytest

from articles.text.plain.renaming import is_same_subject


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Oncolgy", "Oncology"),
        ("oncology", "Oncology"),
        ("Haematology and tumours", "Hematology and tumors"),
        ("Ear, nose, throat", "Ear nose throat"),
        ("Men's health", "Men’s health"),
        ("Covid 19", "COVID-19"),
        ("Meniere", "Ménière"),
        ("онкология", "Онкология"),
        ("Health care", "Health-care"),
        ("Health-care", "Healthcare"),
        ("HER2-positive cancer", "HER2 positive cancer"),
        ("Cancer – treatment", "Cancer: treatment"),
        ("हृदय रोग", "हृदय-रोग"),
    ],
)
def test_a_name_that_is_only_written_otherwise_is_of_the_same_subject(old, new):
    assert is_same_subject(old, new)
    assert is_same_subject(new, old) or old == "Oncolgy"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Oncology", "Cardiology"),
        ("Neurology", "Urology"),
        ("Hepatitis B", "Hepatitis C"),
        ("Type 1 diabetes", "Type 2 diabetes"),
        ("Ilium", "Ileum"),
        ("Hypertension", "Hypotension"),
        ("HIV", "HPV"),
        ("Cancer", "Cancer in adults"),
        ("Poisoning", "Poison"),
        ("++", "--"),
        ("HER2+ breast cancer", "HER2- breast cancer"),
        ("HER2+ breast cancer", "HER2 breast cancer"),
        ("Age <5", "Age >5"),
        ("10-19 years", "10 19 years"),
        ("दिल", "दल"),
        ("कैंसर", "कंसर"),
        ("Therapist", "The rapist"),
        ("Stage 1 2", "Stage 12"),
    ],
)
def test_a_name_of_another_subject_is_not(old, new):
    assert not is_same_subject(old, new)
    assert not is_same_subject(new, old)

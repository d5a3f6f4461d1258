"""The analyzer: which query finds which text, by its terms alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.checks.vocabulary import words as known_words
from articles.search.analysis import Synonyms, index_terms, query_terms, words
from articles.search.analysis.lemmas import lemma
from articles.search.analysis.related import related

pytestmark = pytest.mark.once

SYNONYMS = Synonyms(
    [
        ("heart attack", "myocardial infarction"),
        ("SLNB", "sentinel lymph node biopsy"),
        ("T2DM", "type 2 diabetes", "type 2 diabetes mellitus"),
        ("AFP", "alpha-fetoprotein"),
    ]
)


def finds(query: str, text: str, least: float = 0.5) -> bool:
    """Tell whether the text has a term of weight for each thing that the query asks for."""
    there = {*index_terms(text)}
    asked = [wanted for wanted in query_terms(query, SYNONYMS) if not wanted.common]
    return bool(asked) and all(
        any(weight >= least and term in there for term, weight in wanted.terms.items()) for wanted in asked
    )


SPELLINGS = [
    ("IL-6", "IL6", "IL 6", "IL\u20116", "il-6", "Il 6"),
    ("COVID-19", "COVID 19", "COVID19", "COVID\u201119", "covid-19", "covid\u201019"),
    ("5-HT3", "5HT3", "5-ht3"),
    ("HER2-positive", "HER2 positive", "her2-positive", "HER-2-positive"),
    ("T1N0M0", "t1n0m0"),
    ("E. coli", "E.coli", "e coli", "E coli"),
    ("5-FU", "5FU", "5fu"),
    ("β-blocker", "beta-blocker", "beta blockers", "betablocker", "β blockers"),
    ("α-fetoprotein", "alpha-fetoprotein", "alpha fetoprotein", "AFP", "alphafetoprotein"),
    ("x-ray", "X ray", "x ray", "xray", "X-rays"),
    ("vitamin A", "vitamin a", "Vitamin A"),
    ("hepatitis B", "hepatitis b", "Hepatitis B"),
    ("type 2 diabetes", "type II diabetes", "Type 2 diabetes", "T2DM", "type ii diabetes"),
    ("stage III", "stage 3", "Stage iii"),
    ("trisomy 13", "trisomy XIII"),
    ("Crohn's", "Crohns", "Crohn’s", "crohn"),
    ("Ménière", "Meniere", "Me\u0301nie\u0300re", "MÉNIÈRE", "Meniere's"),
    ("œdema", "oedema", "edema", "Œdema"),
    ("50 µg", "50 μg", "50 mcg", "50 ug", "50µg", "50mcg", "50 micrograms", "0.05 mg"),
    ("1 mg", "1000 mcg", "1000 µg", "1,000 mcg", "0.001 g", "1.0 mg"),
    ("500 mg", "500mg", "0.5 g", "500-mg", "500\u00a0mg", "500\u202fmg"),
    ("1 L", "1000 ml", "1000 mL", "1 litre", "1 liter"),
    ("tumour", "tumor", "tumours", "tumors"),
    ("haemoglobin", "hemoglobin"),
    ("oesophagus", "esophagus"),
    ("gastro-oesophageal", "gastroesophageal", "gastro-esophageal", "gastrooesophageal"),
    ("lymphoedema", "lymphedema"),
    ("anaemia", "anemia", "anaemias"),
    ("leukaemia", "leukemia"),
    ("diarrhoea", "diarrhea"),
    ("paediatric", "pediatric"),
    ("oestrogen", "estrogen", "oestrogens"),
    ("phytooestrogen", "phytoestrogen"),
    ("foetus", "fetus", "foetuses"),
    ("centre", "center", "centres"),
    ("hospitalised", "hospitalized"),
    ("immunisation", "immunization", "immunisations"),
    ("sulphate", "sulfate"),
    ("metastases", "metastasis"),
    ("diagnoses", "diagnosis", "diagnosed", "diagnose"),
    ("vertebrae", "vertebra", "vertebral"),
    ("biopsies", "biopsy"),
    ("ovary", "ovaries", "ovarian"),
    ("child", "children"),
    ("bacterium", "bacteria"),
    ("testes", "testis"),
    ("nucleus", "nuclei"),
    ("cervix", "cervices"),
    ("mitosis", "mitoses"),
    ("arthritis", "arthritic", "arthritides"),
    ("diabetes", "diabetic"),
    ("carcinoma", "carcinomas", "carcinomata"),
    ("thrombus", "thrombi"),
    ("prosthesis", "prostheses"),
    ("abscess", "abscesses"),
    ("virus", "viruses"),
    ("headache", "headaches"),
    ("infection", "infections", "infected", "infectious"),
    ("bleeding", "bleed", "bleeds"),
    ("heart attack", "myocardial infarction", "heart attacks"),
    ("SLNB", "sentinel lymph node biopsy", "sentinel-lymph-node biopsies"),
    ("10⁹/L", "10^9/L", "10^9/l"),
    ("CO₂", "CO2", "CO_2", "co2"),
    ("soft\u00adware", "software"),
    ("0.5 mg", ".5 mg", "0,5 mg", "0·5 mg", "500 mcg"),
    ("Sjögren’s", "sjogren", "Sjogrens"),
    ("Łódź", "lodz"),
]


@pytest.mark.parametrize(
    ("query", "text"),
    [(one, other) for group in SPELLINGS for one in group for other in group],
)
def test_each_spelling_finds_each_other(query, text):
    assert finds(query, f"This is about {text}, as some write it.")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("aspirin", "aspirin/clopidogrel"),
        ("clopidogrel", "Give aspirin/clopidogrel."),
        ("aspirin/clopidogrel", "aspirin and clopidogrel"),
        ("HIV", "HIV/AIDS"),
        ("AIDS", "HIV/AIDS"),
        ("mg/kg", "5 mg/kg of body weight"),
        ("5 mg/kg", "5 mg/kg of body weight"),
        ("O157", "E. coli O157:H7"),
        ("O157:H7", "E. coli O157:H7"),
        ("H7", "E. coli O157:H7"),
        ("5-HT", "a 5-HT3 antagonist"),
        ("HER2", "HER2-positive cancer"),
        ("T1", "T1N0M0"),
        ("N0", "staged as T1N0M0"),
        ("covid", "COVID-19"),
        ("65", "aged 18-65"),
        ("18", "aged 18–65"),
        ("5 mg", "5-10 mg daily"),
        ("10 mg", "5-10 mg daily"),
        ("5 mg", "5 to 10 mg daily"),
        ("120", "a pressure of 120/80 mmHg"),
        ("120/80", "a pressure of 120/80 mmHg"),
        ("ULN", "ALT <ULN and bilirubin >2"),
        ("bilirubin", "ALT <ULN and bilirubin >2"),
        ("WHO", "The WHO says so."),
        ("IT", "the IT department"),
        ("as", "AS of the spine"),
        ("metformin 500mg", "Metformin is begun at 500 mg."),
        ("what is type 2 diabetes?", "Type II diabetes begins slowly."),
        ("TNF", "anti-TNF-α"),
        ("l'hôpital", "À l’hôpital"),
        ("hôpital", "À l’hôpital"),
        ("心疾患", "先天性心疾患の子ども"),
        ("疾患", "先天性心疾患の子ども"),
    ],
)
def test_a_part_finds_the_whole(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("5", "0.5 mg at night"),
        ("5 mg", "0.5 mg at night"),
        ("5 mg", "15 mg at night"),
        ("5 mg", "5 g at night"),
        ("0.5", "5 mg, then 50 mg"),
        (".5 mg", "5 mg at night"),
        ("109", "10⁹ per litre"),
        ("2", "2½ tablets"),
        ("21/2", "2½ tablets"),
        ("12", "½ a tablet, or 1/2"),
        ("12080", "120/80 mmHg"),
        ("510", "5-10 mg"),
        ("organ", "the organization of care"),
        ("organization", "an organ of the body"),
        ("organic", "an organ of the body"),
        ("several", "a severe illness"),
        ("severe", "several people"),
        ("operate", "the operator of the machine"),
        ("universe", "the university"),
        ("secret", "secretion of acid"),
        ("secretion", "a secret"),
        ("import", "important"),
        ("animal", "an animated film"),
        ("testes", "blood tests"),
        ("tests", "the testes"),
        ("AIDS", "first aid"),
        ("aid", "AIDS"),
        ("WHO", "those who may take it"),
        ("HER-2", "a heritable illness"),
        ("HER-2", "her second child"),
        ("vitamin A", "a vitamin such as vitamin D"),
        ("vitamin D", "vitamin A, as in d-dimer"),
        ("hepatitis B", "hepatitis C"),
        ("type 2 diabetes", "type 1 diabetes"),
        ("hypoglycaemia", "hyperglycaemia"),
        ("prednisone", "prednisolone"),
        ("patient", "patience"),
        ("mg", "MgSO4"),
        ("kinases", "kinesis"),
    ],
)
def test_what_only_looks_alike_is_not_found(query, text):
    assert not finds(query, text)


def test_common_words_are_marked_unless_they_are_all():
    assert [wanted.typed for wanted in query_terms("what is asthma") if not wanted.common] == ["asthma"]
    assert [wanted.typed for wanted in query_terms("who is it") if not wanted.common] == ["who", "is", "it"]
    assert not any(wanted.common for wanted in query_terms("WHO guidelines on asthma") if wanted.typed == "WHO")
    assert any(wanted.common for wanted in query_terms("WHO GETS ASTHMA") if wanted.typed == "WHO")


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("diabetes 5 mg", ["diabetes", "5 mg"]),
        ("diabetes 5mg", ["diabetes", "5mg"]),
        ("diabetes 5-mg", ["diabetes", "5-mg"]),
        ("dose 5-10 mg", ["dose", "5-10 mg"]),
        ("aspirin 5 mg/kg daily", ["aspirin", "5 mg/kg", "daily"]),
    ],
)
def test_an_amount_is_one_thing_with_its_number(query, typed):
    assert [wanted.typed for wanted in query_terms(query)] == typed


def test_a_query_without_words_asks_for_nothing():
    assert query_terms("") == query_terms(" -- () <> \0 ") == []


def test_a_name_of_one_word_has_the_weight_of_one():
    assert sum(wanted.share for wanted in query_terms("SLNB", SYNONYMS)) == pytest.approx(1)


def test_the_same_thing_is_asked_for_once():
    assert len(query_terms("asthma asthma asthma")) == 1


def test_no_word_changes_when_it_is_brought_to_its_form_again():
    """Then an index and a query that have the word in its form already agree as well."""
    changed = {word for word in known_words() if lemma(lemma(word)) != lemma(word)}

    assert len(known_words()) > 100_000
    assert len(changed) < 60, sorted(changed)[:60]


def test_other_forms_are_never_so_much_as_the_word():
    for word in ("ovary", "bleed", "arthritis", "infection", "treat"):
        assert related(word)
        assert all(0 < weight < 1 for weight in related(word).values())
        assert word not in related(word)


TEXTS = st.text(st.sampled_from(list("aZé5½⁹0.,-/:'’ \u00ad\u2011µμβ_^+IVX漢")), max_size=40) | st.text(max_size=40)


@given(TEXTS)
def test_every_text_has_terms_in_order(text):
    found = [*words(text)]

    assert [word.start for word in found] == sorted(word.start for word in found)
    assert all(word.start < word.end <= len(text) for word in found)
    assert all(0 < len(term) <= 40 and not term.isspace() for word in found for term in word.terms)
    assert index_terms(text) == [term for word in found for term in word.terms]


@given(TEXTS)
def test_every_text_is_found_by_itself(text):
    asked = query_terms(text)
    there = {*index_terms(text)}

    if len(asked) < 60:
        assert all(there & wanted.terms.keys() for wanted in asked)
    assert bool(asked) == bool(there)


@given(st.decimals(min_value="0.001", max_value=9999, places=3), st.sampled_from(["mg", "g", "ml", "µg"]))
def test_an_amount_is_found_in_whatever_unit_and_no_other_amount(number, unit):
    smaller = {"g": "mg", "mg": "mcg", "µg": "ng", "ml": None}[unit]

    assert finds(f"{number} {unit}", f"take {number.normalize():f}{unit} now")
    assert not finds(f"{number} {unit}", f"take {number * 10:f} {unit} now")
    if smaller:
        assert finds(f"{number} {unit}", f"take {number * 1000:f} {smaller} now")

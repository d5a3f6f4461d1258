"""Red flags: which questions have to show the panel with urgent help, and the list that administrators edit."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import RedFlag
from articles.models.reader_input import red_flags
from articles.models.reader_input.red_flags import ensure_red_flags
from articles.text.urgent import has_red_flag
from articles.text.urgent.shipped import Shipped, shipped
from tests.articles.red_flags import HARMLESS, URGENT

MOST_FALSE_ALARMS = 4


def raised(text: str) -> list[str]:
    return [flag.name for flag in shipped() if has_red_flag(text, flag.phrases)]


def test_each_list_of_examples_is_long():
    assert len(set(URGENT)) >= 150
    assert len(set(HARMLESS)) >= 120


@pytest.mark.parametrize("question", URGENT)
def test_a_question_that_needs_urgent_help_shows_it(question):
    assert raised(question)


def test_few_harmless_questions_show_it():
    alarms = {question: names for question in HARMLESS if (names := raised(question))}

    assert len(alarms) <= MOST_FALSE_ALARMS, alarms


@pytest.mark.parametrize(
    "text",
    ["CHEST PAIN", "chest pains", "Pain in the chest", "no chest pain", "chest—pain!", "chèst pain", "chest\npain"],
)
def test_neither_case_nor_order_nor_ending_nor_negation_makes_a_difference(text):
    assert has_red_flag(text, "chest pain")


@pytest.mark.parametrize(
    "text", ["can't breathe", "can’t breathe", "cannot breathe", "can not breathe", "cant breathe"]
)
def test_each_way_to_write_cannot_is_one(text):
    assert has_red_flag(text, "cant breathe")


@pytest.mark.parametrize(
    "text", ["chest", "chestnut pain", "chest one two three four five six seven pain", "painting a chest", ""]
)
def test_what_lacks_a_word_or_has_it_far_away_is_not_found(text):
    assert not has_red_flag(text, "chest pain")


@pytest.mark.parametrize("text", ["chhest pain", "chesst pain", "a painn, chets", "chestpain", "vomitting"])
def test_one_wrong_letter_or_a_lost_space_makes_no_difference(text):
    assert has_red_flag(text, "chest pain\nchets painn\nvomit")


@pytest.mark.parametrize("text", ["chess pain", "vomir", "chst pani", "cheast pain pain", "blond", "thread"])
def test_another_word_and_two_wrong_letters_are_not_taken_for_it(text):
    assert not has_red_flag(text, "chest palpitation\nblood\nthroat")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("I took 30 of them", True),
        ("took about twenty of my pills", True),
        ("swallowed 5 pills", True),
        ("I took 4 pills", False),
        ("I took 500 mg", False),
        ("I took 30mg", False),
        ("it took 30 minutes", False),
        ("I took it for 30 days", False),
        ("30 pills", False),
    ],
)
def test_many_is_a_number_that_somebody_took_at_once(text, is_found):
    assert has_red_flag(text, "took/swallowed {many}") is is_found


def test_a_word_after_a_sign_of_equality_is_found_only_as_it_stands():
    assert has_red_flag("I FAINTED", "=fainted")
    assert not has_red_flag("fainting, faints, faintd", "=fainted")


def test_a_phrase_may_be_for_short_texts_alone():
    assert has_red_flag("suicide help please", "{short} suicide")
    assert not has_red_flag("is suicide common anywhere", "{short} suicide")


def test_a_phrase_of_no_words_is_found_nowhere():
    assert not has_red_flag("anything at all", "\n  \n/\n—\n")


def test_the_shipped_advice_names_no_number_and_makes_no_diagnosis():
    for flag in shipped():
        assert not any(letter.isdigit() for letter in flag.advice), flag.name
        assert "{emergency}" in flag.advice, flag.name
        assert "you have a" not in flag.advice.lower()


def test_a_new_site_has_the_shipped_list_with_a_history(db):
    assert list(RedFlag.objects.values_list("name", flat=True)) == [flag.name for flag in shipped()]
    assert RedFlag.history.count() == len(shipped())


def test_an_edited_list_is_left_alone_by_migrate(db):
    RedFlag.objects.exclude(position=1).delete()

    ensure_red_flags()

    assert RedFlag.objects.count() == 1


def test_an_upgrade_adds_the_phrases_that_an_older_site_never_had_and_no_others(db, monkeypatch):
    new = [Shipped("Older", "old one\nremoved one", "{emergency}")]
    monkeypatch.setattr(red_flags, "shipped", lambda: new)
    RedFlag.objects.all().delete()
    ensure_red_flags()
    flag = RedFlag.objects.get()
    flag.name, flag.phrases = "Renamed", "old one\nown one"
    flag.save()
    deleted = RedFlag.objects.create(name="Deleted", phrases="any", advice="{emergency}")
    deleted.delete()

    new[:] = [
        Shipped("Older", "removed one\nold one\nnew one", "{emergency} Now."),
        Shipped("Deleted", "any\nmore", "{emergency}"),
        Shipped("Newer", "newest one", "{emergency}"),
    ]
    for _ in range(2):
        ensure_red_flags()

    flag.refresh_from_db()
    assert flag.phrases == "old one\nown one\nnew one"
    assert flag.advice == "{emergency}", "an administrator may have changed it"
    assert [row.name for row in RedFlag.objects.order_by("pk")] == ["Renamed", "Newer"]
    assert [row.history_change_reason for row in flag.history.all()] == [
        "These phrases came with a new release.", None, None
    ]  # fmt: skip


def test_the_advice_names_the_emergency_number_of_the_site(db, settings):
    settings.EMERGENCY_NUMBER = "112"

    assert RedFlag(advice="Call {emergency} now.").advice_here == "Call 112 now."


def test_a_telephone_number_in_the_advice_is_refused(db):
    with pytest.raises(ValidationError, match="instead of a telephone number"):
        RedFlag(name="Any", phrases="any", advice="Call 999.").full_clean()


def test_a_red_flag_without_phrases_is_refused(db):
    with pytest.raises(ValidationError):
        RedFlag(name="Any", phrases="", advice="Call {emergency}.").full_clean()

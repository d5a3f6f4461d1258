"""What says how much is taken, how often, for how long and by which way is a dose, and other numbers are none."""

import gzip
import json
import re
import time
from itertools import islice

import pytest

from articles.text.plain.doses import _IN_EACH, _SURE, _small, counts, doses, has_dose, is_about_doses
from tests.benchmarks import library

AMOUNTS = [
    "5 mg", "0.5 mg/kg", "5–10 mg", "20%", "3 times", "1000 IU", "2 tablets", "a 5-mg dose", "One tablet",
    "half a tablet", "1½ tablets", "two puffs", "zwei Tabletten", "eine halbe Tablette", "20 Tropfen", "1000 I.E.",
    "2 Hübe",
]  # fmt: skip
FREQUENCIES = [
    "once a day", "Twice daily", "three times a day", "2 to 3 times per week", "2x daily", "every day",
    "every other day", "every 4 hours", "every four to six hours", "every 3 months", "each morning", "daily", "weekly",
    "six-hourly", "4 hourly", "b.i.d.", "t.d.s.", "q4h", "1-0-1", "einmal am Tag", "dreimal täglich", "3-mal täglich",
    "alle 6 Stunden", "jeden zweiten Tag", "wöchentlich", "jeden Morgen", "as often as twice a year",
]  # fmt: skip
DURATIONS = ["for 5 days", "for two weeks", "über 3 Monate", "zehn Tage lang"]
ROUTES = ["by mouth", "orally", "intravenously", "i.v.", "subkutan"]
NONE = [
    "", "5", "mg", "version 2", "1999", "grade 3 disease", "H2O", "daily life", "three times more common",
    "once you know", "10 times higher", "Call 9-1-1", "the only one", "COVID-19", "einmal mehr", "a bid for it",
    "two people", "every year, many people", "at night", "oral cancer", "called weekday",
]  # fmt: skip


@pytest.mark.parametrize("text", [*AMOUNTS, *FREQUENCIES, *DURATIONS, *ROUTES])
def test_a_dose_is_known_wherever_it_stands(text):
    assert has_dose(text)
    assert doses(f"Say: {text}; and so on.")


@pytest.mark.parametrize("text", NONE)
def test_other_words_and_numbers_are_no_dose(text):
    assert not has_dose(text)


@pytest.mark.parametrize(
    "words", ["at night", "oral", "bd", "PRN", "as needed", "nocte", "bei Bedarf", "IV", "morgens"]
)
def test_what_is_said_of_anything_is_a_dose_beside_a_dose_or_alone(words):
    assert doses(words), "the only words of a line, such as a cell of a table"
    assert doses(f"It is {words}.", beside="5 mg")
    line = f"Take 5 mg {words}."
    assert [line[start:end] for start, end in doses(line)] == ["5 mg", words]
    assert not doses(f"It is {words} for all.")
    share = f"In 20% it is {words} for all."
    assert [share[start:end] for start, end in doses(share)] == ["20%"], "a share is no amount that is taken"


@pytest.mark.parametrize("head", ["Dose", "Dosage (mg)", "How often", "Tablets", "Dosierung", "ml per hour"])
def test_the_head_of_a_column_says_that_its_numbers_are_doses(head):
    assert is_about_doses(head)
    assert not is_about_doses("Year")


def test_a_number_is_one_in_figures_and_in_words():
    assert all(map(counts, ["5", "½", "Two", "zwei"]))
    assert not counts("some")


@pytest.mark.skipif(not library.LIBRARY.exists(), reason="needs a library: set LIBRARY to its folder")
def test_in_real_texts_the_quick_look_misses_no_dose_and_most_lines_have_none():
    lines = [line for answer in answers() for line in re.split(r"(?<=[.!?]) ", answer)]

    found = [line for line in lines if _SURE.search(_small(line))]

    assert 100 < len(found) < len(lines) / 50
    assert [line for line in found if not any(each in f" {_small(line)}" for each in _IN_EACH)] == []


def answers():
    with gzip.open(library.LIBRARY, "rt") as rows:
        for row in islice(rows, 400):
            yield from (part["answer"] for part in json.loads(row)["sections"])


@pytest.mark.parametrize("part", ["1-", "1 000 ", "every ", "one or ", "5 mg to ", "zwei bis ", "½", "once a "])
def test_no_line_takes_long(part):
    line = part * (20_000 // len(part))
    start = time.process_time()

    doses(line)

    assert time.process_time() - start < 2

"""Where sentences end: never in a number, an abbreviation or a bracket, and rather too late than too early."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.sentences import sentences


def parts(line: str) -> list[str]:
    return [line[start:end] for start, end in sentences(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Give it. Then wait.", ["Give it.", "Then wait."]),
        ("  Give it.  Then wait. ", ["Give it.", "Then wait."]),
        ("Is it safe? Yes! It is.", ["Is it safe?", "Yes!", "It is."]),
        ("He said “no.” She left.", ["He said “no.” She left."]),
        ("He said “stop it.” She left.", ["He said “stop it.”", "She left."]),
        ("It helps (see below). It heals.", ["It helps (see below).", "It heals."]),
        (
            "It helps (But rarely. Ask first.) and heals. Wait.",
            ["It helps (But rarely. Ask first.) and heals.", "Wait."],
        ),
        ("И так. Далее.", ["И так.", "Далее."]),
        ("यह दवा लें। फिर रुकें।", ["यह दवा लें।", "फिर रुकें।"]),
        ("服用一次。然后等待。", ["服用一次。", "然后等待。"]),
        ("Wait… Then go.", ["Wait…", "Then go."]),
        ("", []),
        ("   ", []),
        ("no end", ["no end"]),
    ],
)
def test_sentences_end_where_a_reader_sees_their_end(line, expected):
    assert parts(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Take 0.5 mg daily.",
        "Take .5 mg daily.",
        "Use drugs, e.g. Aspirin or others.",
        "Use drugs, i.e. Aspirin.",
        "Ask Dr. Smith or Prof. Jones.",
        "Aspirin vs. Placebo was tried.",
        "See Fig. 2 and Tab. 3 in vol. IV.",
        "Smith et al. Lancet says so.",
        "Infection with E. Coli is common.",
        "J. B. Lister found it.",
        "In the U.S. Many people do.",
        "At 8 p.m. Some wake up.",
        "Give it b.i.d. Never more often.",
        "Approx. 5 mg, max. 10 mg.",
        "Vitamin A. It is a vitamin.",
        "Not more than 5. Ask first.",
        "Values <5. >10 is high.",
        "It is safe. ≥5 mg is not.",
        "It is safe. 5 mg is not.",
        "It is safe. unless you are pregnant.",
        "Pat. nimmt z.B. Aspirin bzw. Paracetamol.",
    ],
)
def test_a_stop_that_may_be_no_end_is_none(line):
    assert parts(line) == [line]


@given(st.text(alphabet="ab AB.!?…()“”\"'0512,;-éЖ语。।\t\u00a0", max_size=80))
def test_sentences_are_the_whole_line_but_for_blanks(line):
    found = sentences(line)

    assert [start for start, _ in found] == sorted({start for start, _ in found})
    assert all(start < end for start, end in found)
    between = [0, *(place for each in found for place in each), len(line)]
    assert all(not line[between[at] : between[at + 1]].strip() for at in range(0, len(between), 2))
    assert all(line[start:end] == line[start:end].strip() for start, end in found)


@given(
    st.lists(st.sampled_from(["0.5 mg", "1,000", "p. 5", "not", "e.g.", "Dr. A", "Stop.", "It is.", "10.", "no. 3"]))
)
def test_no_number_and_no_abbreviation_is_cut(words):
    line = " ".join(words)

    for part in parts(line):
        assert not re.match(r"[\d,]", part) or line.startswith(part), part
        assert not re.search(r"(?:\bp|\be\.g|\bDr|\bno|\d)\.$", part) or line.endswith(part), part

"""A question page gives its answer first and in short, then key points, then the research it rests on."""

import pytest

from articles.checks import run
from tests.articles.frozen import cite, lead, page, section, version, wording

TWO = "<p>Most often to the nodes of the mesentery. At 0.5 cm it is rare.</p>"
POINTS = section("k", role="key_points", heading="Key points")
RESEARCH = section("r", heading="From the research", body=f"<p>It was so in most. {cite('a')}</p>")


def said(*sections, kind="question") -> list[str]:
    more = {"title": "Why?", "kind": kind, "contributors": [], "topics": [], "disclaimers": {}, "ai_use": {"level": ""}}
    found = run(version(*sections, works=["a"], **more))
    assert not any(finding.blocks for finding in found if finding.rule in ("STR-007", "STR-008", "STR-009"))
    return [finding.rule for finding in found if finding.rule in ("STR-007", "STR-008", "STR-009")]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([lead(TWO), POINTS, RESEARCH], []),
        ([POINTS, RESEARCH], ["STR-007"]),
        ([lead(TWO + "<p>A third one.</p>"), POINTS, RESEARCH], ["STR-007"]),
        ([lead(TWO, carer=wording("<p>One. Two. Three.</p>")), POINTS, RESEARCH], ["STR-007"]),
        ([lead(TWO), RESEARCH], ["STR-008"]),
        ([lead(TWO), RESEARCH, POINTS], ["STR-008"]),
        ([lead(TWO), POINTS, section("r")], ["STR-009"]),
    ],
)
def test_what_a_question_page_lacks_is_said_and_blocks_nothing(sections, expected):
    assert said(*sections) == expected
    assert said(*sections, kind="topic") == []


def test_the_page_of_a_question_says_so_to_its_style():
    assert page(lead(TWO), kind="question").get("data-kind") == "question"
    assert page(lead(TWO), kind="topic").get("data-kind") is None

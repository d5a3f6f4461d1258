"""Whole texts of two common kinds: everything weak in them is seen, and nothing keeps them from being submitted."""

import datetime

import pytest

from articles.checks import run
from tests.articles.checks.content import content
from tests.articles.frozen import DRUGS, cite, lead, section, table, wording

AS_OF = datetime.date(2026, 11, 30)
JOURNALS = [
    "Annals of Examples",
    "Journal of Examples",
    "Examples in Surgery",
    "Archives of Examples",
    "Example Reports",
]
BARE = {key: {"type": "article-journal", "container-title": name} for key, name in zip("abcde", JOURNALS, strict=True)}
HARD = (
    "Pharmacological suppression of gastrointestinal motility necessitates individualised consideration of concomitant "
    "metabolic disturbances, particularly when prolonged immobilisation complicates convalescence. "
)


def found(given) -> dict[str, set[str]]:
    rules: dict[str, set[str]] = {}
    for one in run(given, AS_OF):
        rules.setdefault(one.severity.value, set()).add(one.rule)
    return rules


def test_bare_names_of_journals_as_references_are_seen_and_block_nothing():
    points = "".join(
        f"<li>A study in {name} found that rest helped 5 of 10 people.{cite(key)}</li>"
        for key, name in zip("bcde", JOURNALS[1:], strict=True)
    )
    research = f"<p>About 60-80% of people get well within a week, as a study found.{cite('a')}</p>"
    rules = found(
        content(
            section("r", heading="From the research", body=research),
            section("k", role="key_points", heading="Key points", body=f"<ul>{points}</ul>"),
            kind="question",
            title="What helps first in a fever that comes back every evening, rest or a cold bath before bed?",
            written_for="professional",
            ai_use={"level": "generated", "note": ""},
            works=BARE,
        )
    )

    assert "block" not in rules
    assert {"CIT-003", "CIT-004", "CIT-013", "CIT-020", "STR-007", "GOV-012"} <= rules["warn"]
    assert {"STR-017", "GOV-016"} <= rules["info"]


def test_a_text_for_the_public_without_references_at_a_high_grade_is_seen_and_blocks_nothing():
    rules = found(
        content(
            lead(f"<p>{HARD * 5}</p>"),
            section("t", heading="Treatment", body=f"<p>{HARD * 5}</p>{table(DRUGS)}"),
            section("s", heading="Summary", body=f"<p>{HARD * 4}</p>"),
            ai_use={"level": "assisted", "note": ""},
        )
    )

    assert "block" not in rules
    assert {"CIT-019", "LANG-001", "GOV-012"} <= rules["warn"]
    assert {"STR-012"} <= rules["info"]


@pytest.mark.parametrize(("readers", "limit"), [("public", 8), ("carer", 12)])
def test_each_audience_has_its_own_grade(readers, limit):
    middling = (
        "Your doctor may give you a medicine that makes the fever go down, if you have been ill for over a week. "
    )
    given = content(lead(f"<p>{middling * 8}</p>", **{"carer": wording(f"<p>{HARD * 8}</p>")}))
    hits = [one for one in run(given, AS_OF) if one.rule == "LANG-001" and f"Aim for {limit}." in one.message]

    assert bool(hits) == (readers == "carer")

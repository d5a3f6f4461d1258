"""How many approvals a version needs, and in words what those so far still lack."""

import pytest

from reviews.models import Quorum
from reviews.workflow.approval import quorum

STANDARD, HIGH = quorum.default_for("topic", "standard"), quorum.default_for("topic", "high")


@pytest.mark.parametrize(
    ("needed", "given", "expected"),
    [
        (STANDARD, [], ["2 more clinical approvals (1 of them by a specialist in one of the article's topics)"]),
        (STANDARD, ["clinical"], ["1 more approval by a specialist in one of the article's topics"]),
        (STANDARD, ["clinical", "clinical"], ["1 more approval by a specialist in one of the article's topics"]),
        (STANDARD, ["specialist"], ["1 more clinical approval"]),
        (STANDARD, ["clinical", "specialist"], []),
        (STANDARD, ["specialist", "specialist"], []),
        (STANDARD, ["specialist", "lay", "lay"], ["1 more clinical approval"]),
        (STANDARD, ["specialist", "pharmacist"], ["1 more clinical approval"]),
        (HIGH, ["clinical", "specialist"], ["1 more approval by a pharmacist"]),
        (HIGH, ["clinical", "specialist", "pharmacist"], []),
        (HIGH, ["pharmacist", "pharmacist", "specialist"], ["1 more clinical approval"]),
        (quorum.CORRECTION, ["lay", "pharmacist"], ["1 more clinical approval"]),
        (quorum.CORRECTION, ["clinical"], []),
        (quorum.CORRECTION, ["specialist"], []),
    ],
)
def test_what_the_approvals_so_far_still_lack_is_said_in_words(needed, given, expected):
    assert quorum.still_needed(needed, given) == expected


@pytest.mark.parametrize(
    ("given", "number"),
    [([], 0), (["lay"], 0), (["clinical"] * 3, 1), (["specialist"] * 3, 2), (["clinical", "specialist"], 2),
     (["pharmacist", "pharmacist"], 1), (["pharmacist", "specialist", "clinical"], 3)],
)  # fmt: skip
def test_only_signatures_that_the_quorum_asks_for_are_counted_as_given(given, number):
    assert quorum.given_of(HIGH, given) == number


def test_a_row_of_settings_takes_the_place_of_the_default(db):
    Quorum(kind="topic", risk="high", clinical=3, specialist=2, pharmacist=1, open_review=True).save()

    terms = quorum.terms_for("topic", "high", "major")
    needed = terms.needed

    assert (needed, terms.open_review) == ({"clinical": 3, "specialist": 2, "pharmacist": 1}, True)
    assert quorum.approvals_needed(needed) == 4
    assert quorum.terms_for("topic", "high", "correction") == (quorum.CORRECTION, True, None, False, False)


@pytest.mark.parametrize(("kind", "specialists"), [("topic", 1), ("question", 1), ("policy", 0)])
@pytest.mark.parametrize(("risk", "pharmacists"), [("standard", 0), ("high", 1)])
def test_every_medical_text_needs_a_specialist_and_one_of_high_risk_a_pharmacist(kind, specialists, risk, pharmacists):
    assert quorum.default_for(kind, risk) == {
        "clinical": 2, "specialist": specialists, "pharmacist": pharmacists,
    }  # fmt: skip

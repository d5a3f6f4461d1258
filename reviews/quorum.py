"""How many signatures of which capacities make an approval."""

from collections import Counter

from articles.models import Article, Version
from reviews.models import Capacity, Quorum

CORRECTION = {"clinical": 1, "specialist": 0, "pharmacist": 0}


def default_for(kind: str, risk: str) -> dict:
    """
    Return the quorum where no row says otherwise.

    Two approvals, one by a specialist of one of the article's topics; high risk adds a pharmacist. The editorial
    policy has no medical topic, so no specialist.
    """
    return {
        "clinical": 2,
        "specialist": 0 if kind == Article.Kind.POLICY else 1,
        "pharmacist": 1 if risk == Article.Risk.HIGH else 0,
    }


def settings_for(kind: str, risk: str, change: str) -> tuple[dict, bool]:
    """Return the quorum for a submission of this kind, risk and change class, and whether its review is open."""
    row = Quorum.objects.filter(kind=kind, risk=risk).first()
    open_review = bool(row and row.open_review)
    if change == Version.Change.CORRECTION:
        return dict(CORRECTION), open_review
    if row:
        return {"clinical": row.clinical, "specialist": row.specialist, "pharmacist": row.pharmacist}, open_review
    return default_for(kind, risk), open_review


def approvals_needed(quorum: dict) -> int:
    """Return how many signatures the quorum asks for in all."""
    return quorum["clinical"] + quorum["pharmacist"]


def lacking(quorum: dict, capacities: list[str]) -> list[str]:
    """
    Return in words what the approvals given so far, as a list of capacities, still lack. Empty: the quorum is full.

    A specialist is a clinician too; a lay approval counts for nothing.
    """
    given = Counter(capacities)
    clinical = given[Capacity.CLINICAL] + given[Capacity.SPECIALIST]
    missing = [
        (quorum["clinical"] - clinical, "clinical approval"),
        (quorum["specialist"] - given[Capacity.SPECIALIST], "approval by a specialist of one of its topics"),
        (quorum["pharmacist"] - given[Capacity.PHARMACIST], "approval by a pharmacist"),
    ]
    return [
        f"{number} more {words}{'s' if number > 1 and words.endswith('l') else ''}"
        for number, words in missing
        if number > 0
    ]

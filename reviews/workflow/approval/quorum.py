"""The quorum: the number of signatures per capacity that approve a version."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import ngettext_lazy

from articles.models import Article, Version
from articles.models.rows.remembered import remembered
from reviews.models import Capacity, Quorum

MORE_APPROVALS = {
    "specialist": ngettext_lazy(
        "%(number)d more approval by a specialist in one of the article's topics",
        "%(number)d more approvals by a specialist in one of the article's topics",
        "number",
    ),
    "clinical, specialist": ngettext_lazy(
        "%(number)d more clinical approval (%(specialists)d of them by a specialist in one of the article's topics)",
        "%(number)d more clinical approvals (%(specialists)d of them by a specialist in one of the article's topics)",
        "number",
    ),
    "clinical": ngettext_lazy("%(number)d more clinical approval", "%(number)d more clinical approvals", "number"),
    "pharmacist": ngettext_lazy(
        "%(number)d more approval by a pharmacist", "%(number)d more approvals by a pharmacist", "number"
    ),
}
APPROVALS = {
    "specialist": ngettext_lazy(
        "%(number)d approval by a specialist in one of the article's topics",
        "%(number)d approvals by a specialist in one of the article's topics",
        "number",
    ),
    "clinical, specialist": ngettext_lazy(
        "%(number)d clinical approval (%(specialists)d of them by a specialist in one of the article's topics)",
        "%(number)d clinical approvals (%(specialists)d of them by a specialist in one of the article's topics)",
        "number",
    ),
    "clinical": ngettext_lazy("%(number)d clinical approval", "%(number)d clinical approvals", "number"),
    "pharmacist": ngettext_lazy(
        "%(number)d approval by a pharmacist", "%(number)d approvals by a pharmacist", "number"
    ),
}
IN_SHORT = {
    "specialist": ngettext_lazy("%(number)d specialist", "%(number)d specialists", "number"),
    "clinical, specialist": ngettext_lazy(
        "%(number)d clinical (%(specialists)d as specialist)",
        "%(number)d clinical (%(specialists)d as specialist)",
        "number",
    ),
    "clinical": ngettext_lazy("%(number)d clinical", "%(number)d clinical", "number"),
    "pharmacist": ngettext_lazy("%(number)d pharmacist", "%(number)d pharmacists", "number"),
}
CORRECTION: dict[str, int] = {Capacity.CLINICAL: 1, Capacity.SPECIALIST: 0, Capacity.PHARMACIST: 0}


def default_for(kind: str, risk: str) -> dict[str, int]:
    """
    Return the quorum for a kind and risk without a row of their own.

    Two approvals, one by a specialist in one of the article's topics; high risk adds a pharmacist. The editorial
    policy has no medical topic, so no specialist.
    """
    return {
        Capacity.CLINICAL: 2,
        Capacity.SPECIALIST: 0 if kind == Article.Kind.POLICY else 1,
        Capacity.PHARMACIST: 1 if risk == Article.Risk.HIGH else 0,
    }


class Terms(NamedTuple):
    """
    The quorum of a review, whether it is open, in how many days an urgent version needs its full review, whether a
    specialist in its topic has to sign for each changed section, and whether each reference has to be attested.
    """

    needed: dict[str, int]
    open_review: bool
    urgent_days: int | None  # None: no urgent approval
    by_section: bool = False
    attest_references: bool = False


def terms_for(kind: str, risk: str, change: str) -> Terms:
    """
    Return the terms for a submission of this kind, risk and change class.

    Where one clinical signature meets the quorum, as for a correction, there is no urgent approval. A correction's
    sections need no specialist either.
    """
    rows = remembered("quorums", lambda: list(Quorum.objects.filter(kind=kind)))
    row = next((row for row in rows if (row.kind, row.risk) == (kind, risk)), None)
    open_review = bool(row and row.open_review)
    if change == Version.Change.CORRECTION:
        return Terms(dict(CORRECTION), open_review, None)
    if row is None:
        return Terms(default_for(kind, risk), open_review, None)
    needed = {capacity: getattr(row, capacity) for capacity in CORRECTION}
    urgent_days = row.urgent_days if row.by_section or still_needed(needed, [Capacity.CLINICAL]) else None
    return Terms(needed, open_review, urgent_days, row.by_section, row.attest_references)


def approves_urgently(capacities: Iterable[str]) -> bool:
    """Tell whether these approvals approve an urgent version: one by a clinical or specialist reviewer."""
    return not {Capacity.CLINICAL, Capacity.SPECIALIST}.isdisjoint(capacities)


def approvals_needed(quorum: dict[str, int]) -> int:
    """Return the total number of signatures in the quorum."""
    return quorum[Capacity.CLINICAL] + quorum[Capacity.PHARMACIST]


def given_of(quorum: dict[str, int], capacities: list[str]) -> int:
    """Return how many of the signatures in the quorum are given, from the capacities of those that count."""
    clinical, specialist, pharmacist = _missing(quorum, capacities)
    return approvals_needed(quorum) - max(clinical, specialist) - pharmacist


def needed(quorum: dict[str, int]) -> list[str]:
    """Return in words all approvals of the quorum."""
    return still_needed(quorum, [], APPROVALS)


def not_asked_for(quorum: dict[str, int], capacities: list[str]) -> list[str]:
    """Return in words the approvals that nobody is asked for, given the capacities of who is asked or approved."""
    return still_needed(quorum, capacities, APPROVALS)


def places(quorum: dict[str, int], capacities: Iterable[str]) -> list[str]:
    """Return the capacities still to be filled, given those of who is asked or approved: specialists are clinicians."""
    clinical, specialist, pharmacist = _missing(quorum, capacities)
    clinicians = [Capacity.CLINICAL] * max(0, clinical - specialist)
    return [*[Capacity.SPECIALIST] * specialist, *clinicians, *[Capacity.PHARMACIST] * pharmacist]


def _missing(quorum: dict[str, int], capacities: Iterable[str]) -> tuple[int, int, int]:
    """Return how many approvals by clinicians, by specialists among them, and by pharmacists are still needed."""
    given = Counter(capacities)
    clinical = quorum[Capacity.CLINICAL] - given[Capacity.CLINICAL] - given[Capacity.SPECIALIST]
    specialist = quorum[Capacity.SPECIALIST] - given[Capacity.SPECIALIST]
    pharmacist = quorum[Capacity.PHARMACIST] - given[Capacity.PHARMACIST]
    return max(0, clinical), max(0, specialist), max(0, pharmacist)


def still_needed(quorum: dict[str, int], capacities: list[str], words: Mapping[str, Any] = MORE_APPROVALS) -> list[str]:
    """
    Return in words the approvals still needed, given the capacities of those that count; [] if the quorum is met.

    A specialist is a clinician too. `Decision.objects.counting()` has the approvals that count.
    """
    clinical, specialist, pharmacist = _missing(quorum, capacities)
    found = []
    if specialist > 0 and specialist >= clinical:
        found.append(words["specialist"] % {"number": specialist})
    elif clinical > 0:
        among = "clinical, specialist" if specialist > 0 else "clinical"
        found.append(words[among] % {"number": clinical, "specialists": specialist})
    if pharmacist > 0:
        found.append(words["pharmacist"] % {"number": pharmacist})
    return found

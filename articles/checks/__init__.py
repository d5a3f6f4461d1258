"""
Automatic checks of a frozen text: pure, deterministic, offline.

`run(content)` returns findings. A blocking finding prevents the submission of a draft and the approval of a version.
The same text, rules and day give the same findings, and `as_json` the same bytes.
"""

import datetime
import json
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.checks.document import Document, place
from articles.checks.families import BY_NUMBER, FAMILY_OF, RULES
from articles.checks.finding import Finding, Severity, as_data
from articles.checks.overriding import as_overridden, fingerprint, may_be_overridden
from articles.checks.ruleset import FORMAT, ruleset
from articles.text.canonical import canonical, sha256

__all__ = [
    "Finding",
    "Severity",
    "as_json",
    "as_overridden",
    "blockers",
    "fingerprint",
    "forget",
    "may_be_overridden",
    "of_text",
    "ruleset",
    "run",
    "summary",
]


def run(content: dict[str, Any], as_of: datetime.date | None = None) -> list[Finding]:
    """
    Return the findings of all rules for this content, in the order of the rules.

    `as_of` is the day on which the text is judged. Rules about dates find nothing without it: there is no other clock.
    """
    document = Document(content, as_of)
    return [finding for rule in RULES for finding in rule.findings(document)]


def blockers(frozen_text: str, as_of: datetime.date | None = None, overridden: Collection[str] = ()) -> tuple[str, ...]:
    """
    Return the messages of the blocking findings for a frozen text, each with its section.

    Those whose fingerprint is `overridden` are left out, if their rule permits it. A decision need not repeat the
    submission's.
    """
    found = [finding for finding in of_text(frozen_text, as_of) if finding.blocks]
    found = [one for one in found if not (may_be_overridden(one) and fingerprint(one) in overridden)]
    names = {row["key"]: place(row) for row in json.loads(frozen_text)["sections"]} if found else {}
    return tuple(_with_place(finding.message, names.get(finding.section, "")) for finding in found)


def _with_place(message: str, where: str) -> str:
    return message if where in message else _("{place}: {sentence}").format(place=where, sentence=message)


def of_text(frozen_text: str, as_of: datetime.date | None = None) -> tuple[Finding, ...]:
    """
    Return the findings for a frozen text.

    They are remembered by the text itself, the day and the language of the messages, so a result is never of another
    text.
    """
    return _of_text(frozen_text, as_of, get_language() or "")


def forget() -> None:
    """Forget the findings that are remembered, as after a change of the words of the interface."""
    _of_text.cache_clear()


@lru_cache(maxsize=256)
def _of_text(frozen_text: str, as_of: datetime.date | None, language: str) -> tuple[Finding, ...]:
    return tuple(run(json.loads(frozen_text), as_of))


def as_json(found: Sequence[Finding], as_of: datetime.date | None = None) -> str:
    """Return findings as canonical JSON, each with its rule's title and source, and with the version of the rules."""
    counts = {severity.value: sum(one.severity == severity for one in found) for severity in Severity}
    return canonical(
        {
            "format": FORMAT,
            "ruleset": ruleset(),
            "as_of": as_of.isoformat() if as_of else None,
            "counts": counts,
            "findings": [_with_rule(one) for one in found],
        }
    )


def summary(found: Sequence[Finding], as_of: datetime.date | None = None) -> dict[str, Any]:
    """Return what a record keeps of findings: the version of the rules, the number of each, and the JSON's SHA-256."""
    rules = [one.rule for one in found]
    return {
        "ruleset": ruleset(),
        "as_of": as_of.isoformat() if as_of else None,
        "findings": {rule: rules.count(rule) for rule in sorted(set(rules))},
        "sha256": sha256(as_json(found, as_of)),
    }


def _with_rule(finding: Finding) -> dict[str, Any]:
    rule = BY_NUMBER[finding.rule]
    source = {"title": rule.source.title, "from": rule.source.origin}
    return {**as_data(finding), "family": FAMILY_OF[finding.rule], "title": str(rule.title), "source": source}

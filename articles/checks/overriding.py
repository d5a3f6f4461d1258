"""Which blocking findings a person may judge otherwise, and what ties that judgement to the words it is about."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from articles.checks.finding import Finding, Severity
from articles.text.canonical import canonical, sha256

# Such a rule knows a text by its looks, so it can be wrong: a lesson on prescribing may quote the dose that it warns
# of. The other blocking rules state a fact about the article. Whoever disagrees changes the article.
MAY_BE_OVERRIDDEN = frozenset({"MED-001", "MED-002", "MED-003", "LANG-013", "LANG-014", "TXT-002"})


def may_be_overridden(finding: Finding) -> bool:
    """Tell whether the finding blocks and may be overridden: it names the words that it is about."""
    return finding.blocks and finding.rule in MAY_BE_OVERRIDDEN and bool(finding.excerpt)


def fingerprint(finding: Finding) -> str:
    """
    Return the SHA-256 of the rule, the place and the words of a finding.

    It stays the same while other words change, and for the same words elsewhere in the same text.
    """
    place = finding.place
    named = {"section": place.section, "audience": place.audience, "part": place.part.value}
    words = {"excerpt": finding.excerpt, "sentence": finding.sentence}
    return sha256(canonical({"rule": finding.rule, **named, **words}))


def as_overridden(found: Iterable[Finding], overridden: Collection[str]) -> list[Finding]:
    """Return the findings for a page: those whose fingerprint is `overridden` only warn, as they no longer block."""
    return [
        replace(one, severity=Severity.WARN) if may_be_overridden(one) and fingerprint(one) in overridden else one
        for one in found
    ]

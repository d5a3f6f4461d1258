"""
Automatic checks of a frozen text: pure, deterministic, offline.

`run(content)` gives findings; those that block keep a draft from being submitted and a version from being approved.
"""

import json
from functools import lru_cache

from articles.checks.content_checks import RULES
from articles.checks.finding import Finding

__all__ = ["Finding", "blockers", "run"]


def run(content: dict) -> list[Finding]:
    """Return what every rule has to say of this content, in the order of the rules."""
    return [finding for rule in RULES for finding in rule(content)]


@lru_cache(maxsize=256)
def blockers(frozen_text: str) -> tuple[str, ...]:
    """
    Return the sentences of the findings that block a frozen text.

    Kept by the text itself, so that a result is always of these very words and a decision need not repeat the
    submission's work.
    """
    return tuple(finding.message for finding in run(json.loads(frozen_text)) if finding.blocks)

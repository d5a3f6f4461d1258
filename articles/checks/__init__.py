"""
Automatic checks of a frozen text: pure, deterministic, offline.

`run(content)` returns findings. A blocking finding prevents the submission of a draft and the approval of a version.
"""

import json
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from articles.checks import question_checks
from articles.checks.content_checks import RULES as OF_EVERY_TEXT
from articles.checks.doses import doses_of_wordings
from articles.checks.figures import RULES as OF_FIGURES
from articles.checks.finding import Finding

__all__ = ["Finding", "blockers", "of_text", "run"]

RULES = [
    *OF_EVERY_TEXT,
    *OF_FIGURES,
    doses_of_wordings,
    question_checks.answers_its_question_first,
    question_checks.goes_on_with_key_points,
    question_checks.names_its_research,
]


def run(content: dict[str, Any]) -> list[Finding]:
    """Return the findings of all rules for this content, in the order of the rules."""
    return [finding for rule in RULES for finding in rule(content)]


def blockers(frozen_text: str) -> tuple[str, ...]:
    """Return the messages of the blocking findings for a frozen text. A decision need not repeat the submission's."""
    return tuple(finding.message for finding in of_text(frozen_text) if finding.blocks)


def of_text(frozen_text: str) -> tuple[Finding, ...]:
    """
    Return the findings for a frozen text.

    They are remembered by the text itself and the language of the messages, so a result is never of another text.
    """
    return _of_text(frozen_text, get_language() or "")


@lru_cache(maxsize=256)
def _of_text(frozen_text: str, language: str) -> tuple[Finding, ...]:
    return tuple(run(json.loads(frozen_text)))

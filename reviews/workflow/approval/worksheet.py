"""
The worksheet of a review: the criteria for its kind of text, its automatic findings, and its references.

A reviewer answers what they can. The answers are signed with the decision. The questions are our own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import checks
from articles.checks import Finding, Severity
from articles.checks.grouped import grouped
from articles.models import Article
from articles.text.canonical import canonical, sha256
from articles.text.plain.plaintext import tidy_lines
from reviews.models import Answer, AnswerChoice, Decision, Review
from reviews.workflow.transaction import as_stored

MEDICAL = (Article.Kind.TOPIC, Article.Kind.QUESTION)
EVERY = tuple(Article.Kind)
MOST_NOTE = 2000
Given = Mapping[str, tuple[str, str]]  # answer and note by the key of the item


@dataclass(frozen=True)
class Criterion:
    """A plain question about the whole text, and the kinds of articles it is asked for."""

    name: str
    label: Promise
    question: Promise
    kinds: tuple[str, ...]


CRITERIA = [
    Criterion(
        "accuracy",
        gettext_lazy("Accuracy"),
        gettext_lazy("Is everything that it says right, as far as you can judge?"),
        EVERY,
    ),
    Criterion(
        "evidence",
        gettext_lazy("Evidence"),
        gettext_lazy("Does it rest on the best evidence that you know of?"),
        MEDICAL,
    ),
    Criterion(
        "currency",
        gettext_lazy("Currency"),
        gettext_lazy("Does it agree with what is known and recommended today?"),
        MEDICAL,
    ),
    Criterion(
        "balance",
        gettext_lazy("Balance"),
        gettext_lazy("Are benefits, harms, other choices and doing nothing told fairly?"),
        MEDICAL,
    ),
    Criterion(
        "safety",
        gettext_lazy("Safety"),
        gettext_lazy("Can readers follow it without coming to harm, and do they learn when to get help?"),
        MEDICAL,
    ),
    Criterion(
        "doses",
        gettext_lazy("Doses"),
        gettext_lazy("Are all doses, units and intervals right for the people they are meant for?"),
        MEDICAL,
    ),
    Criterion(
        "readability",
        gettext_lazy("Readability"),
        gettext_lazy("Will its readers understand it at first reading?"),
        EVERY,
    ),
    Criterion(
        "inclusivity",
        gettext_lazy("Inclusivity"),
        gettext_lazy("Does it speak with respect, and to everybody whom it concerns?"),
        EVERY,
    ),
]
JUDGED = (AnswerChoice.YES, AnswerChoice.PARTLY, AnswerChoice.NO, AnswerChoice.NOT_APPLICABLE)
LOOKED_AT = (AnswerChoice.YES, AnswerChoice.NOT_APPLICABLE)
OPENED = (AnswerChoice.YES, AnswerChoice.PARTLY, AnswerChoice.NO, AnswerChoice.NOT_OPENED)


ATTESTS = (AnswerChoice.YES, AnswerChoice.PARTLY)
OF_REFERENCE = "reference:"


@dataclass(frozen=True)
class Item:
    """One line of the worksheet. `key` names it, the same in every language; `choices` are its possible answers."""

    key: str
    label: str
    question: str
    choices: tuple[AnswerChoice, ...]


def items(content: dict[str, Any], found: Sequence[Finding] | None = None) -> list[Item]:
    """
    Return the worksheet of a text with this frozen content, in the language of the page.

    `found` is what the automatic checks found in it, if that is known: they run if not.
    """
    found = checks.run(content) if found is None else found
    return [*_criteria(content["kind"]), *_findings(found), *_references(content)]


def _criteria(kind: str) -> list[Item]:
    return [
        Item(f"criterion:{row.name}", str(row.label), str(row.question), JUDGED)
        for row in CRITERIA
        if kind in row.kinds
    ]


def _findings(found: Sequence[Finding]) -> list[Item]:
    """Return one item for each rule that warns: suggestions are not asked about."""
    label, said = _("Finding"), _("Have you looked at what an automatic check found? {finding}")
    groups = [group for level in grouped(found) if level.severity == Severity.WARN for group in level.groups]
    return [
        Item(f"finding:{group.rule.number}", label, said.format(finding=group.sentence), LOOKED_AT) for group in groups
    ]


def _references(content: dict[str, Any]) -> list[Item]:
    label, said = _("Reference"), _("You opened [@{key}], “{title}”: does it support what is said with it?")
    return [
        Item(f"{OF_REFERENCE}{row['key']}", label, said.format(key=row["key"], title=_title(row["csl"])), OPENED)
        for row in content["references"]
    ]


def unattested(review: Review, content: dict[str, Any], answers: Sequence[Answer] = ()) -> list[str]:
    """
    Return the keys of the cited works that nobody who approves has attested; [] if the review does not ask for it.

    Attested is a work of which an approval that counts, or these answers, say that it was opened and supports what is
    said with it, at least partly.
    """
    if not review.attest_references:
        return []
    approvals = [row.pk for row in review.counting_decisions()]
    signed = Answer.objects.filter(decision__in=approvals, item__startswith=OF_REFERENCE)
    attested = {row.item for row in [*signed, *answers] if row.answer in ATTESTS}
    return [row["key"] for row in content["references"] if f"{OF_REFERENCE}{row['key']}" not in attested]


def _title(csl: str) -> str:
    return str(json.loads(csl).get("title", ""))


def answers_to_sign(content: dict[str, Any], given: Given) -> list[Answer]:
    """
    Return the answers as rows without their decision, in the order of the worksheet, with each question in English.

    Raise ValidationError for an answer to what was not asked, one that is no choice, or one whose note is missing.
    """
    if not given:
        return []
    with as_stored():
        asked = {item.key: item for item in items(content)}
    if unknown := sorted(given.keys() - asked.keys()):
        raise ValidationError({"answers": _("The worksheet does not ask this: {item}.").format(item=unknown[0])})
    return [_row(item, *given[key]) for key, item in asked.items() if key in given]


def _row(item: Item, answer: str, note: str) -> Answer:
    note = tidy_lines(note)
    if answer not in item.choices:
        raise ValidationError(
            {"answers": _("Choose one of the answers to “{question}”.").format(question=item.question)}
        )
    if sentence := note_blocker(item, answer, note):
        raise ValidationError({"answers": sentence})
    return Answer(item=item.key, question=item.question, answer=answer, note=note)


def note_blocker(item: Item, answer: str, note: str) -> str:
    """Return why the answer cannot be signed with this note, or ""."""
    if len(note) > MOST_NOTE:
        return too_long(item)
    if answer in AnswerChoice.with_note() and not note.strip():
        return _("Say in a note what is wrong: “{question}”").format(question=item.question)
    return ""


def too_long(item: Item) -> str:
    """Return why a note of more than `MOST_NOTE` characters is refused."""
    said = _("Keep the note on “{question}” under {limit} characters.")
    return said.format(question=item.question, limit=f"{MOST_NOTE:,}")


def sentence(answers: list[Answer]) -> str:
    """Return what the signed statement says of the answers, with their digest; "" without any."""
    if not answers:
        return ""
    number = f"{len(answers)} answer" + ("s" if len(answers) > 1 else "")
    return f" With it I sign {number} to the worksheet (SHA-256 {digest(answers)})."


def digest(answers: list[Answer]) -> str:
    """Return the SHA-256 of the canonical JSON of the answers in their order: item, question, answer and note."""
    return sha256(canonical([[row.item, row.question, row.answer, row.note] for row in answers]))


def save(answers: list[Answer], decision: Decision) -> None:
    """Save the answers with their decision."""
    for row in answers:
        row.decision = decision
        row.save()

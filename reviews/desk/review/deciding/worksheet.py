"""The worksheet on the page of a review: the form of the answers, and the table of those that were signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import Finding
from articles.models import Version
from articles.models.rows.remembered import remembered
from reviews.desk.forms import StepForm
from reviews.models import Answer, Decision, DraftAnswer
from reviews.workflow.approval import worksheet
from reviews.workflow.approval.worksheet import Item


@dataclass(frozen=True)
class Line:
    """An item of the worksheet with its two fields."""

    item: Item
    answer: BoundField
    note: BoundField


class WorksheetForm(StepForm):
    """
    The answers to the worksheet, sent with the decision or kept before it. Any of them can be left out.

    A note is only required when the answers are signed. Fields are named by their items, not by their places: what was
    sent from an older page is never the answer to another question.
    """

    name = "worksheet"

    def __init__(self, items: list[Item], kept: Iterable[DraftAnswer] = (), data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.items, known = items, {row.item: row for row in kept}
        for item in items:
            before = known.get(item.key)
            self.fields[f"answer_{item.key}"] = forms.ChoiceField(
                label=item.question,
                required=False,
                choices=[("", _("Not answered")), *((choice.value, choice.label) for choice in item.choices)],
                widget=forms.RadioSelect,
                initial=before.answer if before else "",
            )
            self.fields[f"note_{item.key}"] = forms.CharField(
                label=gettext_lazy("Note"),
                required=False,
                max_length=worksheet.MOST_NOTE,
                error_messages={"max_length": worksheet.too_long(item)},
                widget=forms.Textarea(attrs={"rows": 1}),
                initial=before.note if before else "",
            )

    @property
    def lines(self) -> list[Line]:
        return [Line(item, self[f"answer_{item.key}"], self[f"note_{item.key}"]) for item in self.items]

    @property
    def answered(self) -> int:
        """Return how many items have an answer."""
        return sum(bool(line.answer.value()) for line in self.lines)

    def kept(self) -> list[tuple[str, str, str]]:
        """Return the key, answer and note of each item of a valid form."""
        data = self.cleaned_data
        return [(item.key, data[f"answer_{item.key}"], data[f"note_{item.key}"]) for item in self.items]

    def answers(self) -> dict[str, tuple[str, str]]:
        """Return the answers of a valid form to be signed, each with its note, by the key of the item."""
        return {key: (answer, note) for key, answer, note in self.kept() if answer}

    def errors_to_sign(self) -> list[str]:
        """Return why these answers cannot be signed."""
        if not self.is_valid():
            return [str(error) for errors in self.errors.values() for error in errors]
        found = []
        for item, (_key, answer, note) in zip(self.items, self.kept(), strict=True):
            if answer:
                found.append(worksheet.note_blocker(item, answer, note))
            elif note:
                said = _("Choose an answer to “{question}”, or delete its note: a note alone is not signed.")
                found.append(said.format(question=item.question))
        return [sentence for sentence in found if sentence]


def worksheet_form(
    user: User,
    version: Version,
    content: dict[str, Any],
    data: QueryDict | None,
    found: Sequence[Finding] | None = None,
) -> WorksheetForm:
    """
    Return the worksheet of this version with what was sent, else with what this person answered so far.

    `found` is what the automatic checks found, if that is known.
    """
    kept = kept_by(user, version.pk) if data is None else []
    return WorksheetForm(worksheet.items(content, found), kept, data)


def kept_by(user: User, version: int) -> list[DraftAnswer]:
    """Return what this person answered so far on the version."""
    return remembered(("kept answers", version, user.pk), lambda: list(drafts(version, user.pk)))


def drafts(version: int, user: int) -> QuerySet[DraftAnswer]:
    return DraftAnswer.objects.filter(user=user, version=version).order_by()


def signed(version: int) -> QuerySet[Answer]:
    return Answer.objects.filter(decision__review__version=version).order_by()


def keep(form: WorksheetForm, user: User, version: Version) -> None:
    """Keep the answers of a valid form for this person, until they change or sign them."""
    mine = {row.item: row for row in DraftAnswer.objects.filter(user=user, version=version)}
    for key, answer, note in form.kept():
        row = mine.get(key) or DraftAnswer(user=user, version=version, item=key)
        if (row.answer, row.note) != (answer, note):
            row.answer, row.note = answer, note
            row.save()


@dataclass
class AnswerTable:
    """The signed answers of some decisions side by side: a row for each question, a column for each decision."""

    version: int
    decisions: list[Decision]

    @cached_property
    def _found(self) -> dict[int, dict[str, Answer]]:
        found: dict[int, dict[str, Answer]] = {}
        if not self.decisions:
            return found
        rows = remembered(("answers", self.version), lambda: list(signed(self.version)))
        for row in sorted(rows, key=lambda row: row.pk):
            found.setdefault(row.decision_id, {})[row.item] = row
        return found

    @property
    def columns(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.pk in self._found]

    @property
    def rows(self) -> list[tuple[str, list[Answer | None]]]:
        """Return (question, the answer of each column or None)."""
        shown = {decision.pk for decision in self.columns}
        questions = {
            item: row.question
            for decision, answers in self._found.items()
            if decision in shown
            for item, row in answers.items()
        }
        answers = [self._found[decision.pk] for decision in self.columns]
        return [(question, [each.get(item) for each in answers]) for item, question in questions.items()]

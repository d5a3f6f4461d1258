"""The forms of comments: write one, answer it, resolve it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reviews.desk.forms import LongTextField, StepForm
from reviews.models import Comment
from reviews.workflow.steps.comments.mentioning import Commentator


class CommentForm(StepForm):
    name = "comment"
    kind = forms.ChoiceField(
        required=False,
        choices=Comment.Kind.choices,
        label=pgettext_lazy("of a comment", "Kind"),
        widget=forms.RadioSelect,
    )
    text = LongTextField(label=gettext_lazy("Your comment"))
    section_key = forms.ChoiceField(required=False, label=pgettext_lazy("of a comment", "About"))
    exact = forms.CharField(
        required=False,
        label=gettext_lazy("Quotation"),
        help_text=gettext_lazy("Optional. Copy the words from the text."),
        max_length=1000,
    )
    assignee = forms.ChoiceField(required=False, label=gettext_lazy("Assign to"))
    suggestion = forms.CharField(
        required=False,
        label=gettext_lazy("Suggested wording"),
        help_text=gettext_lazy("Optional. The words that should stand instead of the quotation."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    audience = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    before = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    blocking = forms.BooleanField(
        required=False, label=gettext_lazy("Blocking: must be resolved before any version is approved or published")
    )
    board_only = forms.BooleanField(
        required=False, label=gettext_lazy("Show only to the medical advisory board and editors")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        sections: Iterable[tuple[str, str]] = (),
        people: Sequence[Commentator] = (),
        for_board: bool = False,
        audience: str = "",
    ) -> None:
        super().__init__(data, initial={"audience": audience})
        self.offer("section_key", [("", _("The whole text")), *sections])
        self.people = people
        self.offer("assignee", choices_of(people))
        if not for_board:
            del self.fields["blocking"], self.fields["board_only"]

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "text": data["text"],
            "kind": data["kind"],
            "section_key": data["section_key"],
            "exact": data["exact"],
            "audience": data["audience"],
            "before": data["before"],
            "suggestion": data["suggestion"],
            "assignee": chosen(self.people, data["assignee"]),
            **{name: data.get(name, name in self.data) for name in ("blocking", "board_only")},  # the step refuses
        }


class AssigneeForm(StepForm):
    assignee = forms.ChoiceField(required=False, label=gettext_lazy("Assign to"))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        about: int | str | None = None,
        people: Sequence[Commentator] = (),
        assignee: int | None = None,
    ) -> None:
        super().__init__(data, about=about, initial={"assignee": assignee or ""})
        self.people = people
        self.offer("assignee", choices_of(people))

    def terms(self) -> dict[str, Any]:
        return {"assignee": chosen(self.people, self.cleaned_data["assignee"])}


def choices_of(people: Iterable[Commentator]) -> list[tuple[int | str, str]]:
    return [("", _("Nobody")), *((each.user.pk, each.name) for each in people)]


def chosen(people: Iterable[Commentator], key: str | None) -> User | None:
    return next((each.user for each in people if str(each.user.pk) == key), None)


class AnswerForm(StepForm):
    text = LongTextField(label=gettext_lazy("Reply"))

    def terms(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class ResolveForm(StepForm):
    disposition = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=[("", gettext_lazy("Choose")), *Comment.Disposition.choices],
        error_messages={"required": gettext_lazy("Choose what became of the comment.")},
    )
    reason = LongTextField(required=False, label=gettext_lazy("How it was resolved"))

    def leave_out_withdrawal(self) -> None:
        """Offer no withdrawal: only the person who raised a comment withdraws it."""
        kept = [each for each in Comment.Disposition if each != Comment.Disposition.WITHDRAWN]
        self.offer("disposition", [("", _("Choose")), *((each.value, str(each.label)) for each in kept)])

    def terms(self) -> dict[str, Any]:
        return {"disposition": self.cleaned_data["disposition"], "reason": self.cleaned_data["reason"]}

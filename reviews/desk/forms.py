from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, Notice, Version
from articles.text.plain.forms import FitForm
from reviews.models import Capacity, Decision
from reviews.workflow import NotAllowed, NotNow

REASON = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 10_000}


class StepForm(FitForm, forms.Form):
    """
    A form of one step. `name` tells it from the others on its page; `about` is the row it is of, if there are several.

    Its fields have ids of their own, since a page holds several forms.
    """

    name = ""

    def __init__(self, *args, about: int | str | None = None, **kwargs):
        kind = type(self).__name__.removesuffix("Form").lower()
        kwargs.setdefault("auto_id", f"{kind}-%s" if about is None else f"{kind}-{about}-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.about = about
        self.http_status = 422

    def terms(self) -> dict:
        """Return the keywords with which the workflow's function is called: each form names its own."""
        raise NotImplementedError

    def is_of(self, kind: type["StepForm"], about: int | str) -> bool:
        """Tell whether this is the form of that kind and row."""
        return type(self) is kind and self.about == about

    def refuse(self, refusal: NotAllowed | NotNow | ValidationError):
        """Take the refusal's sentence among the errors, and the status that answers it: 403, 409 or 422."""
        if isinstance(refusal, ValidationError):
            by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
            for name, errors in by_field.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.http_status = 403 if isinstance(refusal, NotAllowed) else 409
            self.add_error(None, str(refusal))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Return the texts that were typed, by label: a refused step may have no form on the page any more."""
        texts = [field for field in self if isinstance(field.field.widget, forms.Textarea)]
        return [(field.label, field.value()) for field in texts if field.value()]


class SubmitForm(StepForm):
    shown_as_typed = frozenset({"note"})
    change = forms.ChoiceField(choices=Version.Change, label="Class of change", initial=Version.Change.MAJOR)
    note = forms.CharField(
        label="What changed and why",
        help_text="In words that readers are shown.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def terms(self) -> dict:
        return {"change": self.cleaned_data["change"], "note": self.cleaned_data["note"]}


class ReasonForm(StepForm):
    reason = forms.CharField(label="Reason", **REASON)

    def terms(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


class RecallForm(ReasonForm):
    name = "recall"


class DeclineForm(ReasonForm):
    name = "decline"


class EndRoundForm(ReasonForm):
    name = "end_round"
    reason = forms.CharField(label="Reason", required=False, **REASON)


class UnassignForm(ReasonForm):
    pass


class CancelForm(ReasonForm):
    name = "cancel"


class AssignForm(StepForm):
    name = "assign"
    reviewer = forms.ModelChoiceField(get_user_model().objects.all(), label="Reviewer")  # the step says who may be
    capacity = forms.ChoiceField(choices=Capacity, label="Reviews as")
    due = forms.DateField(required=False, label="Review due by", widget=forms.DateInput(attrs={"type": "date"}))
    risk = forms.ChoiceField(
        choices=Article.Risk, required=False, label="Risk", help_text="You can raise it, not lower it."
    )
    change = forms.ChoiceField(
        choices=Version.Change,
        required=False,
        label="Class of change",
        help_text="You can choose a larger class than the author, not a smaller one.",
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].choices = [("", "Choose a reviewer"), *people]

    def clean_due(self):
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise ValidationError("Choose a date in the future.")
        return due

    def terms(self) -> dict:
        said = self.cleaned_data
        return {
            "reviewer": said["reviewer"],
            "capacity": said["capacity"],
            "due": said["due"],
            "risk": said["risk"] or None,
            "change": said["change"] or None,
        }


class PasswordField(forms.CharField):
    def __init__(self, **kwargs):
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(label="Your password", strip=False, max_length=4096, widget=widget, **kwargs)


class DecideForm(StepForm):
    name = "decide"
    no_conflict = forms.BooleanField(
        label="I have no conflict of interest on this article",
        error_messages={"required": "Confirm that you have no conflict of interest, or step back from this review."},
    )
    outcome = forms.ChoiceField(
        choices=[(Decision.Outcome.APPROVE, "Approve"), (Decision.Outcome.REQUEST_CHANGES, "Request changes")],
        widget=forms.RadioSelect,
        label="Your decision",
    )
    reason = forms.CharField(
        required=False, label="What needs to change", help_text="Required if you request changes.", **REASON
    )
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    password = PasswordField()

    def terms(self) -> dict:
        said = self.cleaned_data
        return {
            "outcome": said["outcome"],
            "reason": said["reason"],
            "digest": said["digest"],
            "password": said["password"],
        }


class RecuseForm(ReasonForm):
    name = "recuse"
    conflict = forms.BooleanField(
        required=False, label="Because of a conflict of interest: do not ask me about this article again"
    )

    def terms(self) -> dict:
        return {**super().terms(), "conflict": self.cleaned_data["conflict"]}


class WithdrawForm(ReasonForm):
    name = "withdraw"
    password = PasswordField()

    def terms(self) -> dict:
        return {**super().terms(), "password": self.cleaned_data["password"]}


class DespiteForm(StepForm):
    """A form that publishes. When a newer version was submitted it asks whether the editor has read that one."""

    despite = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="A newer version was submitted",
        error_messages={
            "invalid_choice": "Another version was submitted after you opened this page. Read it first.",
        },
    )

    def __init__(self, *args, newer: Version | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if newer is None:
            del self.fields["despite"]
        else:
            label = f"I have read version {newer.number} and want to publish this version anyway"
            self.fields["despite"].choices = [(newer.number, label)]

    def clean_despite(self):
        return next(iter(self.cleaned_data["despite"]), None)

    def terms(self) -> dict:
        return {"despite": self.cleaned_data.get("despite")}


class PublishForm(DespiteForm):
    name = "publish"


class ScheduleForm(DespiteForm):
    name = "schedule"
    at = forms.SplitDateTimeField(
        label="Publish at (UTC)",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Date"}, time_attrs={"type": "time", "aria-label": "Time (UTC)"}
        ),
    )
    field_order = ("at", "despite")

    def terms(self) -> dict:
        return {**super().terms(), "at": self.cleaned_data["at"]}


class NoticeForm(StepForm):
    shown_as_typed = frozenset({"reason"})
    kind = forms.ChoiceField(choices=Notice.Kind, label="Kind of notice")
    reason = forms.CharField(
        label="Text of the notice",
        help_text="Readers see this: what is wrong, why, and what it means for them.",
        **REASON,
    )
    versions = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Versions concerned",
        help_text="If you choose none, a correction is about every published version, a removal about all versions, "
        "and any other notice about the public version.",
    )
    removes = forms.BooleanField(
        required=False,
        label="I understand that readers will no longer see this text (only for a removal)",
        help_text="Its address then shows your reason, your name and the date. If you remove the public version, every "
        "address of the article shows them instead of the text.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, numbers=(), issued=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = issued
        self.fields["versions"].choices = [(number, f"Version {number}") for number in numbers]

    def clean_versions(self):
        return self.cleaned_data["versions"] or None

    def clean(self):
        """Ask for a second consent before a removal: no other notice takes a text away from its readers."""
        cleaned = super().clean()
        if cleaned.get("kind") in Notice.kinds("removes") and not cleaned.get("removes"):
            self.add_error("removes", "A removal takes the text away. Tick this box to confirm it.")
        return cleaned

    def ask_again(self, issued: int):
        """Show the refused form with the number of notices that stand now, so that it can be sent again."""
        self.data = {**self.data.dict(), "versions": self.data.getlist("versions"), "seen": issued}

    def terms(self) -> dict:
        said = self.cleaned_data
        return {"kind": said["kind"], "reason": said["reason"], "versions": said["versions"], "seen": said["seen"]}


class LiftForm(ReasonForm):
    shown_as_typed = frozenset({"reason"})


class CommentForm(StepForm):
    name = "comment"
    text = forms.CharField(label="Comment", **REASON)
    section_key = forms.ChoiceField(required=False, label="About")
    exact = forms.CharField(
        required=False, label="Quotation", help_text="Optional. Copy the words from the text.", max_length=1000
    )
    blocking = forms.BooleanField(
        required=False, label="Blocking: must be resolved before any version is approved or published"
    )
    board_only = forms.BooleanField(required=False, label="Show only to the medical advisory board and editors")

    def __init__(self, *args, sections=(), for_board=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section_key"].choices = [("", "The whole text"), *sections]
        if not for_board:
            del self.fields["blocking"], self.fields["board_only"]

    def terms(self) -> dict:
        said = self.cleaned_data
        return {
            "text": said["text"],
            "section_key": said["section_key"],
            "exact": said["exact"],
            "blocking": said.get("blocking", False),
            "board_only": said.get("board_only", False),
        }


class AnswerForm(StepForm):
    text = forms.CharField(label="Reply", **REASON)

    def terms(self) -> dict:
        return {"text": self.cleaned_data["text"]}


class TaskForm(StepForm):
    outcome = forms.CharField(label="Outcome", max_length=1000)

    def terms(self) -> dict:
        return {"outcome": self.cleaned_data["outcome"]}


class ResolveForm(StepForm):
    reason = forms.CharField(required=False, label="How it was resolved", **REASON)

    def terms(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


class DisclaimerForm(StepForm):
    shown_as_typed = frozenset({"text"})
    text = forms.CharField(label="Text", max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))

    def terms(self) -> dict:
        return {"text": self.cleaned_data["text"]}


class ConfirmForm(StepForm):
    """A form without a field: its button says all."""

    def terms(self) -> dict:
        return {}

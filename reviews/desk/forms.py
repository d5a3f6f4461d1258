import datetime
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Notice, Version
from articles.text.languages import moment, reading_zone
from articles.text.plain.forms import FitForm
from reviews.desk.member import local_times
from reviews.models import Decision
from reviews.workflow import NotAllowed, NotNow


class LongTextField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000, **kwargs)


class StepForm(FitForm, forms.Form):
    """
    The form of one step. Templates find it by its `name`.

    `about` is the key of its row, if the page has one such form per row. A page holds several forms, so the ids of the
    fields begin with the kind of form and the row.
    """

    name = ""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        about: int | str | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        kind = type(self).__name__.removesuffix("Form").lower()
        auto_id = f"{kind}-%s" if about is None else f"{kind}-{about}-%s"
        super().__init__(data, auto_id=auto_id, initial=initial, label_suffix="")
        self.about = about
        self.http_status = 422

    def terms(self) -> dict[str, Any]:
        """Return the keyword arguments of the workflow's function."""
        raise NotImplementedError

    def offer(self, name: str, choices: Iterable[tuple[int | str, str]]) -> None:
        """Set the choices of a field; raise TypeError if the field has none."""
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} is not a field with choices.")
        field.choices = list(choices)

    def refuse(self, refusal: NotAllowed | NotNow | ValidationError) -> None:
        """Add the refusal's sentences to the errors, and set the status of the response: 403, 409 or 422."""
        if isinstance(refusal, ValidationError):
            by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
            for name, errors in by_field.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.http_status = 403 if isinstance(refusal, NotAllowed) else 409
            self.add_error(None, str(refusal))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Return (label, text) of each text area. After a refusal the page may no longer have the form."""
        texts = [field for field in self if isinstance(field.field.widget, forms.Textarea)]
        return [(str(field.label), field.value()) for field in texts if field.value()]


F = TypeVar("F", bound=StepForm)


def form_of_row(kind: type[F], about: int | str, refused: StepForm | None) -> F:
    """Return the form of this row: the refused form if it is that of this row, otherwise an empty one."""
    return refused if isinstance(refused, kind) and refused.about == about else kind(about=about)


class SubmitForm(StepForm):
    shown_as_typed = frozenset({"note"})
    change = forms.ChoiceField(
        choices=Version.Change, label=gettext_lazy("Class of change"), initial=Version.Change.MAJOR
    )
    note = forms.CharField(
        label=gettext_lazy("What changed and why"),
        help_text=gettext_lazy("Readers see this note."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def terms(self) -> dict[str, Any]:
        return {"change": self.cleaned_data["change"], "note": self.cleaned_data["note"]}


class ReasonForm(StepForm):
    reason = LongTextField(label=gettext_lazy("Reason"))

    def terms(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class RecallForm(ReasonForm):
    name = "recall"


class DeclineForm(ReasonForm):
    name = "decline"


class UrgentForm(ReasonForm):
    name = "declare_urgent"


class EndRoundForm(ReasonForm):
    name = "end_round"
    reason = LongTextField(label=gettext_lazy("Reason"), required=False)


class UnassignForm(ReasonForm):
    pass


class CancelForm(ReasonForm):
    name = "cancel"


class PasswordField(forms.CharField):
    def __init__(self) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(label=gettext_lazy("Your password"), strip=False, max_length=4096, widget=widget)


WITH_REMARKS = "remarks"  # an approval, with something to say


class Answers(Protocol):
    """The form of the answers that are sent with a decision (`reviews.desk.review.deciding.worksheet`)."""

    def errors_to_sign(self) -> list[str]: ...

    def answers(self) -> dict[str, tuple[str, str]]: ...


class DecideForm(StepForm):
    name = "decide"
    no_conflict = forms.BooleanField(
        label=gettext_lazy("I have no conflict of interest on this article"),
        error_messages={
            "required": gettext_lazy("Confirm that you have no conflict of interest, or step back from this review.")
        },
    )
    outcome = forms.ChoiceField(
        choices=[
            (Decision.Outcome.APPROVE, gettext_lazy("Approve")),
            (WITH_REMARKS, gettext_lazy("Approve with remarks")),
            (Decision.Outcome.REQUEST_CHANGES, gettext_lazy("Request changes")),
        ],
        widget=forms.RadioSelect,
        label=gettext_lazy("Your decision"),
    )
    reason = LongTextField(
        required=False,
        label=gettext_lazy("What needs to change, or your remarks"),
        help_text=gettext_lazy("Required unless you just approve. Authors and editors read it; readers do not."),
    )
    read_elsewhere = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy(
            "You have not opened these texts here. To approve, open each, or tick it if you have read it elsewhere"
        ),
    )
    offered = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)  # to be ticked
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    password = PasswordField()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        labels: dict[str, str] | None = None,
        initial: dict[str, Any] | None = None,
        worksheet: "Answers | None" = None,
        blockers: Iterable[str] = (),
    ) -> None:
        """
        `labels` are those of the texts that have to be read; those that are offered have not been opened. `worksheet`
        is the form of the answers that were sent with the decision. `blockers` say why nobody can approve now.
        """
        self.worksheet, self.blockers = worksheet, blockers
        super().__init__(data, initial=initial)
        offered = (data.get("offered", "") if data else (initial or {}).get("offered", "")).split()
        self._offered = [(key, label) for key, label in (labels or {}).items() if key in offered]
        if self._offered:
            self.offer("read_elsewhere", self._offered)
        else:
            del self.fields["read_elsewhere"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") in (Decision.Outcome.APPROVE, WITH_REMARKS):
            for reason in self.blockers:  # first: nothing that the reviewer corrects below changes them
                self.refuse(NotNow(reason))
        for error in self.worksheet.errors_to_sign() if self.worksheet else []:
            self.add_error(None, error)
        if data.get("outcome") == WITH_REMARKS and not data.get("reason"):
            self.add_error("reason", _("Write your remarks, or choose “Approve”."))
        if data.get("outcome") != Decision.Outcome.REQUEST_CHANGES and "read_elsewhere" in self.fields:
            self._require_what_was_said(data)
        return data

    def _require_what_was_said(self, data: dict[str, Any]) -> None:
        """Refuse an approval of texts that were offered and not ticked: its statement would be another than shown."""
        ticked = data.get("read_elsewhere", [])
        missing = [label for key, label in self._offered if key not in ticked]
        if missing and "read_elsewhere" not in self.errors:
            said = ngettext(
                "You had not opened the text for {readers}. Open it, or tick that you have read it elsewhere.",
                "You had not opened the texts for {readers}. Open each, or tick that you have read it elsewhere.",
                len(missing),
            )
            self.add_error("read_elsewhere", said.format(readers=", ".join(missing)))

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        with_remarks = data["outcome"] == WITH_REMARKS
        return {
            "answers": self.worksheet.answers() if self.worksheet else {},
            "read_elsewhere": data.get("read_elsewhere", []),
            "outcome": Decision.Outcome.APPROVE.value if with_remarks else data["outcome"],
            "reason": data["reason"],
            "digest": data["digest"],
            "password": data["password"],
        }


class RecuseForm(ReasonForm):
    name = "recuse"
    conflict = forms.BooleanField(
        required=False, label=gettext_lazy("Because of a conflict of interest: do not ask me about this article again")
    )

    def terms(self) -> dict[str, Any]:
        return {**super().terms(), "conflict": self.cleaned_data["conflict"]}


class WithdrawForm(ReasonForm):
    name = "withdraw"
    password = PasswordField()

    def terms(self) -> dict[str, Any]:
        return {**super().terms(), "password": self.cleaned_data["password"]}


class DespiteForm(StepForm):
    """A form that publishes. If a newer version was submitted, the editor must confirm that they have read it."""

    despite = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("A newer version was submitted"),
        error_messages={
            "invalid_choice": gettext_lazy("Another version was submitted after you opened this page. Read it first."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, newer: Version | None = None) -> None:
        super().__init__(data)
        if newer is None:
            del self.fields["despite"]
        else:
            label = _("I have read version {number} and want to publish this version anyway").format(
                number=newer.number
            )
            self.offer("despite", [(newer.number, label)])

    def clean_despite(self) -> int | None:
        return next(iter(self.cleaned_data["despite"]), None)

    def terms(self) -> dict[str, Any]:
        return {"despite": self.cleaned_data.get("despite")}


class PublishForm(DespiteForm):
    name = "publish"


class NaiveTimeField(forms.SplitDateTimeField):
    def compress(self, data_list: tuple[datetime.date, datetime.time] | None) -> datetime.datetime | None:
        """Return the time as it was typed, without a zone."""
        return datetime.datetime.combine(*data_list) if data_list else None


class ScheduleForm(DespiteForm):
    """The time is in the zone that the form named, also if the person has chosen another one since."""

    name = "schedule"
    at = NaiveTimeField()
    which = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, label=gettext_lazy("Which of the two")
    )
    zone = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    field_order = ("at", "which", "despite", "zone")

    def __init__(self, data: QueryDict | None = None, *, newer: Version | None = None) -> None:
        super().__init__(data, newer=newer)
        self._zone = (local_times.zone_called(data.get("zone", "")) if data else None) or reading_zone()
        self.fields["zone"].initial = self._zone.key
        at = self.fields["at"]
        at.label = _("Publish at ({zone})").format(zone=self._zone.key)
        at.help_text = self._of_the_clocks()
        at.widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": _("Date")},
            time_attrs={"type": "time", "aria-label": _("Time ({zone})").format(zone=self._zone.key)},
        )
        if twice := self._twice():
            self.offer("which", [(place, moment(each)) for place, each in enumerate(twice)])
        else:
            del self.fields["which"]

    def _of_the_clocks(self) -> str:
        day = local_times.next_change(self._zone, timezone.now())
        if day is None:
            return ""
        said = _("The clocks in {zone} change on {day}. Write the time that they will show.")
        return said.format(zone=self._zone.key, day=date_format(day))

    def _twice(self) -> list[datetime.datetime]:
        """Return the two instants that the time sent can be, if it comes twice; otherwise []."""
        try:
            widget = self.fields["at"].widget
            at = self.fields["at"].clean(widget.value_from_datadict(self.data, self.files, "at")) if self.data else None
            return local_times.both(at, self._zone) if at else []
        except ValidationError:
            return []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("zone") and not local_times.zone_called(data["zone"]):
            self.add_error("zone", _("There is no time zone of this name. Choose one on the page “Time zone”."))
        elif data.get("at"):
            try:
                data["at"] = local_times.instant(data["at"], self._zone, data.get("which"))
            except ValidationError as refusal:
                self.add_error("at", refusal)
        return data

    def terms(self) -> dict[str, Any]:
        return {**super().terms(), "at": self.cleaned_data["at"]}


class NoticeForm(StepForm):
    shown_as_typed = frozenset({"reason"})
    kind = forms.ChoiceField(choices=Notice.Kind, label=gettext_lazy("Kind of notice"))
    reason = LongTextField(
        label=gettext_lazy("Text of the notice"),
        help_text=gettext_lazy("Readers see this: what is wrong, why, and what it means for them."),
    )
    versions = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Versions concerned"),
        help_text=gettext_lazy(
            "If you choose none, the kind of notice decides. A correction is then about every published version, "
            "and a removal about all versions. Any other notice is about the public version."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, numbers: Iterable[int] = (), issued: int = 0) -> None:
        super().__init__(data)
        self.fields["seen"].initial = issued
        self.offer("versions", [(number, _("Version {number}").format(number=number)) for number in numbers])

    def clean_versions(self) -> list[int] | None:
        return self.cleaned_data["versions"] or None

    def ask_again(self, sent: QueryDict, issued: int) -> None:
        """Replace the number of notices in what was sent by the current one, so that the form can be sent again."""
        data = sent.copy()
        data["seen"] = str(issued)
        self.data = data

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"kind": data["kind"], "reason": data["reason"], "versions": data["versions"], "seen": data["seen"]}


class LiftForm(ReasonForm):
    shown_as_typed = frozenset({"reason"})


class TaskForm(StepForm):
    outcome = forms.CharField(label=gettext_lazy("Outcome"), max_length=1000)

    def terms(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"]}


class DisclaimerForm(StepForm):
    shown_as_typed = frozenset({"text"})
    text = forms.CharField(label=gettext_lazy("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))

    def terms(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class ConfirmForm(StepForm):
    """A form without fields, only a button."""

    def terms(self) -> dict[str, Any]:
        return {}

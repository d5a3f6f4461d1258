from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.desk.readers.settled import HandlingForm
from articles.models import ErrorReport

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

READ = _("The reporter can read it. Give no medical advice here: nobody has reviewed it.")


def reply_field(label: "StrOrPromise", *, required: bool = True) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=ErrorReport.MOST, required=required, help_text=READ, widget=box)


class OfWords(HandlingForm):
    """A form with a text that the reporter reads as plain text."""

    shown_as_typed = frozenset({"reply"})

    def terms(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class JudgeForm(HandlingForm):
    severity = forms.TypedChoiceField(label=gettext_lazy("Severity"), choices=ErrorReport.Severity.choices, coerce=int)

    def terms(self) -> dict[str, Any]:
        return {"severity": self.cleaned_data["severity"]}


class ReplyForm(OfWords):
    reply = reply_field(_("Reply"))


class CorrectForm(OfWords):
    number = forms.IntegerField(label=_("Number of the version"), min_value=1, max_value=2**31 - 1)
    reply = reply_field(_("Reply (optional)"), required=False)


class LeaveForm(OfWords):
    reply = reply_field(_("Reason"))


class TurnAwayForm(OfWords):
    reply = reply_field(_("What it is about instead"))


class MergeForm(HandlingForm):
    into = forms.IntegerField(label=_("Number of the other report"), min_value=1, max_value=2**63 - 1)

    def terms(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"]}


class ReopenForm(HandlingForm):
    """A form without fields, only a button."""

"""What is alike in readers' forms: texts as typed, a trap for programs, and a token that stores nothing twice."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.text.plain.characters import faults, normalised
from articles.text.plain.forms import FitForm


class ReadersText(forms.CharField):
    """A text as typed, without characters that cannot be stored or seen: a reader could not remove them."""

    def to_python(self, value: str | None) -> str:
        text = normalised((value or "").replace("\r\n", "\n"))
        wrong = {fault.start for fault in faults(text)}
        return super().to_python("".join(letter for at, letter in enumerate(text) if at not in wrong)) or ""


class ReadersForm(FitForm, forms.Form):
    """`website` is a trap: people do not see it, and a program that fills in every field is refused."""

    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “Website” empty. Some programs fill it in by themselves."))
        return ""


def token_of(shown: str, *sent: str | int) -> str:
    """Return the private token of what is sent: the same only if the same is sent twice from one page of a form."""
    return salted_hmac("articles.site.forms.asking.token", json.dumps([shown, *sent]), algorithm="sha256").hexdigest()

"""The base classes of all forms with text fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.text.plain.characters import check, normalised
from articles.text.plain.markup import in_plain_text

LARGEST_KEY = 2**63 - 1  # in both databases
MOST_DIGITS = len(str(LARGEST_KEY))


def is_key(sent: str) -> bool:
    """Tell whether this text is a number that can be the key of a row."""
    return sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS and int(sent) <= LARGEST_KEY


def _fits(key: Any) -> bool:
    """Tell whether a database can compare this with its keys: it is in their range, or no number."""
    try:
        return abs(int(key)) <= LARGEST_KEY
    except (TypeError, ValueError):
        return True


class KeysField(forms.ModelMultipleChoiceField):
    """A choice of rows by their keys. A number that no database holds is no choice, and no error of the database."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not _fits(key):
                message = self.error_messages["invalid_choice"]
                raise ValidationError(message, code="invalid_choice", params={"value": str(key)[:20]})
        return super().clean(value)


class FitForm(forms.BaseForm):
    """
    A form that normalises its texts and refuses characters that are not allowed. Passwords stay as typed.

    `shown_as_typed` names fields that readers see as plain text. If changed, they may hold no marks of HTML or
    Markdown.
    """

    shown_as_typed: frozenset[str] = frozenset()

    def _clean_fields(self) -> None:
        """Normalise and check each text after its field was cleaned."""
        super()._clean_fields()  # type: ignore[misc]  # the stubs leave out this private method
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.PasswordInput):
                try:
                    self.cleaned_data[name] = check(normalised(value))
                except ValidationError as error:
                    self.add_error(name, error)
                else:
                    self._check_plain(name)

    def _check_plain(self, name: str) -> None:
        is_new = name in self.shown_as_typed and name in self.changed_data
        if is_new and (sentence := in_plain_text(self.cleaned_data[name])):
            self.add_error(name, ValidationError(sentence, code="markup"))


class FitModelForm(FitForm, forms.ModelForm):
    pass

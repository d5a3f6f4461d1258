"""The base classes of all forms with text fields."""

from django import forms
from django.core.exceptions import ValidationError

from articles.text.plain.characters import check, normalised
from articles.text.plain.markup import in_plain_text


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

"""What every form begins with that takes texts of ours."""

from django import forms
from django.core.exceptions import ValidationError

from articles.text.plain.characters import check, settled
from articles.text.plain.markup import in_plain_text


class FitForm(forms.BaseForm):
    """
    A form in which no text holds a character that may not stand in one; passwords are nobody's text.

    `shown_as_typed` names fields that readers see as plain text: what is typed anew holds no marks of HTML or Markdown.
    """

    shown_as_typed: frozenset[str] = frozenset()

    def _clean_fields(self):
        """Judge each text once its own field has; what is never painted is left out of it."""
        super()._clean_fields()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.PasswordInput):
                try:
                    self.cleaned_data[name] = check(settled(value))
                except ValidationError as error:
                    self.add_error(name, error)
                else:
                    self._check_plain(name)

    def _check_plain(self, name: str):
        anew = name in self.shown_as_typed and name in self.changed_data
        if anew and (sentence := in_plain_text(self.cleaned_data[name])):
            self.add_error(name, ValidationError(sentence, code="markup"))


class FitModelForm(FitForm, forms.ModelForm):
    pass

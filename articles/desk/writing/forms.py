"""The forms of the parts of a draft, as the page that holds them all shows them. Their rules are those of all doors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.forms import DraftForm, PersonForm, SectionForm, StaleCheckForm, WordingForm
from articles.desk.writing.stored import Values


class PartForm(StaleCheckForm):
    """
    One part of the page. The page merges what others saved meanwhile before it asks the form.

    `typed` are the values that it shows. With `check` it is bound, and says what is wrong with them.
    """

    def __init__(self, *args: Any, typed: Values | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, **(typed or {})}

    def renew_if_stale(self, name: str, newest: int | None) -> bool:
        return False

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the database's check of a heading that is there: it could only be that it is missing."""
        found: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return found | ({"heading"} if self.cleaned_data.get("heading") else set())


class ArticlePart(PartForm, DraftForm):
    pass


class SectionPart(PartForm, SectionForm):
    position = None  # type: ignore[assignment]  # the order of the page says it

    class Meta(SectionForm.Meta):
        fields = ["role", "heading", "body", "topic"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = ""  # said once, above the sections


class WordingPart(PartForm, WordingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = ""
        attributes = self.fields["body"].widget.attrs
        attributes["rows"] = 8
        attributes["data-rich-later"] = attributes.pop("data-rich", "")  # when its fold is opened


class PersonPart(PersonForm):
    """One person of the article. Somebody already named keeps their name: only the role can change."""

    position = None  # type: ignore[assignment]

    class Meta(PersonForm.Meta):
        fields = ["contributor", "role"]

    def __init__(self, *args: Any, typed: Values | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, **(typed or {})}
        if self.instance.pk:
            self.fields["contributor"] = forms.CharField(
                label=gettext_lazy("Contributor"), required=False, disabled=True, widget=forms.HiddenInput
            )
            self.initial["contributor"] = self.instance.contributor_id

    def clean_contributor(self) -> Any:
        return self.instance.contributor if self.instance.pk else self.cleaned_data["contributor"]


def author_needed() -> ValidationError:
    return ValidationError(_("An article needs an author. Add another one first."), code="author")

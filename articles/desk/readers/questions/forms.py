from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.readers.settled import HandlingForm
from articles.models import Contributor
from articles.models.people import Role, active
from articles.text.plain.plaintext import tidy


class AnswerForm(HandlingForm):
    passage = forms.RegexField(
        r"\A[0-9]{1,18}:[a-z0-9]{1,20}\Z",
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Choose a passage."),
            "invalid": gettext_lazy("Choose one of the passages shown."),
        },
    )

    def terms(self) -> dict[str, Any]:
        version, _, section = self.cleaned_data["passage"].partition(":")
        return {"version": int(version), "section": section}


class MergeForm(HandlingForm):
    into = forms.IntegerField(label=gettext_lazy("Number of the other question"), min_value=1, max_value=2**63 - 1)

    def terms(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"]}


class DeclineForm(HandlingForm):
    shown_as_typed = frozenset({"reason"})
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("The asker can read it. Give no medical advice here: nobody has reviewed it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def terms(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class WriteForm(HandlingForm):
    shown_as_typed = frozenset({"title"})
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        help_text=gettext_lazy(
            "The clinical question, in general words. Copy nothing that tells of the person who asked."
        ),
    )
    author = forms.ModelChoiceField(
        Contributor.objects.none(),
        label=gettext_lazy("Author"),
        help_text=gettext_lazy("This person writes the article."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        authors = Contributor.objects.filter(user__in=active(Role.AUTHOR)).order_by("name", "pk")
        field = self.fields["author"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = authors

    def clean_title(self) -> str:
        return tidy(self.cleaned_data["title"])

    def terms(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "author": self.cleaned_data["author"]}

    def refuse(self, refusal: ValidationError) -> None:
        """Say of an address that is taken that the article may exist already."""
        if hasattr(refusal, "error_dict") and "slug" in refusal.error_dict:
            taken = _("An article with this title exists already. Change the title, or answer with a passage of it.")
            refusal = ValidationError({"title": taken})
        super().refuse(refusal)


class ReopenForm(HandlingForm):
    """A form without fields, only a button."""

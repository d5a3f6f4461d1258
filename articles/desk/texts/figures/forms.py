"""The forms of a figure: its file, and its words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.forms import REMOVED_SINCE, SAVED_SINCE, StaleCheckForm
from articles.files.pictures import apart
from articles.files.pictures.making import MOST_BYTES, Made
from articles.files.pictures.refused import Refused
from articles.files.pictures.storing import store
from articles.models import Article, Figure
from articles.text.plain.plaintext import tidy

KINDS = ".png,.jpg,.jpeg,.webp,.svg,image/png,image/jpeg,image/webp,image/svg+xml"
LONGEST_KEY = 40
REMOVED = "-"  # in a row of history


class FigureForm(StaleCheckForm):
    """A figure's words, and its picture: a file is needed for a new figure, and exchanges the picture of another."""

    instance: Figure
    keeps_file = False  # after a refusal a page shows the form without the chosen file
    shown_as_typed = frozenset({"alt", "caption", "source", "licence"})
    file = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or SVG, at most 10 MB. The picture is made anew from its pixels: a camera’s notes, a "
            "place or a name in the file are left out. Patients must not be recognisable."
        ),
        widget=forms.FileInput(attrs={"accept": KINDS}),
    )

    class Meta:
        model = Figure
        fields = ["alt", "decorative", "caption", "source", "licence"]
        labels = {
            "alt": gettext_lazy("Alternative text"),
            "decorative": gettext_lazy("Decorative: the picture tells readers nothing"),
            "caption": gettext_lazy("Caption"),
            "source": gettext_lazy("Source"),
            "licence": gettext_lazy("Licence"),
        }
        help_texts = {
            "alt": gettext_lazy(
                "What the picture shows, in words, for readers who do not see it. Words and numbers in the picture too."
            ),
            "caption": gettext_lazy("Shown below the picture, after “Figure 1.”"),
            "source": gettext_lazy("Who made it, such as “Own drawing” or the name and work it is from."),
            "licence": gettext_lazy("Such as “CC BY 4.0” or “Used with permission of the publisher”."),
        }
        widgets = {"alt": forms.Textarea(attrs={"rows": 3}), "caption": forms.Textarea(attrs={"rows": 2})}

    field_order = ["file", "alt", "decorative", "caption", "source", "licence", "seen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: Made | None = None
        if self.instance.picture_id:
            self.fields["file"].required = False
            self.fields["file"].label = _("Another picture")
        for name in ("alt", "caption"):
            self.fields[name].widget.attrs["lang"] = self.instance.article.language

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data.get("file")
        if file is None:
            return None
        try:
            self.made = apart.read(file.read(MOST_BYTES + 1))
        except Refused as refused:
            raise ValidationError(str(refused)) from None
        return file

    def clean(self) -> None:
        for name in ("alt", "caption", "source", "licence"):
            if name in self.cleaned_data:
                self.cleaned_data[name] = tidy(self.cleaned_data[name])
        super().clean()
        if "alt" in self.cleaned_data and bool(self.cleaned_data["alt"]) == self.cleaned_data.get("decorative", False):
            self.add_error("alt", _("Say what the picture shows, or mark it as decorative; not both."))
        if self.errors and self.made and not self.keeps_file:
            self.add_error("file", _("Choose the file again: a page cannot keep it."))

    @property
    def said(self) -> list[str]:
        """Return how the picture differs from the file."""
        return self.made.said if self.made else []

    def is_still_as_shown(self) -> bool:
        """
        Tell whether nobody saved or removed the figure since this form was made; if somebody did, refuse the form.

        Reading a picture takes seconds, in which no lock is held: so ask again with the article locked.
        """
        if self.instance.pk is None:
            return True
        newest = Figure.history.filter(id=self.instance.pk).order_by("-history_id").first()
        if newest is not None and newest.history_id == self.last_saved:
            return True
        is_removed = newest is None or newest.history_type == REMOVED
        self.data = self.data.copy()
        self.data["seen"] = "" if newest is None or is_removed else str(newest.history_id)
        self.add_error(None, ValidationError(REMOVED_SINCE if is_removed else SAVED_SINCE, code="stale"))
        return False

    def save(self, commit: bool = True) -> Figure:
        """Save the figure, and its picture if there is a new one. Call it in a transaction."""
        if self.made:
            self.instance.picture = store(self.made)
        if not self.instance.key:
            self.instance.key = new_key(self.instance.article, self.cleaned_data["file"].name or "")
        return super().save(commit)


def new_key(article: Article, name: str) -> str:
    """Return a key, made from the file's name, that no figure of the article has or had."""
    stem = slugify(name.rpartition(".")[0] or name)[:LONGEST_KEY].strip("-_") or "figure"
    taken = set(Figure.history.filter(article_id=article.pk).values_list("key", flat=True))
    taken |= set(article.figures.values_list("key", flat=True))
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def removed_figure(article: Article, **which: Any) -> Figure | None:
    """
    Return a figure that was removed, named by `id` or `key`, to be added again as a new row; None if there was none.

    It has the key under which texts know it, and its picture: evidence keeps both.
    """
    last = Figure.history.filter(article_id=article.pk, **which).order_by("-history_id").first()
    if last is None or article.figures.filter(key=last.key).exists():
        return None
    return Figure(article=article, key=last.key, picture_id=last.picture_id)

from django import forms
from django.core.exceptions import ValidationError

from articles.desk.bodytext import from_typed, to_typed
from articles.importing.source import MOST_BYTES
from articles.importing.store import slug_of
from articles.models import Article, Audience, Authorship, Contributor, Section, Topic, Wording
from articles.plaintext import tidy
from articles.richtext import TooLong
from articles.roles import Role, holds

BODY_HELP = (
    "Simple HTML: paragraphs, h3 and h4, lists, tables, links, bold, italic, sub and sup. Without any of these, blank "
    "lines part paragraphs. Cite with the key of a reference: [@smith2020]."
)


class PositionField(forms.IntegerField):
    """A place in an order: as large as the smallest of our databases' columns takes."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=32_767, **kwargs)


class TopicsField(forms.ModelMultipleChoiceField):
    """A choice of topics; what cannot be the number of one is refused before the database is asked."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        if not all(str(number).isdecimal() and len(str(number)) < 19 for number in value or []):
            raise ValidationError("Choose from the topics that are shown.")
        return super().clean(value)


class SeenForm(forms.ModelForm):
    """A form that is refused when the row was saved by somebody since the form was shown."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.last_saved = _last_saved(self.instance)
        self.fields["seen"].initial = self.last_saved

    def clean(self):
        cleaned = super().clean()
        sent = "seen" in self.data and "seen" not in self.errors
        if self.instance.pk and sent and cleaned.get("seen") != self.last_saved:
            self.data = self.data.copy()
            self.data["seen"] = self.last_saved
            raise ValidationError(
                "Somebody saved this since you opened it. What you typed is still here; saving again replaces theirs.",
                code="stale",
            )
        return cleaned


def _last_saved(row) -> int | None:
    return row.history.order_by("-history_id").values_list("history_id", flat=True).first() if row.pk else None


class DraftForm(SeenForm):
    topics = TopicsField(Topic.objects.order_by("name"), required=False)

    class Meta:
        model = Article
        fields = ["title", "slug", "kind", "language", "written_for", "risk", "topics", "ai_use", "ai_note"]
        help_texts = {
            "slug": "The last part of the page's address. Left empty, it stays; a new one is made from the title.",
            "language": "The code of the language, such as en.",
        }
        widgets = {"ai_note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.risk_before = self.instance.risk if self.instance.pk else Article.Risk.STANDARD
        self.fields["slug"].required = False
        self.fields["written_for"].queryset = Audience.objects.all()

    def clean_title(self):
        return tidy(self.cleaned_data["title"])

    def clean_risk(self):
        """An editor may have raised the risk: as with an imported file, none but an editor lowers it."""
        risk = self.cleaned_data["risk"]
        if self.risk_before == Article.Risk.HIGH != risk and not holds(self.by, Role.EDITOR):
            raise ValidationError("The risk is high, and only an editor can lower it.")
        return risk

    def clean_written_for(self):
        """Refuse an audience that has wordings of its own here: they would stay in the draft and never be shown."""
        audience = self.cleaned_data["written_for"]
        if self.instance.pk is None or audience.pk == self.instance.written_for_id:
            return audience
        own = Wording.objects.filter(section__article=self.instance, audience=audience).select_related("section")
        if own:
            named = ", ".join(f"“{wording.section}”" for wording in own)
            raise ValidationError(
                f"There are wordings of their own for these readers, in {named}. Move them into the sections' text, "
                "and save them empty, before the article is written for these readers."
            )
        return audience

    def clean_slug(self):
        slug = self.cleaned_data["slug"] or self.instance.slug or slug_of(self.cleaned_data.get("title", ""))
        if not slug:
            raise ValidationError("The title has no Latin letters or digits: give the address yourself.")
        return slug

    def _save_m2m(self):
        """Topics are rows with a history of their own: the view writes them."""


class HeadedForm(SeenForm):
    """A form with a heading, judged as it will be stored: what is tidied away counts for nothing."""

    def clean_heading(self):
        return tidy(self.cleaned_data["heading"])


class SectionForm(HeadedForm):
    body = forms.CharField(label="Text", required=False, help_text=BODY_HELP, widget=forms.Textarea(attrs={"rows": 18}))
    position = PositionField(help_text="Sections stand in the order of these numbers; the lead always comes first.")

    class Meta:
        model = Section
        fields = ["role", "heading", "body", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def clean_body(self):
        return _clean_body(self.cleaned_data["body"])

    def clean(self):
        super().clean()
        said = {name: self.cleaned_data.get(name) for name in ("role", "heading", "body")}
        if self.instance.pk is None and said["body"] and self.instance.article.sections.filter(**said).exists():
            sentence = "The draft has this very section already, perhaps by a second click."
            raise ValidationError(sentence, code="stale")


class WordingForm(HeadedForm):
    body = forms.CharField(label="Text", help_text=BODY_HELP, widget=forms.Textarea(attrs={"rows": 14}))

    class Meta:
        model = Wording
        fields = ["heading", "body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def clean_body(self):
        return _clean_body(self.cleaned_data["body"])


def _clean_body(typed: str) -> str:
    try:
        return from_typed(typed)
    except TooLong as error:
        raise ValidationError(str(error)) from None


class PersonForm(forms.ModelForm):
    position = PositionField(help_text="People are named in the order of these numbers.")

    class Meta:
        model = Authorship
        fields = ["contributor", "role", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["contributor"].queryset = Contributor.objects.order_by("name", "pk")

    def clean(self):
        cleaned = super().clean()
        same = self.instance.article.authorships.filter(
            contributor=cleaned.get("contributor"), role=cleaned.get("role", "")
        )
        if same.exists():
            raise ValidationError("This person has this part already.")
        return cleaned


class FileForm(forms.Form):
    file = forms.FileField(
        label="Markdown file",
        help_text="Markdown with front matter, in UTF-8, at most 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,text/markdown,text/plain"}),
    )
    update = forms.BooleanField(
        required=False, label="Replace the draft if this article is here already and I am one of its authors"
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("The file is larger than 5 MB.")
        return file.read()

from django import forms
from django.core.exceptions import ValidationError

from articles.desk.typed import from_typed, to_typed
from articles.files.drafts.store import slug_of
from articles.files.source import MOST_BYTES
from articles.models import Article, ArticleTopic, Audience, Authorship, Contributor, Section, Topic, Wording
from articles.models.people import Role, holds
from articles.text.languages import direction
from articles.text.plain.forms import FitModelForm
from articles.text.plain.plaintext import tidy
from articles.text.richtext import TooLong

BODY_HELP = (
    "Simple HTML: paragraphs, h3 and h4, lists, tables, links, bold, italic, sub and sup. Blank lines separate "
    "paragraphs. Write &amp;lt; for less than. Cite with the key of a reference: [@smith2020]. The site sets colours, "
    "fonts, sizes and alignment. If there is anything else, the text is not saved and you are told on which line it is."
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


SAVED_SINCE = (
    "Someone else saved this after you opened it. Your text is still here. If you save again, it replaces theirs."
)
REMOVED_SINCE = (
    "Someone else removed this after you opened it. Your text is still here. If you save again, it is restored."
)


class SeenForm(FitModelForm):
    """A form that is refused when the row was saved or removed by somebody since the form was shown."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.last_saved = last_saved(self.instance)
        self.fields["seen"].initial = self.last_saved

    def clean(self):
        cleaned = super().clean()
        sent = "seen" in self.data and "seen" not in self.errors
        if sent and cleaned.get("seen") != self.last_saved:
            self.data = self.data.copy()
            self.data["seen"] = "" if self.last_saved is None else self.last_saved
            raise ValidationError(SAVED_SINCE if self.instance.pk else REMOVED_SINCE, code="stale")
        return cleaned


def last_saved(row) -> int | None:
    """Return the number of the row's newest history; None for one that is not stored."""
    return row.history.order_by("-history_id").values_list("history_id", flat=True).first() if row.pk else None


def last_filed(article: Article) -> int | None:
    """Return the number of the newest history of the article's topics; None where it was never under one."""
    rows = ArticleTopic.history.filter(article_id=article.pk).order_by("-history_id")
    return rows.values_list("history_id", flat=True).first() if article.pk else None


class DraftForm(SeenForm):
    """The draft's own fields and its topics, which are rows with a history of their own."""

    shown_as_typed = frozenset({"title", "ai_note"})
    topics = TopicsField(Topic.objects.order_by("name"), required=False)
    seen_topics = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = ["title", "slug", "kind", "language", "written_for", "risk", "topics", "ai_use", "ai_note"]
        help_texts = {
            "risk": "If an editor set the risk to high, the next version is high risk too. To lower it, an editor "
            "saves the draft first as high risk, then as standard.",
            "slug": "The last part of the page's address. If empty, a new article takes it from its title, and an "
            "existing one keeps it.",
            "language": "Language code, for example en.",
        }
        widgets = {"ai_note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.last_filed = last_filed(self.instance)
        self.fields["seen_topics"].initial = self.last_filed
        self.risk_before = self.instance.risk if self.instance.pk else Article.Risk.STANDARD
        self.fields["slug"].required = False
        self.fields["written_for"].queryset = Audience.objects.all()

    def clean(self):
        sent = "seen_topics" in self.data and "seen_topics" not in self.errors
        is_stale = sent and self.cleaned_data.get("seen_topics") != self.last_filed
        if is_stale:
            self.data = self.data.copy()
            self.data["seen_topics"] = "" if self.last_filed is None else self.last_filed
        cleaned = super().clean()
        if is_stale:
            raise ValidationError(SAVED_SINCE, code="stale")
        return cleaned

    def clean_title(self):
        return tidy(self.cleaned_data["title"])

    def clean_risk(self):
        """An editor may have raised the risk: as with an imported file, none but an editor lowers it."""
        risk = self.cleaned_data["risk"]
        if self.risk_before == Article.Risk.HIGH != risk and not holds(self.by, Role.EDITOR):
            raise ValidationError("Only an editor can lower the risk from high.")
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
            raise ValidationError("The title has no Latin letters or digits. Enter an address.")
        return slug

    def _save_m2m(self):
        """Topics are rows with a history of their own: the view writes them."""


class HeadedForm(SeenForm):
    """A form with a heading, judged as it will be stored: what is tidied away counts for nothing."""

    shown_as_typed = frozenset({"heading"})

    def say_language(self, language: str):
        """Let what is typed run as it will for readers."""
        towards = {"dir": direction(language)} if direction(language) else {}
        for name in ("heading", "body"):
            self.fields[name].widget.attrs |= {"lang": language, **towards}

    def clean_heading(self):
        return tidy(self.cleaned_data["heading"])


class SectionForm(HeadedForm):
    body = forms.CharField(label="Text", required=False, help_text=BODY_HELP, widget=forms.Textarea(attrs={"rows": 18}))
    position = PositionField(help_text="Sections are shown in the order of these numbers. The lead always comes first.")

    class Meta:
        model = Section
        fields = ["role", "heading", "body", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.say_language(self.instance.article.language)
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def clean_body(self):
        return _clean_body(self.cleaned_data["body"], self.instance.article, self.instance.body)

    def clean(self):
        super().clean()
        said = {name: self.cleaned_data.get(name) for name in ("role", "heading", "body")}
        if self.instance.pk is None and said["body"] and self.instance.article.sections.filter(**said).exists():
            sentence = "The draft already has this section. You may have clicked twice."
            raise ValidationError(sentence, code="stale")


class WordingForm(HeadedForm):
    body = forms.CharField(label="Text", help_text=BODY_HELP, widget=forms.Textarea(attrs={"rows": 14}))

    class Meta:
        model = Wording
        fields = ["heading", "body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.say_language(self.instance.section.article.language)
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def clean_body(self):
        body = _clean_body(self.cleaned_data["body"], self.instance.section.article, self.instance.body)
        if body and self.instance.audience_id == self.instance.section.article.written_for_id:
            raise ValidationError(
                "The article is written for these readers, so nobody is shown this wording: move its words into the "
                "section’s text, and save this empty."
            )
        return body


def _clean_body(typed: str, article: Article, stored: str) -> str:
    keys = frozenset(article.article_references.values_list("key", flat=True))
    try:
        return from_typed(typed, keys=keys, stored=stored, direction=direction(article.language) or "ltr")
    except TooLong as error:
        raise ValidationError(str(error)) from None


class PersonForm(FitModelForm):
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
            raise ValidationError("This person already has this role.")
        return cleaned


class FileForm(forms.Form):
    file = forms.FileField(
        label="Markdown file",
        help_text="Markdown with front matter, in UTF-8, at most 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,text/markdown,text/plain"}),
    )
    update = forms.BooleanField(
        required=False, label="Update the draft if this article already exists (only if you are one of its authors)"
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("The file is larger than 5 MB.")
        return file.read()

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.typed import to_typed
from articles.desk.typed.of_article import from_typed_for
from articles.files.apart import MOST_BYTES
from articles.files.drafts.store import slug_of
from articles.models import Article, ArticleTopic, Audience, Authorship, Contributor, Section, Topic, Version, Wording
from articles.models.people import Role, holds
from articles.models.rows.remembered import remembered
from articles.text.languages import direction
from articles.text.plain.forms import FitModelForm
from articles.text.plain.plaintext import tidy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BODY_HELP = gettext_lazy(
    "Simple HTML: paragraphs, h3 and h4, lists, tables, links, bold, italic, sub and sup. Blank lines separate "
    "paragraphs. Write &amp;lt; for less than. Cite with the key of a reference: [@smith2020]. Place a figure with the "
    "line that the page “Figures” shows for it. Colours, fonts, sizes and alignment are removed: the site sets them. "
    "If anything else cannot be kept, the text is not saved, and the message names the line."
)
ORIGINAL_HELP = gettext_lazy(
    "For a translation: the address of the published version that was translated, such as "
    "/articles/swollen-lymph-nodes/versions/2/. Shown to readers."
)
LAST_POSITION = 32_767  # of a small integer in PostgreSQL


class PositionField(forms.IntegerField):
    """A position in an order, as far as all supported databases can store it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=LAST_POSITION, **kwargs)


def _may_be_key(value: object) -> bool:
    return str(value).isdecimal() and len(str(value)) < 19


class TopicsField(forms.ModelMultipleChoiceField):
    """A choice of topics. A value that cannot be a primary key is refused before any query."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: list[str] | None) -> QuerySet[Topic]:
        if not all(map(_may_be_key, value or [])):
            raise ValidationError(_("Choose from the topics that are shown."))
        return super().clean(value)


class TopicField(forms.ChoiceField):
    """A choice of one of these topics, or of none. It asks the database nothing."""

    def __init__(self, topics: Sequence[Topic], *, empty_label: "StrOrPromise" = "", **kwargs: Any) -> None:
        self.topics = {str(topic.pk): topic for topic in topics}
        choices = [("", empty_label), *((key, str(topic)) for key, topic in self.topics.items())]
        super().__init__(choices=choices, **kwargs)

    def clean(self, value: str | None) -> Topic | None:
        if value and value not in self.topics:
            raise ValidationError(_("Choose from the topics that are shown."))
        return self.topics.get(value or "")

    def has_changed(self, initial: object, data: object) -> bool:
        return str(initial or "") != str(data or "")


SAVED_SINCE = gettext_lazy(
    "Someone else saved this after you opened it. Your text is still here. If you save again, it replaces theirs."
)
REMOVED_SINCE = gettext_lazy(
    "Someone else removed this after you opened it. Your text is still here. If you save again, it is restored."
)


class StaleCheckForm(FitModelForm):
    """A form that is refused if anybody saved or removed the row after the form was shown."""

    data: QueryDict
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.last_saved = last_saved(self.instance)
        self.fields["seen"].initial = self.last_saved

    def clean(self) -> None:
        super().clean()
        if self.renew_if_stale("seen", self.last_saved):
            raise ValidationError(SAVED_SINCE if self.instance.pk else REMOVED_SINCE, code="stale")

    def renew_if_stale(self, name: str, newest: int | None) -> bool:
        """If the hidden field does not name the newest row of history, put that into it and return True."""
        if name not in self.data or name in self.errors or self.cleaned_data.get(name) == newest:
            return False
        self.data = self.data.copy()
        self.data[name] = "" if newest is None else str(newest)
        return True


def last_saved(row: Article | Section | Wording) -> int | None:
    """Return the primary key of the row's newest history, or None if the row is not stored."""
    if not row.pk:
        return None

    def newest() -> int | None:
        return row.history.order_by("-history_id").values_list("history_id", flat=True).first()

    return remembered(newest_of(type(row), row.pk), newest)


def newest_of(model: type[models.Model], key: object) -> tuple[object, ...]:
    """Return under which name the newest history of this row is remembered."""
    return ("newest history", model, key)


def last_filed(article: Article) -> int | None:
    """Return the primary key of the newest history of the article's topics, or None if it never had one."""
    if not article.pk:
        return None
    rows = ArticleTopic.history.filter(article_id=article.pk).order_by("-history_id")
    newest = rows.values_list("history_id", flat=True)
    return remembered(newest_of(ArticleTopic, article.pk), newest.first)


class DraftForm(StaleCheckForm):
    """The draft's own fields and its topics. Topics are rows with their own history."""

    instance: Article
    shown_as_typed = frozenset({"title", "ai_note"})
    topics = TopicsField(Topic.objects.order_by("name"), label=gettext_lazy("Topics"), required=False)
    translation_of = forms.CharField(
        label=gettext_lazy("Translated from"), required=False, max_length=300, help_text=ORIGINAL_HELP
    )
    seen_topics = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = [
            *("title", "slug", "kind", "language", "translation_of", "written_for", "risk", "topics"),
            *("evidence_current_to", "ai_use", "ai_note"),
        ]
        help_texts = {
            "risk": gettext_lazy(
                "If an editor raised a version to high risk, the next version is high risk too, whatever you "
                "choose here. Only an editor can lower it: save the draft as high risk, then save it again as standard."
            ),
            "slug": gettext_lazy(
                "The last part of the page's address. If you leave this empty, a new article gets an address made "
                "from its title, and an existing article keeps its address."
            ),
            "language": gettext_lazy("Language code, for example en."),
        }
        widgets = {
            "ai_note": forms.Textarea(attrs={"rows": 3}),
            "evidence_current_to": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.last_filed = last_filed(self.instance)
        self.fields["seen_topics"].initial = self.last_filed
        original = self.instance.translation_of
        self.initial["translation_of"] = original.get_absolute_url() if original else ""
        self.risk_before = self.instance.risk if self.instance.pk else Article.Risk.STANDARD
        self.fields["slug"].required = False

    def clean(self) -> None:
        has_stale_topics = self.renew_if_stale("seen_topics", self.last_filed)
        super().clean()
        if has_stale_topics:
            raise ValidationError(SAVED_SINCE, code="stale")

    def clean_title(self) -> str:
        return tidy(self.cleaned_data["title"])

    def clean_risk(self) -> str:
        """Only an editor may lower the risk, as with an imported file: an editor may have raised it."""
        risk = self.cleaned_data["risk"]
        is_editor = self.by is not None and holds(self.by, Role.EDITOR)
        if self.risk_before == Article.Risk.HIGH != risk and not is_editor:
            raise ValidationError(_("Only an editor can lower the risk from high."))
        return risk

    def clean_written_for(self) -> Audience:
        """Refuse an audience that has its own wordings here: they would stay in the draft and never be shown."""
        audience = self.cleaned_data["written_for"]
        if self.instance.pk is None or audience.pk == self.instance.written_for_id:
            return audience
        own = Wording.objects.filter(section__article=self.instance, audience=audience).select_related("section")
        if own:
            named = ", ".join(f"“{wording.section}”" for wording in own)
            raise ValidationError(
                _(
                    "There are wordings for these readers in {named}. These wordings would no longer be shown. First "
                    "move each wording into its section’s text. Then delete the text of each wording, save, and "
                    "choose these readers again."
                ).format(named=named)
            )
        return audience

    def clean_translation_of(self) -> Version | None:
        """Return the text that was translated; the draft's own need not be public any more."""
        typed = self.cleaned_data["translation_of"]
        if typed and typed == self.initial["translation_of"]:
            return self.instance.translation_of
        return Version.objects.original_at(typed) if typed else None

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or self.instance.slug or slug_of(self.cleaned_data.get("title", ""))
        if not slug:
            raise ValidationError(_("The title has no Latin letters or digits. Enter an address."))
        return slug

    def _save_m2m(self) -> None:
        """Save no topics: they are rows with their own history, which the view writes."""


class HeadingForm(StaleCheckForm):
    """A form with a heading, which is validated in its stored form."""

    shown_as_typed = frozenset({"heading"})

    def set_language(self, language: str) -> None:
        """Give the text fields the language and direction of the text as readers see it."""
        towards = {"dir": direction(language)} if direction(language) else {}
        for name in ("heading", "body"):
            self.fields[name].widget.attrs |= {"lang": language, **towards}

    def clean_heading(self) -> str:
        return tidy(self.cleaned_data["heading"])


OF_SECTION: dict[str, Any] = {
    "label": gettext_lazy("Topic"),
    "required": False,
    "empty_label": gettext_lazy("All topics of the article"),
    "help_text": gettext_lazy(
        "Choose one of the article’s topics if the section is about that one in particular. A review may require that "
        "a specialist in it reads what changed here."
    ),
}


class SectionForm(HeadingForm):
    instance: Section
    topic = TopicField([], **OF_SECTION)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        help_text=BODY_HELP,
        widget=forms.Textarea(attrs={"rows": 18, "data-rich": ""}),
    )
    position = PositionField(
        label=gettext_lazy("Position"),
        help_text=gettext_lazy("Sections are shown in the order of these numbers. Give the lead the lowest."),
    )

    class Meta:
        model = Section
        fields = ["role", "heading", "body", "topic", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_language(self.instance.article.language)
        article = self.instance.article
        self._offer(remembered(("topics", article.pk), lambda: list(article.topics.order_by("name"))))
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def _offer(self, topics: list[Topic]) -> None:
        """Offer the article's topics, if there is a choice."""
        if len(topics) < 2:
            del self.fields["topic"]
        else:
            self.fields["topic"] = TopicField(topics, **OF_SECTION)

    def clean_body(self) -> str:
        return from_typed_for(self.instance.article, self.cleaned_data["body"], self.instance.body)

    def clean(self) -> None:
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in ("role", "heading", "body")}
        if self.instance.pk is None and typed["body"] and self.instance.article.sections.filter(**typed).exists():
            sentence = _("The draft already has this section. You may have clicked twice.")
            raise ValidationError(sentence, code="stale")


class WordingForm(HeadingForm):
    instance: Wording
    body = forms.CharField(
        label=gettext_lazy("Text"), help_text=BODY_HELP, widget=forms.Textarea(attrs={"rows": 14, "data-rich": ""})
    )

    class Meta:
        model = Wording
        fields = ["heading", "body"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_language(self.instance.section.article.language)
        if self.instance.pk:
            self.initial["body"] = to_typed(self.instance.body)

    def clean_body(self) -> str:
        body = from_typed_for(self.instance.section.article, self.cleaned_data["body"], self.instance.body)
        if body and self.instance.audience_id == self.instance.section.article.written_for_id:
            raise ValidationError(
                _(
                    "The main text is already written for these readers, so this wording is never shown. Move its "
                    "words into the section’s text. Then delete the text here and save."
                )
            )
        return body


class PersonForm(FitModelForm):
    instance: Authorship
    contributor = forms.ModelChoiceField(Contributor.objects.order_by("name", "pk"), label=gettext_lazy("Contributor"))
    position = PositionField(
        label=gettext_lazy("Position"), help_text=gettext_lazy("People are named in the order of these numbers.")
    )

    class Meta:
        model = Authorship
        fields = ["contributor", "role", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        contributor, role = self.cleaned_data.get("contributor"), self.cleaned_data.get("role", "")
        if self.instance.article.authorships.filter(contributor=contributor, role=role).exists():
            raise ValidationError(_("This person already has this role."))


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word or Markdown file"),
        help_text=gettext_lazy("Word (.docx), at most 10 MB; HTML, or Markdown with front matter, at most 5 MB."),
        widget=forms.FileInput(
            attrs={"accept": f".docx,{WORD},.html,.htm,text/html,.md,.markdown,text/markdown,text/plain"}
        ),
    )
    update = forms.BooleanField(
        required=False,
        label=gettext_lazy("Update the draft if this article already exists (only if you are one of its authors)"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def name_of_file(self) -> str:
        file = self.files.get("file")
        return str(file.name or "") if file else ""

    def clean_file(self) -> bytes:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB."))
        return file.read()

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.files.drafts import cited_works as library
from articles.files.drafts.saving import NotImported
from articles.files.imported import BadFile, Faults, ImportedReference
from articles.files.markdown.front_matter import references
from articles.files.markdown.front_matter.yamltext import Value
from articles.models import Article, ArticleReference, Reference
from articles.text.canonical import sha256
from articles.text.citations import not_printed
from articles.text.citations.dates import nlm_date
from articles.text.plain.forms import FitForm

TYPES = [
    ("article-journal", gettext_lazy("Journal article")),
    ("book", gettext_lazy("Book")),
    ("chapter", gettext_lazy("Chapter of a book")),
    ("article-newspaper", gettext_lazy("Newspaper article")),
    ("paper-conference", gettext_lazy("Conference paper")),
    ("thesis", gettext_lazy("Thesis")),
    ("dataset", gettext_lazy("Dataset")),
    ("software", gettext_lazy("Software")),
    ("webpage", gettext_lazy("Web page")),
    ("report", gettext_lazy("Report")),
    ("document", gettext_lazy("Guideline or other document")),
]
FIELDS = {  # form field: CSL variable
    "type": "type",
    "title": "title",
    "authors": "author",
    "editors": "editor",
    "container": "container-title",
    "issued": "issued",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "edition": "edition",
    "publisher": "publisher",
    "place": "publisher-place",
    "url": "URL",
    "accessed": "accessed",
    "doi": "DOI",
    "pmid": "PMID",
}
PEOPLE = ("authors", "editors")
WHOSE = gettext_lazy(
    "If you correct printed details of a work, you count as a writer of every draft that cites the work. You cannot "
    "review those drafts."
)
DETAILS = [
    ("keep", gettext_lazy("Keep the library’s details")),
    ("correct", gettext_lazy("Correct the library’s details")),
]


class ReferenceForm(FitForm, forms.Form):
    """A work in plain fields, which are read by the same rules as the works of an imported file."""

    data: QueryDict
    reference: ImportedReference
    key = forms.CharField(
        label=gettext_lazy("Key"), max_length=64, help_text=gettext_lazy("The short name that cites it: [@smith2020].")
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=TYPES)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=1000)
    authors = forms.CharField(
        label=gettext_lazy("Authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One per line: Smith, Jane A"),
    )
    editors = forms.CharField(
        label=gettext_lazy("Editors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One per line."),
    )
    container = forms.CharField(
        required=False, max_length=500, label=gettext_lazy("Published in (journal, book or website)")
    )
    issued = forms.CharField(
        required=False,
        max_length=10,
        label=gettext_lazy("Published"),
        help_text=gettext_lazy("2020, 2020-03 or 2020-03-12"),
    )
    volume = forms.CharField(label=gettext_lazy("Volume"), required=False, max_length=50)
    issue = forms.CharField(label=gettext_lazy("Issue"), required=False, max_length=50)
    page = forms.CharField(
        required=False, max_length=50, label=gettext_lazy("Pages"), help_text=gettext_lazy("Such as 1023-1031")
    )
    edition = forms.CharField(label=gettext_lazy("Edition"), required=False, max_length=50)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), required=False, max_length=200)
    place = forms.CharField(required=False, max_length=200, label=gettext_lazy("Place of publication"))
    url = forms.CharField(required=False, max_length=2000, label=gettext_lazy("Web address"))
    accessed = forms.CharField(
        label=gettext_lazy("Accessed"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("The date on which you read the page, such as 2026-11-21."),
    )
    doi = forms.CharField(required=False, max_length=300, label="DOI")
    pmid = forms.CharField(required=False, max_length=100, label="PMID")

    details = forms.ChoiceField(
        choices=DETAILS,
        required=False,
        widget=forms.HiddenInput,
        label=gettext_lazy("Which details are right?"),
        help_text=WHOSE,
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.article = article
        self.known: Reference | None = None  # the library's work with this DOI or PMID
        self.row: ArticleReference | None = None  # the article's reference with this key
        self.corrects = False

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        key, details, seen = (self.cleaned_data[name] for name in ("key", "details", "seen"))
        try:
            self.reference = read_typed(self.cleaned_data)
            known = self.known = library.work_of(self.reference)
        except BadFile as error:
            raise ValidationError([sentence for _, sentence in error.faults]) from None
        except NotImported as error:
            raise ValidationError(str(error)) from None
        row = self.row = self.article.article_references.filter(key=key).first()
        differs = bool(known and library.differences(known, self.reference))
        self.corrects = differs and details == "correct"
        is_of_this_row = row is not None and known is not None and row.reference_id == known.pk
        if row and (details == "keep" or not (differs and is_of_this_row)):
            self.add_error("key", _("This article already has a reference with this key."))
        elif known and not row and self.article.article_references.filter(reference=known).exists():
            self.add_error("doi", _("This article already cites this work under another key."))
        elif known and self.corrects and seen != digest_of(known):
            self._ask(known, _("The library’s details have changed since you saw them."), "stale")
        elif known and differs and not details:
            self._ask(known, _("The library has this work with other details. Choose which are right."), "differs")

    def _ask(self, known: Reference, sentence: str, code: str) -> None:
        """Show both versions of the details and offer the choice. The answer counts only for the details shown now."""
        differs = library.differences(known, self.reference)
        compared = []
        for name in [name for name, variable in FIELDS.items() if variable in differs]:
            there, typed = map(_in_words, differs[FIELDS[name]])
            side_by_side = _("{field}: the library has {there}, you typed {typed}.")
            compared.append(side_by_side.format(field=self[name].label, there=there, typed=typed))
        self.fields["details"].widget = forms.RadioSelect(choices=DETAILS)
        self.data = self.data.copy()
        self.data["seen"] = digest_of(known)
        self.data["details"] = ""
        self.add_error(None, [ValidationError(each, code=code) for each in (sentence, *compared)])

    def work(self) -> Reference | None:
        """
        Return the saved work: the library's work with this DOI or PMID, corrected if that was chosen, or a new one.

        Call it in a transaction. If another request has changed the library's work meanwhile, add an error to the form
        and return None.
        """
        if self.known and not self.corrects:
            return self.known
        work = library.new_work(self.reference)
        if self.known:
            work = Reference.objects.select_for_update().get(pk=self.known.pk)
            if digest_of(work) != self.cleaned_data["seen"]:
                self._ask(work, _("The library’s details have just changed."), "stale")
                return None
            library.correct(work, self.reference)
        work.save()
        return work


def digest_of(work: Reference) -> str:
    """Return a digest of the library's details of a work."""
    return sha256(json.dumps([work.csl, work.doi, work.pmid], sort_keys=True))


def _in_words(value: Any) -> str:
    """Return a CSL value in words: a text, people, or a date."""
    if isinstance(value, dict) and "date-parts" in value:
        return f"“{nlm_date(value)}”"
    if isinstance(value, list):
        people = (", ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value)
        return f"“{'; '.join(people)}”"
    return f"“{value}”" if value else _("nothing")


def read_typed(cleaned: dict[str, Any]) -> ImportedReference:
    """Return the reference of the typed fields, read as one of an imported file; raise BadFile with its faults."""
    entries = {"id": Value(cleaned["key"], 0)}
    for name, variable in FIELDS.items():
        typed = cleaned.get(name, "").strip()
        if not typed:
            continue
        people = [Value(line, 0) for line in typed.splitlines() if line.strip()]
        entries[variable] = Value(people if name in PEOPLE else typed, 0)
    faults = Faults()
    read = references.read(Value([Value(entries, 0)], 0), [], faults)
    faults.stop()
    return read[0]


def said_of(request: HttpRequest, done: str, work: Reference) -> None:
    """Say that a reference was saved, and which of its fields are not printed."""
    messages.success(request, done)
    if unprinted := not_printed(work.csl):
        said = _("These fields are kept but not printed: {unprinted}.")
        messages.warning(request, said.format(unprinted=", ".join(unprinted)))

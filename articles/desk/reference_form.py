import json

from django import forms
from django.core.exceptions import ValidationError

from articles.files.drafts import cited_works as library
from articles.files.drafts.saving import NotImported
from articles.files.front_matter import references
from articles.files.front_matter.yamltext import Value
from articles.files.imported import BadFile, Faults, ImportedReference
from articles.models import Reference
from articles.text.canonical import sha256
from articles.text.citations.dates import nlm_date
from articles.text.plain.forms import FitForm

TYPES = [
    ("article-journal", "Journal article"),
    ("book", "Book"),
    ("chapter", "Chapter of a book"),
    ("webpage", "Web page"),
    ("report", "Report"),
    ("document", "Guideline or other document"),
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
WHOSE = (
    "If you correct printed details of a work, you count as a writer of each draft that cites it and cannot review it."
)
DETAILS = [("keep", "Keep the library’s details"), ("correct", "Correct the library’s details")]


class ReferenceForm(FitForm, forms.Form):
    """A work in plain fields. `work()` gives it as CSL-JSON, read by the same rules as an imported file's."""

    key = forms.CharField(max_length=64, help_text="The short name that cites it: [@smith2020].")
    type = forms.ChoiceField(choices=TYPES)
    title = forms.CharField(max_length=1000)
    authors = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One per line: Smith, Jane A"
    )
    editors = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One per line.")
    container = forms.CharField(required=False, max_length=500, label="Published in (journal, book or website)")
    issued = forms.CharField(required=False, max_length=10, label="Published", help_text="2020, 2020-03 or 2020-03-12")
    volume = forms.CharField(required=False, max_length=50)
    issue = forms.CharField(required=False, max_length=50)
    page = forms.CharField(required=False, max_length=50, label="Pages", help_text="Such as 1023-1031")
    edition = forms.CharField(required=False, max_length=50)
    publisher = forms.CharField(required=False, max_length=200)
    place = forms.CharField(required=False, max_length=200, label="Place of publication")
    url = forms.CharField(required=False, max_length=2000, label="Web address")
    accessed = forms.CharField(required=False, max_length=10, help_text="When the page was read: 2026-11-21")
    doi = forms.CharField(required=False, max_length=300, label="DOI")
    pmid = forms.CharField(required=False, max_length=100, label="PMID")

    details = forms.ChoiceField(
        choices=DETAILS, required=False, widget=forms.HiddenInput, label="Which details are right?", help_text=WHOSE
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, article, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.article = article

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.reference = _read(cleaned)
            self.known = library.work_of(self.reference)
        except BadFile as error:
            raise ValidationError([sentence for _, sentence in error.faults]) from None
        except NotImported as error:
            raise ValidationError(str(error)) from None
        self.row = self.article.article_references.filter(key=cleaned["key"]).first()
        differs = library.differences(self.known, self.reference) if self.known else {}
        self.corrects = bool(differs) and cleaned["details"] == "correct"
        mends = bool(differs) and self.row and self.row.reference_id == self.known.pk
        if self.row and (not mends or cleaned["details"] == "keep"):
            self.add_error("key", "This article already has a reference with this key.")
        elif not self.row and self.known and self.article.article_references.filter(reference=self.known).exists():
            self.add_error("doi", "This article already cites this work under another key.")
        elif self.corrects and cleaned["seen"] != _digest(self.known):
            self._ask(differs, "The library’s details have changed since you saw them.", "stale")
        elif differs and not cleaned["details"]:
            self._ask(differs, "The library has this work with other details. Choose which are right.", "differs")
        return cleaned

    def _ask(self, differs: dict, sentence: str, code: str):
        """Show both details and offer the choice; an answer is to what is shown now."""
        said = []
        for name in [name for name, variable in FIELDS.items() if variable in differs]:
            there, typed = map(_said, differs[FIELDS[name]])
            said.append(f"{self[name].label}: the library has {there}, you typed {typed}.")
        self.fields["details"].widget = forms.RadioSelect(choices=DETAILS)
        self.data = self.data.copy()
        self.data["seen"] = _digest(self.known)
        self.data["details"] = ""
        self.add_error(None, [ValidationError(each, code=code) for each in (sentence, *said)])

    def work(self) -> Reference | None:
        """
        Return the library's work with this DOI or PMID, corrected if that was chosen, or a new one; saved.

        Return None and say so in the form where another request has changed the library's work meanwhile. Run it in
        a transaction.
        """
        if self.known and not self.corrects:
            return self.known
        work = library.new_work(self.reference)
        if self.known:
            work = Reference.objects.select_for_update().get(pk=self.known.pk)
            if _digest(work) != self.cleaned_data["seen"]:
                self.known = work
                self._ask(
                    library.differences(work, self.reference), "The library’s details have just changed.", "stale"
                )
                return None
            library.correct(work, self.reference)
        work.save()
        return work


def _digest(work: Reference) -> str:
    return sha256(json.dumps([work.csl, work.doi, work.pmid], sort_keys=True))


def _said(value) -> str:
    """Return a CSL value in words: a text, people, or a date."""
    if isinstance(value, dict) and "date-parts" in value:
        return f"“{nlm_date(value)}”"
    if isinstance(value, list):
        people = (", ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value)
        return f"“{'; '.join(people)}”"
    return f"“{value}”" if value else "nothing"


def _read(cleaned: dict) -> ImportedReference:
    entries = {"id": Value(cleaned["key"], 0)}
    for name, variable in FIELDS.items():
        typed = cleaned[name].strip()
        if not typed:
            continue
        people = [Value(line, 0) for line in typed.splitlines() if line.strip()]
        entries[variable] = Value(people if name in PEOPLE else typed, 0)
    faults = Faults()
    read = references.read(Value([Value(entries, 0)], 0), [], faults)
    faults.stop()
    return read[0]

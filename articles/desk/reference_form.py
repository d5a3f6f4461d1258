from django import forms
from django.core.exceptions import ValidationError

from articles.importing import library, references
from articles.importing.imported import BadFile, ImportedReference
from articles.importing.saving import NotImported
from articles.importing.yamltext import Value

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


class ReferenceForm(forms.Form):
    """A work in plain fields. `work()` gives it as CSL-JSON, read by the same rules as an imported file's."""

    key = forms.CharField(max_length=64, help_text="How the text cites it: [@smith2020].")
    type = forms.ChoiceField(choices=TYPES)
    title = forms.CharField(max_length=1000)
    authors = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One a line: Smith, Jane A"
    )
    editors = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One a line.")
    container = forms.CharField(required=False, max_length=500, label="Journal, book or site it appeared in")
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
        except (BadFile, NotImported) as error:
            raise ValidationError(str(error).removeprefix("Line 0: ")) from None
        if self.article.article_references.filter(key=cleaned["key"]).exists():
            self.add_error("key", "This article has a reference with this key already.")
        elif self.known and self.article.article_references.filter(reference=self.known).exists():
            self.add_error("doi", "This article cites this work already, under another key.")
        return cleaned

    def work(self):
        """Return the library's work with this DOI or PMID, or a new one that is not yet saved."""
        return self.known or library.new_work(self.reference)


def _read(cleaned: dict) -> ImportedReference:
    entries = {"id": Value(cleaned["key"], 0)}
    for name, variable in FIELDS.items():
        typed = cleaned[name].strip()
        if not typed:
            continue
        people = [Value(line, 0) for line in typed.splitlines() if line.strip()]
        entries[variable] = Value(people if name in PEOPLE else typed, 0)
    return references.read(Value([Value(entries, 0)], 0), [])[0]

"""Import the works of files and of pasted text into a draft's references: first a preview, then what was ticked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, posted_files, saving_once, status_of, writable
from articles.desk.references.finding import in_plain_words_of
from articles.desk.references.notices import notices_of, standing_of
from articles.desk.references.standing import Stands, standings
from articles.desk.requests import SignedInRequest
from articles.files.drafts.saving import NotImported
from articles.files.drafts.taking import MOST_AT_ONCE, Candidate, compared, take
from articles.files.imported import BadFile, ImportedReference
from articles.files.references import MOST_BYTES, read_text, read_works
from articles.files.references.looked_up import MOST_NUMBERS, look_up, numbers_in
from articles.files.references.looked_up.numbers import Numbers
from articles.models import Article
from articles.text.citations.standing import OF_ANOTHER_WORK, notices
from articles.text.plain.plaintext import quoted

MOST_FILES = 20
MOST_SENT = 2_000_000  # characters of the records between preview and import
MOST_UNREAD = 100
SALT = "references to import"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. The value is a list of uploaded files; an empty file is refused by name."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MOST_FILES:
            raise ValidationError(_("Choose at most {most} files at once.").format(most=MOST_FILES))
        return [super(FilesField, self).clean(file, initial) for file in files]


@dataclass
class Read:
    """What was read: the references, remarks on each, and a sentence for each record that could not be read."""

    references: list[ImportedReference] = field(default_factory=list)
    remarks: list[list[str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, source: str, references: Sequence[tuple[ImportedReference, list[str]]]) -> None:
        for reference, remarks in references:
            self.references.append(reference)
            self.remarks.append([_("{source}: {sentence}").format(source=source, sentence=one) for one in remarks])


class SourcesForm(forms.Form):
    """Files and pasted text. After `is_valid`, `read` holds their works."""

    chosen = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("RIS, PubMed (.nbib), BibTeX or CSL-JSON, several at once, each at most 10 MB."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste references"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("In one of the same formats. The format is recognised."),
    )

    numbers = forms.CharField(
        label=gettext_lazy("Or look up DOIs and PMIDs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("One per line. These numbers are sent to Crossref and PubMed, and nothing else."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.read = Read()
        if not settings.LOOK_UP_REFERENCES:
            del self.fields["numbers"]

    def clean(self) -> None:
        files, text = self.cleaned_data.get("chosen", []), self.cleaned_data.get("text", "")
        numbers = numbers_in(self.cleaned_data.get("numbers", ""))
        if not self.errors and not files and not text.strip() and not numbers and not numbers.others:
            raise ValidationError(_("Choose a file, or paste references."))
        for file in files:
            self._add("chosen", str(file.name)[:100], file)
        if text.strip():
            self._add("text", _("Pasted text"), text)
        self._look_up(numbers)
        if len(self.read.references) > MOST_AT_ONCE:
            said = _("These are {number} references; import at most {most} at once.")
            raise ValidationError(said.format(number=len(self.read.references), most=MOST_AT_ONCE))

    def _look_up(self, numbers: Numbers) -> None:
        """Add the works with these numbers. Nothing is sent anywhere if there is an error in the form."""
        for other in numbers.others[:MOST_NUMBERS]:
            self.add_error("numbers", _("{typed} is neither a DOI nor a PMID.").format(typed=quoted(other)))
        if len(numbers) > MOST_NUMBERS:
            self.add_error("numbers", _("Look up at most {most} numbers at once.").format(most=MOST_NUMBERS))
        if not len(numbers) or self.errors:
            return
        reading = look_up(numbers)
        self.read.add(reading.called, reading.found)
        self.read.unread += [sentence for _line, sentence in reading.unread]

    def _add(self, name: str, source: str, content: UploadedFile | str) -> None:
        try:
            if isinstance(content, str):
                reading = read_text(content)
            elif content.size is None or content.size > MOST_BYTES:
                raise BadFile(1, _("The file is larger than {most} MB.").format(most=MOST_BYTES // 1024**2))
            else:
                reading = read_works(content.read())
        except BadFile as refusal:
            for sentence in refusal.sentences:
                self.add_error(name, f"{source}: {sentence}")
            return
        self.read.add(source, reading.found)
        for line, sentence in reading.unread:
            told = _("{source}, line {line}: not imported. {sentence}")
            self.read.unread.append(told.format(source=source, line=line, sentence=sentence))


@dataclass
class Row:
    """A work in the preview, as the page shows it."""

    number: int
    candidate: Candidate
    printed: str
    standing: str
    stands: Stands
    notices: list[tuple[str, str]]
    is_notice: bool
    ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
def reference_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Show the form; answer sent files and texts with a preview; import the ticked works of a preview.

    The preview stores nothing: the page itself carries the works, signed. 422 if nothing could be read.
    """
    article = writable(request, pk)
    if request.method == "POST" and "records" in request.POST:
        return _import(request, article)
    form = SourcesForm(posted(request), _listed(posted_files(request)))
    if request.method == "POST" and form.is_valid():
        return _preview(request, article, form.read, form=form, status=200 if form.read.references else 422)
    context = {"article": article, "form": form}
    if form.is_bound and (form.read.references or form.read.unread):
        return _preview(request, article, form.read, form=form, status=422)
    return render(request, "desk/reference_import.html", context, status=status_of(form))


def _listed(files: MultiValueDict[str, UploadedFile] | None) -> Any:
    """Return the files for a form, with all of one name in a list: a form asks for the last one alone."""
    return None if files is None else {name: files.getlist(name) for name in files}


def _preview(
    request: SignedInRequest, article: Article, read: Read, *, form: forms.Form, status: int = 200, **more: Any
) -> HttpResponse:
    rows = _rows(article, read, more.pop("ticked", None))
    records = signing.dumps(
        [[one.key, one.csl, one.doi, one.pmid, one.line] for one in read.references], salt=SALT, compress=True
    )
    if len(records) > MOST_SENT:
        form.add_error(None, _("These records are too large to import at once. Divide them into several files."))
        rows, records, status = [], "", 422
    unread = read.unread
    context = {
        "article": article,
        "form": form,
        "rows": rows,
        "records": records,
        "new": sum(row.candidate.can_be_taken and not row.candidate.work for row in rows),
        "known": sum(row.candidate.can_be_taken and bool(row.candidate.work) for row in rows),
        "unread": unread[:MOST_UNREAD],
        "more_unread": max(0, len(unread) - MOST_UNREAD),
        "most": MOST_UNREAD,
        **more,
    }
    return render(request, "desk/reference_import.html", context, status=status)


def _rows(article: Article, read: Read, ticked: set[int] | None) -> list[Row]:
    candidates = compared(article, read.references)
    stands = standings([one.reference for one in candidates])
    rows = []
    for number, one in enumerate(candidates):
        one.remarks = read.remarks[number] if number < len(read.remarks) else []
        rows.append(
            Row(
                number=number,
                candidate=one,
                printed=in_plain_words_of(one.csl),
                standing=standing_of(one.reference.csl),
                stands=stands[number],
                notices=notices_of(one.reference.csl),
                is_notice=any(kind in OF_ANOTHER_WORK for kind, _text in notices(one.reference.csl)),
                ticked=one.can_be_taken and (ticked is None or number in ticked),
            )
        )
    return rows


def _import(request: SignedInRequest, article: Article) -> HttpResponse:
    """Import the ticked works, all or none; on a refusal show the preview again, as it was ticked."""
    form = SourcesForm(data={})
    form.errors.clear()
    try:
        sent = signing.loads(request.POST["records"], salt=SALT)
    except signing.BadSignature:
        form.add_error(None, _("This preview cannot be read any more. Choose the files again."))
        return render(request, "desk/reference_import.html", {"article": article, "form": form}, status=422)
    references = [ImportedReference(*fields) for fields in sent]
    read = Read(references, [[] for _one in references])
    ticked = request.POST.getlist("take")
    numbers = {int(text) for text in ticked if text.isascii() and text.isdigit() and len(text) < 6}
    chosen = [one for number, one in enumerate(references) if number in numbers]
    if not chosen:
        form.add_error(None, _("Tick at least one reference."))
        return _preview(request, article, read, form=form, status=422, ticked=numbers)
    try:
        with saving_once(form):
            taken = take(writable(request, article.pk, lock=True), chosen, request.user)
            messages.success(request, _said(taken.new, taken.known, len(chosen)))
            return redirect("references", article.pk)
    except NotImported as refusal:
        form.add_error(None, str(refusal))
    return _preview(request, article, read, form=form, status=status_of(form), ticked=numbers)


def _said(new: int, known: int, chosen: int) -> str:
    said = ngettext("{number} reference imported.", "{number} references imported.", new + known)
    sentences = [said.format(number=new + known)]
    if known:
        said = ngettext(
            "{number} of them was in the library already: its details there are used.",
            "{number} of them were in the library already: their details there are used.",
            known,
        )
        sentences.append(said.format(number=known))
    if chosen > new + known:
        said = _("The others are references of this article already.")
        sentences.append(said)
    return " ".join(sentences)

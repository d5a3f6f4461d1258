"""Change a reference of a draft in place: the key that cites it, and the details of the work in the library."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, saving_once, status_of, writable
from articles.desk.forms import REMOVED_SINCE, SAVED_SINCE
from articles.desk.references.form import FIELDS, PEOPLE, TYPES, ReferenceForm, digest_of, read_typed, said_of
from articles.desk.references.standing import cited_works
from articles.desk.requests import SignedInRequest
from articles.files.drafts import cited_works as library
from articles.files.drafts.saving import NotImported
from articles.files.imported import BadFile
from articles.models import Article, ArticleReference, Reference
from articles.text.richtext import cited_keys

DATES = ("issued", "accessed")


class WorkEditForm(ReferenceForm):
    """
    A work of the library in plain fields. Only the details whose field was changed are replaced in the library.

    A field is left out if its text could not say all that the library has, as of a date in words.
    """

    seen = forms.CharField(required=False, max_length=130, widget=forms.HiddenInput)
    details = None  # type: ignore[assignment]  # nothing is asked: these details are right
    key: Any = None

    def __init__(self, *args: Any, stored: Reference, citing: ArticleReference | None = None, **kwargs: Any) -> None:
        self.stored, self.citing = stored, citing
        shown = {name: in_a_field(name, stored.csl.get(variable)) for name, variable in FIELDS.items()}
        shown |= {"doi": stored.doi, "pmid": stored.pmid}
        self.state = f"{citing.key if citing else ''} {digest_of(stored)}".strip()
        initial = {**shown, "key": citing.key if citing else "", "seen": self.state}
        article = citing.article if citing else Article()
        super().__init__(*args, article=article, initial=initial, **kwargs)
        self.left_out = [name for name, text in shown.items() if text is None or self._is_longer(name, text)]
        for name in self.left_out:
            del self.fields[name]
        type_of = stored.csl.get("type", "")
        if "type" in self.fields and type_of not in dict(TYPES):
            self.fields["type"] = forms.ChoiceField(
                label=self.fields["type"].label, choices=[*TYPES, (type_of, type_of)]
            )

    def _is_longer(self, name: str, text: str) -> bool:
        most = getattr(self.fields[name], "max_length", None)
        return most is not None and len(text) > most

    @property
    def other_drafts(self) -> bool:
        """Tell whether another article cites the work too."""
        rows = ArticleReference.objects.filter(reference=self.stored)
        return (rows.exclude(pk=self.citing.pk) if self.citing else rows).exists()

    def clean(self) -> None:
        forms.Form.clean(self)
        if self.errors:
            return
        if self.cleaned_data["seen"] not in ("", self.state):
            self.data = self.data.copy()
            self.data["seen"] = self.state
            raise ValidationError(SAVED_SINCE, code="stale")
        if self.citing:
            self._check_key(self.citing, self.cleaned_data["key"])
        typed = {name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in FIELDS if name in self.fields}
        self.changed = {name: text for name, text in typed.items() if text != (self.initial[name] or "")}
        try:
            self.values = self._read(self.changed)
            known = library.work_of(self.reference)
        except BadFile as error:
            raise ValidationError([sentence for _line, sentence in error.faults]) from None
        except NotImported as error:
            raise ValidationError(str(error)) from None
        if known and known.pk != self.stored.pk:
            name = "doi" if known.doi and known.doi == self.reference.doi else "pmid"
            said = (
                _("This belongs to another work in the library. Remove this reference, and add that work.")
                if self.citing
                else _("This belongs to another record of the library. If they are one work, an editor can merge them.")
            )
            self.add_error(name, said)

    def _read(self, changed: dict[str, str]) -> dict[str, Any]:
        """Return the values in CSL of the changed fields that are not empty; people whose line is the same stay."""
        simple = {name: text for name, text in changed.items() if name not in PEOPLE}
        self.reference = read_typed({"key": self.citing.key if self.citing else "work", **simple})
        values = {name: self.reference.csl[FIELDS[name]] for name, text in simple.items() if text}
        for name in changed.keys() & {*PEOPLE}:
            before = {in_a_line(person): person for person in self.stored.csl.get(FIELDS[name], [])}
            lines = filter(None, map(str.strip, changed[name].splitlines()))
            if people := [each for line in lines for each in _people(name, line, before)]:
                values[name] = people
        return values

    def _check_key(self, cited: ArticleReference, key: str) -> None:
        """Refuse a key of another reference, and a new key while the draft cites the old one."""
        if key == cited.key:
            return
        if self.article.article_references.filter(key=key).exists():
            self.add_error("key", _("This article already has a reference with this key."))
        elif where := _citing(self.article, cited.key):
            said = _("The draft cites [@{key}] in {sections}. Keep the key, or remove these citations first.")
            self.add_error("key", said.format(key=cited.key, sections=", ".join(f"“{each}”" for each in where)))

    def save_work(self) -> Reference:
        """Save the changed details, and return the work. Call it in a transaction."""
        work = self.stored
        if self.changed:
            cleared = {FIELDS[name] for name in self.changed}
            work.csl = {name: value for name, value in work.csl.items() if name not in cleared}
            work.csl |= {FIELDS[name]: value for name, value in self.values.items()}
            work.doi = self.reference.doi if "doi" in self.changed else work.doi
            work.pmid = self.reference.pmid if "pmid" in self.changed else work.pmid
            work.save()
        return work


class ReferenceEditForm(WorkEditForm):
    """A reference of a draft: the details of the work, and the key that cites it."""

    key = ReferenceForm.base_fields["key"]

    def __init__(self, *args: Any, cited: ArticleReference, **kwargs: Any) -> None:
        self.cited = cited
        super().__init__(*args, stored=cited.reference, citing=cited, **kwargs)

    def save(self) -> Reference:
        """Save the key and the changed details, and return the work. Call it in a transaction."""
        if self.cleaned_data["key"] != self.cited.key:
            self.cited.key = self.cleaned_data["key"]
            self.cited.save()
        return self.save_work()


def _people(name: str, line: str, before: dict[str, Any]) -> list[Any]:
    """Return the people on a line: as before, if the line is one of these, else as it is read."""
    if line in before:
        return [before[line]]
    read: list[Any] = read_typed({"key": "any", name: line}).csl[FIELDS[name]]
    return read


def in_a_field(name: str, value: Any) -> str | None:
    """Return a value of CSL as a person types it; None if a field cannot say all of it."""
    if not value:
        return ""
    if name in DATES:
        parts = value.get("date-parts", []) if isinstance(value, dict) and len(value) == 1 else []
        return "-".join(f"{number:02d}" for number in parts[0]) if len(parts) == 1 else None
    if name in PEOPLE:
        return "\n".join(map(in_a_line, value)) if isinstance(value, list) else None
    return value if isinstance(value, str) else None


def in_a_line(person: dict[str, str]) -> str:
    """Return a person's name as it is typed on a line."""
    if literal := person.get("literal"):
        return literal
    before = [person.get(part, "") for part in ("dropping-particle", "non-dropping-particle", "family")]
    family = " ".join(filter(None, before))
    return ", ".join(filter(None, [family, person.get("given", ""), person.get("suffix", "")]))


def _citing(article: Article, key: str) -> list[str]:
    """Return the sections of the draft that cite this key, by their names, also in a wording."""
    rows = article.sections.prefetch_related("wordings")
    texts = {str(row): [row.body, *(wording.body for wording in row.wordings.all())] for row in rows}
    return [name for name, bodies in texts.items() if any(key in cited_keys(body) for body in bodies)]


@require_http_methods(["GET", "HEAD", "POST"])
def reference(request: SignedInRequest, pk: int, reference: int) -> HttpResponse:
    """
    Change a reference of the draft. If somebody else saved it meanwhile, answer 409 and keep what was typed.

    If somebody removed it, the entries are shown in the form that adds a reference.
    """
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        cited = article.article_references.filter(pk=reference).first()
        if cited is None:
            return _removed(request, article, reference)
        cited.article = article
        cited.reference = _work(cited.reference_id, lock=request.method == "POST")
        form = ReferenceEditForm(posted(request), cited=cited)
        if request.method == "POST" and form.is_valid():
            with saving_once(form):
                said_of(request, _("Reference saved."), form.save())
                return redirect("references", article.pk)
    return render(request, "desk/reference.html", {"article": article, "form": form}, status=status_of(form))


def _work(pk: int, *, lock: bool) -> Reference:
    rows = Reference.objects.select_for_update(no_key=True) if lock else Reference.objects
    return rows.get(pk=pk)


def _removed(request: SignedInRequest, article: Article, reference: int) -> HttpResponse:
    was_here = ArticleReference.history.filter(id=reference, article=article.pk)
    if request.method != "POST" or not was_here.exists():
        raise Http404
    data = request.POST.copy()
    data.pop("seen", None)
    form = ReferenceForm(data, article=article)
    form.is_valid()
    form.add_error(None, ValidationError(REMOVED_SINCE, code="stale"))
    context = {"article": article, "form": form, "references": cited_works(article)}
    return render(request, "desk/references.html", context, status=status_of(form))

"""The parts of a draft: sections, wordings, people and references."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import one_of_two, sent, status_of, writable
from articles.desk.forms import PersonForm, SectionForm, WordingForm, last_saved
from articles.desk.posting import posted_from
from articles.desk.reference_form import ReferenceForm
from articles.models import Article, ArticleReference, Audience, Authorship, Section, Wording
from articles.review_process import review_process
from articles.text.citations import not_printed
from articles.text.richtext import clean

LAST_POSITION = 32_767  # of a small integer in PostgreSQL
WRITING = ["GET", "HEAD", "POST"]


def part_of(name: str):
    """Return what gives the path of this page of a draft, to those who may write it."""
    return lambda request, pk, **part: reverse(name, args=[writable(request, pk).pk])


@require_http_methods(WRITING)
def section_create(request, pk):
    """Add a section; the same one sent twice is answered with 409, and is there once."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        form = SectionForm(*sent(request), instance=_new_section(article))
        return _save(request, article, form, "desk/section.html", "The section")


def _new_section(article: Article) -> Section:
    last = article.sections.aggregate(last=Max("position"))["last"] or 0
    return Section(article=article, position=min(last + 1, 32_000))


@require_http_methods(WRITING)
def section(request, pk, section):
    """Change one section; saved or removed by somebody else meanwhile it answers 409 and keeps what was typed."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = article.sections.filter(pk=section).first()
        was_here = Section.history.filter(id=section, article=article.pk)
        if row is None and not (request.method == "POST" and was_here.exists()):
            raise Http404
        row = row or _new_section(article)
        form = SectionForm(*sent(request), instance=row)
        return _save(request, article, form, "desk/section.html", "The section", state=_state_of(row))


def _state_of(section: Section) -> str:
    """Return what changes with each save of the section or of a wording of it."""
    wordings = section.wordings.all() if section.pk else []
    return " ".join(str(last_saved(row)) for row in [section, *wordings])


@posted_from(part_of("draft"))
@transaction.atomic
def section_remove(request, pk, section):
    """Take a section with its wordings out of the draft, as it was when the page was opened; history keeps them."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.sections, pk=section)
    if request.POST.get("seen", state := _state_of(row)) != state:
        messages.error(request, "Someone else saved this section after you opened it. Read it before you remove it.")
        return redirect("section", article.pk, row.pk)
    for wording in row.wordings.all():
        wording.delete()
    name = str(row)
    row.delete()
    messages.success(request, f"The section “{name}” was removed from the draft.")
    return redirect("draft", article.pk)


@require_http_methods(WRITING)
def wording(request, pk, section, audience):
    """
    Write a section's text for another audience; saved empty, the wording goes and the general text stands.

    One for the readers whom the article is written for has come in by an import of an earlier release: it can only go.
    """
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = get_object_or_404(article.sections, pk=section)
        readers = get_object_or_404(Audience, key=audience)
        own = row.wordings.filter(audience=readers).first() or Wording(section=row, audience=readers)
        if own.pk is None and readers.pk == article.written_for_id:
            raise Http404
        form = WordingForm(*sent(request), instance=own)
        if request.method == "POST" and not request.POST.get("body", "").strip() and own.pk:
            form.fields["body"].required = False
            if form.is_valid():
                row.wordings.get(pk=own.pk).delete()
                messages.success(
                    request, "Wording removed. These readers now see the general text, if the section has one."
                )
                return redirect("draft", article.pk)
        around = {"section": row, "audience": readers, "general": clean(row.body)}
        return _save(request, article, form, "desk/wording.html", "The wording", **around)


def _save(request, article, form, template, what, **context):
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            saved = form.save()
            if isinstance(saved, Section):
                _make_room(saved)
            messages.success(request, f"{what} is saved.")
            return redirect("draft", article.pk)
    return render(request, template, {"article": article, "form": form, **context}, status=status_of(form))


def _make_room(section: Section):
    """Move the sections below one further down, as far as its place was taken."""
    taken = section.position
    for other in section.article.sections.exclude(pk=section.pk).filter(position__gte=taken).order_by("position", "pk"):
        if other.position > taken:
            break
        taken = other.position = taken + 1
        if taken > LAST_POSITION:
            _number_anew(section)
            break
        other.save(update_fields=["position"])


def _number_anew(section: Section):
    """Number all sections from 1 in their order, this one before those that had its place: no number is left below."""
    rows = sorted(section.article.sections.all(), key=lambda row: (row.position, row.pk != section.pk, row.pk))
    for place, row in enumerate(rows, start=1):
        row.position = place
        row.save(update_fields=["position"])


@require_http_methods(WRITING)
def people(request, pk):
    """Show who has which part in the article, and add somebody."""
    article = writable(request, pk)
    last = article.authorships.aggregate(last=Max("position"))["last"] or 0
    new = Authorship(article=article, position=min(last + 1, 32_000))
    form = PersonForm(*sent(request), instance=new)
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            form.save()
            messages.success(request, f"{form.instance.contributor} was added to the article.")
            return redirect("people", article.pk)
    context = {"article": article, "form": form, "people": article.authorships.select_related("contributor")}
    return render(request, "desk/people.html", context, status=status_of(form))


@posted_from(part_of("people"))
@transaction.atomic
def person_remove(request, pk, person):
    """Take a person off the article; the last author stays. Who wrote a part stays a writer of the text."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.authorships.select_related("contributor"), pk=person)
    authors = article.authorships.filter(role=Authorship.Role.AUTHOR)
    if row.role == Authorship.Role.AUTHOR and authors.count() == 1:
        messages.error(request, "An article needs an author. Add another one first.")
        return redirect("people", article.pk)
    row.delete()
    messages.success(request, f"{row.contributor} is no longer named as {row.get_role_display().lower()}.")
    still_theirs = Article.objects.writable_by(request.user).filter(pk=article.pk).exists()
    return redirect("people", article.pk) if still_theirs else redirect(review_process().desk())


@require_http_methods(WRITING)
def references(request, pk):
    """Show the references of the draft, and add one; a DOI or PMID that the library knows brings the library's work."""
    article = writable(request, pk)
    form = ReferenceForm(*sent(request), article=article)
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            if work := form.work():
                if not form.row:
                    ArticleReference.objects.create(article=article, key=form.cleaned_data["key"], reference=work)
                corrected = "The library’s details are corrected. " if form.corrects else ""
                said = f"{corrected}Reference added. Cite it with [@{form.cleaned_data['key']}]."
                messages.success(request, said)
                if unseen := not_printed(work.csl):
                    messages.warning(request, f"These fields are kept but not printed: {', '.join(unseen)}.")
                return redirect("references", article.pk)
    rows = article.article_references.select_related("reference")
    context = {"article": article, "form": form, "references": rows}
    return render(request, "desk/references.html", context, status=status_of(form))


@posted_from(part_of("references"))
@transaction.atomic
def reference_remove(request, pk, reference):
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.article_references, pk=reference)
    row.delete()
    messages.success(request, f"[@{row.key}] is no longer a reference of this article.")
    return redirect("references", article.pk)

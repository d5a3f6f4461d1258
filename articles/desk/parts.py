"""The parts of a draft: sections, wordings, people and references."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from articles.desk.drafts import one_of_two, sent, status_of, writable
from articles.desk.forms import PersonForm, SectionForm, WordingForm
from articles.desk.reference_form import ReferenceForm
from articles.models import Article, ArticleReference, Audience, Authorship, Section, Wording
from articles.richtext import clean

WRITING = ["GET", "HEAD", "POST"]


@require_http_methods(WRITING)
def section_create(request, pk):
    """Add a section; the same one sent twice is answered with 409, and is there once."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        last = article.sections.aggregate(last=Max("position"))["last"] or 0
        new = Section(article=article, position=min(last + 1, 32_000))
        return _save(request, article, SectionForm(*sent(request), instance=new), "desk/section.html", "The section")


@require_http_methods(WRITING)
def section(request, pk, section):
    """Change one section; saved by somebody else meanwhile it answers 409 and keeps what was typed."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = get_object_or_404(article.sections, pk=section)
        form = SectionForm(*sent(request), instance=row)
        return _save(request, article, form, "desk/section.html", "The section")


@require_POST
@transaction.atomic
def section_remove(request, pk, section):
    """Take a section with its wordings out of the draft; history keeps them."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.sections, pk=section)
    for wording in row.wordings.all():
        wording.delete()
    name = str(row)
    row.delete()
    messages.success(request, f"The section “{name}” is no longer in the draft.")
    return redirect("draft", article.pk)


@require_http_methods(WRITING)
def wording(request, pk, section, audience):
    """Write a section's text for another audience; saved empty, the wording goes and the general text stands."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = get_object_or_404(article.sections, pk=section)
        readers = get_object_or_404(Audience.objects.exclude(pk=article.written_for_id), key=audience)
        own = row.wordings.filter(audience=readers).first() or Wording(section=row, audience=readers)
        if request.method == "POST" and not request.POST.get("body", "").strip() and own.pk:
            own.delete()
            messages.success(request, "The wording is removed; these readers get the general text.")
            return redirect("draft", article.pk)
        form = WordingForm(*sent(request), instance=own)
        around = {"section": row, "audience": readers, "general": clean(row.body)}
        return _save(request, article, form, "desk/wording.html", "The wording", **around)


def _save(request, article, form, template, what, **context):
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            form.save()
            messages.success(request, f"{what} is saved.")
            return redirect("draft", article.pk)
    return render(request, template, {"article": article, "form": form, **context}, status=status_of(form))


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
            messages.success(request, f"{form.instance.contributor} is named in the article.")
            return redirect("people", article.pk)
    context = {"article": article, "form": form, "people": article.authorships.select_related("contributor")}
    return render(request, "desk/people.html", context, status=status_of(form))


@require_POST
@transaction.atomic
def person_remove(request, pk, person):
    """Take a person off the article; the last author stays. Who wrote a part stays a writer of the text."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.authorships.select_related("contributor"), pk=person)
    authors = article.authorships.filter(role=Authorship.Role.AUTHOR)
    if row.role == Authorship.Role.AUTHOR and authors.count() == 1:
        messages.error(request, "An article needs an author: name another one first.")
        return redirect("people", article.pk)
    row.delete()
    messages.success(request, f"{row.contributor} is no longer named in the article.")
    still_theirs = Article.objects.writable_by(request.user).filter(pk=article.pk).exists()
    return redirect("people", article.pk) if still_theirs else redirect("desk")


@require_http_methods(WRITING)
def references(request, pk):
    """Show the references of the draft, and add one; a DOI or PMID that the library knows brings the library's work."""
    article = writable(request, pk)
    form = ReferenceForm(*sent(request), article=article)
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            work = form.work()
            if work.pk is None:
                work.save()
            ArticleReference.objects.create(article=article, key=form.cleaned_data["key"], reference=work)
            messages.success(request, f"The reference is here; cite it with [@{form.cleaned_data['key']}].")
            return redirect("references", article.pk)
    rows = article.article_references.select_related("reference")
    context = {"article": article, "form": form, "references": rows}
    return render(request, "desk/references.html", context, status=status_of(form))


@require_POST
@transaction.atomic
def reference_remove(request, pk, reference):
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.article_references, pk=reference)
    row.delete()
    messages.success(request, f"[@{row.key}] is no longer a reference of this article.")
    return redirect("references", article.pk)

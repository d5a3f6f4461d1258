"""The parts of a draft: sections, wordings, people and references."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.drafts import posted, saving_once, status_of, writable
from articles.desk.forms import PersonForm, SectionForm, WordingForm, last_saved
from articles.desk.posting import posted_from
from articles.desk.references.form import ReferenceForm, said_of
from articles.desk.references.standing import cited_works
from articles.desk.requests import SignedInRequest
from articles.desk.texts.collision import both_texts
from articles.desk.texts.figures.choosing import shown_figures
from articles.desk.texts.wordings.beside import audiences_from, of_all_wordings, texts_of
from articles.desk.writing.order import make_room
from articles.files.drafts.cited_works import cite
from articles.models import Article, Audience, Authorship, Section, Wording
from articles.review_process import DraftRemark, review_process
from articles.text.languages import within_sentence
from articles.text.richtext import clean

WRITING = ["GET", "HEAD", "POST"]


def draft_page(name: str) -> Callable[..., str]:
    """Return a function for `posted_from`: the path of this page of a draft, for people who may change it."""
    return lambda request, pk, **part: reverse(name, args=[writable(request, pk).pk])


@require_http_methods(WRITING)
def section_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a section; 409 if the draft already has the same one."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        form = SectionForm(posted(request), instance=_new_section(article))
        around = {"previewed": audiences_from(article.written_for), "named": "of=section"}
        return _save(request, article, form, "desk/section.html", _("The section is saved."), **around)


def _removed_section(article: Article, key: str) -> Section:
    """Return a section that is to be written anew with its key, to which comments and evidence refer."""
    row = _new_section(article)
    row.key = row.key if article.sections.filter(key=key).exists() else key
    return row


def _new_section(article: Article) -> Section:
    last = article.sections.aggregate(last=Max("position"))["last"] or 0
    return Section(article=article, position=min(last + 1, 32_000))


@require_http_methods(WRITING)
def section(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """Change one section. If somebody else saved or removed it meanwhile, answer 409 and keep the typed text."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = article.sections.filter(pk=section).first()
        was_here = Section.history.filter(id=section, article=article.pk)
        if row is None and not (request.method == "POST" and was_here.exists()):
            raise Http404
        row = row or _removed_section(article, was_here.order_by("-history_id")[0].key)
        form = SectionForm(posted(request), instance=row)
        around: dict[str, Any] = {"state": _state_of(row), "remarks": remarks_on(row.key, article, request.user)}
        around |= {"previewed": audiences_from(article.written_for), "named": f"of=section&section={row.pk or ''}"}
        if row.pk:
            around |= {"section": row, "texts": (texts := texts_of(row)), "doses": of_all_wordings(texts)}
        return _save(request, article, form, "desk/section.html", _("The section is saved."), **around)


def remarks_on(section: str, article: Article, user: User) -> list[DraftRemark]:
    """Return the open comments on a section that this person may read."""
    return [each for each in review_process().remarks_on_draft(article, user) if each.section == section]


def _state_of(section: Section) -> str:
    """Return a text that changes with each save of the section or of one of its wordings."""
    rows: list[Section | Wording] = [section, *(section.wordings.all() if section.pk else [])]
    return " ".join(str(last_saved(row)) for row in rows)


@posted_from(draft_page("draft"))
@transaction.atomic
def section_remove(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """Remove a section and its wordings, unless somebody saved them after the page was opened. History keeps them."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.sections, pk=section)
    if request.POST.get("seen", state := _state_of(row)) != state:
        messages.error(request, _("Someone else saved this section after you opened it. Read it before you remove it."))
        return redirect("section", article.pk, row.pk)
    for wording in row.wordings.all():
        wording.delete()
    name = str(row)
    row.delete()
    messages.success(request, _("The section “{name}” was removed from the draft.").format(name=name))
    return redirect("draft", article.pk)


@require_http_methods(WRITING)
def wording(request: SignedInRequest, pk: int, section: int, audience: str) -> HttpResponse:
    """
    Write a section's text for another audience; if it is saved empty, the wording is removed.

    Imports of an earlier release may have left a wording for the article's own audience. It can only be removed.
    """
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        row = get_object_or_404(article.sections, pk=section)
        readers = get_object_or_404(Audience, key=audience)
        own = row.wordings.filter(audience=readers).first() or Wording(section=row, audience=readers)
        if own.pk is None and readers.pk == article.written_for_id:
            raise Http404
        form = WordingForm(posted(request), instance=own)
        if request.method == "POST" and not request.POST.get("body", "").strip() and own.pk:
            form.fields["body"].required = False
            if form.is_valid():
                row.wordings.get(pk=own.pk).delete()
                messages.success(
                    request, _("Wording removed. These readers now see the main text of the section, if there is one.")
                )
                return redirect("draft", article.pk)
        around: dict[str, Any] = {"section": row, "audience": readers, "general": clean(row.body)}
        around["figures"] = shown_figures(article)
        around["remarks"] = remarks_on(row.key, article, request.user)
        texts = around["texts"] = texts_of(row)
        named = f"of=wording&section={row.pk}&readers={readers.key}"
        around |= {"previewed": audiences_from(readers), "named": named}
        around["doses"] = next((text.doses for text in texts if text.audience == readers), [])
        return _save(request, article, form, "desk/wording.html", _("The wording is saved."), **around)


def _save(
    request: SignedInRequest,
    article: Article,
    form: SectionForm | WordingForm,
    template: str,
    done: str,
    **context: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with saving_once(form):
            saved = form.save()
            if isinstance(saved, Section):
                make_room(saved)
            messages.success(request, done)
            return redirect("draft", article.pk)
    context |= {"article": article, "form": form, "both": both_texts(form, request.POST)}
    return render(request, template, context, status=status_of(form))


@require_http_methods(WRITING)
def people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the people of the article with their roles, and add a person."""
    article = writable(request, pk)
    last = article.authorships.aggregate(last=Max("position"))["last"] or 0
    new = Authorship(article=article, position=min(last + 1, 32_000))
    form = PersonForm(posted(request), instance=new)
    if request.method == "POST" and form.is_valid():
        with saving_once(form):
            form.save()
            messages.success(
                request, _("{contributor} was added to the article.").format(contributor=form.instance.contributor)
            )
            return redirect("people", article.pk)
    context = {"article": article, "form": form, "people": article.authorships.select_related("contributor")}
    return render(request, "desk/people.html", context, status=status_of(form))


@posted_from(draft_page("people"))
@transaction.atomic
def person_remove(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Remove a person from the article, but not its last author. A person who wrote a part remains a writer of it."""
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.authorships.select_related("contributor"), pk=person)
    authors = article.authorships.filter(role=Authorship.Role.AUTHOR)
    if row.role == Authorship.Role.AUTHOR and authors.count() == 1:
        messages.error(request, _("An article needs an author. Add another one first."))
        return redirect("people", article.pk)
    row.delete()
    messages.success(
        request,
        _("{person} is no longer named as {role}.").format(
            person=row.contributor, role=within_sentence(str(row.get_role_display()))
        ),
    )
    is_still_writable = Article.objects.writable_by(request.user).filter(pk=article.pk).exists()
    return redirect("people", article.pk) if is_still_writable else redirect(review_process().desk())


@require_http_methods(WRITING)
def references(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the references of the draft, and add one. If the library knows its DOI or PMID, use the library's work."""
    article = writable(request, pk)
    form = ReferenceForm(posted(request), article=article)
    if request.method == "POST" and form.is_valid():
        with saving_once(form):
            if work := form.work():
                if not form.row:
                    cite(article, work, form.cleaned_data["key"])
                said = [_("The library’s details are corrected.")] if form.corrects else []
                said.append(_("Reference added. Cite it with [@{key}].").format(key=form.cleaned_data["key"]))
                said_of(request, " ".join(said), work)
                return redirect("references", article.pk)
    context = {"article": article, "form": form, "references": cited_works(article)}
    return render(request, "desk/references.html", context, status=status_of(form))


@posted_from(draft_page("references"))
@transaction.atomic
def reference_remove(request: SignedInRequest, pk: int, reference: int) -> HttpResponse:
    article = writable(request, pk, lock=True)
    row = get_object_or_404(article.article_references, pk=reference)
    row.delete()
    messages.success(request, _("[@{key}] is no longer a reference of this article.").format(key=row.key))
    return redirect("references", article.pk)

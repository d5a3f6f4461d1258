"""Create, import and edit a draft: its title, audience, topics and declarations. No workflow step is taken here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles.desk.forms import DraftForm, FileForm
from articles.desk.requests import SignedInRequest
from articles.desk.texts.wordings.beside import audiences_from
from articles.desk.texts.wordings.older import older_wordings
from articles.files.apart import read
from articles.files.drafts.merging import ChangedAtTheDesk
from articles.files.drafts.store import AlreadyThere, NotImported, Report, slug_of, store
from articles.files.imported import BadFile, ImportedArticle
from articles.models import Article, ArticleTopic, Audience, Authorship, Contributor, Topic
from articles.models.people import Role, holds
from articles.models.rows.announced import announced_together
from articles.review_process import review_process


@require_http_methods(["GET", "HEAD", "POST"])
def article_create(request: SignedInRequest) -> HttpResponse:
    """Create an article with this person as its first author; 403 for anybody but an author with a public name."""
    contributor = _contributor(request.user)
    form = DraftForm(posted(request), instance=Article(created_by=request.user))
    if request.method == "POST" and form.is_valid():
        with saving_once(form):
            article = create_draft(form.save(commit=False), contributor, form.cleaned_data["topics"])
            messages.success(request, _("Draft created. Now write its sections."))
            return redirect("write", article.pk)
    return render(request, "desk/draft_new.html", {"form": form}, status=status_of(form))


def create_draft(article: Article, author: Contributor, topics: Iterable[Topic]) -> Article:
    """Store a new draft under these topics, with its first author."""
    article.save()
    set_topics(article, topics)
    Authorship.objects.create(article=article, contributor=author)
    return article


@require_http_methods(["GET", "HEAD", "POST"])
def article_import(request: SignedInRequest) -> HttpResponse:
    """Create or update a draft from a file; a refusal names every fault with its place and stores nothing."""
    _contributor(request.user)
    form = FileForm(posted(request), posted_files(request))
    if request.method == "POST" and form.is_valid():
        report = Report()
        try:
            known = frozenset(Audience.objects.values_list("key", flat=True))
            imported = read(form.cleaned_data["file"], audiences=known, name=form.name_of_file)
            _refuse_address_of_others(imported, request.user)
            article = store(imported, author=request.user, update=form.cleaned_data["update"], report=report)
        except AlreadyThere:
            form.add_error("file", _("This article already exists. Tick the box to update its draft."))
        except (BadFile, ChangedAtTheDesk) as refusal:
            form.add_error("file", refusal.sentences)
        except NotImported as refusal:
            form.add_error("file", str(refusal))
        else:
            same = _("The file contains nothing new. The draft of “{title}” is unchanged.").format(title=article.title)
            messages.success(
                request, _("The draft of “{title}” is stored.").format(title=article.title) if report.changes else same
            )
            for sentence in imported.kept:
                messages.info(request, sentence)
            warnings = imported.warnings + report.warnings
            for sentence in warnings[:20]:
                messages.warning(request, sentence)
            if (more := len(warnings) - 20) > 0:
                sentence = ngettext(
                    "The first 20 remarks are shown. There is {number} more.",
                    "The first 20 remarks are shown. There are {number} more.",
                    more,
                )
                messages.warning(request, sentence.format(number=more))
            return redirect("draft", article.pk)
    return render(request, "desk/draft_import.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the whole draft, and save its own fields; 409 if somebody else saved it meanwhile."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        form = DraftForm(posted(request), instance=article, initial={"topics": _topics(article)}, by=request.user)
        if request.method == "POST" and form.is_valid():
            with saving_once(form):
                form.save()
                set_topics(article, form.cleaned_data["topics"])
                messages.success(request, _("Draft saved."))
                return redirect("draft", article.pk)
    return show_draft(request, article, form, status=status_of(form))


def show_draft(request: SignedInRequest, article: Article, form: DraftForm, status: int = 200) -> HttpResponse:
    stored = Article.objects.get(pk=article.pk)  # the form has changed the other instance, even if it was refused
    context = {
        "article": stored,
        "form": form,
        "sections": stored.sections.select_related("topic").prefetch_related("wordings__audience"),
        "topics": _topics(stored),
        "people": stored.authorships.select_related("contributor"),
        "references": stored.article_references.select_related("reference"),
        "figures": stored.figures.all(),
        "audiences": Audience.objects.exclude(pk=stored.written_for_id),
        "previewed": audiences_from(stored.written_for),
        "older": older_wordings(stored),
        "remarks": review_process().remarks_on_draft(stored, request.user),
    }
    return render(request, "desk/draft.html", context, status=status)


def writable(request: SignedInRequest, pk: int, *, lock: bool = False) -> Article:
    """Return the article if this person may change its draft; else 404, as if it did not exist."""
    rows = Article.objects.select_for_update(of=("self",), no_key=True) if lock else Article.objects
    return get_object_or_404(rows.writable_by(request.user), pk=pk)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data for a form: on POST they make it bound, even if they are empty."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> MultiValueDict[str, UploadedFile] | None:
    return request.FILES if request.method == "POST" else None


def status_of(form: forms.BaseForm) -> int:
    """Return the status of a page that shows this form: 409 if the row changed meanwhile, 422 for other errors."""
    if not form.is_bound or form.is_valid():
        return 200
    return 409 if any(error.code == "stale" for error in form.non_field_errors().as_data()) else 422


@contextmanager
def saving_once(form: forms.BaseForm) -> Iterator[None]:
    """Save all or nothing. If another request has just saved the same row, add an error to the form."""
    try:
        with announced_together():
            yield
    except IntegrityError:
        sentence = _("This was saved a moment ago. You may have clicked twice. Check it before you save again.")
        form.add_error(None, ValidationError(sentence, code="stale"))


def set_topics(article: Article, topics: Iterable[Topic], reason: str | None = None) -> None:
    """File the article under these topics and no others. Each change leaves a row of history, with the reason."""
    filed: dict[int, Any] = {row.topic_id: row for row in article.article_topics.all()}
    wanted = {topic.pk for topic in topics}
    for topic, row in filed.items():
        if topic not in wanted:
            row._change_reason = reason
            row.delete()
    for topic in wanted - filed.keys():
        added: Any = ArticleTopic(article=article, topic_id=topic)
        added._change_reason = reason
        added.save()


def _topics(article: Article) -> list[int]:
    return [row.topic_id for row in article.article_topics.all()]


def _contributor(user: User) -> Contributor:
    if not holds(user, Role.AUTHOR):
        raise PermissionDenied(_("Only an author can create an article."))
    contributor = getattr(user, "contributor", None)
    if contributor is None:
        raise PermissionDenied(_("Your account has no public name yet. Ask an administrator to add one."))
    return contributor


def _refuse_address_of_others(imported: ImportedArticle, user: User) -> None:
    """Refuse a file with the address of another person's article. The refusal names nothing that may be hidden."""
    article = Article.objects.filter(slug=imported.slug or slug_of(imported.title)).first()
    if article and not article.has_author(user):
        raise NotImported(_("Another article has this address. Give the file its own slug in the front matter."))

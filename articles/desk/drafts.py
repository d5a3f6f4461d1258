"""Making a draft, and its title, audience, topics and declarations. No step of the workflow is taken here."""

from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from articles.desk.forms import DraftForm, FileForm
from articles.files.apart import read
from articles.files.drafts.merging import ChangedAtTheDesk
from articles.files.drafts.store import AlreadyThere, NotImported, Report, slug_of, store
from articles.files.imported import BadFile
from articles.models import Article, ArticleTopic, Audience, Authorship
from articles.models.people import Role, holds
from articles.models.rows.told import together


@require_http_methods(["GET", "HEAD", "POST"])
def article_create(request):
    """New article, its maker as its first author; 403 for anybody but an author with a public name."""
    contributor = _contributor(request.user)
    form = DraftForm(*sent(request), instance=Article(created_by=request.user))
    if request.method == "POST" and form.is_valid():
        with one_of_two(form):
            article = form.save()
            set_topics(article, form.cleaned_data["topics"])
            Authorship.objects.create(article=article, contributor=contributor)
            messages.success(request, "Draft created. Now write its sections.")
            return redirect("draft", article.pk)
    return render(request, "desk/draft_new.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def article_import(request):
    """Make or update a draft from a Markdown file; a refusal names every fault with its line and stores nothing."""
    _contributor(request.user)
    form = FileForm(*sent(request, files=True), label_suffix="")
    if request.method == "POST" and form.is_valid():
        report = Report()
        try:
            known = frozenset(Audience.objects.values_list("key", flat=True))
            imported = read(form.cleaned_data["file"], audiences=known)
            _require_own(imported, request.user)
            article = store(imported, author=request.user, update=form.cleaned_data["update"], report=report)
        except AlreadyThere:
            form.add_error("file", "This article already exists. Tick the box to update its draft.")
        except (BadFile, ChangedAtTheDesk) as refusal:
            form.add_error("file", refusal.sentences)
        except NotImported as refusal:
            form.add_error("file", str(refusal))
        else:
            same = f"The file contains nothing new. The draft of “{article.title}” is unchanged."
            messages.success(request, f"The draft of “{article.title}” is stored." if report.changes else same)
            warnings = imported.warnings + report.warnings
            for sentence in warnings[:20]:
                messages.warning(request, sentence)
            if (more := len(warnings) - 20) > 0:
                remarks = "is 1 more remark" if more == 1 else f"are {more} more remarks"
                messages.warning(request, f"There {remarks}; the first 20 are shown.")
            return redirect("draft", article.pk)
    return render(request, "desk/draft_import.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request, pk):
    """Show the draft whole, and save its own fields; a draft saved meanwhile by somebody else answers 409."""
    with transaction.atomic():
        article = writable(request, pk, lock=request.method == "POST")
        form = DraftForm(*sent(request), instance=article, initial={"topics": _topics(article)}, by=request.user)
        if request.method == "POST" and form.is_valid():
            with one_of_two(form):
                form.save()
                set_topics(article, form.cleaned_data["topics"])
                messages.success(request, "Draft saved.")
                return redirect("draft", article.pk)
    return show_draft(request, article, form, status=status_of(form))


def show_draft(request, article, form, status=200):
    stored = Article.objects.get(pk=article.pk)  # a refused form has written into the other instance
    context = {
        "article": stored,
        "form": form,
        "sections": stored.sections.prefetch_related("wordings__audience"),
        "people": stored.authorships.select_related("contributor"),
        "references": stored.article_references.select_related("reference"),
        "audiences": Audience.objects.exclude(pk=stored.written_for_id),
    }
    return render(request, "desk/draft.html", context, status=status)


def writable(request, pk: int, *, lock: bool = False) -> Article:
    """Return the article whose draft this person may change; 404 as if there were none for anybody else."""
    rows = Article.objects.select_for_update(of=("self",), no_key=True) if lock else Article.objects
    return get_object_or_404(rows.writable_by(request.user), pk=pk)


def sent(request, *, files: bool = False) -> tuple:
    """Return what a form is made with: what was posted, be it nothing at all, or None where nothing was."""
    if request.method != "POST":
        return (None,)
    return (request.POST, request.FILES) if files else (request.POST,)


def status_of(form) -> int:
    """Return the status of a page that shows this form: 409 where the row changed meanwhile, 422 where it is wrong."""
    if not form.is_bound or form.is_valid():
        return 200
    return 409 if any(error.code == "stale" for error in form.non_field_errors().as_data()) else 422


@contextmanager
def one_of_two(form):
    """Save all or nothing; where another request has just saved the same row, say so in the form."""
    try:
        with together():
            yield
    except IntegrityError:
        sentence = "This was saved a moment ago. You may have clicked twice. Check it before you save again."
        form.add_error(None, ValidationError(sentence, code="stale"))


def set_topics(article: Article, topics):
    """File the article under these topics and no others; each change leaves its row of history."""
    filed = {row.topic_id: row for row in article.article_topics.all()}
    wanted = {topic.pk for topic in topics}
    for topic, row in filed.items():
        if topic not in wanted:
            row.delete()
    for topic in wanted - filed.keys():
        ArticleTopic.objects.create(article=article, topic_id=topic)


def _topics(article: Article) -> list[int]:
    return [row.topic_id for row in article.article_topics.all()]


def _contributor(user):
    if not holds(user, Role.AUTHOR):
        raise PermissionDenied("Only an author can create an article.")
    contributor = getattr(user, "contributor", None)
    if contributor is None:
        raise PermissionDenied("Your account has no public name yet. Ask an administrator to add one.")
    return contributor


def _require_own(imported, user):
    """Refuse a file whose address is another's, without a word of what is there: its title may be hidden from them."""
    there = Article.objects.filter(slug=imported.slug or slug_of(imported.title)).first()
    if there and not there.has_author(user):
        raise NotImported("Another article has this address. Give the file its own slug in the front matter.")

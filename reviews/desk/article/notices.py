from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.desk.posting import posted_from
from articles.models import Article, Notice
from reviews import workflow
from reviews.desk.access import visible_article, visible_notice
from reviews.desk.answers import attempt
from reviews.desk.article.options import blockers
from reviews.desk.forms import LiftForm, NoticeForm


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request, pk):
    """Show what readers are told beside this article, and issue another notice; it shows at once."""
    article = visible_article(request, pk)
    form = _form(article, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (
        notice := attempt(form, lambda **terms: workflow.issue_notice(article, actor=request.user, **terms))
    ):
        unseen = notice.unseen()
        messages.success(request, f"The notice is recorded. {unseen}" if unseen else "The notice is public.")
        return redirect("notices", article.pk)
    if form.is_bound:
        form.ask_again(article.notices.count())
    return show_notices(request, article, form, status=form.http_status if form.is_bound else 200)


@posted_from(lambda request, pk: reverse("notices", args=[visible_notice(request, pk).article_id]))
def lift(request, pk):
    """End a notice by another of the same kind that points at it."""
    notice = visible_notice(request, pk)
    article = visible_article(request, notice.article_id)
    form = LiftForm(request.POST, about=notice.pk)

    def step(reason):
        return workflow.issue_notice(article, actor=request.user, kind=notice.kind, reason=reason, lifts=notice)

    if attempt(form, step):
        messages.success(request, "Notice lifted.")
        return redirect("notices", article.pk)
    return show_notices(request, article, _form(article), lifting=form, status=form.http_status)


def show_notices(request, article, form, *, lifting=None, status=200):
    rows = list(article.notices.select_related("lifted_by").prefetch_related("versions"))
    for row in rows:
        row.form = lifting if lifting and lifting.is_of(LiftForm, row.pk) else LiftForm(about=row.pk)
    context = {
        "article": article,
        "form": form,
        "notices": rows,
        "lifting": lifting,
        "blockers": blockers("issue_notice", article, None),
        "closed": Notice.objects.closing(article.published_version_id).exists(),
    }
    return render(request, "desk/notices.html", context, status=status)


def _form(article: Article, data=None) -> NoticeForm:
    numbers = article.versions.order_by("number").values_list("number", flat=True)
    return NoticeForm(data, numbers=list(numbers), issued=article.notices.count())

"""The words that the editors explain."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import GlossaryTerm
from articles.site.keeping.kept_responses import kept
from articles.site.machines.address import site
from articles.site.machines.head import list_head
from articles.site.machines.json_ld.lists import list_data


@login_not_required
@require_safe
@kept
def glossary(request: HttpRequest) -> HttpResponse:
    title = _("Glossary")
    data = list_data(site(request), request.path, title)
    head = list_head(request, title, _("Words in our articles, in plain language."), data)
    return render(request, "site/glossary.html", {"terms": GlossaryTerm.objects.order_by("word", "pk"), "head": head})

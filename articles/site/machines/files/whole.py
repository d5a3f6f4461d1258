"""A whole published version as a file, for all its audiences: Word, or JATS for archives."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.files.exporting.whole import FORMS, CannotBeWritten, file_of, of_version
from articles.models import Article, Version
from articles.site.article_pages import of_a_version
from articles.site.facts import Facts
from articles.site.machines.address import site

OFFERED = ("docx", "xml")  # readers are offered the Markdown of their own page, with its status in words
logger = logging.getLogger("imprimatur")


@of_a_version
def whole(request: HttpRequest, article: Article, version: Version, around: Facts, form: str) -> HttpResponse:
    """Return a version as a file of this form; 404 with the reasons if the form cannot hold its text."""
    if form not in OFFERED:
        raise Http404
    path = reverse("version", args=[article.slug, version.number])
    try:
        response = file_of(of_version(article, version, form), article, version, form)
    except CannotBeWritten as refusal:
        logger.error("No %s of version %s of %s: %s", form, version.number, article.slug, refusal)
        context = {"version": version, "path": path, "called": FORMS[form].called, "refusal": str(refusal)}
        return render(request, "site/no_file.html", context, status=404)
    response["Link"] = f'<{site(request)}{path}>; rel="canonical"'
    response["X-Robots-Tag"] = "noindex"
    return response

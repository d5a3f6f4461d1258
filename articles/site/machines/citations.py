"""How to cite a version of an article, and its references as files for programs that manage references."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from articles.files.exporting.references import FORMATS
from articles.frozen.signed_text import frozen_content
from articles.models import Article, Authorship, Version, VersionText
from articles.site.article_pages import of_a_version
from articles.site.facts import Facts
from articles.site.machines.address import site
from articles.text.citations import format_reference
from articles.text.citations.fields import Work
from articles.text.languages import in_english

RETRACTED = {"status": "retracted"}


@of_a_version
def cite(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Show how to cite a version, with the date of today, and the files for programs."""
    content = content_of(version)
    cited = cited_page(request, article, version, around, content)
    context = {
        **around,
        "article": article,
        "version": version,
        "text": mark_safe(format_reference({**cited, "status": ""})),  # noqa: S308 (safe HTML of our own)
        "references": len(content["references"]),
        "formats": [(ending, form.called) for ending, form in FORMATS.items()],
    }
    response = render(request, "site/cite.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@of_a_version
def citation(request: HttpRequest, article: Article, version: Version, around: Facts, form: str) -> HttpResponse:
    """Return the citation of a version as a file."""
    cited = cited_page(request, article, version, around, content_of(version))
    return _file(form, {_name(article, version): cited}, _name(article, version))


@of_a_version
def references(request: HttpRequest, article: Article, version: Version, around: Facts, form: str) -> HttpResponse:
    """Return the works that a version cites, as they were frozen with it; 404 if it cites none."""
    retracted = {work.key for work in around["retracted_works"]}
    works = {row["key"]: json.loads(row["csl"]) for row in content_of(version)["references"]}
    if not works:
        raise Http404
    marked = {key: {**work, **(RETRACTED if key in retracted else {})} for key, work in works.items()}
    return _file(form, marked, f"{_name(article, version)}-references")


def content_of(version: Version) -> dict[str, Any]:
    """Return the frozen content; raise Http404 if the text was lawfully erased."""
    try:
        return frozen_content(version)
    except VersionText.DoesNotExist:
        raise Http404 from None


def cited_page(
    request: HttpRequest, article: Article, version: Version, around: Facts, content: dict[str, Any]
) -> Work:
    """Return a version as a work, in CSL-JSON: with its number, the day of its publication, and its own address."""
    pulled, published, today = around["pulled"], around["updated"], timezone.localdate()
    notice = pulled or around["concern"]
    if published is None:
        raise Http404
    day = timezone.localdate(published)
    cited: Work = {
        "type": "webpage",
        "title": f"{notice.consequences.called}: {version.title}" if notice else version.title,
        "author": [{"literal": name} for name in _authors(content)],
        "publisher": "Imprimatur",
        "version": str(version.number),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "accessed": {"date-parts": [[today.year, today.month, today.day]]},
        "language": version.language,
        "URL": site(request) + reverse("version", args=[article.slug, version.number]),
    }
    if pulled:
        cited["status"] = in_english(pulled.consequences.called).lower()  # a variable of CSL, which programs compare
    if around["concern"]:
        cited["note"] = f"{around['concern'].consequences.called}."
    return cited


def _authors(content: dict[str, Any]) -> list[str]:
    people = (person for person in content["contributors"] if person["role"] == Authorship.Role.AUTHOR)
    return [person["name"] for person in people]


def _name(article: Article, version: Version) -> str:
    return f"{article.slug}-v{version.number}"


def _file(form: str, works: dict[str, Work], name: str) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    kind = FORMATS[form]
    response = HttpResponse(kind.write(works), content_type=f"{kind.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response

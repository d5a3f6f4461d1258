"""The library of references at the desk: works by words, by what is said of them, and by their duplicates."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.desk.references.finding import MOST_WORDS, in_plain_words
from articles.desk.references.notices import standing_of
from articles.desk.references.standing import Stands, standings_of
from articles.desk.requests import SignedInRequest, behind
from articles.models import ArticleReference, Reference, VersionReference
from articles.models.people import Role, roles_of
from articles.models.reference import RETRACTED_IN_CSL
from articles.models.setup.retractions import said_of
from articles.text.citations.retractions.standing import Standing
from articles.text.plain.characters import normalised
from articles.text.plain.forms import is_key

IN_A_LIST = 50
MOST_READ = 1_000  # works in one request: the words are looked for in what is printed of each
ALL, TWICE, RETRACTED, UNCITED = "", "twice", "retracted", "uncited"
ONLY = (
    (ALL, gettext_lazy("All")),
    (TWICE, gettext_lazy("Perhaps twice in the library")),
    (RETRACTED, gettext_lazy("Retracted")),
    (UNCITED, gettext_lazy("Cited nowhere")),
)


@dataclass
class Row:
    """A work of the library, as the list shows it."""

    work: Reference
    printed: str
    standing: str
    stands: Stands
    drafts: int
    versions: int
    is_twice: bool


def require_library(user: User) -> None:
    """Raise PermissionDenied unless the person writes or edits articles."""
    if not {Role.AUTHOR, Role.EDITOR} & {*roles_of(user)}:
        raise PermissionDenied(_("Only authors and editors have access to the library of references."))


@require_safe
def library(request: SignedInRequest) -> HttpResponse:
    """List the works of the library that hold all words of `q`, the newest first, page by page."""
    require_library(request.user)
    typed = request.GET.get("q", "")[:200]
    only = request.GET.get("only", "")
    only = only if only in dict(ONLY) else ALL
    after = request.GET.get("after", "")
    order = ("title_key", "pk") if only == TWICE else ("-pk",)
    words = normalised(typed.replace("\x00", "")).lower().split()[:MOST_WORDS]
    works = _works(words, only)
    among = Reference.objects.all()
    found, last = _holding(behind(works, after if is_key(after) else "", order, among=among), words)
    context = {
        "rows": _rows(found),
        "q": typed,
        "only": only,
        "choices": ONLY,
        "more": last,
        "is_filtered": bool(words or only or after),
    }
    return render(request, "desk/library.html", context)


def _works(words: list[str], only: str) -> QuerySet[Reference]:
    works = Reference.objects.in_use().annotate(printed=Cast("csl", TextField()))
    for word in words:
        works = works.filter(Q(printed__icontains=word) | Q(doi__icontains=word) | Q(pmid=word[:8]))
    if only == TWICE:
        same = Reference.objects.in_use().filter(title_key=OuterRef("title_key")).exclude(pk=OuterRef("pk"))
        works = works.exclude(title_key="").filter(Exists(same))
    elif only == RETRACTED:
        listed = works.annotate(listed=said_of("doi", "pmid"))
        by_list = Q(listed__startswith=Standing.RETRACTED.value)
        works = listed.filter(by_list | Q(printed__icontains=RETRACTED_IN_CSL))
    elif only == UNCITED:
        drafts = ArticleReference.objects.filter(reference=OuterRef("pk"))
        versions = VersionReference.objects.filter(reference=OuterRef("pk"))
        works = works.exclude(Exists(drafts)).exclude(Exists(versions))
    return works


def _holding(works: QuerySet[Reference], words: list[str]) -> tuple[list[tuple[Reference, str]], int | None]:
    """Return (work, what is printed of it) for a page, and the key of the last work looked at if more may follow."""
    found: list[tuple[Reference, str]] = []
    read = list(works[: MOST_READ if words else IN_A_LIST + 1])
    for work in read:
        if len(found) == IN_A_LIST:
            return found, found[-1][0].pk
        printed = in_plain_words(work)
        if all(word in f"{printed} {work.doi} {work.pmid}".lower() for word in words):
            found.append((work, printed))
    return found, read[-1].pk if len(read) == MOST_READ else None


def _rows(found: list[tuple[Reference, str]]) -> list[Row]:
    keys = [work.pk for work, _printed in found]
    drafts = _counts(ArticleReference.objects.filter(reference__in=keys))
    versions = _counts(VersionReference.objects.filter(reference__in=keys))
    titles = {work.title_key for work, _printed in found} - {""}
    same = Reference.objects.in_use().filter(title_key__in=titles).order_by().values("title_key")
    twice = {row["title_key"] for row in same.annotate(many=Count("pk")).filter(many__gt=1)} if titles else set()
    stands = standings_of(work for work, _printed in found)
    return [
        Row(
            work=work,
            printed=printed,
            standing=standing_of(work.csl),
            stands=stands[work.pk],
            drafts=drafts.get(work.pk, 0),
            versions=versions.get(work.pk, 0),
            is_twice=work.title_key in twice,
        )
        for work, printed in found
    ]


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    counted: Iterable[Any] = rows.order_by().values_list("reference").annotate(many=Count("pk"))
    return dict(counted)


def duplicates(work: Reference) -> list[Reference]:
    """Return the other records that may be of the same work: those with its title and year."""
    if not work.title_key:
        return []
    rows = Reference.objects.in_use().filter(title_key=work.title_key).exclude(pk=work.pk).order_by("pk")
    return list(rows[:IN_A_LIST])

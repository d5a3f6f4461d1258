import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles.models import Article, Audience, Topic
from articles.search.results import LONGEST, ON_A_PAGE, PAGES, Results, search
from articles.search.results.limits import Limits
from articles.search.results.suggestions import MANY, nearest, suggestions, topics
from articles.site.lists.topics import with_parts

YEARS = 6  # that a search can begin with
NO_TOPIC = _("Choose a topic from the list: “%(value)s” is not in it.")
NO_KIND = _("Choose a kind of article from the list: “%(value)s” is not in it.")
NO_AUDIENCE = _("Choose an audience from the list: “%(value)s” is not in it.")
NO_YEAR = _("Choose a year from the list: “%(value)s” is not in it.")
NOTHING = {  # whether several words were typed, and whether the search is limited
    (False, False): _(
        "No article that we list has this word in its title, its text as it was written, the names of its authors or "
        "its references."
    ),
    (False, True): _(
        "No article that we list has this word in its title, its text as it was written, the names of its authors or "
        "its references, within the limits that you chose."
    ),
    (True, False): _(
        "No article that we list has any of these words in its title, its text as it was written, the names of its "
        "authors or its references."
    ),
    (True, True): _(
        "No article that we list has any of these words in its title, its text as it was written, the names of its "
        "authors or its references, within the limits that you chose."
    ),
}

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class LimitForm(forms.Form):
    """What the results are limited to: the choices are those that some result can have."""

    topic = forms.ChoiceField(required=False, label=_("Topic"))
    kind = forms.ChoiceField(required=False, label=_("Kind of article"))
    audience = forms.ChoiceField(required=False, label=_("Written for"))
    since = forms.ChoiceField(required=False, label=_("Fully reviewed since"))

    def __init__(self, data: Any, found: list[Topic]) -> None:
        super().__init__(data, label_suffix="")
        today = timezone.localdate()
        years = [str(today.year - before) for before in range(YEARS)]
        self._choose("topic", _("All topics"), {topic.slug: topic.name for topic in found}, NO_TOPIC)
        self._choose("kind", _("All kinds"), dict(Article.Kind.choices), NO_KIND)
        self._choose("audience", _("All readers"), dict(Audience.objects.values_list("key", "label")), NO_AUDIENCE)
        self._choose("since", _("Any year"), {year: year for year in years}, NO_YEAR)
        self._topics = {topic.slug: topic for topic in found}

    def _choose(self, name: str, everything: "StrPromise", choices: "dict[str, Any]", refusal: "StrPromise") -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", everything), *choices.items()]
            field.error_messages["invalid_choice"] = refusal

    def limits(self) -> Limits:
        """Return the limits that were chosen: a topic stands for all its parts too, as on its page."""
        chosen = self.cleaned_data
        topic = self._topics.get(chosen["topic"])
        return Limits(
            tuple(with_parts(topic)) if topic else (), chosen["kind"], chosen["audience"], int(chosen["since"] or 0)
        )


@login_not_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """
    Show a page of the articles found for the words of `q`, limited as chosen. Any text in `q` is accepted.

    An unknown choice is told, with 422, and a page that does not exist is a 404.
    """
    query = typed(request)
    found_topics = topics()
    form = LimitForm(request.GET, found_topics)
    is_valid = form.is_valid()
    limits = form.limits() if is_valid else Limits()
    number = page_number(request)
    found = search(query, limits, number) if query and is_valid else Results()
    if number > 1 and not found.hits:
        raise Http404
    meant = corrected(query, found.meant)
    near = [] if found.hits else nearest(query, found_topics)
    context = {
        "query": query,
        "form": form,
        "limits": limits,
        "found": found,
        "pages": pages(request, number, found),
        "meant": meant,
        "meant_address": address(request, q=meant),
        "told": told(found, is_limited=bool(limits)),
        "topics_near": near,
        "topics": near or found_topics[:MANY],
    }
    response = render(request, "site/search.html", context, status=200 if is_valid else 422)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Return the titles that complete what is typed, as JSON. Only texts that may be listed are named."""
    response = JsonResponse({"suggestions": suggestions(typed(request))})
    response["X-Robots-Tag"] = "noindex"
    return response


def told(found: Results, *, is_limited: bool) -> str:
    """Return in a sentence what was found; nothing if there were no words to search for."""
    if found.hits:
        return _found(found)
    if not found.words:
        return ""
    several = len(found.words) > 1
    return str(NOTHING[several, is_limited])


def _found(found: Results) -> str:
    if all(hit.missing for hit in found.hits):
        if found.more:
            return gettext("The first {number} articles with some of these words. None has all of them.").format(
                number=found.number
            )
        some = ngettext(
            "{number} article with some of these words. None has all of them.",
            "{number} articles with some of these words. None has all of them.",
            found.number,
        )
        return some.format(number=found.number)
    if len(found.words) > 1:
        if found.more:
            return gettext("The first {number} articles with these words, or other forms and names of them.").format(
                number=found.number
            )
        these = ngettext(
            "{number} article with these words, or other forms and names of them.",
            "{number} articles with these words, or other forms and names of them.",
            found.number,
        )
        return these.format(number=found.number)
    if found.more:
        return gettext("The first {number} articles with this word, or other forms and names of it.").format(
            number=found.number
        )
    this = ngettext(
        "{number} article with this word, or other forms and names of it.",
        "{number} articles with this word, or other forms and names of it.",
        found.number,
    )
    return this.format(number=found.number)


def typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()


def page_number(request: HttpRequest) -> int:
    """Return the number of the page of results; raise Http404 if there is no such page."""
    value = request.GET.get("page", "1")
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= PAGES):
        raise Http404
    return int(value)


def pages(request: HttpRequest, number: int, found: Results) -> dict[str, str]:
    """Return the addresses of the previous and the next page of these results."""
    near = {"previous": number - 1, "next": number + 1}
    there = {name: page for name, page in near.items() if 1 <= page <= -(-found.number // ON_A_PAGE)}
    return {name: address(request, **({"page": str(page)} if page > 1 else {})) for name, page in there.items()}


def address(request: HttpRequest, **changed: str) -> str:
    """Return the address of the first page of this search, with its limits, but for what is changed."""
    chosen = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"?{urlencode({**chosen, **changed})}"


def corrected(query: str, meant: dict[str, str]) -> str:
    """Return the query with the words that were meant, each in the place of a whole word; empty if none is another."""
    wrong = "|".join(map(re.escape, meant))
    right = re.sub(rf"(?<!\w)(?:{wrong})(?!\w)", lambda found: meant[found[0]], query) if meant else query
    return right if right != query else ""

"""llms.txt: what this site is and where its texts are, for programs that read Markdown (llmstxt.org)."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.review_process import review_process
from articles.site.keeping.kept_responses import kept
from articles.site.lists.articles import HOME, PROMISE, listed_versions, rows_of
from articles.site.lists.topics import Tree
from articles.site.machines.address import site
from articles.site.machines.files.markdown.escaping import escaped, link
from articles.site.machines.json_ld.lists import status_of

NAMED = 100  # of the newest articles; the sitemap names all
RULES = (
    gettext_lazy("Each text begins with its status. Repeat the status with whatever you take from the text."),
    gettext_lazy(
        "A text under an expression of concern may be wrong. A retracted text was wrong. Answer no question with it."
    ),
    gettext_lazy("A text can change or be retracted at any time. Ask for it again before you use it."),
    gettext_lazy("A text that was never approved has no Markdown. Do not present it as approved."),
    gettext_lazy(
        "Name the version and the address of what you quote. "
        "The texts give general information and replace no clinician."
    ),
)


@login_not_required
@require_safe
@kept
def llms(request: HttpRequest) -> HttpResponse:
    """Return the newest articles, each with its status and the address of its Markdown, and where the lists are."""
    base = site(request)
    newest = listed_versions().order_by(review_process().published_at().desc(), "-pk")
    articles = rows_of(newest, NAMED)
    topics = [(topic.name, topic.get_absolute_url(), "") for topic in Tree()]
    lists = [
        (_("All articles"), reverse("articles"), _("by title")),
        (_("Sitemap"), reverse("sitemap"), _("the addresses of all pages")),
        (_("Feed"), reverse("feed"), _("the newest publications and notices")),
        (_("Corrections and retractions"), reverse("public_notices"), _("all notices, in force and lifted")),
        (_("Feed of notices"), reverse("notices_feed"), ""),
    ]
    if Article.objects.policies().exists():
        lists.append((_("Editorial policy"), reverse("editorial_policy"), _("how texts are reviewed and corrected")))
    parts = [
        f"# Imprimatur\n\n> {HOME}. {PROMISE}",
        "\n".join(f"- {rule}" for rule in RULES),
        *_part(_("Newest articles"), base, map(_article, articles)),
        *_part(_("Topics"), base, topics),
        *_part(_("Lists"), base, lists),
    ]
    return HttpResponse("\n\n".join(parts) + "\n", content_type="text/plain; charset=utf-8")


def _article(article: Article) -> tuple[str, str, str]:
    version = article.published_version
    assert version is not None  # noqa: S101 (lists hold published articles only)
    status = status_of(article)
    is_approved = not article.has_concern and review_process().state(version).full_review_due is None
    said = [*([_("Approved")] if is_approved else []), *status]
    if article.reviewed and is_approved:
        said.append(_("Last reviewed {day}").format(day=date_format(article.reviewed, "DATE_FORMAT")))
    address = reverse("article_markdown", args=[article.slug, version.written_for])
    return version.title, address, ". ".join(map(str, said)) + "."


def _part(heading: str, base: str, rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return a list of links under a heading: the name, the path, and what is said of each."""
    lines = [f"- {link(escaped(name), base + path)}{f': {said}' if said else ''}" for name, path, said in rows]
    return [f"## {heading}\n\n" + "\n".join(lines)] if lines else []

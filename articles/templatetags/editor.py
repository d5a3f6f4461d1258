"""What a page with rich text editors tells their script."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from articles.desk.references.finding import in_plain_words
from articles.desk.texts.figures.choosing import shown_figures
from articles.desk.typed.editor.words import signs, words
from articles.models import Article, Section, Wording
from articles.text.richtext import cited_keys

register = template.Library()
ADDRESSES = ("typed", "citations", "links", "figure_choice")


@register.simple_tag(takes_context=True)
def editor_words(context: Context, article: Article) -> dict[str, Any]:
    """
    Return for `json_script` the texts on the screen, the addresses, the references and the figures of this draft.

    On the page of a section or wording, `before` are the keys that the text before it cites, in order of first use.
    """
    cited = article.article_references.select_related("reference")
    return {
        "texts": words(),
        "signs": signs(),
        "addresses": {name: reverse(name, args=[article.pk]) for name in ADDRESSES},
        "references": {row.key: in_plain_words(row.reference) for row in cited},
        "figures": shown_figures(article),
        "before": _cited_before(article, context),
    }


def _cited_before(article: Article, context: Context) -> list[str]:
    form = context.get("form")
    here = getattr(form, "instance", None)
    if not isinstance(here, Section | Wording):
        return []
    section = here.section if isinstance(here, Wording) else here
    audience = here.audience_id if isinstance(here, Wording) else article.written_for_id
    rows = article.sections.prefetch_related("wordings")
    before = [row for row in rows if _order(row) < _order(section)]
    texts = [_text_for(row, audience) for row in sorted(before, key=_order)]
    return list(dict.fromkeys(key for text in texts for key in cited_keys(text)))


def _order(section: Section) -> tuple[bool, int, int]:
    return section.role != Section.Role.LEAD, section.position, section.pk or 10**12


def _text_for(section: Section, audience: int) -> str:
    own = next((each.body for each in section.wordings.all() if each.audience_id == audience and each.body), "")
    return own or section.body

"""Figures in a text of a draft that a page of the desk shows beside another text."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import format_html

from articles.desk.texts.figures.choosing import no_figure

register = template.Library()
_PLACE = re.compile(r'<figure data-figure="([A-Za-z0-9_-]+)"></figure>')


@register.filter
def with_pictures(text: str, figures: Mapping[str, Mapping[str, str]]) -> str:
    """Return canonical HTML with the picture and the caption of each figure in its place, without a number."""
    return _PLACE.sub(lambda place: _drawn(place[1], figures.get(place[1])), text)


def _drawn(key: str, figure: Mapping[str, str] | None) -> str:
    if figure is None:
        return format_html('<p class="figure missing">{}</p>', no_figure().format(key=key))
    return format_html(
        '<figure class="figure"><img src="{src}" alt="{alt}" loading="lazy"><figcaption>{words}</figcaption></figure>',
        src=figure["src"],
        alt=figure["alt"],
        words=figure["caption"] or key,
    )

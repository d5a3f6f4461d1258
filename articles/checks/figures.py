"""Checks of figures: each has a picture, and words for readers who do not see it."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.checks.content_checks import bodies, place
from articles.checks.finding import Finding
from articles.text import richtext

FILE_NAME = re.compile(
    r"\S+\.(?:png|jpe?g|webp|svg|gif|tiff?|bmp)|(?:img|dsc|image|screenshot)[ _-]?[\d.]+", re.IGNORECASE
)
TYPED = re.compile(r"</?figure\b", re.IGNORECASE)
SHORTEST = 5  # characters of an alternative text


def shows_known_figures(content: dict[str, Any]) -> Iterator[Finding]:
    known = {figure["key"] for figure in content.get("figures", [])}
    for section, body in bodies(content):
        for key in richtext.figure_keys(body):
            if key not in known:
                message = _("{place} shows the figure “{key}”, but the article has no figure with that key.")
                yield Finding("FIG-001", message.format(place=place(section), key=key), section["key"])


def figures_have_words(content: dict[str, Any]) -> Iterator[Finding]:
    """Block words that say nothing to who does not see the picture; warn of a decorative picture with a caption."""
    for figure in content.get("figures", []):
        alt, caption = figure["alt"], figure["caption"]
        if not alt and caption:
            message = _("The figure “{key}” is marked as decorative, but has a caption. Say what it shows.")
            yield Finding("FIG-003", message.format(key=figure["key"]), blocks=False)
        elif alt and (len(alt) < SHORTEST or FILE_NAME.fullmatch(alt)):
            message = _("The alternative text of the figure “{key}” is “{alt}”. Say in words what the picture shows.")
            yield Finding("FIG-002", message.format(key=figure["key"], alt=alt))
        elif alt and alt.casefold().rstrip(".") == caption.casefold().rstrip("."):
            message = _(
                "The alternative text of the figure “{key}” repeats its caption, which is read out twice. Say what the "
                "picture shows."
            )
            yield Finding("FIG-004", message.format(key=figure["key"]), blocks=False)


def no_tags_as_words(content: dict[str, Any]) -> Iterator[Finding]:
    """Block the tag of a figure that was typed as words: readers would see it, and no picture."""
    for section, body in bodies(content):
        if TYPED.search(richtext.text(body)):
            message = _(
                "{place} shows the tag of a figure as words. Remove the words, and choose “Insert figure” above "
                "the text."
            )
            yield Finding("FIG-005", message.format(place=place(section)), section["key"])


RULES = [shows_known_figures, figures_have_words, no_tags_as_words]

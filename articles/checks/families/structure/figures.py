"""Checks of figures: each has a picture, and words for readers who do not see it."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.rule import BLOCK, WARN, Source, per_document
from articles.text import richtext

FILE_NAME = re.compile(
    r"\S+\.(?:png|jpe?g|webp|svg|gif|tiff?|bmp)|(?:img|dsc|image|screenshot)[ _-]?[\d.]+", re.IGNORECASE
)
TYPED = re.compile(r"</?figure\b", re.IGNORECASE)
SHORTEST = 5  # characters of an alternative text
WCAG = Source("Web Content Accessibility Guidelines 2.2, 1.1.1 Non-text Content", "W3C, w3.org/TR/WCAG22")


@per_document(
    "FIG-001",
    BLOCK,
    gettext_lazy("A figure that the article does not have"),
    hint=gettext_lazy("Add the figure, or remove its place from the text."),
)
def shows_known_figures(document: Document) -> Iterator[Hit]:
    known = {figure["key"] for figure in _figures(document)}
    for text in document.bodies:
        for key in richtext.figure_keys(text.html):
            if key not in known:
                message = _("{place} shows the figure “{key}”, but the article has no figure with that key.")
                yield text.whole(message.format(place=document.place(text.section), key=key))


@per_document(
    "FIG-002",
    BLOCK,
    gettext_lazy("An alternative text that says nothing"),
    hint=gettext_lazy("Say in words what the picture shows."),
    source=WCAG,
)
def alternative_texts_say_something(document: Document) -> Iterator[Hit]:
    for figure in _figures(document):
        alt = figure["alt"]
        if alt and (len(alt) < SHORTEST or FILE_NAME.fullmatch(alt)):
            said = _("The alternative text of the figure “{key}” is “{alt}”. Say in words what the picture shows.")
            yield Hit(message=said.format(key=figure["key"], alt=alt))


@per_document(
    "FIG-003",
    WARN,
    gettext_lazy("A decorative figure with a caption"),
    hint=gettext_lazy("Say in an alternative text what it shows."),
    source=WCAG,
)
def decorative_figures_have_no_caption(document: Document) -> Iterator[Hit]:
    for figure in _figures(document):
        if not figure["alt"] and figure["caption"]:
            said = _("The figure “{key}” is marked as decorative, but has a caption. Say what it shows.")
            yield Hit(message=said.format(key=figure["key"]))


@per_document(
    "FIG-004",
    WARN,
    gettext_lazy("An alternative text that repeats the caption"),
    hint=gettext_lazy("Say in the alternative text what the picture shows."),
    source=WCAG,
)
def alternative_texts_say_more_than_captions(document: Document) -> Iterator[Hit]:
    for figure in _figures(document):
        alt = figure["alt"].casefold().rstrip(".")
        if alt and len(figure["alt"]) >= SHORTEST and alt == figure["caption"].casefold().rstrip("."):
            said = _(
                "The alternative text of the figure “{key}” repeats its caption, which is read out twice. Say what the "
                "picture shows."
            )
            yield Hit(message=said.format(key=figure["key"]))


@per_document(
    "FIG-005",
    BLOCK,
    gettext_lazy("The tag of a figure as words"),
    hint=gettext_lazy("Remove the words, and choose “Insert figure” above the text."),
)
def no_tags_as_words(document: Document) -> Iterator[Hit]:
    """Block the tag of a figure that was typed as words: readers would see it, and no picture."""
    for text in document.bodies:
        if found := TYPED.search(text.plain):
            message = _(
                "{place} shows the tag of a figure as words. Remove the words, and choose “Insert figure” above "
                "the text."
            )
            yield text.at(*found.span(), message.format(place=document.place(text.section)))


@per_document(
    "FIG-006",
    WARN,
    gettext_lazy("A figure that no text shows"),
    hint=gettext_lazy("Place it in a text, or remove it from the article’s figures."),
)
def figures_are_shown(document: Document) -> Iterator[Hit]:
    """Look at the figures of a draft that no text places: frozen texts have none of these."""
    for key in sorted(document.content.get("unplaced", [])):
        yield Hit(message=_("No text shows the figure “{key}”.").format(key=key))


def _figures(document: Document) -> list[dict[str, Any]]:
    return document.content.get("figures", [])


RULES = [
    shows_known_figures,
    alternative_texts_say_something,
    decorative_figures_have_no_caption,
    alternative_texts_say_more_than_captions,
    no_tags_as_words,
    figures_are_shown,
]

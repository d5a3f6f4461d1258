"""The figures in a redline: each with its pictures and its words, and with every change of these marked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import html

from articles.text.languages import interface_language
from articles.text.redline.plain_strings import plain_redline
from articles.text.rendering.numbered.figures import image

Figures = Mapping[str, dict[str, Any]]
PICTURE = ("files", "sha256", "media_type", "width", "height")
WORDS = {  # the signed words of a figure, in the order in which they are shown
    "caption": gettext_lazy("Caption"),
    "alt": gettext_lazy("Alternative text"),
    "source": gettext_lazy("Source"),
    "licence": gettext_lazy("Licence"),
}


def with_figures(marked: str, old: Figures, new: Figures) -> str:
    """Return the marked text with each figure filled in: as it was, as it is, or both with their changes."""
    if "<figure" not in marked:
        return marked
    text = html.fragment_fromstring(marked, create_parent="div")
    for place in text.iter("figure"):
        key, change = place.get("data-figure", ""), place.get("data-change", "")
        before = None if change == "added" else old.get(key)
        after = None if change == "removed" else new.get(key)
        _fill(place, before, after)
    return escape(text.text or "") + "".join(html.tostring(child, encoding="unicode") for child in text)


def _fill(place: html.HtmlElement, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    place.set("class", "figure")
    if place.get("data-change") or before != after:
        place.set("data-sort", "figure")
        place.set("data-change", place.get("data-change") or "changed")
    if before is None and after is None:
        parts = [f"<p>{escape(_('[figure missing]'))}</p>"]
    else:
        parts = [*_pictures(before, after), *_words(before or {}, after or {})]
    for part in html.fragments_fromstring("".join(parts)):
        place.append(part)


def _pictures(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[str]:
    """Yield the picture, or both pictures if it is another one."""
    if before and after and all(before[name] == after[name] for name in PICTURE):
        yield _image(after)
        return
    if before:
        said = _("Picture before: {of}").format(of=_of(before))
        yield f"<div {_ours()}><del>{escape(said)}</del></div>{_image(before)}"
    if after:
        said = _("Picture now: {of}").format(of=_of(after))
        yield f"<div {_ours()}><ins>{escape(said)}</ins></div>{_image(after)}"


def _of(figure: dict[str, Any]) -> str:
    """Return of which kind and size a picture is, and the beginning of its SHA-256."""
    return f"{figure['media_type']}, {figure['width']} × {figure['height']}, SHA-256 {figure['sha256'][:8]}…"


def _ours() -> str:
    """Return the attribute that says in which language our own words within a text are."""
    return f'lang="{interface_language()}"'


def _image(figure: dict[str, Any]) -> str:
    found = image(figure)
    del found.attrib["loading"]
    return html.tostring(found, encoding="unicode")


def _words(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, label in WORDS.items():
        one, other = before.get(name, ""), after.get(name, "")
        if one or other:
            yield f'<div class="figure-words"><span {_ours()}>{escape(label)}:</span> {plain_redline(one, other)}</div>'


def said(rows: list[Any]) -> str:
    """Return the figures of a frozen content in words, with the SHA-256 of each file."""
    found = []
    for row in rows:
        words = [f"{label}: {row[name]}" for name, label in WORDS.items() if row[name]]
        words += [] if row["alt"] else [_("decorative")]
        files = [f"{file['width']} × {file['height']} {file['sha256']}" for file in row["files"]]
        of = f"{row['media_type']}, {row['width']} × {row['height']}, SHA-256 {row['sha256']} ({'; '.join(files)})"
        found.append(f"“{row['key']}”: {'; '.join(words)}; {of}")
    return " | ".join(found)

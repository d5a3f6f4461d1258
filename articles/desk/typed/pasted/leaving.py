"""What of a paste is left out: pictures, comments, deleted and hidden words, and whatever articles do not have."""

import re

from lxml import html

from articles.desk.typed.pasted import formulas, pictures
from articles.desk.typed.pasted.said import Said, words_of
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

_SILENT = {
    "head", "title", "style", "script", "meta", "link", "noscript", "template", "col", "colgroup", "wbr", "hr", "xml",
}  # fmt: skip
_MEDIA = {"video", "audio", "canvas", "object", "embed", "iframe", "map"}
_FORMS = {"input", "select", "textarea", "button", "option", "datalist", "progress", "meter"}
_STRUCK = {"del", "s", "strike"}
_COMMENT = re.compile(
    r"mso-element:\s*comment|mso-comment-reference|\bMsoComment|\bmsocom|#cmnt|\bcmnt_ref", re.IGNORECASE
)
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)

PICTURE = gettext_noop("Pictures were left out ({words}). Add each one with “Insert figure”.")
MEDIA = gettext_noop("Videos, sounds and embedded pages were left out ({words}).")
COMMENT = gettext_noop("Comments were left out ({words}).")
TEXT_BOX = gettext_noop("Text boxes and drawings were left out ({words}).")
STRUCK = gettext_noop("Struck-out or deleted text was left out: {words}.")
INSERTED = gettext_noop("Text that was marked as inserted is now part of the text: {words}.")
HIDDEN = gettext_noop("Hidden text was left out: {words}.")
FORM = gettext_noop("Fields of a form were left out ({words}).")
FORMULA = gettext_noop("A formula was left out: {words}. Write it as text.")


def out(body: html.HtmlElement, said: Said) -> None:
    """Remove what cannot come in, with a sentence for whatever an author might miss."""
    for element in list(body.iter()):
        if element is body or not isinstance(element.tag, str) or not _is_in(element, body):
            continue
        if pictures.is_one(element):
            said.add(_(PICTURE), pictures.name_of(element))
            _leave_box(element, said)
            element.drop_tree()
        elif reason := _reason(element):
            said.add(_(reason), _words(element)) if reason != "silent" else None
            element.drop_tree()
        elif element.tag == "math":
            _write_formula(element, said)
        elif element.tag == "ins":
            said.add(_(INSERTED), words_of(element))
            element.drop_tag()


def _leave_box(element: html.HtmlElement, said: Said) -> None:
    """Say what words a drawing holds beside its picture."""
    if element.tag.startswith("v:") and _words(element):
        said.add(_(TEXT_BOX), _words(element))


def _is_in(element: html.HtmlElement, body: html.HtmlElement) -> bool:
    return next((True for each in element.iterancestors() if each is body), False)


def _words(element: html.HtmlElement) -> str:
    own = words_of(element) if element.tag not in _MEDIA | _FORMS else ""
    words = " ".join((own or element.get("alt") or "").split())
    return words[:77] + "…" if len(words) > 80 else words


def _reason(element: html.HtmlElement) -> str:
    """Return the sentence about an element that is left out; `silent` if nobody misses it, empty if it stays."""
    tag, style = element.tag, element.get("style") or ""
    marks = " ".join((style, element.get("class") or "", element.get("href") or "", element.get("id") or ""))
    if _COMMENT.search(marks):
        return COMMENT if _words(element) else "silent"
    if tag in _MEDIA:
        return MEDIA
    if tag.startswith(("v:", "w:", "m:")) or (tag == "o:p" and not words_of(element).strip()):
        return TEXT_BOX if tag.startswith("v:") else "silent"
    if tag in _SILENT:
        return "silent"
    if tag in _STRUCK or _LINE_THROUGH.search(style):
        return STRUCK if _words(element) else "silent"
    if _HIDDEN.search(style) or "hidden" in element.attrib:
        return HIDDEN if _words(element) else "silent"
    return FORM if tag in _FORMS else ""


def _write_formula(element: html.HtmlElement, said: Said) -> None:
    """Put a simple formula in as text with <sup> and <sub>; leave out any other, and name it."""
    written = formulas.as_text(element)
    if written is None:
        said.add(_(FORMULA), element.get("alttext") or " ".join(element.itertext()))
    else:
        element.addprevious(html.fragment_fromstring(written, create_parent="span"))
    element.drop_tree()

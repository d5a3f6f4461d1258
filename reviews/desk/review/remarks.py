"""Where the words are, in the text on the page, that comments quote."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from lxml import html

from articles.text.rendering import markup
from articles.text.rendering.passages import Block, Passage, blocks, lines, mark, same_line
from reviews.models import Comment
from reviews.workflow.steps.comments.anchoring import Quoting, places_of, quoting, taken_over

OURS = "@class='state' or @class='hint' or @class='for'"
NOT_OF_THE_LATER = f".//del | .//*[@data-change='removed'] | .//*[@data-for-others] | .//p[{OURS}]"


@dataclass(frozen=True)
class Placed:
    """
    The text with the quoted words of comments marked, and where they are.

    `here` are the keys of the comments whose words are marked. `gone` are those whose words are not in this version any
    more, or not in one place alone: they are never marked on other words.
    """

    html: str
    here: frozenset[int]
    gone: frozenset[int]


def placed(text: str, threads: list[Comment]) -> Placed:
    """Return the rendered text with the quoted words of the open comments marked, each once, with a link to it."""
    article = html.fragment_fromstring(text)
    text_lines = blocks(article)
    quotations = quoting(_open(threads))
    found = places_of(quotations, lambda anchor: text_lines, taken_over(threads))
    _mark(text_lines, found, quotations)
    gone = frozenset(thread.pk for thread, _ in quotations) - found.keys()
    return Placed(html.tostring(article, encoding="unicode"), frozenset(found), gone)


def placed_in_changes(text: str, threads: list[Comment], content: dict[str, Any], audience: str) -> Placed:
    """
    Return a text with changes, with the quoted words marked as `placed` does: only those of the later version.

    `content` is the later version, and `audience` the one for whom the two are compared.
    """
    quotations = quoting(_open(threads))
    if not quotations:
        return Placed(text, frozenset(), frozenset())
    later = blocks(html.fragment_fromstring(markup(content, audience)))
    root = html.fragment_fromstring(text, create_parent="div")
    shown = _later_lines(root)
    found: dict[int, Passage] = {}
    for pk, place in places_of(quotations, lambda anchor: later, taken_over(threads)).items():
        if (line := same_line(place.block, later, shown)) is not None:
            found[pk] = Passage(line, place.start, place.end)
    _mark(shown, found, quotations)
    gone = frozenset(thread.pk for thread, _ in quotations) - found.keys()
    whole = "".join(html.tostring(part, encoding="unicode") for part in root)
    return Placed(f"{root.text or ''}{whole}", frozenset(found), gone)


def _open(threads: list[Comment]) -> list[Comment]:
    return [thread for thread in threads if thread.resolved_at is None]


def _later_lines(root: html.HtmlElement) -> list[Block]:
    """Return the lines of the later version in a text with changes: without what was removed and what is ours."""
    beside = [(element, element.tag) for element in root.xpath(NOT_OF_THE_LATER)]
    for element, _ in beside:
        element.tag = "template"
    found = [line for part in root.xpath(".//*[@data-section]") for line in lines(part, part.get("data-section"))]
    for element, tag in beside:
        element.tag = tag
    return found


def _mark(text: list[Block], found: dict[int, Passage], quotations: Quoting) -> None:
    last = mark(text, ((place, str(pk)) for pk, place in found.items()))
    for thread, _ in quotations:
        if (node := last.get(str(thread.pk))) is not None:
            _link(node, thread)


def _link(node: html.HtmlElement, thread: Comment) -> None:
    """Put a link to the comment behind the last of its words."""
    name = gettext("Comment by {name}").format(name=thread.author_name)
    link = html.Element("a", {"id": f"remark-{thread.pk}", "href": f"#comment-{thread.pk}", "class": "remark-link"})
    link.set("aria-label", name)
    link.text, link.tail = "✎", node.tail
    node.tail = None
    node.addnext(link)

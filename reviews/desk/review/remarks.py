"""Where the words are, in the text on the page, that comments quote."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext
from lxml import html

from articles.text.rendering.passages import blocks, mark
from reviews.models import Comment
from reviews.workflow.steps.comments.anchoring import places_of, quoting


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


def placed(text: str, threads: Iterable[Comment]) -> Placed:
    """Return the rendered text with the quoted words of these comments marked, each once, with a link to it."""
    article = html.fragment_fromstring(text)
    lines = blocks(article)
    quotations = quoting(threads)
    found = places_of(quotations, lambda anchor: lines)
    last = mark(lines, ((place, str(pk)) for pk, place in found.items()))
    for thread, _ in quotations:
        if (node := last.get(str(thread.pk))) is not None:
            _link(node, thread)
    gone = frozenset(thread.pk for thread, _ in quotations) - found.keys()
    return Placed(html.tostring(article, encoding="unicode"), frozenset(found), gone)


def _link(node: html.HtmlElement, thread: Comment) -> None:
    """Put a link to the comment behind the last of its words."""
    name = gettext("Comment by {name}").format(name=thread.author_name)
    link = html.Element("a", {"id": f"remark-{thread.pk}", "href": f"#comment-{thread.pk}", "class": "remark-link"})
    link.set("aria-label", name)
    link.text, link.tail = "✎", node.tail
    node.tail = None
    node.addnext(link)

"""A figure that is pasted into another article: whose it is, and a form that adds it there with its words."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.desk.texts.figures.forms import new_key
from articles.models import Article, Figure

_SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class Copy:
    """`figure` is not stored yet; None if the picture cannot be added. `note` says what it is, or why not."""

    note: str
    figure: Figure | None = None


def copy_of(address: str, article: Article, user: User) -> Copy:
    """
    Return a new figure for this article with the picture at this address, and the words that another article has of it.

    Only figures of drafts that the person may change are copied.
    """
    found = _SHA256.search(address)
    rows = Figure.objects.filter(picture__files__sha256=found[0]) if found else Figure.objects.none()
    if own := rows.filter(article=article).first():
        said = _("This article has the picture already, as the figure “{key}”. Choose it below.")
        return Copy(said.format(key=own.key))
    drafts = Article.objects.writable_by(user)
    source = rows.filter(article__in=drafts).select_related("article", "picture").order_by("pk").first()
    if source is None:
        return Copy(
            _("What you pasted has a figure of another article, which is not open to you. Add its picture here.")
        )
    said = _("This figure is of the article “{title}”. Read its words, and add it to this article too.")
    copied = {name: getattr(source, name) for name in ("picture", "alt", "decorative", "caption", "source", "licence")}
    key = new_key(article, source.key)
    return Copy(said.format(title=source.article.title), Figure(article=article, key=key, **copied))

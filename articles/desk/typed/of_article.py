"""Read a text that was typed for one article: with the keys of its references, and the direction of its language."""

from django.core.exceptions import ValidationError

from articles.desk.typed import from_typed
from articles.models import Article
from articles.models.rows.remembered import remembered
from articles.text.languages import direction
from articles.text.richtext import TooLong


def towards(article: Article) -> str:
    """Return the direction of the article's text: ltr or rtl."""
    return direction(article.language) or "ltr"


def from_typed_for(article: Article, typed: str, stored: str = "") -> str:
    """Return the cleaned HTML of a text typed for this article; raise ValidationError with each reason against it."""
    keys = remembered(
        ("references", article.pk), lambda: frozenset(article.article_references.values_list("key", flat=True))
    )
    try:
        return from_typed(typed, keys=keys, stored=stored, direction=towards(article))
    except TooLong as error:
        raise ValidationError(str(error)) from None
